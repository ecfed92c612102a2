"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useRef, useState } from "react";
import { toast } from "sonner";
import { Failure } from "@/components/shared/Failure";
import { PasswordField } from "@/components/shared/PasswordField";
import { SubmitButton } from "@/components/shared/SubmitButton";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { isTooLong, TOO_LONG } from "@/lib/auth/fields";
import { noticeHref } from "@/lib/auth/notices";
import { ApiError, asApiError, callApi } from "@/lib/vault/http/client";

const tooLong = new ApiError(0, "password_too_long", TOO_LONG);
const NOT_CONFIRMED =
  "Your password was changed, but the sign-in server didn't confirm that your other sessions have ended. " +
  "Use “Sign out everywhere else” below.";

interface PasswordCardProps {
  email: string;
  hasSecondFactor: boolean;
}

/** Changes the password. */
export function PasswordCard({ email, hasSecondFactor }: PasswordCardProps) {
  const id = useId();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const field = failure && fieldOf(failure.code);

  const input = (name: string) => form.current?.querySelector<HTMLInputElement>(`input[name="${name}"]`);

  async function change(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    if (failure === tooLong) return input("new_password")?.focus();
    setBusy(true);
    setFailure(null);
    try {
      const entered = Object.fromEntries(
        ["current_password", "new_password"].map((name) => [name, input(name)?.value ?? ""]),
      );
      const { others_ended, signed_out } = await callApi<{ others_ended: boolean; signed_out: boolean }>(
        "POST",
        "/api/account/password",
        entered,
      );
      if (signed_out) {
        const notice = others_ended ? "password-changed" : "password-unconfirmed";
        return window.location.assign(noticeHref(notice));
      }
      form.current?.reset();
      if (others_ended) toast.success("Password changed. All other sessions are signed out.");
      else toast.warning(NOT_CONFIRMED, { duration: Number.POSITIVE_INFINITY });
      router.refresh();
    } catch (error) {
      const refused = asApiError(error);
      setFailure(refused);
      const about = fieldOf(refused.code);
      if (about) input(about)?.focus();
    }
    setBusy(false);
  }

  /** Once a field is changed, what was said of it no longer holds. */
  function look(name: string, text: string) {
    if (name === "new_password" && isTooLong(text)) setFailure(tooLong);
    else if (field === name) setFailure(null);
  }

  const marks = (name: string) => ({
    name,
    required: true,
    complaint: field === name ? failure?.message : undefined,
    onChange: (text: string) => look(name, text),
  });
  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`}>Password</CardTitle>
        <CardDescription>
          {hasSecondFactor
            ? "Changing it signs you out everywhere, including here."
            : "Changing it signs you out everywhere else."}
        </CardDescription>
      </CardHeader>
      <CardContent>
        <form ref={form} method="post" onSubmit={change} className="flex flex-col gap-4">
          {/* So that password managers know whose password it is. */}
          <input type="email" name="email" value={email} autoComplete="username" readOnly hidden />
          <PasswordField
            label="Current password"
            autoComplete="current-password"
            {...marks("current_password")}
          />
          <PasswordField
            label="New password"
            autoComplete="new-password"
            hint="At least 10 characters."
            {...marks("new_password")}
          />
          <Failure failure={field ? null : failure} />
          <SubmitButton className="self-start" busy={busy}>
            {busy ? "Changing…" : "Change password"}
          </SubmitButton>
        </form>
      </CardContent>
    </Card>
  );
}

/** The field that a refusal is about. */
function fieldOf(code: string): "current_password" | "new_password" | null {
  if (code === "wrong_password") return "current_password";
  return code.startsWith("password_") ? "new_password" : null;
}

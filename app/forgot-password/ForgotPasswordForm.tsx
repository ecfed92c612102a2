"use client";

import Link from "next/link";
import { EmailField } from "@/components/sign-in/EmailField";
import { FormFailure } from "@/components/sign-in/FormFailure";
import type { FormState } from "@/components/sign-in/formState";
import { useAccountForm } from "@/components/sign-in/useAccountForm";
import { Button } from "@/components/vault/ui/button";

/** Asks for a link to choose a new password. */
export function ForgotPasswordForm({ initial }: { initial: FormState }) {
  const { form, send, look, stateOf, pending, failure } = useAccountForm(initial, false);
  return (
    <form
      ref={form}
      method="post"
      action="/api/auth/forgot-password"
      onSubmit={send}
      className="flex flex-col gap-4"
    >
      <FormFailure failure={failure} />
      <EmailField
        {...stateOf("email")}
        defaultValue={initial.email}
        onChange={(text) => look("email", text)}
      />
      <Button type="submit" aria-disabled={pending} aria-busy={pending} className="mt-1">
        {pending ? "Sending the link…" : "Send me a link"}
      </Button>
      <p className="text-center text-sm">
        <Link className="text-muted-foreground underline underline-offset-4" href="/login">
          Back to sign-in
        </Link>
      </p>
    </form>
  );
}

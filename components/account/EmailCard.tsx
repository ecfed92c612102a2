"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { Failure } from "@/components/shared/Failure";
import { SubmitButton } from "@/components/shared/SubmitButton";
import { Alert, AlertDescription } from "@/components/vault/ui/alert";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { type ApiError, asApiError, callApi } from "@/lib/vault/http/client";

/** Changes the e-mail address. */
export function EmailCard({ email }: { email: string }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  // Known to this page alone: the auth server keeps a pending change for addresses without an account only, and to show
  // that one later would say who has an account.
  const [asked, setAsked] = useState<string | null>(null);
  const isAboutField = failure?.code.startsWith("email_address_") ?? false;

  async function change(event: FormEvent) {
    event.preventDefault();
    if (busy || !field.current) return;
    setBusy(true);
    setFailure(null);
    const wanted = field.current.value.trim();
    try {
      await callApi("POST", "/api/account/email", { email: wanted });
      setAsked(wanted);
      field.current.value = "";
    } catch (error) {
      setFailure(asApiError(error));
      field.current.focus();
    }
    setBusy(false);
  }

  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`}>E-mail</CardTitle>
        <CardDescription>
          You sign in with it, and your teams can see it. Changes take effect after you confirm them by
          e-mail.
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-4">
        <div role="status" className="empty:-mb-4">
          {asked && (
            <Alert>
              <AlertDescription className="[overflow-wrap:anywhere]">
                <p>
                  Check both inboxes. Open the link in the e-mail to <strong>{email}</strong> and, if you get
                  one at <strong>{asked}</strong>, the link in that e-mail too. Nothing changes until you do.
                </p>
              </AlertDescription>
            </Alert>
          )}
        </div>
        <form method="post" onSubmit={change} className="flex flex-col gap-2">
          <Label htmlFor={`${id}-email`}>New e-mail</Label>
          <div className="flex flex-col gap-2 sm:flex-row">
            <Input
              ref={field}
              id={`${id}-email`}
              type="email"
              autoComplete="email"
              required
              onChange={() => isAboutField && setFailure(null)}
              aria-invalid={isAboutField}
              aria-describedby={failure ? `${id}-failure` : undefined}
            />
            <SubmitButton variant="outline" className="self-start" busy={busy}>
              {busy ? "Sending…" : "Change e-mail"}
            </SubmitButton>
          </div>
          <Failure id={`${id}-failure`} failure={failure} />
        </form>
      </CardContent>
    </Card>
  );
}

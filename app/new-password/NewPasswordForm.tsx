"use client";

import { CodeField } from "@/components/shared/CodeField";
import { Field } from "@/components/shared/Field";
import { PasswordField } from "@/components/shared/PasswordField";
import { FormFailure } from "@/components/sign-in/FormFailure";
import type { FormState } from "@/components/sign-in/formState";
import { useAccountForm } from "@/components/sign-in/useAccountForm";
import { Button } from "@/components/vault/ui/button";

interface NewPasswordFormProps {
  email: string;
  /** Whether the person has an authenticator app, whose code a link does not replace. */
  asksCode: boolean;
  initial: FormState;
}

/** Takes the new password for this address. */
export function NewPasswordForm({ email, asksCode, initial }: NewPasswordFormProps) {
  const { form, send, look, stateOf, pending, failure } = useAccountForm(initial, true);
  return (
    <form
      ref={form}
      method="post"
      action="/api/auth/new-password"
      onSubmit={send}
      className="flex flex-col gap-4"
    >
      <FormFailure failure={failure} />
      {/* For password managers too: it is whose password this is. */}
      <Field name="email" label="E-mail" type="email" autoComplete="username" value={email} readOnly />
      <PasswordField
        name="password"
        {...stateOf("password")}
        label="New password"
        hint="At least 10 characters."
        autoComplete="new-password"
        onChange={(text) => look("password", text)}
      />
      {asksCode && (
        <CodeField id="code" failure={stateOf("code").complaint} onChange={() => look("code", "")} />
      )}
      <Button type="submit" aria-disabled={pending} aria-busy={pending} className="mt-1">
        {pending ? "Setting your password…" : "Set new password"}
      </Button>
    </form>
  );
}

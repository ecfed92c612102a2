"use client";

import { CodeField } from "@/components/shared/CodeField";
import { FormFailure } from "@/components/sign-in/FormFailure";
import { useAccountForm } from "@/components/sign-in/useAccountForm";
import { Button } from "@/components/vault/ui/button";
import type { FormState } from "../../../components/sign-in/formState";
import type { Next } from "../href";

interface CodeFormProps {
  /** Where the way leads afterwards. */
  next: Next;
  /** What a submission before the scripts had loaded has left. */
  initial: FormState;
}

/** The form for the second factor's code. It works without scripts too. */
export function CodeForm({ next, initial }: CodeFormProps) {
  const { form, send, look, stateOf, pending, failure } = useAccountForm(initial, false);
  const { complaint, describedBy } = stateOf("code");
  return (
    <form
      ref={form}
      method="post"
      action="/api/auth/code"
      onSubmit={send}
      noValidate
      className="flex flex-col gap-4"
    >
      {Object.entries(next).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <FormFailure failure={failure} />
      <CodeField
        id="code"
        autoFocus
        failure={complaint}
        describedBy={describedBy}
        onChange={() => look("code", "")}
      />
      <Button type="submit" aria-disabled={pending} aria-busy={pending} className="mt-1">
        {pending ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}

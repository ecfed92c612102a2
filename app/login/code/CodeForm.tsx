"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { CodeField } from "@/components/shared/CodeField";
import { Alert, AlertDescription } from "@/components/vault/ui/alert";
import { Button } from "@/components/vault/ui/button";
import { fieldOf } from "@/lib/auth/fields";
import type { FormState } from "../flash";
import type { Next } from "../href";
import { submit } from "../submit";

interface CodeFormProps {
  /** Where the way leads afterwards. */
  next: Next;
  /** What a submission before the scripts had loaded has left. */
  initial: FormState;
}

/** The form for the second factor's code. It works without scripts too. */
export function CodeForm({ next, initial }: CodeFormProps) {
  const field = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState(initial.failure);
  const [pending, setPending] = useState(false);

  useEffect(() => {
    // Come back to as it was left, on its way to another page.
    const onShow = (event: PageTransitionEvent) => event.persisted && setPending(false);
    window.addEventListener("pageshow", onShow);
    return () => window.removeEventListener("pageshow", onShow);
  }, []);

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    setFailure(undefined);
    const refused = await submit(event.currentTarget);
    if (!refused) return;
    setFailure(refused);
    setPending(false);
    if (!field.current) return;
    if (refused.code === "wrong_code") field.current.value = "";
    field.current.focus();
  }

  const isOfField = failure !== undefined && fieldOf(failure.code) === "code";
  return (
    <form method="post" action="/api/auth/code" onSubmit={send} noValidate className="flex flex-col gap-4">
      {Object.entries(next).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {failure && !isOfField && (
        <Alert variant="destructive" id="code-form-error">
          <AlertDescription>{failure.message}</AlertDescription>
        </Alert>
      )}
      <CodeField
        ref={field}
        id="code"
        autoFocus
        failure={isOfField ? failure.message : undefined}
        describedBy={failure && !isOfField ? "code-form-error" : undefined}
        onChange={() => isOfField && setFailure(undefined)}
      />
      <Button type="submit" aria-disabled={pending} aria-busy={pending} className="mt-1">
        {pending ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}

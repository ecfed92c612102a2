"use client";

import Link from "next/link";
import { PasswordField } from "@/components/shared/PasswordField";
import { EmailField } from "@/components/sign-in/EmailField";
import { FormFailure } from "@/components/sign-in/FormFailure";
import { useAccountForm } from "@/components/sign-in/useAccountForm";
import { Button } from "@/components/vault/ui/button";
import type { FormState } from "../../components/sign-in/formState";
import { loginHref, type Mode, type Next } from "./href";

interface LoginFormProps {
  mode: Mode;
  /** Where the way leads afterwards. */
  next: Next;
  /** What a submission before the scripts had loaded has left. */
  initial: FormState;
}

/** The form for both ways in. */
export function LoginForm({ mode, next, initial }: LoginFormProps) {
  const isNew = mode === "sign-up";
  const { form, send, look, stateOf, pending, failure } = useAccountForm(initial, isNew);
  return (
    <form
      ref={form}
      method="post"
      action={isNew ? "/api/auth/sign-up" : "/api/auth/sign-in"}
      onSubmit={send}
      className="flex flex-col gap-4"
    >
      {Object.entries(next).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <FormFailure failure={failure} />
      <EmailField
        {...stateOf("email")}
        defaultValue={initial.email}
        onChange={(text) => look("email", text)}
      />
      <PasswordField
        name="password"
        {...stateOf("password")}
        label="Password"
        autoComplete={isNew ? "new-password" : "current-password"}
        {...(isNew && { hint: "At least 10 characters." })}
        onChange={(text) => look("password", text)}
      />
      <Button type="submit" aria-disabled={pending} aria-busy={pending} className="mt-1">
        {pending ? (isNew ? "Creating your account…" : "Signing in…") : isNew ? "Create account" : "Sign in"}
      </Button>
      {!isNew && (
        <p className="text-center text-sm">
          <Link className="text-muted-foreground underline underline-offset-4" href="/forgot-password">
            Forgot your password?
          </Link>
        </p>
      )}
      <p className="text-center text-sm text-muted-foreground">
        {isNew ? "Already have an account?" : "New here?"}{" "}
        <Link
          className="whitespace-nowrap font-medium text-foreground underline underline-offset-4"
          href={loginHref(isNew ? "sign-in" : "sign-up", next)}
        >
          {isNew ? "Sign in" : "Create an account"}
        </Link>
      </p>
    </form>
  );
}

"use client";

import Link from "next/link";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Alert, AlertDescription } from "@/components/vault/ui/alert";
import { Button } from "@/components/vault/ui/button";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { type Field, fieldOf, isTooLong, TOO_LONG } from "@/lib/auth/fields";
import type { FormState } from "./flash";
import { loginHref, type Mode, type Next } from "./href";
import { submit } from "./submit";

interface LoginFormProps {
  mode: Mode;
  /** Where the way leads afterwards. */
  next: Next;
  /** What a submission before the scripts had loaded has left. */
  initial: FormState;
}

const tooLong = { code: "password_too_long", message: TOO_LONG };

/**
 * The form for both ways in. Without scripts, or before they have loaded, the browser sends it as it is; with them,
 * the page stays, and so does what is in the fields.
 */
export function LoginForm({ mode, next, initial }: LoginFormProps) {
  const isNew = mode === "sign-up";
  const form = useRef<HTMLFormElement>(null);
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
    if (failure === tooLong) return fieldsOf(form.current).password?.focus();
    setPending(true);
    setFailure(undefined);
    const refused = await submit(event.currentTarget);
    if (!refused) return;
    setFailure(refused);
    setPending(false);
    const { email, password } = fieldsOf(form.current);
    if (refused.code === "invalid_credentials" && password) password.value = "";
    (fieldOf(refused.code) === "email" ? email : password)?.focus();
  }

  /** Once a field is changed, what was said of it no longer holds. */
  function look(name: Field, text: string) {
    if (isNew && name === "password" && isTooLong(text)) setFailure(tooLong);
    else if (field === name) setFailure(undefined);
  }

  const field = failure && fieldOf(failure.code);
  const marksOf = (name: Field, hint?: string) => ({
    "aria-invalid": field === name,
    "aria-describedby":
      [hint, field === name && `${name}-error`, failure && !field && "login-error"]
        .filter(Boolean)
        .join(" ") || undefined,
  });
  const complaint = (name: Field) =>
    field === name && (
      <p id={`${name}-error`} role="alert" className="text-sm text-destructive-text">
        {failure?.message}
      </p>
    );
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
      {failure && !field && (
        <Alert variant="destructive" id="login-error">
          <AlertDescription>{failure.message}</AlertDescription>
        </Alert>
      )}
      <div className="flex flex-col gap-2">
        <Label htmlFor="email">E-mail</Label>
        <Input
          id="email"
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={initial.email}
          onChange={(event) => look("email", event.currentTarget.value)}
          {...marksOf("email")}
          required
          maxLength={254}
        />
        {complaint("email")}
      </div>
      <div className="flex flex-col gap-2">
        <Label htmlFor="password">Password</Label>
        <Input
          id="password"
          name="password"
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          onChange={(event) => look("password", event.currentTarget.value)}
          {...marksOf("password", isNew ? "password-hint" : undefined)}
          required
        />
        {isNew && (
          <p id="password-hint" className="text-sm text-muted-foreground">
            At least 10 characters.
          </p>
        )}
        {complaint("password")}
      </div>
      <Button type="submit" aria-disabled={pending} aria-busy={pending} className="mt-1">
        {pending ? (isNew ? "Creating your account…" : "Signing in…") : isNew ? "Create account" : "Sign in"}
      </Button>
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

function fieldsOf(form: HTMLFormElement | null): Partial<Record<Field, HTMLInputElement>> {
  return Object.fromEntries([...(form?.querySelectorAll("input") ?? [])].map((input) => [input.name, input]));
}

"use client";

import Link from "next/link";
import { useActionState } from "react";
import { Alert, AlertDescription } from "@/components/vault/ui/alert";
import { Button } from "@/components/vault/ui/button";
import { Input } from "@/components/vault/ui/input";
import { Label } from "@/components/vault/ui/label";
import { signIn, signUp } from "./actions";
import type { Next } from "./next";

interface LoginFormProps {
  mode: "sign-in" | "sign-up";
  /** Where the way leads afterwards. */
  next: Next;
  notice: string | undefined;
}

/** The form for both ways in. It is sent to the server as it is, so it works before scripts have loaded. */
export function LoginForm({ mode, next, notice }: LoginFormProps) {
  const isNew = mode === "sign-up";
  const [state, action, pending] = useActionState(isNew ? signUp : signIn, notice ? { notice } : {});
  const other = new URLSearchParams({ ...(!isNew && { mode: "sign-up" }), ...next });
  return (
    <form action={action} className="flex flex-col gap-4">
      {Object.entries(next).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {state.error && (
        <Alert variant="destructive" id="login-error">
          <AlertDescription>{state.error}</AlertDescription>
        </Alert>
      )}
      {state.notice && (
        <Alert>
          <AlertDescription>{state.notice}</AlertDescription>
        </Alert>
      )}
      <div className="flex flex-col gap-2">
        <Label htmlFor="email">E-mail</Label>
        <Input
          id="email"
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={state.email}
          aria-invalid={state.field === "email"}
          aria-describedby={state.field === "email" ? "login-error" : undefined}
          required
          maxLength={254}
        />
      </div>
      <div className="flex flex-col gap-2">
        <Label htmlFor="password">Password</Label>
        <Input
          id="password"
          name="password"
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          aria-invalid={state.field === "password"}
          aria-describedby={
            [isNew && "password-hint", state.field === "password" && "login-error"]
              .filter(Boolean)
              .join(" ") || undefined
          }
          required
          maxLength={200}
        />
        {isNew && (
          <p id="password-hint" className="text-sm text-muted-foreground">
            At least 10 characters.
          </p>
        )}
      </div>
      <Button type="submit" disabled={pending} className="mt-1">
        {pending ? (isNew ? "Creating your account…" : "Signing in…") : isNew ? "Create account" : "Sign in"}
      </Button>
      <p className="text-center text-sm text-muted-foreground">
        {isNew ? "You have an account already?" : "New here?"}{" "}
        <Link
          className="font-medium text-foreground underline underline-offset-4"
          href={other.size > 0 ? `/login?${other}` : "/login"}
        >
          {isNew ? "Sign in" : "Create an account"}
        </Link>
      </p>
    </form>
  );
}

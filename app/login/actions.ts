"use server";

import type { AuthError } from "@supabase/supabase-js";
import { redirect } from "next/navigation";
import { z } from "zod";
import { explainAuthError } from "@/lib/auth/messages";
import { env } from "@/lib/env";
import { sessionClient } from "@/lib/supabase/server";
import { vaultProblem } from "@/lib/vault/errors";
import { logProblem } from "@/lib/vault/http/log";
import { isOutage } from "@/lib/vault/session/session";
import { afterSignIn, readNext } from "./next";

/** What the form shows after a submission: an error, or a notice, and the e-mail to keep. */
export interface LoginState {
  error?: string;
  notice?: string;
  email?: string;
  /** The field that the error is about. */
  field?: "email" | "password";
}

const form = z.object({
  email: z
    .email("Enter an e-mail address, such as name@example.com.")
    .max(254, "The e-mail address is too long."),
  password: z.string().min(1, "Enter your password.").max(200, "The password is longer than 200 characters."),
});

function read(data: FormData): { email: string; password: string } | LoginState {
  const entered = String(data.get("email") ?? "").trim();
  const parsed = form.safeParse({ email: entered, password: data.get("password") });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path[0] === "email" ? "email" : "password";
  return { error: issue?.message ?? "Check what you entered.", email: entered, field };
}

function refuse(error: AuthError, email: string): LoginState {
  if (isOutage(error)) logProblem(vaultProblem("auth_unavailable", { cause: error }));
  const field = error.code === "weak_password" ? "password" : undefined;
  return { error: explainAuthError(error), email, ...(field && { field }) };
}

/** Signs in and sets the session cookie. */
export async function signIn(_: LoginState, data: FormData): Promise<LoginState> {
  const input = read(data);
  if (!("password" in input)) return input;
  const supabase = await sessionClient();
  const { error } = await supabase.auth.signInWithPassword(input);
  if (error) return refuse(error, input.email);
  redirect(afterSignIn(readNext(Object.fromEntries(data))));
}

/** Creates an account; where the project confirms e-mails, the session comes with the confirmation. */
export async function signUp(_: LoginState, data: FormData): Promise<LoginState> {
  const input = read(data);
  if (!("password" in input)) return input;
  const supabase = await sessionClient();
  const { data: created, error } = await supabase.auth.signUp({
    ...input,
    options: { emailRedirectTo: `${env().siteOrigin}/auth/confirm` },
  });
  if (error) return refuse(error, input.email);
  if (!created.session) {
    return { notice: `Open the link that was sent to ${input.email}, then sign in.`, email: input.email };
  }
  redirect(afterSignIn(readNext(Object.fromEntries(data))));
}

/** Ends this session on the auth server too, so that a copied cookie is worth nothing. */
export async function signOut(): Promise<void> {
  const supabase = await sessionClient();
  await supabase.auth.signOut({ scope: "local" });
  redirect("/login");
}

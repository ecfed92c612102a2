import "server-only";
import { AuthClient } from "@supabase/supabase-js";
import { after } from "next/server";
import { z } from "zod";
import { authServer } from "../supabase/server";
import { vaultProblem } from "../vault/errors";
import { logProblem } from "../vault/http/log";
import type { Problem } from "../vault/http/problem";
import { authFetch } from "../vault/session/auth-fetch";
import type { SessionUser } from "../vault/session/session";
import { limitFailures } from "../vault/session/tries";
import { accountProblem, explainAuthError, unavailable } from "./messages";
import { logOut } from "./sign-out";

/** What a person proves with that they are who the session says. */
export const proof = z.strictObject({
  password: z
    .string("Enter your password.")
    .min(1, "Enter your password.")
    .max(256, "This is not a password."),
  /** Of an authenticator app, for people who have one. */
  code: z.string("Enter the code.").max(16, "This is not a code.").optional(),
});

/** Bytes; each character may be escaped. */
export const MAX_PROOF_BYTES = 4_096;

const FAILURES = 5;
const WINDOW_SECONDS = 5 * 60;
const PATIENCE_MS = 7_500;

/** By person, so that only who has a session of theirs can use the tries up. */
const withinTries = limitFailures(FAILURES, WINDOW_SECONDS * 1_000, PATIENCE_MS);

/**
 * Checks that somebody knows the password of the person whose session it is, and has their authenticator if they use
 * one. Both, because whoever has a stolen session can set up an authenticator of their own at the auth server.
 *
 * @throws Problem wrong_password, too_many_attempts, account_blocked, auth_unavailable; those of a code
 */
export async function verifyPerson(user: SessionUser, { password, code }: z.infer<typeof proof>) {
  const refusal = await withinTries(user.id, () => checkPassword(user, password), isWrong);
  if (refusal === undefined) throw accountProblem("too_many_attempts", { retryAfter: WINDOW_SECONDS });
  if (refusal) throw refusal;
  if (user.hasSecondFactor) await verifySecondFactor(code ?? "");
}

const isWrong = (refusal: Problem | null) => refusal?.code === "wrong_password";

/**
 * Signs in for a moment, beside the session, which stays as it is.
 *
 * @returns why the password does not count; null if it is right
 * @throws Problem auth_unavailable, and whatever else says nothing of the password
 */
async function checkPassword({ id, email }: SessionUser, password: string): Promise<Problem | null> {
  const server = await authServer();
  const auth = new AuthClient({
    url: new URL("auth/v1", `${server.url.replace(/\/+$/, "")}/`).href,
    headers: { apikey: server.publishableKey, Authorization: `Bearer ${server.publishableKey}` },
    fetch: authFetch(server).fetch,
    persistSession: false,
    autoRefreshToken: false,
    detectSessionInUrl: false,
    skipAutoInitialize: true,
  });
  const { data, error } = await auth.signInWithPassword({ email, password }).catch((cause) => {
    throw unavailable(cause);
  });
  if (error) {
    const problem = explainAuthError(error);
    if (problem.code === "invalid_credentials") return accountProblem("wrong_password");
    throw problem;
  }
  const { access_token } = data.session;
  after(() => endSession(access_token));
  return data.user.id === id ? null : accountProblem("wrong_password");
}

async function endSession(token: string): Promise<void> {
  const isOver = await logOut(token).catch((cause) => {
    logProblem(vaultProblem("auth_unavailable", { cause }));
    return true;
  });
  if (!isOver) logProblem(vaultProblem("auth_unavailable", { cause: { name: "SignOutRefused" } }));
}

/**
 * Checks the code of the person's authenticator.
 *
 * @throws Problem auth_unavailable: nobody who needs a code is confirmed until codes can be checked
 */
async function verifySecondFactor(_code: string): Promise<void> {
  throw vaultProblem("auth_unavailable", { cause: { name: "NoSecondFactor" } });
}

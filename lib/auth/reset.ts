import "server-only";
import { AuthApiError } from "@supabase/supabase-js";
import { cookies, headers } from "next/headers";
import { env } from "../env";
import { sessionClient } from "../supabase/server";
import { vaultProblem } from "../vault/errors";
import { boundedFetch } from "../vault/http/bounded-fetch";
import { cookiesOf, hostCookie } from "../vault/session/cookies";
import { readSession, type Session, type SessionState } from "../vault/session/session";
import { confirmable, hasProof, keepProof, type NewSession } from "./confirmation";
import { confirmationCookie, type Proof } from "./confirmation-cookie";
import { explainAuthError, SESSION_ENDED } from "./explain";
import { accountProblem, unavailable } from "./messages";

/** As long as somebody needs to think of a password. */
const KEPT_MINUTES = 15;

const cookie = () => ({ ...hostCookie(env().siteOrigin, "new-password"), maxAge: KEPT_MINUTES * 60 });

/**
 * Supabase Auth between the link in an e-mail and the new password. The session that the auth server gives for the link
 * is kept in a cookie of its own, which no page and no route takes for a session: nobody is signed in by a link.
 */
export const resetClient = (): Promise<Session> => sessionClient(cookie());

/** That a session is a link's. Without it, a stolen session under the other name would be enough for a new password. */
const LINK: Proof = { name: "vault-link", purpose: "vault link v1" };

/** Has the reply say that this session has just begun with a link. */
export async function proveLink(session: NewSession): Promise<void> {
  const begun = confirmable(session);
  if (!begun.sessionId) throw unavailable({ name: "NoSessionId" });
  await keepProof(begun, KEPT_MINUTES, LINK);
}

/** A session that has begun with a link, and whose it is. */
export interface Reset extends SessionState {
  session: Session;
}

/**
 * Who may choose a new password. Asks the auth server each time.
 *
 * @returns null without a session that a link has begun within the last 15 minutes
 * @throws Problem auth_unavailable if the auth server did not say
 */
export async function readReset(): Promise<Reset | null> {
  const session = await resetClient();
  const state = await readSession(session);
  return state && (await hasProof(state.user, KEPT_MINUTES, LINK)) ? { ...state, session } : null;
}

/** Has the browser forget that session: it is used, or somebody has signed in or out instead. */
export async function forgetReset(): Promise<void> {
  const { name: session, ...attributes } = cookie();
  const store = await cookies();
  const header = (await headers()).get("cookie");
  for (const kept of [session, confirmationCookie(env().siteOrigin, LINK).name]) {
    for (const { name } of cookiesOf(header, kept)) store.set(name, "", { ...attributes, maxAge: 0 });
  }
}

/**
 * Sets a new password.
 *
 * @param token of the session for the link
 * @returns false where it is the person's password already, which the auth server says instead of taking it
 * @throws Problem reset_link_ended, second_factor_required, password_common, password_too_weak, too_many_attempts,
 *   account_blocked; auth_unavailable where it did not say what became of it
 */
export async function setNewPassword(token: string, password: string): Promise<boolean> {
  const { url, publishableKey } = env().supabase;
  const reply = await boundedFetch(`${url}/auth/v1/user`, {
    method: "PUT",
    headers: {
      apikey: publishableKey,
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ password }),
  }).catch((cause) => {
    throw unknown(cause);
  });
  const said: unknown = await reply.json().catch(() => undefined);
  const member = (name: string): unknown => Object(said)[name];
  if (reply.ok && typeof member("id") === "string") return true;
  const code = member("error_code");
  if (code === "same_password") return false;
  throw refusalOf(reply.status, code, said);
}

const UNKNOWN = "The sign-in server didn't confirm whether your password was set. Set it again in a moment.";
const unknown = (cause: unknown) => vaultProblem("auth_unavailable", { detail: UNKNOWN, cause });

function refusalOf(status: number, code: unknown, said: unknown) {
  const { msg, weak_password } = Object(said);
  const cause = Object.assign(new Error("refused"), { name: "NewPasswordRefused", status });
  if (typeof code !== "string") return status === 429 ? accountProblem("too_many_attempts") : unknown(cause);
  if (SESSION_ENDED.includes(code)) return accountProblem("reset_link_ended");
  if (code === "insufficient_aal") return accountProblem("second_factor_required");
  const error = new AuthApiError(String(msg ?? ""), status, code);
  return explainAuthError(Object.assign(error, { reasons: weak_password?.reasons }));
}

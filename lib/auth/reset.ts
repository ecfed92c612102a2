import "server-only";
import { AuthApiError } from "@supabase/supabase-js";
import { cookies } from "next/headers";
import { env } from "../env";
import { anonymousAuth } from "../supabase/server";
import { boundedFetch } from "../vault/http/bounded-fetch";
import { serverCookie } from "../vault/session/cookies";
import { isOutage } from "../vault/session/session";
import { accountProblem, explainAuthError, unavailable } from "./messages";

// Between the link in an e-mail and the new password, its person is known by the access token that the auth server gave
// for the link. It is kept in a cookie of its own, which is no session: nobody is signed in by a link.

/** As long as somebody needs to think of a password. */
const KEPT_SECONDS = 15 * 60;

/** Over https with the prefix that keeps other hosts from setting it, see {@link serverCookie}. */
function cookie() {
  const attributes = serverCookie(env().siteOrigin);
  return { ...attributes, name: attributes.secure ? "__Host-new-password" : "new-password" };
}

/** Keeps the token of a link that was used up. */
export async function keepResetToken(token: string): Promise<void> {
  (await cookies()).set({ ...cookie(), value: token, maxAge: KEPT_SECONDS });
}

/** Forgets it. */
export async function dropResetToken(): Promise<void> {
  (await cookies()).set({ ...cookie(), value: "", maxAge: 0 });
}

/** Who may choose a new password. */
export interface ResetUser {
  token: string;
  email: string;
}

/**
 * Whose new password is asked for. Asks the auth server each time.
 *
 * @returns null without a token that is good
 * @throws Problem auth_unavailable if the auth server did not say
 */
export async function readResetUser(): Promise<ResetUser | null> {
  const token = (await cookies()).get(cookie().name)?.value;
  // The cookie is the client's text. What is no token (RFC 7519, compact form) may not even be sendable.
  if (!token || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return null;
  const { data, error } = await (await anonymousAuth()).getUser(token).catch((cause) => {
    throw unavailable(cause);
  });
  if (error && !isOutage(error)) return null;
  if (error || !data.user?.id) throw unavailable(error ?? { name: "NoUser" });
  return { token, email: data.user.email ?? "" };
}

/**
 * Sets a new password.
 *
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
    throw unavailable(cause);
  });
  const said: unknown = await reply.json().catch(() => undefined);
  const member = (name: string): unknown => Object(said)[name];
  if (reply.ok && typeof member("id") === "string") return true;
  const code = member("error_code");
  if (code === "same_password") return false;
  throw refusalOf(reply.status, code, said);
}

// https://supabase.com/docs/guides/auth/debugging/error-codes
const ENDED = ["bad_jwt", "no_authorization", "session_expired", "session_not_found", "user_not_found"];

function refusalOf(status: number, code: unknown, said: unknown) {
  const { msg, weak_password } = Object(said);
  const cause = Object.assign(new Error("refused"), { name: "NewPasswordRefused", status });
  if (typeof code !== "string")
    return status === 429 ? accountProblem("too_many_attempts") : unavailable(cause);
  if (ENDED.includes(code)) return accountProblem("reset_link_ended");
  if (code === "insufficient_aal") return accountProblem("second_factor_required");
  const reasons: unknown = weak_password?.reasons;
  if (Array.isArray(reasons) && reasons.includes("pwned")) return accountProblem("password_common");
  return explainAuthError(new AuthApiError(String(msg ?? ""), status, code));
}

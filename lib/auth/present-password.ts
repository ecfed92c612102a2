import "server-only";
import { createClient, type Session } from "@supabase/supabase-js";
import { after } from "next/server";
import { authServer } from "../supabase/server";
import { logProblem } from "../vault/http/log";
import { authFetch } from "../vault/session/auth-fetch";
import type { Session as OpenSession, SessionUser } from "../vault/session/session";
import { limitFailures } from "../vault/session/tries";
import { explainAuthError } from "./explain";
import { accountProblem, unavailable } from "./messages";
import { recordFailure } from "./record-failure";
import { logOut } from "./sign-out";

const MOST_FAILURES = 5;
const WINDOW_SECONDS = 5 * 60;
/** As long as others are waited for at the auth server. */
const PATIENCE_MS = 7_500;

/** By person, so that a stolen session is no place to guess its password from, whatever address that comes from. */
const withinTries = limitFailures(MOST_FAILURES, WINDOW_SECONDS * 1_000, PATIENCE_MS);

/**
 * Signs in again with the current password of the signed-in person.
 *
 * @param auth keeps the new session, or does not
 * @returns the new session
 * @throws Problem wrong_password, too_many_attempts, auth_unavailable
 */
export async function signInAgain(
  user: Pick<SessionUser, "id" | "email">,
  password: string,
  auth: Pick<OpenSession["auth"], "signInWithPassword">,
): Promise<Session> {
  if (password === "") throw accountProblem("wrong_password");
  const reply = await withinTries(
    user.id,
    () =>
      auth.signInWithPassword({ email: user.email, password }).catch((cause) => {
        throw unavailable(cause);
      }),
    ({ error }) => error?.code === "invalid_credentials",
  );
  if (!reply) throw accountProblem("too_many_attempts", { retryAfter: WINDOW_SECONDS });
  if (reply.error?.code === "invalid_credentials") {
    await recordFailure(user.id);
    throw accountProblem("wrong_password");
  }
  if (reply.error) throw explainAuthError(reply.error);
  // Their address may have become somebody else's at this moment.
  if (reply.data.user?.id !== user.id || !reply.data.session) throw accountProblem("wrong_password");
  return reply.data.session;
}

/**
 * Requires the present password of somebody who is signed in, and leaves their session as it is.
 *
 * @throws Problem wrong_password, too_many_attempts, auth_unavailable
 */
export async function requirePassword(
  user: Pick<SessionUser, "id" | "email">,
  password: string,
): Promise<void> {
  const server = await authServer();
  const { auth } = createClient(server.url, server.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { fetch: authFetch(server).fetch },
  });
  const { access_token } = await signInAgain(user, password, auth);
  // Was only for the answer. Left over, it would be among the person's sessions.
  after(() => logOut(access_token).catch((cause) => logProblem(unavailable(cause))));
}

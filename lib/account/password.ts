import "server-only";
import { recordAccount } from "../activity/record";
import { confirmSignIn } from "../auth/confirmation";
import { explainAuthError } from "../auth/explain";
import { accountProblem, unavailable } from "../auth/messages";
import { requireGoodPassword } from "../auth/new-password";
import { requirePassword, signInAgain } from "../auth/present-password";
import { endSessions } from "../auth/sign-out";
import { sessionClient } from "../supabase/server";
import { vaultProblem } from "../vault/errors";
import { Problem } from "../vault/http/problem";
import type { Session, SessionUser } from "../vault/session/session";

/**
 * Changes the password of the person of the current request, and ends all sessions that there were: with a second factor
 * the present one as well, of which there may be a copy; without, another one takes its place. What was done is in their activity.
 *
 * @param present what they say it is now
 * @returns whether the auth server has confirmed that those sessions are over
 * @throws Problem wrong_password, too_many_attempts; password_* of the new one; sign_in_again; auth_unavailable
 */
export async function changePassword(user: SessionUser, present: string, next: string): Promise<boolean> {
  requireGoodPassword(next, user.email);
  const { auth } = await sessionClient();
  const before = (await auth.getSession()).data.session?.access_token;
  if (user.hasSecondFactor) {
    // No session takes its place: one of the password alone would not be enough.
    await requirePassword(user, present);
  } else {
    // In the place of the present session, because the auth server may ask for one that has just begun.
    await confirmSignIn(await signInAgain(user, present, auth));
    if (before) await endSessions(before, "local");
  }
  const problem = await setPassword(auth, present, next);
  if (!problem) await recordAccount(user.id, "password_changed");
  if (problem && !MAYBE_CHANGED.includes(problem.code)) throw problem;
  const token = (await auth.getSession()).data.session?.access_token;
  const isKept = !user.hasSecondFactor || problem?.code === "password_unchanged";
  const scope = isKept ? "others" : "global";
  const isOver = token !== undefined && (await endSessions(token, scope));
  // That a changed password ends them is known.
  if (problem && isOver) await recordAccount(user.id, "sessions_ended", { scope });
  if (problem?.code === "password_unchanged" && isOver) throw accountProblem("password_unchanged", ENDED);
  if (problem) throw problem;
  return isOver;
}

/**
 * The answer to a first try may have been lost. Then the password is changed, or already the new one at the next try, and
 * the person wants nobody else in.
 */
const MAYBE_CHANGED = ["auth_unavailable", "password_unchanged"];
const ENDED = { detail: "This is already your password. All your other sessions are signed out." };
const UNKNOWN =
  "The sign-in server didn't confirm whether your password was changed. If the old one doesn't work, use the new one.";

/** @returns why the auth server did not take it, or did not say; null once it has */
async function setPassword(auth: Session["auth"], present: string, next: string): Promise<Problem | null> {
  const { error } = await auth
    .updateUser({ password: next, current_password: present })
    .catch((cause) => ({ error: unavailable(cause) }));
  if (!error) return null;
  const problem = error instanceof Problem ? error : explainAuthError(error);
  if (problem.code !== "auth_unavailable") return problem;
  return vaultProblem("auth_unavailable", { detail: UNKNOWN, cause: error });
}

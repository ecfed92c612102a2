import "server-only";
import { confirmSignIn } from "../auth/confirmation";
import { accountProblem, explainAuthError, unavailable } from "../auth/messages";
import { requireGoodPassword } from "../auth/new-password";
import { requirePassword, signInAgain } from "../auth/present-password";
import { endSessions } from "../auth/sign-out";
import { sessionClient } from "../supabase/server";
import type { SessionUser } from "../vault/session/session";

/**
 * Changes the password of the person of the current request, and ends all their other sessions.
 *
 * @param present what they say it is now
 * @returns whether the auth server has confirmed that the other sessions are over
 * @throws Problem wrong_password, too_many_attempts; password_* of the new one; sign_in_again; auth_unavailable
 */
export async function changePassword(user: SessionUser, present: string, next: string): Promise<boolean> {
  requireGoodPassword(next, user.email);
  if (next === present) throw accountProblem("password_unchanged");
  const { auth } = await sessionClient();
  const before = (await auth.getSession()).data.session?.access_token;
  if (user.hasSecondFactor) {
    // A session of the password alone would not be enough; this one is, and stays.
    await requirePassword(user, present);
  } else {
    // In the place of the present session, because the auth server may ask for one that has just begun.
    await confirmSignIn(await signInAgain(user, present, auth));
    if (before) await endSessions(before, "local");
  }
  const { error } = await auth.updateUser({ password: next, current_password: present }).catch((cause) => {
    throw unavailable(cause);
  });
  if (error) throw explainAuthError(error);
  const token = (await auth.getSession()).data.session?.access_token;
  return token !== undefined && endSessions(token, "others");
}

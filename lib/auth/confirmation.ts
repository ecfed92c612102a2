import "server-only";
import { cookies, headers } from "next/headers";
import { env } from "../env";
import { vaultProblem } from "../vault/errors";
import { sessionIdOf } from "../vault/session/session";
import {
  type ConfirmedSession,
  confirmationCookie,
  isConfirmed,
  signConfirmation,
} from "./confirmation-cookie";

/**
 * Requires that the person has signed in or entered their password within the last `VAULT_CONFIRM_MINUTES`, in this very
 * session: so a stolen session cookie alone does not pass. Costs no request.
 *
 * @param user from the session
 * @throws Problem confirmation_required
 */
export async function requireConfirmation(user: ConfirmedSession): Promise<void> {
  const { confirmMinutes: minutes, siteOrigin, supabase } = env();
  if (minutes === 0) return;
  const header = (await headers()).get("cookie");
  const rule = { siteOrigin, secretKey: supabase.secretKey, minutes };
  if (!isConfirmed(header, rule, user, Date.now())) throw vaultProblem("confirmation_required");
}

/** Has the reply say that the person was confirmed just now. A session without an id never is. */
export async function confirm(user: ConfirmedSession): Promise<void> {
  const { confirmMinutes: minutes, siteOrigin, supabase } = env();
  if (minutes === 0 || !user.sessionId) return;
  const { name, ...attributes } = confirmationCookie(siteOrigin);
  const value = signConfirmation(supabase.secretKey, user, Date.now());
  (await cookies()).set(name, value, { ...attributes, maxAge: minutes * 60 });
}

/** {@link confirm} for a session that a password, or what only its owner can have, has just begun. */
export async function confirmSignIn(session: { access_token: string; user: { id: string } }): Promise<void> {
  await confirm({ id: session.user.id, sessionId: sessionIdOf(session.access_token) });
}

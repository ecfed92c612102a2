import "server-only";
import { cookies, headers } from "next/headers";
import { DEFAULT_CONFIRM_MINUTES, env } from "../env";
import { vaultProblem } from "../vault/errors";
import { sessionIdOf } from "../vault/session/session";
import {
  type ConfirmedSession,
  confirmationCookie,
  isConfirmed,
  type Proof,
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
  if (env().confirmMinutes > 0) await requireAccountConfirmation(user);
}

/**
 * {@link requireConfirmation} for changes of the account itself. With them, a stolen session would become the account, so
 * `VAULT_CONFIRM_MINUTES=0` does not switch it off.
 *
 * @throws Problem confirmation_required
 */
export async function requireAccountConfirmation(user: ConfirmedSession): Promise<void> {
  if (!(await hasProof(user, confirmationMinutes()))) throw vaultProblem("confirmation_required");
}

/** For how many minutes a password counts once it was entered. */
export const confirmationMinutes = (): number => env().confirmMinutes || DEFAULT_CONFIRM_MINUTES;

/** Has the reply say that the person was confirmed just now. A session without an id never is. */
export async function confirm(user: ConfirmedSession): Promise<void> {
  if (user.sessionId) await keepProof(user, confirmationMinutes());
}

/** {@link confirm} for a session that a password, or what only its owner can have, has just begun. */
export async function confirmSignIn(session: NewSession): Promise<void> {
  await confirm(confirmable(session));
}

/** A session as the auth server has just given it. */
export interface NewSession {
  access_token: string;
  user: { id: string };
}

/** What of a session a proof is bound to. */
export const confirmable = ({ access_token, user }: NewSession): ConfirmedSession => ({
  id: user.id,
  sessionId: sessionIdOf(access_token),
});

/** Has the reply carry a proof of this session for so long: that it is confirmed, or another one. */
export async function keepProof(session: ConfirmedSession, minutes: number, proof?: Proof): Promise<void> {
  const { siteOrigin, supabase } = env();
  const { name, ...attributes } = confirmationCookie(siteOrigin, proof);
  const value = signConfirmation(supabase.secretKey, session, Date.now(), proof);
  (await cookies()).set(name, value, { ...attributes, maxAge: minutes * 60 });
}

/** Whether the request carries such a proof of this very session that is no older than that. */
export async function hasProof(session: ConfirmedSession, minutes: number, proof?: Proof): Promise<boolean> {
  const { siteOrigin, supabase } = env();
  const rule = { siteOrigin, secretKey: supabase.secretKey, minutes };
  return isConfirmed((await headers()).get("cookie"), rule, session, Date.now(), proof);
}

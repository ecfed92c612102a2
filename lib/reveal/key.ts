import "server-only";
import type { SessionUser } from "../auth/session";
import { authoriseOwner } from "../vault/access";
import { type ResolvedSecret, resolveSecretWithSource } from "../vault/service";
import { revealProblem } from "./errors";
import { REVEAL_KEY } from "./types";

/**
 * The key that a person's run is paid with: theirs, else the team's, else the platform's.
 *
 * @param teamId from the request; undefined to leave teams out
 * @throws Problem team_not_found, no_key, secret_unreadable, vault_unavailable
 */
export async function requireRevealKey(
  user: SessionUser,
  teamId: string | undefined,
): Promise<ResolvedSecret> {
  await authoriseOwner(user, teamId, "see");
  const key = await resolveSecretWithSource(user.id, teamId ?? null, REVEAL_KEY);
  if (!key) throw revealProblem("no_key");
  return key;
}

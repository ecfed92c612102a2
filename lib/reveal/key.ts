import "server-only";
import { env } from "../env";
import { listAdminEmails } from "../teams/admins";
import { requireNamedTeam } from "../teams/membership";
import { allowedSources } from "../teams/policy";
import type { TeamSummary } from "../teams/types";
import type { Problem } from "../vault/http/problem";
import { type ResolvedSecret, resolveSecretWithSource } from "../vault/service";
import type { SessionUser } from "../vault/session/session";
import type { SecretSource } from "../vault/types";
import { revealProblem } from "./errors";
import { REVEAL_KEY } from "./types";

/**
 * The key that a person's run is paid with: theirs, else the team's, else the platform's, as far as the
 * team's rule and the operator's settings allow.
 *
 * @param teamId from the request; undefined to leave teams out
 * @param only the one layer that the person chose for this once; undefined for the usual order
 * @throws Problem team_not_found, no_key, own_key_required, platform_key_not_allowed, platform_key_off,
 * secret_unreadable, vault_unavailable
 */
export async function requireRevealKey(
  user: Pick<SessionUser, "id">,
  teamId: string | undefined,
  only?: SecretSource,
): Promise<ResolvedSecret> {
  const team = await requireNamedTeam(user.id, teamId);
  const sources = allowedSources(team?.key_policy ?? null).filter((source) => !only || source === only);
  const key = await resolveSecretWithSource(user.id, teamId ?? null, REVEAL_KEY, sources);
  if (!key) throw await explainMissingKey(team, only);
  return key;
}

/** Says which rule leaves a run without a key, and whom to ask. */
async function explainMissingKey(team: TeamSummary | null, only?: SecretSource): Promise<Problem> {
  if (team && team.key_policy !== "platform" && only !== "user") {
    const admins = await listAdminEmails(team.id);
    const ask = `ask a team admin${admins.length > 0 ? ` (${admins.join(", ")})` : ""}`;
    if (team.key_policy === "own") {
      const detail = `In this team everybody uses their own key. Add ${REVEAL_KEY} to your own vault, or ${ask} to change the rule.`;
      return revealProblem("own_key_required", { detail });
    }
    const detail =
      only === "env"
        ? `In this team the platform's key does not pay. Use your own or the team's, or ${ask} to change the rule.`
        : `This team does not use the platform's key, and has none of its own. Add ${REVEAL_KEY} to your own vault, or ${ask} to add the team's.`;
    return revealProblem("platform_key_not_allowed", { detail });
  }
  if (env().platformKeysOff && (only === undefined || only === "env"))
    return revealProblem("platform_key_off");
  return revealProblem("no_key");
}

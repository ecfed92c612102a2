import "server-only";
import { env } from "../env";
import { listAdminEmails } from "../teams/admins";
import type { KeyPolicy } from "../teams/types";
import type { Problem } from "../vault/http/problem";
import type { SecretSource } from "../vault/types";
import { revealProblem } from "./errors";
import { REVEAL_KEY } from "./types";

/**
 * Says which rule leaves a run without a key, and whom to ask.
 *
 * @param policy the team's rule; null outside of teams
 * @param only the one layer that the person chose for this once; undefined for the usual order
 * @throws Problem vault_unavailable
 */
export async function explainMissingKey(
  teamId: string | null,
  policy: KeyPolicy | null,
  only: SecretSource | undefined,
): Promise<Problem> {
  if (teamId !== null && policy !== "platform" && only !== "user") {
    const admins = await listAdminEmails(teamId);
    const ask = `ask a team admin${admins.length > 0 ? ` (${admins.join(", ")})` : ""}`;
    if (policy === "own") {
      const detail = `In this team, everyone uses their own key. Add ${REVEAL_KEY} to your personal vault, or ${ask} to change which keys runs may use.`;
      return revealProblem("own_key_required", { detail });
    }
    const detail =
      only === "env"
        ? `In this team, runs can't use the platform's key. Use your own or the team's, or ${ask} to change which keys runs may use.`
        : `This team doesn't use the platform's key and has none of its own. Add ${REVEAL_KEY} to your personal vault, or ${ask} to add the team's.`;
    return revealProblem("platform_key_not_allowed", { detail });
  }
  if (env().platformKeysOff && (only === undefined || only === "env"))
    return revealProblem("platform_key_off");
  return revealProblem("no_key");
}

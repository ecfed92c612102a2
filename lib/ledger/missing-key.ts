import "server-only";
import { env } from "../env";
import { listAdminEmails } from "../teams/admins";
import type { KeyPolicy } from "../teams/types";
import { findCatalogEntry } from "../vault/catalog";
import type { Problem } from "../vault/http/problem";
import type { Entry } from "../vault-usage/entry";
import { usageProblem } from "../vault-usage/errors";

/**
 * Says which rule leaves a run without a key, and whom to ask.
 *
 * @param policy the team's rule; null outside of teams
 * @throws Problem vault_unavailable
 */
export async function explainMissingKey(
  { userId, teamId, key, only }: Entry,
  policy: KeyPolicy | null,
): Promise<Problem> {
  if (userId === null)
    return usageProblem("no_key", {
      detail: `A job that nobody is signed in for can't use personal keys. Add ${key} to the team's vault.`,
    });
  if (teamId !== null && policy !== "platform" && only !== "user") {
    const admins = await listAdminEmails(teamId);
    const ask = `ask a team admin${admins.length > 0 ? ` (${admins.join(", ")})` : ""}`;
    if (policy === "own") {
      const detail = `In this team, everyone uses their own key. Add ${key} to your personal vault, or ${ask} to change which keys runs may use.`;
      return usageProblem("own_key_required", { detail });
    }
    const detail =
      only === "env"
        ? `In this team, runs can't use the platform's key. Use your own or the team's, or ${ask} to change which keys runs may use.`
        : `This team doesn't use the platform's key and has none of its own. Add ${key} to your personal vault, or ${ask} to add the team's.`;
    return usageProblem("platform_key_not_allowed", { detail });
  }
  if (env().platformKeysOff && isLent(key) && (only === undefined || only === "env"))
    return usageProblem("platform_key_off", {
      detail: `The operator of this site has turned off the platform's key. Add your own ${key} to your vault.`,
    });
  return usageProblem("no_key", {
    detail: `There's no key to use yet. Add ${key} to your vault, then try again.`,
  });
}

const isLent = (key: string) => findCatalogEntry(key)?.mayFallBackToEnv === true;

import "server-only";
import type { TeamSummary } from "../teams/types";
import { explainResolution } from "../vault/service";
import type { SessionUser } from "../vault/session/session";
import { readBudget } from "./budget";
import { readTeamBudget } from "./team-budget";
import { type Payers, REVEAL_KEY } from "./types";

/**
 * Whose key the next run would be paid with. Decrypts nothing.
 *
 * @param team one that the person is in; null for their own workspace
 * @throws Problem vault_unavailable
 */
export async function explainPayers(
  user: Pick<SessionUser, "id">,
  team: TeamSummary | null,
): Promise<Payers> {
  const holders = await explainResolution(user.id, team?.id ?? null, REVEAL_KEY);
  const [budget, team_budget] = await Promise.all([
    holders.includes("env") ? readBudget(user.id) : null,
    team && team.key_policy !== "own" && holders.includes("team") ? readTeamBudget(team, user.id) : null,
  ]);
  return {
    holders: budget ? holders : holders.filter((source) => source !== "env"),
    policy: team?.key_policy ?? null,
    budget,
    team_budget,
  };
}

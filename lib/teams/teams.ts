import "server-only";
import { adminClient } from "../supabase/admin";
import { explainRefusal } from "../supabase/refusal";
import { vaultProblem } from "../vault/errors";
import { teamProblem } from "./errors";
import type { TeamChange } from "./schema";
import type { TeamSummary } from "./types";

/** Raised by the migration's trigger, where the person is in 50 teams already. */
export const TEAM_LIMIT_REACHED = "PT422";

/**
 * Creates a team, with this person as its admin.
 *
 * @param name checked
 * @throws Problem team_limit, vault_unavailable
 */
export async function createTeam(userId: string, name: string): Promise<TeamSummary> {
  // The membership comes with it, by the database's own rule.
  const { data, error } = await adminClient()
    .from("teams")
    .insert({ name, created_by: userId })
    .select("id, name, key_policy")
    .single();
  if (error?.code === TEAM_LIMIT_REACHED) throw teamProblem("team_limit");
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  const { id, key_policy } = data;
  const none = { monthly_usd: null, member_monthly_usd: null, own_monthly_usd: null };
  return { id, name: data.name, key_policy, role: "admin", ...none };
}

/**
 * Renames a team, or changes whose keys may pay in it or how much of its own may be spent. Only what is given changes.
 *
 * @param actorId who changes it
 * @throws Problem team_not_found, the same for a foreign team and for none; team_role_required; vault_unavailable
 */
export async function changeTeam(actorId: string, teamId: string, change: TeamChange): Promise<void> {
  const { error } = await adminClient().rpc("change_team", { actor: actorId, for_team: teamId, change });
  if (error) throw explainRefusal(error);
}

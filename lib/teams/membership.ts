import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";

export type TeamRole = "admin" | "member";

/**
 * The person's role in a team, read from the database at every call.
 *
 * @param userId UUID from the session
 * @param teamId UUID, possibly of a team that does not exist
 * @returns null if the person is not a member or there is no such team
 * @throws Problem vault_unavailable if the database did not answer
 */
export async function getTeamRole(userId: string, teamId: string): Promise<TeamRole | null> {
  const { data, error } = await adminClient()
    .from("team_members")
    .select("role")
    .eq("team_id", teamId)
    .eq("user_id", userId)
    .maybeSingle();
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data?.role ?? null;
}

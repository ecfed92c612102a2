import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import type { TeamRole, TeamSummary } from "./types";

// Read from the database at every call, never remembered: whoever is removed has lost access by the next request.

const SUMMARY = "role, teams (id, name, key_policy)";
type SummaryRow = { role: TeamRole; teams: Omit<TeamSummary, "role"> };
const summaryOf = ({ role, teams: { id, name, key_policy } }: SummaryRow): TeamSummary => ({
  id,
  name,
  key_policy,
  role,
});

/**
 * The person's role in a team.
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

/**
 * The teams that a person is in, by name.
 *
 * @throws Problem vault_unavailable
 */
export async function listTeams(userId: string): Promise<TeamSummary[]> {
  const { data, error } = await adminClient().from("team_members").select(SUMMARY).eq("user_id", userId);
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data
    .map(summaryOf)
    .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }) || (a.id < b.id ? -1 : 1));
}

/**
 * A team, for a person who is in it.
 *
 * @param atLeast "member" for whoever is in it, "admin" for its admins
 * @throws Problem team_not_found, the same for a foreign team and for none; team_role_required;
 * vault_unavailable
 */
export async function requireTeam(
  userId: string,
  teamId: string,
  atLeast: TeamRole = "member",
): Promise<TeamSummary> {
  const { data, error } = await adminClient()
    .from("team_members")
    .select(SUMMARY)
    .eq("team_id", teamId)
    .eq("user_id", userId)
    .maybeSingle();
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  if (!data) throw vaultProblem("team_not_found");
  if (atLeast === "admin" && data.role !== "admin") throw vaultProblem("team_role_required");
  return summaryOf(data);
}

/**
 * {@link requireTeam} for requests that may name a team.
 *
 * @param teamId undefined for the person's own workspace
 * @returns null for that
 */
export async function requireNamedTeam(
  userId: string,
  teamId: string | undefined,
): Promise<TeamSummary | null> {
  return teamId === undefined ? null : requireTeam(userId, teamId);
}

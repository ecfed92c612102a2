import "server-only";
import { z } from "zod";
import { adminClient } from "../supabase/admin";
import { usd } from "../supabase/usd";
import { vaultProblem } from "../vault/errors";
import { KEY_POLICIES, type TeamRole, type TeamSummary } from "./types";

// Read from the database at every call, never remembered: a removed person loses access with the next request.

const SUMMARY = "role, monthly_usd, teams (id, name, key_policy, monthly_usd, member_monthly_usd)";
const budget = usd.nullable();
const summaryRow = z.object({
  role: z.enum(["admin", "member"]),
  monthly_usd: budget,
  teams: z.object({
    id: z.string(),
    name: z.string(),
    key_policy: z.enum(KEY_POLICIES),
    monthly_usd: budget,
    member_monthly_usd: budget,
  }),
});

/** What a member may know of it: other people's budgets, and so the default, are their admins' business. */
function summaryOf(row: unknown): TeamSummary {
  const { role, monthly_usd, teams } = summaryRow.parse(row);
  const { member_monthly_usd, ...team } = teams;
  return {
    ...team,
    role,
    ...(role === "admin" && { member_monthly_usd }),
    own_monthly_usd: monthly_usd ?? member_monthly_usd,
  };
}

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
 * @param atLeast "member" for everyone in it, "admin" for its admins
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

import "server-only";
import { adminClient } from "../supabase/admin";
import { allRows } from "../supabase/all-rows";
import { teamProblem } from "../teams/errors";
import { listMembers } from "../teams/members";
import { listTeams } from "../teams/membership";
import type { TeamSummary } from "../teams/types";
import { vaultProblem } from "../vault/errors";
import { listSecrets } from "../vault/service";
import type { TeamChoice } from "./schema";
import type { DeletionImpact, TeamToHandOver } from "./types";

/**
 * What goes when a person's account is deleted, and which teams need somebody to take over first.
 *
 * @throws Problem vault_unavailable
 */
export async function readDeletion(userId: string): Promise<DeletionImpact> {
  const [secrets, webhooks, teams] = await Promise.all([
    listSecrets({ type: "user", id: userId }),
    countWebhooks(userId),
    listTeamsWithoutOtherAdmin(userId),
  ]);
  const seen = await Promise.all(teams.map(async (team) => ({ team, ...(await lookInto(team, userId)) })));
  return {
    keys: secrets.length,
    webhooks,
    to_hand_over: seen
      .filter(({ team, others }) => team.role === "admin" && others.length > 0)
      .map(({ team, keys, others }) => ({ id: team.id, name: team.name, keys, members: others })),
    that_end: seen
      .filter(({ others }) => others.length === 0)
      .map(({ team, keys }) => ({ id: team.id, name: team.name, keys })),
  };
}

async function countWebhooks(userId: string): Promise<number> {
  const { count, error } = await adminClient()
    .from("webhooks")
    .select("id", { count: "exact", head: true })
    .eq("user_id", userId);
  if (error || count === null) throw vaultProblem("vault_unavailable", { cause: error });
  return count;
}

async function listTeamsWithoutOtherAdmin(userId: string): Promise<TeamSummary[]> {
  const teams = await listTeams(userId);
  if (teams.length === 0) return [];
  const others = await allRows(
    (from, to) =>
      adminClient()
        .from("team_members")
        .select("team_id, user_id")
        .in(
          "team_id",
          teams.map(({ id }) => id),
        )
        .eq("role", "admin")
        .neq("user_id", userId)
        .order("team_id")
        .order("user_id")
        .range(from, to),
    ({ team_id, user_id }) => [team_id, user_id].join(),
  );
  const managed = new Set(others.map(({ team_id }) => team_id));
  return teams.filter(({ id }) => !managed.has(id));
}

async function lookInto(team: TeamSummary, userId: string) {
  const [secrets, members] = await Promise.all([
    listSecrets({ type: "team", id: team.id }),
    listMembers(team.id, userId),
  ]);
  const others: TeamToHandOver["members"] = members
    .filter(({ is_you }) => !is_you)
    .map(({ user_id, email }) => ({ user_id, email }));
  return { keys: secrets.length, others };
}

/**
 * Deletes an account with its sessions, secrets, webhooks and memberships, all of it or nothing. Whoever calls has
 * asked for the password.
 *
 * @param teams for each team that would have members and no admin: who takes over, or null to delete it. Entries for
 *   teams that are not the person's to give change nothing
 * @throws Problem team_needs_admin, vault_unavailable
 */
export async function deleteAccount(userId: string, teams: TeamChoice[]): Promise<void> {
  const { error } = await adminClient().rpc("delete_account", { for_user: userId, teams });
  // Raised by the migration's function.
  if (error?.code === "PT409") throw teamProblem("team_needs_admin");
  if (error) throw vaultProblem("vault_unavailable", { detail: UNKNOWN, cause: error });
}

const UNKNOWN = "The database didn't confirm whether your account was deleted. Reload the page to check.";

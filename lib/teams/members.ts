import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { teamProblem } from "./errors";
import type { TeamMember, TeamRole } from "./types";

// Raised by the migration's trigger.
const LAST_ADMIN = "PT409";
// So many ids fit into the address of one request to the database.
const IDS_AT_ONCE = 100;

function explain(error: { code: string }): Error {
  return error.code === LAST_ADMIN
    ? teamProblem("last_admin")
    : vaultProblem("vault_unavailable", { cause: error });
}

/**
 * The people in a team, longest-standing first.
 *
 * @param userId who asks, and is in it
 * @throws Problem vault_unavailable
 */
export async function listMembers(teamId: string, userId: string): Promise<TeamMember[]> {
  const { data, error } = await adminClient()
    .from("team_members")
    .select("user_id, role, created_at")
    .eq("team_id", teamId)
    .order("created_at")
    .order("user_id");
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  const emails = await readEmails(data.map(({ user_id }) => user_id));
  return data.map(({ user_id, role, created_at }) => ({
    user_id,
    email: emails.get(user_id) ?? "",
    role,
    joined_at: created_at,
    is_you: user_id === userId,
  }));
}

/**
 * People's e-mail addresses, for those who share a team with them.
 *
 * @param userIds from the database
 * @throws Problem vault_unavailable
 */
export async function readEmails(userIds: readonly string[]): Promise<Map<string, string>> {
  const ids = [...new Set(userIds)];
  const slices = Array.from({ length: Math.ceil(ids.length / IDS_AT_ONCE) }, (_, index) =>
    ids.slice(index * IDS_AT_ONCE, (index + 1) * IDS_AT_ONCE),
  );
  const replies = await Promise.all(
    slices.map((slice) => adminClient().from("profiles").select("user_id, email").in("user_id", slice)),
  );
  const emails = new Map<string, string>();
  for (const { data, error } of replies) {
    if (error) throw vaultProblem("vault_unavailable", { cause: error });
    for (const { user_id, email } of data) emails.set(user_id, email);
  }
  return emails;
}

/**
 * Makes somebody in a team an admin, or a member. Whoever calls has asked for the role.
 *
 * @throws Problem member_not_found, last_admin, vault_unavailable
 */
export async function changeRole(teamId: string, userId: string, role: TeamRole): Promise<void> {
  const { data, error } = await adminClient()
    .from("team_members")
    .update({ role })
    .eq("team_id", teamId)
    .eq("user_id", userId)
    .select("user_id");
  if (error) throw explain(error);
  if (data.length === 0) throw teamProblem("member_not_found");
}

/**
 * Takes somebody out of a team: their access ends with this, and their open invitations go. Whoever calls has
 * asked for the role.
 *
 * @throws Problem member_not_found, last_admin, vault_unavailable
 */
export async function removeMember(teamId: string, userId: string): Promise<void> {
  const { data, error } = await adminClient()
    .from("team_members")
    .delete()
    .eq("team_id", teamId)
    .eq("user_id", userId)
    .select("user_id");
  if (error) throw explain(error);
  if (data.length === 0) throw teamProblem("member_not_found");
}

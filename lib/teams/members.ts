import "server-only";
import { readEmails } from "../auth/profiles";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { utcTime } from "../vault/schema";
import { teamProblem } from "./errors";
import type { MemberChange } from "./schema";
import type { TeamMember } from "./types";

// Raised by the migration's trigger.
const LAST_ADMIN = "PT409";

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
    joined_at: utcTime.parse(created_at),
    is_you: user_id === userId,
  }));
}

/**
 * Makes somebody in a team an admin or a member, or sets their budget. Only what is given changes. Whoever calls has
 * asked for the role.
 *
 * @throws Problem member_not_found, last_admin, vault_unavailable
 */
export async function changeMember(teamId: string, userId: string, change: MemberChange): Promise<void> {
  const { role, monthly_usd } = change;
  const { data, error } = await adminClient()
    .from("team_members")
    .update({ ...(role !== undefined && { role }), ...(monthly_usd !== undefined && { monthly_usd }) })
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

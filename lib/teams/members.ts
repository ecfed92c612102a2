import "server-only";
import { readEmails } from "../auth/profiles";
import { adminClient } from "../supabase/admin";
import { allRows } from "../supabase/all-rows";
import { explainRefusal } from "../supabase/refusal";
import { utcTime } from "../vault/schema";
import { teamProblem } from "./errors";
import type { MemberChange } from "./schema";
import type { TeamMember } from "./types";

// Raised by the migration's trigger.
const LAST_ADMIN = "PT409";

function explain(error: { code: string }): Error {
  return error.code === LAST_ADMIN ? teamProblem("last_admin") : explainRefusal(error);
}

/**
 * The people in a team, longest-standing first.
 *
 * @param userId who asks, and is in it
 * @throws Problem vault_unavailable
 */
export async function listMembers(teamId: string, userId: string): Promise<TeamMember[]> {
  const rows = await allRows(
    (from, to) =>
      adminClient()
        .from("team_members")
        .select("user_id, role, created_at")
        .eq("team_id", teamId)
        .order("created_at")
        .order("user_id")
        .range(from, to),
    ({ user_id }) => user_id,
  );
  const emails = await readEmails(rows.map(({ user_id }) => user_id));
  return rows.map(({ user_id, role, created_at }) => ({
    user_id,
    email: emails.get(user_id) ?? "",
    role,
    joined_at: utcTime.parse(created_at),
    is_you: user_id === userId,
  }));
}

/**
 * Makes somebody in a team an admin or a member, or sets their budget. Only what is given changes. An admin who becomes a
 * member takes the team's open invitations along.
 *
 * @param actorId who changes it
 * @throws Problem team_not_found, the same for a foreign team and for none; team_role_required; member_not_found,
 * last_admin, vault_unavailable
 */
export async function changeMember(
  actorId: string,
  teamId: string,
  userId: string,
  change: MemberChange,
): Promise<void> {
  const { data, error } = await adminClient().rpc("change_member", {
    actor: actorId,
    for_team: teamId,
    for_user: userId,
    change,
  });
  if (error) throw explain(error);
  if (data.length === 0) throw teamProblem("member_not_found");
}

/**
 * Takes somebody out of a team: their access ends with this, and where they were an admin, the team's open invitations
 * go.
 *
 * @param actorId who does it: an admin, or the person, who leaves
 * @throws Problem team_not_found, the same for a foreign team and for none; team_role_required; member_not_found,
 * last_admin, vault_unavailable
 */
export async function removeMember(actorId: string, teamId: string, userId: string): Promise<void> {
  const { data, error } = await adminClient().rpc("remove_member", {
    actor: actorId,
    for_team: teamId,
    for_user: userId,
  });
  if (error) throw explain(error);
  if (data.length === 0) throw teamProblem("member_not_found");
}

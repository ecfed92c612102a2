import "server-only";
import { z } from "zod";
import { adminClient } from "../supabase/admin";
import { allRows } from "../supabase/all-rows";
import { explainRefusal } from "../supabase/refusal";
import { utcTime } from "../vault/schema";
import { type DeletedTeam, KEPT_DAYS } from "./types";

const DAY = 86_400_000;

const deletedRow = z.object({
  id: z.string(),
  name: z.string(),
  deleted_at: utcTime,
  deleted_by: z.string().nullable(),
  deleted_by_email: z.string().nullable(),
});

/**
 * Deletes a team: from now on nobody can use or see anything of it. For 30 days, each of its admins can bring it back.
 *
 * @param actorId an admin of the team
 * @returns the team's other admins, by their id; of more than a thousand, a thousand
 * @throws Problem team_not_found, the same for a foreign team and for none; team_role_required; vault_unavailable
 */
export async function deleteTeam(actorId: string, teamId: string): Promise<string[]> {
  const { data, error } = await adminClient().rpc("delete_team", { actor: actorId, for_team: teamId });
  if (error) throw explainRefusal(error);
  return data.flatMap(({ user_id }) => user_id ?? []);
}

/**
 * Brings a deleted team back, with everything that it had.
 *
 * @param actorId who was an admin of it when it was deleted
 * @throws Problem team_not_found, the same for a foreign team, for none, and for one that is gone for good;
 * team_role_required; vault_unavailable
 */
export async function restoreTeam(actorId: string, teamId: string): Promise<void> {
  const { error } = await adminClient().rpc("restore_team", { actor: actorId, for_team: teamId });
  if (error) throw explainRefusal(error);
}

/**
 * The deleted teams that a person can restore, those deleted last first.
 *
 * @throws Problem vault_unavailable
 */
export async function listDeletedTeams(userId: string): Promise<DeletedTeam[]> {
  const rows = await allRows(
    (from, to) =>
      adminClient()
        .rpc("deleted_teams", { for_user: userId })
        .order("deleted_at", { ascending: false })
        .order("id")
        .range(from, to),
    ({ id }) => id ?? "",
  );
  return rows
    .map((row) => deletedRow.parse(row))
    .map(({ deleted_by, deleted_by_email, ...team }) => ({
      ...team,
      deleted_by: { email: deleted_by_email, is_you: deleted_by === userId },
      kept_until: new Date(Date.parse(team.deleted_at) + KEPT_DAYS * DAY).toISOString(),
    }));
}

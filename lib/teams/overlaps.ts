import "server-only";
import { adminClient } from "../supabase/admin";
import { allRows } from "../supabase/all-rows";
import type { Overlaps } from "../vault/types";
import type { TeamSummary } from "./types";

/**
 * The keys that a person has a second time: looked at from a team, those in their own vault; looked at from their own,
 * those of the teams that they are in now. In one request, and without a ciphertext.
 *
 * @param userId UUID from the session
 * @param teamId of the team that is looked at; null for the person's own vault
 * @param teams all of the person's
 * @throws Problem vault_unavailable
 */
export async function listOverlaps(
  userId: string,
  teamId: string | null,
  teams: readonly TeamSummary[],
): Promise<Overlaps> {
  if (teams.length === 0) return {};
  const rows = await allRows(
    (from, to) =>
      adminClient()
        .from("vault_candidates")
        .select("key, team_id")
        .eq("user_id", userId)
        .eq("owner_type", teamId === null ? "team" : "user")
        .order("key")
        .order("team_id")
        .range(from, to),
    (row) => [row.key, row.team_id].join(),
  );
  const names = new Map(teams.map(({ id, name }) => [id, name]));
  const overlaps: Record<string, string[]> = {};
  for (const { key, team_id } of rows) {
    if (key === null) continue;
    overlaps[key] ??= [];
    const name = team_id === null ? undefined : names.get(team_id);
    if (name !== undefined) overlaps[key].push(name);
  }
  return overlaps;
}

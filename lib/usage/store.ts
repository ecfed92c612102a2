import "server-only";
import { after, type Cursor } from "../cursor";
import { adminClient } from "../supabase/admin";
import { allRows } from "../supabase/all-rows";
import { vaultProblem } from "../vault/errors";
import { type RunRow, runRow, type SumRow, sumRow } from "./schema";

/** Whose runs: a person's, a team's, or a person's in a team. Authorised before; here it only filters. */
export type RunsOf = { userId: string; teamId: string | null } | { userId: null; teamId: string };

const RUN_COLUMNS =
  "id, user_id, created_at, kind, key, model, source, status, stop_reason, duration_ms, input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens, is_counted, cost_usd, cost_exact, details";

/**
 * Ends what a stopped server left open, anybody's. It keeps its tokens, so that budgets need not ask for this.
 *
 * @throws Problem vault_unavailable
 */
export async function closeLostRuns(): Promise<void> {
  const { error } = await adminClient().rpc("close_lost_runs");
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
}

/**
 * Sums by day (UTC), person, source, model and feature.
 *
 * @param since the beginning, included
 * @param until the end, not included
 * @throws Problem vault_unavailable
 */
export async function sumRuns({ userId, teamId }: RunsOf, since: Date, until: Date): Promise<SumRow[]> {
  const args = {
    for_user: userId,
    for_team: teamId,
    since: since.toISOString(),
    until: until.toISOString(),
  };
  const rows = await allRows(
    (from, to) =>
      adminClient()
        .rpc("reveal_usage", args)
        .order("day")
        .order("user_id")
        .order("source")
        .order("model")
        .order("kind")
        .range(from, to),
    (row) => [row.day, row.user_id, row.source, row.model, row.kind].join(),
  );
  return rows.map((row) => sumRow.parse(row));
}

/**
 * Single runs, newest first.
 *
 * @param before the last one that was seen already; undefined from the newest on
 * @throws Problem vault_unavailable
 */
export async function selectRuns(
  { userId, teamId }: RunsOf,
  before: Cursor | undefined,
  limit: number,
): Promise<RunRow[]> {
  let query = adminClient().from("reveal_runs").select(RUN_COLUMNS);
  if (userId !== null) query = query.eq("user_id", userId);
  if (teamId !== null) query = query.eq("team_id", teamId);
  if (before) {
    const { notLater, or } = after(before);
    query = query.lte("created_at", notLater).or(or);
  }
  const { data, error } = await query
    .order("created_at", { ascending: false })
    .order("id", { ascending: false })
    .limit(limit);
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data.map((row) => runRow.parse(row));
}

/**
 * One run of a person, in whatever workspace.
 *
 * @returns null where they have no such run
 * @throws Problem vault_unavailable
 */
export async function selectRun(userId: string, id: string): Promise<RunRow | null> {
  const { data, error } = await adminClient()
    .from("reveal_runs")
    .select(RUN_COLUMNS)
    .eq("id", id)
    .eq("user_id", userId)
    .maybeSingle();
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data && runRow.parse(data);
}

import "server-only";
import { slicesOf } from "../auth/profiles";
import { after, type Cursor } from "../cursor";
import { adminClient } from "../supabase/admin";
import { allRows } from "../supabase/all-rows";
import { vaultProblem } from "../vault/errors";
import {
  limitRow,
  newcomerRow,
  platformEventRow,
  refusedRow,
  spendingRow,
  sumsRow,
  usageRow,
} from "./schema";
import { MOST_SHOWN } from "./types";

// What the database knows of the platform's key. Whoever calls has asked whether that is an operator's to see. Each
// function throws Problem vault_unavailable.

/** The data of a reply. */
function dataOf<Data>({ data, error }: { data: Data; error: unknown }): NonNullable<Data> {
  if (error || data === null || data === undefined) throw vaultProblem("vault_unavailable", { cause: error });
  return data;
}

/** All finest sums of one day (UTC), by person and model. */
export async function readDay(day: string) {
  const since = new Date(day);
  const until = new Date(since);
  until.setUTCDate(until.getUTCDate() + 1);
  const rows = await allRows(
    (from, to) =>
      adminClient()
        .rpc("platform_usage", { since: since.toISOString(), until: until.toISOString() })
        .order("user_id")
        .order("model")
        .range(from, to),
    (row) => [row.user_id, row.model].join(),
  );
  return rows.map((row) => usageRow.parse(row));
}

/** Sums as a whole, by day, person and model, with the highest costs first. */
export async function readSums(since: Date) {
  const data = dataOf(await adminClient().rpc("platform_sums", { since: since.toISOString() }));
  return data.map((row) => sumsRow.parse(row));
}

export async function readSpending() {
  return spendingRow.parse(dataOf(await adminClient().rpc("platform_spending").single()));
}

/** The newest accounts that have used the platform's key. */
export async function readNewcomers(since: Date) {
  const data = dataOf(await adminClient().rpc("platform_newcomers", { since: since.toISOString() }));
  return data.map((row) => newcomerRow.parse(row));
}

/** @param since a day in UTC */
export async function readRefused(since: string) {
  return dataOf(await adminClient().rpc("platform_refused", { since })).map((row) => refusedRow.parse(row));
}

/** The newest limits of single people. */
export async function readNewestLimits() {
  const data = dataOf(
    await adminClient()
      .from("platform_limits")
      .select("user_id, daily_tokens, created_at")
      .order("created_at", { ascending: false })
      .order("user_id")
      .limit(MOST_SHOWN),
  );
  return data.map((row) => limitRow.parse(row));
}

/** The limits of these people, of those who have one, by id. */
export async function readLimitsOf(userIds: readonly string[]) {
  const replies = await Promise.all(
    slicesOf(userIds).map((slice) =>
      adminClient().from("platform_limits").select("user_id, daily_tokens, created_at").in("user_id", slice),
    ),
  );
  const rows = replies.flatMap(dataOf).map((row) => limitRow.parse(row));
  return new Map(rows.map(({ user_id, daily_tokens }) => [user_id, { daily_tokens }]));
}

export async function readIsStopped(): Promise<boolean> {
  const data = dataOf(await adminClient().from("platform_settings").select("is_stopped"));
  return data[0]?.is_stopped ?? false;
}

const EVENT_COLUMNS = "id, actor_id, action, subject_id, daily_tokens, created_at";

/** The latest stop or resumption. */
export async function readLastSwitch() {
  const data = dataOf(
    await adminClient()
      .from("platform_events")
      .select(EVENT_COLUMNS)
      .in("action", ["stopped", "resumed"])
      .order("created_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(1),
  );
  return data[0] ? platformEventRow.parse(data[0]) : null;
}

/** @param before the last event that was seen already; undefined from the newest on */
export async function selectEvents(before: Cursor | undefined, limit: number) {
  let query = adminClient().from("platform_events").select(EVENT_COLUMNS);
  if (before) {
    const { notLater, or } = after(before);
    query = query.lte("created_at", notLater).or(or);
  }
  const data = dataOf(
    await query.order("created_at", { ascending: false }).order("id", { ascending: false }).limit(limit),
  );
  return data.map((row) => platformEventRow.parse(row));
}

import "server-only";
import { readEmails } from "../auth/profiles";
import { env } from "../env";
import { REVEAL_KEY } from "../reveal/types";
import { usageCsv } from "../usage/csv";
import { closeLostRuns } from "../usage/store";
import { NOTHING } from "../usage/sums";
import type { Sum, UsageReport } from "../usage/types";
import { pricesOf } from "../vault-usage/prices";
import { readKeyChange } from "./events";
import {
  readDay,
  readIsStopped,
  readLimitsOf,
  readNewcomers,
  readNewestLimits,
  readRefused,
  readSpending,
  readSums,
} from "./store";
import type { OperatorReport, Person } from "./types";

const PERIOD_DAYS = 30;
const DAY_MS = 86_400_000;
const DELETED = "Deleted account";

const dayOf = (date: Date) => date.toISOString().slice(0, 10);

/** The last 30 days up to today, in UTC. */
const periodUntil = (now: Date): UsageReport["period"] => ({
  from: dayOf(new Date(now.getTime() - (PERIOD_DAYS - 1) * DAY_MS)),
  to: dayOf(now),
});

/**
 * What ran on the platform's key, who used it, and what was refused: sums alone.
 *
 * @param viewerId the operator who asks
 * @param now for tests
 * @throws Problem vault_unavailable
 */
export async function readOperatorReport(viewerId: string, now = new Date()): Promise<OperatorReport> {
  const { platformKeys, platformUsd, platformDailyTokens } = env();
  const period = periodUntil(now);
  const since = new Date(period.from);
  await closeLostRuns();
  const [sums, spending, newcomers, refused, limits, is_stopped, changed] = await Promise.all([
    readSums(since),
    readSpending(),
    readNewcomers(since),
    readRefused(period.from),
    readNewestLimits(),
    readIsStopped(),
    readKeyChange(viewerId),
  ]);
  const ids = [...sums, ...newcomers, ...refused, ...limits].flatMap(({ user_id }) => user_id ?? []);
  const [emails, ownLimits] = await Promise.all([readEmails(ids), readLimitsOf(ids)]);
  const personOf = ({ user_id }: { user_id: string | null }): Person => ({
    user_id,
    email: (user_id && emails.get(user_id)) ?? null,
    own_limit: (user_id && ownLimits.get(user_id)) || null,
  });

  const part = (name: (typeof sums)[number]["part"]) => sums.filter((row) => row.part === name);
  const [total] = part("total");
  const people = part("person");
  const models = part("model").map((row) => ({ model: row.model ?? "", ...sumOf(row) }));
  return {
    platform_key: { is_configured: platformKeys.has(REVEAL_KEY), is_stopped, changed },
    today: { spent: spending.today_spent, held: spending.today_held, limit: platformUsd.daily },
    month: { spent: spending.month_spent, held: spending.month_held, limit: platformUsd.monthly },
    under_way: spending.under_way,
    usual_daily_tokens: platformDailyTokens,
    period,
    total: total ? sumOf(total) : NOTHING,
    // The database's clock may be a little ahead of ours.
    days: part("day").flatMap((row) =>
      row.day !== null && row.day <= period.to ? [{ day: row.day, ...sumOf(row) }] : [],
    ),
    people: people.map((row) => ({ ...personOf(row), ...sumOf(row) })),
    people_count: people[0]?.members ?? 0,
    models,
    refusals: {
      reasons: refused
        .filter(({ user_id }) => user_id === null)
        .map(({ reason, times, members }) => ({ reason, times, people: members })),
      people: refused
        .filter(({ user_id }) => user_id !== null)
        .map(({ reason, times, last_day, user_id }) => ({
          ...personOf({ user_id }),
          reason,
          times,
          last_day,
        })),
    },
    newcomers: newcomers.map((row) => ({
      ...personOf(row),
      signed_up_at: row.signed_up_at,
      first_run_at: row.first_run_at,
      ...sumOf(row),
    })),
    limits: limits.map((row) => ({ ...personOf(row), since: row.created_at })),
    unpriced_models: models.flatMap(({ model, unpriced }) => (unpriced > 0 && model) || []),
    prices: pricesOf(models.flatMap(({ model }) => model || [])),
  };
}

/**
 * The same 30 days as a CSV file, with a line for each day, model and person: all of them. Its columns are those of a
 * team's file but for the feature.
 *
 * @param now for tests
 * @throws Problem vault_unavailable
 */
export async function readOperatorCsv(
  now = new Date(),
): Promise<{ csv: string; period: UsageReport["period"] }> {
  const period = periodUntil(now);
  await closeLostRuns();
  const rows: Awaited<ReturnType<typeof readDay>> = [];
  // A day at a time, so that no statement sums up more than that for a thousand rows.
  for (let day = period.from; day <= period.to; day = dayOf(new Date(Date.parse(day) + DAY_MS))) {
    rows.push(...(await readDay(day)));
  }
  const emails = await readEmails(rows.flatMap(({ user_id }) => user_id ?? []));
  const lines = rows.map((row) => ({
    day: row.day,
    source: "env" as const,
    model: row.model,
    member: (row.user_id && emails.get(row.user_id)) ?? DELETED,
    ...sumOf(row),
  }));
  return { csv: usageCsv(lines, { member: true }), period };
}

/** A row's numbers alone. */
function sumOf(row: Omit<Sum, "cost"> & { cost_usd: number | null }): Sum {
  return {
    runs: row.runs,
    input_tokens: row.input_tokens,
    output_tokens: row.output_tokens,
    cache_creation_input_tokens: row.cache_creation_input_tokens,
    cache_read_input_tokens: row.cache_read_input_tokens,
    cost: row.cost_usd,
    unpriced: row.unpriced,
    inexact: row.inexact,
  };
}

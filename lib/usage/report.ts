import "server-only";
import { readEmails } from "../auth/profiles";
import { type Cursor, cursorText } from "../cursor";
import type { TeamSummary } from "../teams/types";
import type { SessionUser } from "../vault/session/session";
import { usageProblem } from "../vault-usage/errors";
import { pricesOf } from "../vault-usage/prices";
import { allTokens } from "../vault-usage/tokens";
import { DEFAULT_RANGE, endOf, periodOf, type UsageRange } from "./range";
import type { RunRow, SumRow } from "./schema";
import { closeLostRuns, type RunsOf, selectRun, selectRuns, sumRuns } from "./store";
import { add, addUpBy, NOTHING } from "./sums";
import {
  type Run,
  type RunsPage,
  SOURCES,
  type Sum,
  type UsageReport,
  type UsageRow,
  type UsageScope,
} from "./types";

const RUNS_PER_PAGE = 20;

/** Whose runs a person may see in a workspace, and whether with names. */
function scopeOf(user: Pick<SessionUser, "id">, team: TeamSummary | null): { scope: UsageScope; of: RunsOf } {
  if (team === null) return { scope: "personal", of: { userId: user.id, teamId: null } };
  if (team.role === "admin") return { scope: "team", of: { userId: null, teamId: team.id } };
  return { scope: "own", of: { userId: user.id, teamId: team.id } };
}

/**
 * What the runs of a range used, up to today; days are UTC's.
 *
 * @param team as `requireTeam` gave it; null for the person's own workspace
 * @param now for tests
 * @returns the finest sums, oldest first, and the report made of them
 * @throws Problem vault_unavailable
 */
export async function readUsage(
  user: Pick<SessionUser, "id">,
  team: TeamSummary | null,
  range: UsageRange = DEFAULT_RANGE,
  now = new Date(),
): Promise<{ rows: UsageRow[]; report: UsageReport }> {
  const { scope, of } = scopeOf(user, team);
  const period = periodOf(range, now);
  await closeLostRuns();
  const sums = await sumRuns(of, new Date(period.from), endOf(period));
  const nameOf = scope === "team" ? await namesOf(sums) : undefined;
  const rows = sums.map((row) => ({
    day: row.day,
    source: row.source,
    model: row.model,
    feature: row.kind,
    ...(nameOf && { member: nameOf(row) }),
    ...sumOf(row),
  }));
  // By person, not by name: two accounts may have the same.
  const members = nameOf && addUpBy(withIds(rows, sums), ({ user_id }) => user_id);
  return {
    rows,
    report: {
      scope,
      range,
      period,
      total: rows.reduce(add, NOTHING),
      sources: sourcesOf(rows),
      days: [...Map.groupBy(rows, ({ day }) => day)].flatMap(([day, ofDay]) =>
        sourcesOf(ofDay).map((sum) => ({ day, ...sum })),
      ),
      features: [...addUpBy(sums.map(withKind), ({ kind }) => kind)]
        .map(([feature, sum]) => ({ feature, ...sum }))
        .sort(byCost),
      ...(members && {
        members: [...members].map(([user_id, sum]) => ({ member: nameOf({ user_id }), ...sum })).sort(byCost),
      }),
      unpriced_models: modelsOf(rows.filter(({ unpriced }) => unpriced > 0)),
      prices: pricesOf(modelsOf(rows)),
    },
  };
}

/**
 * Single runs, newest first, 20 at a time, under the same rules; whatever the range of the report.
 *
 * @param team as `requireTeam` gave it; null for the person's own workspace
 * @param before the last run of the page before; undefined for the first page
 * @throws Problem vault_unavailable
 */
export async function listRuns(
  user: Pick<SessionUser, "id">,
  team: TeamSummary | null,
  before?: Cursor,
): Promise<RunsPage> {
  const { scope, of } = scopeOf(user, team);
  await closeLostRuns();
  const found = await selectRuns(of, before, RUNS_PER_PAGE + 1);
  const rows = found.slice(0, RUNS_PER_PAGE);
  const nameOf = scope === "team" ? await namesOf(rows) : undefined;
  const runs = rows.map((row): Run => ({ ...runOf(row), ...(nameOf && { member: nameOf(row) }) }));
  const last = rows.at(-1);
  return { runs, next: found.length > rows.length && last ? cursorText(last) : null };
}

/**
 * One run of the person's own, for its receipt.
 *
 * @throws Problem run_not_found, the same for other people's; vault_unavailable
 */
export async function findRun({ id }: Pick<SessionUser, "id">, runId: string): Promise<Run> {
  const row = await selectRun(id, runId);
  if (!row) throw usageProblem("run_not_found");
  return runOf(row);
}

const runOf = ({ user_id: _, cost_usd, ...run }: RunRow): Run => ({ ...run, cost: cost_usd });

/** What cost most first. */
const byCost = (a: Sum, b: Sum) =>
  (b.cost ?? 0) - (a.cost ?? 0) || allTokens(b) - allTokens(a) || b.runs - a.runs;

/** A row of the database without what does not leave. */
function sumOf({ day: _day, user_id: _u, source: _s, model: _m, kind: _k, cost_usd, ...sum }: SumRow): Sum {
  return { ...sum, cost: cost_usd };
}

/** Sums by whose key paid, nearest first. */
function sourcesOf(rows: readonly UsageRow[]): UsageReport["sources"] {
  const sums = addUpBy(rows, ({ source }) => source);
  return SOURCES.flatMap((source) => {
    const sum = sums.get(source);
    return sum ? [{ source, ...sum }] : [];
  });
}

const withKind = (row: SumRow) => ({ kind: row.kind, ...sumOf(row) });

const modelsOf = (rows: readonly UsageRow[]) => [...new Set(rows.flatMap(({ model }) => model || []))];

const withIds = (rows: UsageRow[], sums: { user_id: string | null }[]) =>
  rows.map((row, index) => ({ ...row, user_id: sums[index]?.user_id ?? null }));

const NOBODY = "A job or a deleted account";

/** How to name who ran something, for a team's admins. Who has left the team is named, too. */
async function namesOf(
  rows: readonly { user_id: string | null }[],
): Promise<(row: { user_id: string | null }) => string> {
  const ids = [...new Set(rows.flatMap(({ user_id }) => user_id ?? []))];
  const emails = await readEmails(ids);
  return ({ user_id }) => (user_id && emails.get(user_id)) || NOBODY;
}

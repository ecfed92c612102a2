import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runsQuery } from "../../lib/usage/schema.ts";
import type { Run } from "../../lib/usage/types.ts";
import type { Database } from "../../types/database.ts";
import { startDatabase } from "./harness.ts";

type NewRun = Database["public"]["Tables"]["reveal_runs"]["Insert"];

const MODEL = "claude-sonnet-5-5";
let db: Awaited<ReturnType<typeof startDatabase>>;
let usage: typeof import("../../lib/usage/report.ts");
let membership: typeof import("../../lib/teams/membership.ts");

beforeAll(async () => {
  db = await startDatabase();
  await db.service();
  usage = await import("../../lib/usage/report.ts");
  membership = await import("../../lib/teams/membership.ts");
});
afterAll(() => db.close());

const person = async () => {
  const id = await db.person();
  const { data } = await db.admin.from("profiles").select("email").eq("user_id", id).single().throwOnError();
  return { id, email: data.email };
};
type Person = Awaited<ReturnType<typeof person>>;

/** Writes runs past the app. */
async function ran(...runs: Partial<NewRun>[]): Promise<void> {
  const rows = runs.map(
    (run): NewRun => ({
      kind: "run",
      model: MODEL,
      source: "user",
      status: "completed",
      input_tokens: 1,
      ...run,
    }),
  );
  await db.admin.from("reveal_runs").insert(rows).throwOnError();
}

/** Walks through all pages as a client does. */
async function allRuns(user: Person, team: Awaited<ReturnType<typeof membership.requireTeam>> | null) {
  const pages: Run[][] = [];
  let next: string | null = null;
  do {
    const page = await usage.listRuns(user, team, runsQuery.parse(next ? { before: next } : {}).before);
    pages.push(page.runs);
    next = page.next;
  } while (next !== null);
  return pages;
}

describe("who sees which runs", () => {
  let admin: Person;
  let member: Person;
  let former: Person;
  let teamId: string;

  beforeEach(async () => {
    [admin, member, former] = await Promise.all([person(), person(), person()]);
    teamId = await db.team({ [admin.id]: "admin", [member.id]: "member", [former.id]: "member" });
    const otherTeam = await db.team({ [admin.id]: "admin", [member.id]: "member" });
    await ran(
      { user_id: admin.id, team_id: teamId, source: "team", input_tokens: 1 },
      { user_id: member.id, team_id: teamId, source: "env", input_tokens: 10 },
      { user_id: former.id, team_id: teamId, source: "team", input_tokens: 100 },
      // Whose account is gone.
      { user_id: null, team_id: teamId, source: "user", input_tokens: 1000 },
      { user_id: member.id, team_id: null, source: "user", input_tokens: 10_000 },
      { user_id: member.id, team_id: otherTeam, source: "team", input_tokens: 100_000 },
    );
    await db.admin.from("team_members").delete().eq("user_id", former.id).throwOnError();
  });

  const inputs = (runs: Run[]) => runs.map(({ input_tokens }) => input_tokens).sort((a, b) => a - b);

  it("in one's own workspace: everything that one ran, in every workspace, and nobody's name", async () => {
    const { report, rows } = await usage.readUsage(member, null);
    expect(report.scope).toBe("personal");
    expect(report.total).toMatchObject({ runs: 3, input_tokens: 110_010 });
    expect(report.sources.map(({ source, input_tokens }) => [source, input_tokens])).toEqual([
      ["user", 10_000],
      ["team", 100_000],
      ["env", 10],
    ]);
    expect(inputs((await usage.listRuns(member, null)).runs)).toEqual([10, 10_000, 100_000]);
    expect(JSON.stringify([report, rows, await usage.listRuns(member, null)])).not.toMatch(/"member|@/);
  });

  it("an admin: all runs in that team, by member; who left and who is gone, too", async () => {
    const team = await membership.requireTeam(admin.id, teamId);
    const { report } = await usage.readUsage(admin, team);
    expect(report.scope).toBe("team");
    expect(report.total).toMatchObject({ runs: 4, input_tokens: 1111 });
    expect(report.members?.map(({ member, input_tokens }) => [member, input_tokens])).toEqual([
      ["A job or a deleted account", 1000],
      [former.email, 100],
      [member.email, 10],
      [admin.email, 1],
    ]);
    const { runs } = await usage.listRuns(admin, team);
    expect(new Map(runs.map((run) => [run.member, run.input_tokens]))).toEqual(
      new Map([
        ["A job or a deleted account", 1000],
        [former.email, 100],
        [member.email, 10],
        [admin.email, 1],
      ]),
    );
  });

  it("a member: their own runs in that team, and nobody's name", async () => {
    const team = await membership.requireTeam(member.id, teamId);
    const { report, rows } = await usage.readUsage(member, team);
    expect(report.scope).toBe("own");
    expect(report.total).toMatchObject({ runs: 1, input_tokens: 10 });
    expect(rows).toHaveLength(1);
    const page = await usage.listRuns(member, team);
    expect(inputs(page.runs)).toEqual([10]);
    expect(JSON.stringify([report, rows, page])).not.toMatch(/"member|@/);
  });

  it("a former member: nothing of the team, their own runs still", async () => {
    const attempt = membership.requireTeam(former.id, teamId);
    await expect(attempt).rejects.toMatchObject({ code: "team_not_found" });
    expect((await usage.readUsage(former, null)).report.total).toMatchObject({ runs: 1, input_tokens: 100 });
  });

  it("a stranger: nothing, as of a team that there is not", async () => {
    const stranger = await person();
    for (const id of [teamId, randomUUID()]) {
      const attempt = membership.requireTeam(stranger.id, id);
      await expect(attempt).rejects.toMatchObject({ code: "team_not_found" });
    }
    expect((await usage.readUsage(stranger, null)).report).toMatchObject({
      total: { runs: 0, cost: null },
      sources: [],
      days: [],
    });
    expect(await usage.listRuns(stranger, null)).toEqual({ runs: [], next: null });
  });

  it("never an id of a person or of a team", async () => {
    const ids = new RegExp([teamId, ...[admin, member, former].map(({ id }) => id)].join("|"));
    const team = await membership.requireTeam(admin.id, teamId);
    const all = [await usage.readUsage(admin, team), await usage.listRuns(admin, team)];
    expect(JSON.stringify(all)).not.toMatch(ids);
    expect(Object.keys((await usage.listRuns(admin, team)).runs[0] ?? {}).sort()).toEqual(
      "cache_creation_input_tokens cache_read_input_tokens cost cost_exact created_at details duration_ms id input_tokens is_counted key kind member model output_tokens source status stop_reason".split(
        " ",
      ),
    );
  });
});

describe("readUsage", () => {
  it("takes a day from midnight to midnight in UTC, and thirty of them", async () => {
    const user = await person();
    const at = (created_at: string) => ({ user_id: user.id, created_at });
    await ran(
      at("2026-01-30T23:59:59.999Z"),
      at("2026-01-31T00:00:00Z"),
      at("2026-02-28T23:59:59.999Z"),
      at("2026-03-01T00:00:00Z"),
      at("2026-03-01T00:30:00+02:00"),
      at("2026-03-02T00:00:00Z"),
    );
    const { report } = await usage.readUsage(user, null, "30-days", new Date("2026-03-01T12:00:00Z"));
    expect(report.period).toEqual({ from: "2026-01-31", to: "2026-03-01" });
    expect(report.days.map(({ day, runs }) => [day, runs])).toEqual([
      ["2026-01-31", 1],
      ["2026-02-28", 2],
      ["2026-03-01", 1],
    ]);
  });

  it("ends last month with the month, and begins this one there", async () => {
    const user = await person();
    const now = new Date("2026-03-10T12:00:00Z");
    await ran(
      ...["2026-01-31T23:59:59.999Z", "2026-02-01T00:00:00Z", "2026-02-28T23:59:59.999999Z"].map(
        (created_at) => ({ user_id: user.id, created_at, input_tokens: 10 }),
      ),
      ...["2026-03-01T00:00:00Z", "2026-03-10T23:59:59Z"].map((created_at) => ({
        user_id: user.id,
        created_at,
      })),
      // The database's clock may be ahead of ours.
      { user_id: user.id, created_at: "2026-03-11T00:00:00Z", input_tokens: 1000 },
    );
    const last = (await usage.readUsage(user, null, "last-month", now)).report;
    expect(last).toMatchObject({
      range: "last-month",
      period: { from: "2026-02-01", to: "2026-02-28" },
      total: { runs: 2, input_tokens: 20 },
    });
    const present = (await usage.readUsage(user, null, "this-month", now)).report;
    expect(present).toMatchObject({
      period: { from: "2026-03-01", to: "2026-03-10" },
      total: { runs: 2, input_tokens: 2 },
    });
    expect((await usage.readUsage(user, null, "90-days", now)).report.total.runs).toBe(5);
  });

  it("adds up more runs than one reply of the database can hold", async () => {
    const user = await person();
    for (const source of ["user", "env"] as const) {
      await ran(...Array.from({ length: 1100 }, () => ({ user_id: user.id, source, cost_usd: 0.000_000_3 })));
    }
    const { report } = await usage.readUsage(user, null);
    expect(report.total).toMatchObject({ runs: 2200, input_tokens: 2200, cost: 0.000_66, inexact: 2200 });
  });

  it("adds up more sums than one reply of the database can hold", async () => {
    const user = await person();
    const models = Array.from({ length: 1250 }, (_, index) => `model-${index}`);
    await ran(...models.map((model) => ({ user_id: user.id, model })));
    const { report, rows } = await usage.readUsage(user, null);
    expect(new Set(rows.map(({ model }) => model))).toEqual(new Set(models));
    expect(report.total).toMatchObject({ runs: 1250, input_tokens: 1250, cost: null, unpriced: 1250 });
  });

  it("adds up what the runs cost on their days, and says what is not known or an estimate", async () => {
    const user = await person();
    await ran(
      { user_id: user.id, input_tokens: 500_000, cost_usd: 1, cost_exact: true },
      { user_id: user.id, input_tokens: 500_000, cost_usd: 0.5, cost_exact: false },
      { user_id: user.id, model: "a-new-model", input_tokens: 7 },
      { user_id: user.id, model: "claude-opus-5", cost_usd: 0.1, cost_exact: true },
      { user_id: user.id, model: "claude-opus-5-5", cost_usd: 0.2, cost_exact: true },
      { user_id: user.id, model: "refused-at-once", input_tokens: 0, status: "provider_refused_key" },
    );
    const { report, rows } = await usage.readUsage(user, null);
    expect(report.total).toMatchObject({ runs: 6, cost: 1.8, unpriced: 1, inexact: 1 });
    expect(rows.map(({ model, cost, unpriced, inexact }) => [model, cost, unpriced, inexact])).toEqual([
      ["a-new-model", null, 1, 0],
      ["claude-opus-5", 0.1, 0, 0],
      ["claude-opus-5-5", 0.2, 0, 0],
      [MODEL, 1.5, 0, 1],
      ["refused-at-once", null, 0, 0],
    ]);
    expect(report.unpriced_models).toEqual(["a-new-model"]);
  });

  it("says which list the price of each model is in", async () => {
    const user = await person();
    await ran(
      ...["claude-opus-5", MODEL, "claude-opus-5-5", "a-new-model"].map((model) => ({
        user_id: user.id,
        model,
      })),
    );
    expect((await usage.readUsage(user, null)).report.prices).toEqual({
      source: "https://platform.claude.com/docs/en/about-claude/pricing",
      lists: [
        {
          name: expect.stringMatching(/^@pydantic\/genai-prices \d/),
          date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
          models: ["claude-opus-5", "claude-opus-5-5"],
        },
        { name: "this app's own list", date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), models: [MODEL] },
      ],
    });
  });

  it("ends the runs that nobody ended before it adds them up", async () => {
    const user = await person();
    const created_at = new Date(Date.now() - 11 * 60_000).toISOString();
    await ran({ user_id: user.id, status: "started", created_at, cost_usd: 0.5 });
    expect((await usage.readUsage(user, null)).report.total).toMatchObject({ cost: 0.5, inexact: 1 });
    const { data } = await db.admin
      .from("reveal_runs")
      .select("status")
      .eq("user_id", user.id)
      .single()
      .throwOnError();
    expect(data).toEqual({ status: "unfinished" });
  });
});

describe("listRuns", () => {
  it("walks through all runs exactly once, newest first, those of one moment too", async () => {
    const user = await person();
    const moment = (index: number) => `2026-02-01T00:00:00.${String(index).padStart(6, "0")}Z`;
    await ran(
      ...Array.from({ length: 50 }, () => ({ user_id: user.id, created_at: moment(7) })),
      ...Array.from({ length: 15 }, (_, index) => ({ user_id: user.id, created_at: moment(index + 1) })),
    );
    const pages = await allRuns(user, null);
    expect(pages.map((page) => page.length)).toEqual([20, 20, 20, 5]);
    const runs = pages.flat();
    expect(new Set(runs.map(({ id }) => id)).size).toBe(65);
    // The database leaves out zeros at the end of a fraction.
    const order = runs.map(({ created_at, id }) => `${created_at.slice(0, -1).padEnd(26, "0")} ${id}`);
    expect(order).toEqual([...order].sort().reverse());
  });

  it("ends without an empty page", async () => {
    const user = await person();
    await ran(...Array.from({ length: 20 }, () => ({ user_id: user.id })));
    expect((await allRuns(user, null)).map((page) => page.length)).toEqual([20]);
  });

  it("does not take a cursor of somebody else's run for a way to it", async () => {
    const [user, other] = await Promise.all([person(), person()]);
    await ran(...Array.from({ length: 30 }, () => ({ user_id: other.id })));
    const { next } = await usage.listRuns(other, null);
    expect(await usage.listRuns(user, null, runsQuery.parse({ before: next }).before)).toEqual({
      runs: [],
      next: null,
    });
  });

  it("says what became of a run that nobody ended", async () => {
    const user = await person();
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    await ran(
      { user_id: user.id, status: "started", created_at: ago(11) },
      { user_id: user.id, status: "started", created_at: ago(9) },
      { user_id: user.id, status: "cancelled", created_at: ago(8), duration_ms: 1234 },
    );
    const { runs } = await usage.listRuns(user, null);
    expect(runs.map(({ status }) => status)).toEqual(["cancelled", "started", "unfinished"]);
    expect(runs[0]).toMatchObject({ kind: "run", duration_ms: 1234, cost: null, cost_exact: false });
  });

  it("says how a run ended, what was counted, and what it cost on its day", async () => {
    const user = await person();
    const details = { thinking_tokens: 600, web_search_requests: 3, service_tier: "priority" };
    await ran({
      user_id: user.id,
      status: "provider_cut_off",
      stop_reason: "max_tokens",
      is_counted: true,
      cost_usd: 0.000_000_25,
      cost_exact: true,
      details: { ...details, of_a_later_version: 1 },
    });
    expect((await usage.listRuns(user, null)).runs).toEqual([
      expect.objectContaining({
        status: "provider_cut_off",
        stop_reason: "max_tokens",
        is_counted: true,
        cost: 0.000_000_25,
        cost_exact: true,
        details,
      }),
    ]);
  });
});

it("is a listed error while the database does not answer", async () => {
  const user = await person();
  await db.service({ down: true });
  const { readUsage, listRuns } = await import("../../lib/usage/report.ts");
  await expect(readUsage(user, null)).rejects.toMatchObject({ code: "vault_unavailable" });
  await expect(listRuns(user, null)).rejects.toMatchObject({ code: "vault_unavailable" });
});

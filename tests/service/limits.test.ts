import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Problem } from "../../lib/vault/http/problem.ts";
import type { SecretSource } from "../../lib/vault/types.ts";
import type { OpenRun } from "../../lib/vault-usage/entry.ts";
import { type StandIn, startAnthropicStandIn } from "../support/anthropic-standin.ts";
import { startDatabase } from "./harness.ts";

// What a run is refused for before the provider is asked, and the sentence that people read then.

const KEY = "ANTHROPIC_API_KEY";
const PROMPT = "Why is the sky blue?";
/** What a run with this prompt may cost at most: 120 tokens and 8,192 written ones, in the US. */
const MOST_USD = 0.090376;
const PLATFORM = { platformKey: "sk-ant-test-platform" };

let db: Awaited<ReturnType<typeof startDatabase>>;
let provider: StandIn;
beforeAll(async () => {
  [db, provider] = await Promise.all([startDatabase(), startAnthropicStandIn({ pace: 2 })]);
});
afterAll(async () => {
  await Promise.all([db.close(), provider.close()]);
});
beforeEach(async () => {
  provider.requests.length = 0;
  // So that each test has its own day.
  await db.admin
    .from("reveal_runs")
    .update({ created_at: "2020-01-01" })
    .neq("status", "none")
    .throwOnError();
});

type Changes = NonNullable<Parameters<typeof db.service>[0]>;

/** What both routes do once a key is found, as a fresh server process has it. */
async function start(changes: Changes = {}) {
  await db.service({ provider: provider.url, platformKey: "sk-ant-test-platform", ...changes });
  const { openRun } = await import("../../lib/vault-usage/run.ts");
  const { recordedItems } = await import("../../lib/vault-usage/recorded.ts");
  const { CALLS, chooseModel } = await import("../../lib/reveal/model.ts");
  const { eventsOf, startRun } = await import("../../lib/reveal/run.ts");
  const opened: OpenRun[] = [];
  const leaving: AbortController[] = [];
  return {
    opened,
    /** Breaks off all that was opened. */
    async leave() {
      for (const each of leaving) each.abort();
      await Promise.all(opened.map(({ finished }) => finished));
    },
    async run(userId: string, source: SecretSource, teamId: string | null = null, value = "sk-slow") {
      const leave = new AbortController();
      const { signal } = leave;
      if (source !== "env")
        await db.hold({ type: source, id: source === "user" ? userId : String(teamId) }, KEY, value);
      const run = await openRun({
        userId,
        teamId,
        ...CALLS.run,
        model: chooseModel(undefined),
        only: source,
        text: PROMPT,
        signal,
      });
      opened.push(run);
      leaving.push(leave);
      const items = await recordedItems(run, (key) => startRun(PROMPT, key, run.meter));
      return eventsOf(items, run.meter);
    },
  };
}

async function problemOf(call: Promise<unknown>): Promise<Problem> {
  return call.then(
    () => expect.unreachable("It was not refused."),
    (problem) => problem,
  );
}

/** The codes of those that were refused, each once. */
const codesOf = (attempts: PromiseSettledResult<unknown>[]) => [
  ...new Set(attempts.flatMap((attempt) => (attempt.status === "rejected" ? [attempt.reason.code] : []))),
];

async function spent(source: SecretSource): Promise<number> {
  const { data } = await db.admin
    .from("reveal_runs")
    .select("cost_usd")
    .eq("source", source)
    .gte("created_at", new Date().toISOString().slice(0, 10))
    .throwOnError();
  return data.reduce((sum, row) => sum + Number(row.cost_usd), 0);
}

const people = (count: number) => Promise.all(Array.from({ length: count }, () => db.person()));

describe("the platform's total", () => {
  it("lets no more in than it has room for, over eight accounts with fifteen requests each", async () => {
    const reveal = await start({ ...PLATFORM, dailyUsd: "0.50" });
    const accounts = await people(8);
    const attempts = await Promise.allSettled(
      accounts.flatMap((person) => Array.from({ length: 15 }, () => reveal.run(person, "env"))),
    );
    // Five times 0.09 dollars fit into half a dollar.
    expect(reveal.opened).toHaveLength(5);
    expect(provider.requests).toHaveLength(5);
    expect(codesOf(attempts)).toEqual(["platform_limit_reached"]);
    expect(await spent("env")).toBeCloseTo(5 * MOST_USD);

    // What was broken off counts with the time that it had, so that there is room again, but no more than before.
    await reveal.leave();
    const left = await spent("env");
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(5 * MOST_USD);
    // Deleting the accounts makes no room: what was spent was spent.
    await Promise.all(
      accounts.map((id) => db.admin.rpc("delete_account", { for_user: id, teams: [] }).throwOnError()),
    );
    expect(await spent("env")).toBeCloseTo(left);
    const others = await people(8);
    // No more at once than before: a busy machine would give up waiting for the last, and enter them in the next test.
    await Promise.allSettled(
      others.flatMap((person) => Array.from({ length: 15 }, () => reveal.run(person, "env"))),
    );
    expect(await spent("env")).toBeLessThanOrEqual(0.5);
    // As after a crash, these are never ended.
    const { data } = await db.admin.rpc("close_lost_runs").throwOnError();
    expect(data).toEqual([]);
    expect(codesOf(await Promise.allSettled([reveal.run(others[0] as string, "env")]))).toEqual([
      "platform_limit_reached",
    ]);
    await reveal.leave();
  });

  it("says what is in the way, and names no amounts", async () => {
    const [person] = (await people(1)) as [string];
    const held = await start({ ...PLATFORM, dailyUsd: "0.10" });
    await held.run(person, "env");
    expect(await problemOf(held.run(person, "env"))).toMatchObject({
      code: "platform_limit_reached",
      status: 429,
      source: "env",
      retryAfter: 60,
      message:
        "Runs in progress may use up what's left of the platform's spending limit for today. Try again in a minute. Add your own ANTHROPIC_API_KEY to your vault, or ask the operator of this site.",
    });
    await held.leave();
    const small = await start({ ...PLATFORM, dailyUsd: "none", monthlyUsd: "0.05" });
    const problem = await problemOf(small.run(person, "env"));
    expect(problem.message).toMatch(
      /^This could cost more than what's left of the platform's spending limit for this month\. Add your own /,
    );
    expect(problem.retryAfter).toBeGreaterThan(60);
    expect(provider.requests).toHaveLength(1);
  });

  it("does not let a model run whose price is not known, and without one it does", async () => {
    vi.stubEnv("ANTHROPIC_MODEL", "house-model-1");
    onTestFinished(() => void vi.stubEnv("ANTHROPIC_MODEL", undefined));
    const [person] = (await people(1)) as [string];
    const limited = await start(PLATFORM);
    expect(await problemOf(limited.run(person, "env"))).toMatchObject({
      code: "model_price_unknown",
      status: 422,
      message: expect.stringContaining("The price of house-model-1 isn't known"),
    });
    const free = await start({ ...PLATFORM, dailyUsd: "none" });
    await free.run(person, "env");
    await free.run(person, "user");
    expect(free.opened).toHaveLength(2);
    await free.leave();
  });

  it.each(["0", "0.00"])("of %s switches the key off", async (dailyUsd) => {
    await start({ ...PLATFORM, dailyUsd });
    const { env } = await import("../../lib/env.ts");
    expect(env().platformKeys.size).toBe(0);
    expect(env().platformKeysOff).toBe(true);
  });
});

describe("a team's budget", () => {
  async function teamWith(budget: { monthly_usd?: number; member_monthly_usd?: number }) {
    const [admin, member, other] = (await people(3)) as [string, string, string];
    const team = await db.team({ [admin]: "admin", [member]: "member", [other]: "member" });
    await db.admin.from("teams").update(budget).eq("id", team).throwOnError();
    return { team, member, other };
  }

  it("names the budget and who can raise it", async () => {
    const { team, member } = await teamWith({ monthly_usd: 0.05 });
    const reveal = await start();
    const month = new Date().toLocaleDateString("en-US", { month: "long", timeZone: "UTC" });
    const problem = await problemOf(reveal.run(member, "team", team));
    expect(problem).toMatchObject({ code: "team_budget_spent", status: 429, source: "team" });
    expect(problem.message).toMatch(
      new RegExp(
        `^This could cost up to \\$0\\.0904, but only \\$0\\.05 of the team's budget of \\$0\\.05 for ${month} is left\\. Ask a team admin \\(person-\\d+@example\\.com\\) to raise it, or add your own ANTHROPIC_API_KEY to your vault\\.$`,
      ),
    );
    await db.admin.from("teams").update({ monthly_usd: 0.2 }).eq("id", team).throwOnError();
    await reveal.run(member, "team", team);
    // The same people's other keys have no budget.
    await reveal.run(member, "user", team);
    await reveal.leave();
  });

  it("is each member's own, where there is a default", async () => {
    const { team, member, other } = await teamWith({ member_monthly_usd: 0.1 });
    const reveal = await start();
    const attempts = await Promise.allSettled(
      [member, other].flatMap((person) => Array.from({ length: 8 }, () => reveal.run(person, "team", team))),
    );
    expect(reveal.opened).toHaveLength(2);
    expect(codesOf(attempts)).toEqual(["member_budget_spent"]);
    expect((await problemOf(reveal.run(member, "team", team))).message).toMatch(
      /^Runs in progress may use up the rest of your budget of \$0\.10 for /,
    );
    await reveal.leave();
  });
});

describe("runs under way", () => {
  it("are ten for each person, on whatever key, and there is room for one as soon as one ends", async () => {
    const [person, other] = (await people(2)) as [string, string];
    const reveal = await start();
    const attempts = await Promise.allSettled(Array.from({ length: 30 }, () => reveal.run(person, "user")));
    expect(reveal.opened).toHaveLength(10);
    expect(codesOf(attempts)).toEqual(["too_many_runs"]);
    expect(await problemOf(reveal.run(person, "user"))).toMatchObject({
      status: 429,
      message: "You have 10 runs in progress. Stop one, or wait until one ends.",
    });
    await reveal.run(other, "user");
    reveal.opened[0]?.finish("cancelled");
    await reveal.opened[0]?.finished;
    await reveal.run(person, "user");
    await reveal.leave();
  });
});

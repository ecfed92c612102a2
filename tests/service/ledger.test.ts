import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { RunEvent, RunKind } from "../../lib/reveal/types.ts";
import type { Problem } from "../../lib/vault/http/problem.ts";
import type { Owner, SecretSource } from "../../lib/vault/types.ts";
import { type StandIn, startAnthropicStandIn } from "../support/anthropic-standin.ts";
import { eventually } from "../support/eventually.ts";
import { interceptDatabase, startDatabase } from "./harness.ts";

const KEY = "ANTHROPIC_API_KEY";
const MODEL = "claude-sonnet-5-5";

let db: Awaited<ReturnType<typeof startDatabase>>;
let provider: StandIn;
let user: string;
let team: string;

beforeAll(async () => {
  [db, provider] = await Promise.all([startDatabase(), startAnthropicStandIn({ pace: 2 })]);
});
afterAll(async () => {
  await Promise.all([db.close(), provider.close()]);
});
beforeEach(async () => {
  provider.requests.length = 0;
  user = await db.person();
  team = await db.team({ [user]: "member", [await db.person()]: "admin" });
});

const ownerOf = (type: "user" | "team", teamId: string | null): Owner => ({
  type,
  id: type === "user" || teamId === null ? user : teamId,
});

type Changes = NonNullable<Parameters<typeof db.service>[0]>;

/** Reveal as a fresh server process has it. */
async function start(changes: Changes = {}) {
  const service = await db.service({ provider: provider.url, ...changes });
  const { openRun } = await import("../../lib/vault-usage/run.ts");
  const { recorded, recordedItems } = await import("../../lib/vault-usage/recorded.ts");
  const { CALLS, chooseModel } = await import("../../lib/reveal/model.ts");
  const { eventsOf, startRun } = await import("../../lib/reveal/run.ts");
  const { analyzeText } = await import("../../lib/reveal/analyze.ts");
  const { toNdjson } = await import("../../lib/reveal/ndjson.ts");
  const { readLastUse } = await import("../../lib/reveal/health.ts");
  const { explainPayers } = await import("../../lib/reveal/payers.ts");
  const { readBudget } = await import("../../lib/reveal/budget.ts");
  const me = { id: user, email: "me@example.com" };

  const callOf = (kind: RunKind) => ({ ...CALLS[kind], model: chooseModel(undefined) });

  /** What the routes do, on this one key. */
  async function open(
    value: string,
    kind: RunKind,
    signal: AbortSignal,
    source: SecretSource,
    teamId: string | null,
  ) {
    if (source !== "env") await db.hold(ownerOf(source, teamId), KEY, value);
    const text = "Why is the sky blue?";
    return openRun({ userId: user, teamId, ...callOf(kind), only: source, text, signal });
  }
  return {
    service,
    readLastUse,
    async openRun(signal: AbortSignal) {
      await db.hold(ownerOf("user", null), KEY, "sk-works");
      return openRun({ userId: user, teamId: null, ...callOf("run"), text: "Why?", signal });
    },
    readBudget: () => readBudget(user),
    payers: (of: Parameters<typeof explainPayers>[1]) => explainPayers(me, of),
    /** The key of a run that is over at once. */
    async key(teamId: string | null = null, only?: SecretSource) {
      const { signal } = new AbortController();
      const run = await openRun({ userId: user, teamId, ...callOf("run"), only, text: "Why?", signal });
      run.finish("completed");
      await run.finished;
      return run.openKey();
    },
    async run(
      value: string,
      {
        signal = new AbortController().signal,
        source = "user" as SecretSource,
        teamId = null as string | null,
      } = {},
    ) {
      const run = await open(value, "run", signal, source, teamId);
      const items = await recordedItems(run, (key) => startRun("Why is the sky blue?", key, run.meter));
      return { run, events: eventsOf(items, run.meter) };
    },
    async analyze(value: string, { signal = new AbortController().signal } = {}) {
      const run = await open(value, "analyze", signal, "user", null);
      const outcome = await recorded(run, (key) => analyzeText("One. Two.", key, run.meter)).catch(
        (problem: Problem) => problem,
      );
      await run.finished;
      return outcome;
    },
    stream: (events: AsyncGenerator<RunEvent>, onCancel: () => void) => toNdjson(events, onCancel),
  };
}

const rows = async () =>
  (await db.admin.from("reveal_runs").select("*").eq("user_id", user).throwOnError()).data;

async function onlyRow() {
  const all = await rows();
  expect(all).toHaveLength(1);
  return all[0];
}

async function drain(events: AsyncGenerator<RunEvent>): Promise<RunEvent | undefined> {
  let last: RunEvent | undefined;
  for await (const event of events) last = event;
  return last;
}

describe("the ledger has one row for each call", () => {
  it("while it is under way, with all that it may cost others, and then with what the provider counted", async () => {
    const reveal = await start();
    const { run, events } = await reveal.run("sk-works", { source: "team", teamId: team });
    expect(await onlyRow()).toMatchObject({
      user_id: user,
      team_id: team,
      kind: "run",
      model: MODEL,
      source: "team",
      status: "started",
      input_tokens: 5,
      output_tokens: 8_192,
      cost_usd: 0.090376,
      duration_ms: null,
    });
    const done = await drain(events);
    await run.finished;
    const row = await onlyRow();
    expect(row).toMatchObject({ status: "completed", model: MODEL, duration_ms: expect.any(Number) });
    expect(done).toMatchObject({
      type: "done",
      usage: { input_tokens: row?.input_tokens, output_tokens: row?.output_tokens },
    });
    expect(row?.output_tokens).toBeGreaterThan(10);
  });

  it("and no prompt, no answer and no value in it", async () => {
    const reveal = await start();
    const { run, events } = await reveal.run("sk-works-canary");
    await drain(events);
    await run.finished;
    const text = JSON.stringify(await onlyRow());
    for (const secret of ["canary", "sky", "simulation"]) expect(text).not.toContain(secret);
  });

  it.each([
    ["sk-refused", "provider_refused_key"],
    ["sk-nocredit", "provider_no_credit"],
    ["sk-ratelimited", "provider_rate_limited"],
    ["sk-overloaded", "provider_overloaded"],
    ["sk with space", "provider_refused_key"],
  ])("of one that the provider refused (%s), with nothing used", async (value, status) => {
    const reveal = await start();
    await expect(reveal.run(value)).rejects.toMatchObject({ code: status });
    await eventually(async () => expect(await onlyRow()).toMatchObject({ status }));
    expect(await onlyRow()).toMatchObject({ input_tokens: 0, output_tokens: 0 });
    expect(await reveal.analyze(value)).toMatchObject({ code: status });
    expect((await rows()).map((row) => row.status)).toEqual([status, status]);
  });

  it.each([
    ["sk-cut", "provider_unavailable"],
    ["sk-unfinished", "provider_unavailable"],
    ["sk-errorevent", "provider_overloaded"],
  ])("of an answer that fails half-way (%s), with what had come", async (value, status) => {
    const reveal = await start();
    const { run, events } = await reveal.run(value);
    await drain(events);
    await run.finished;
    const row = await onlyRow();
    expect(row).toMatchObject({ status, input_tokens: 5 });
    expect(row?.output_tokens).toBeGreaterThan(1);
    expect(await reveal.analyze(value)).toMatchObject({ code: status });
  });

  it("of a text that was analysed", async () => {
    const reveal = await start();
    const reply = await reveal.analyze("sk-works");
    expect(reply).toMatchObject({ source: "user", model: MODEL, cost_usd: expect.any(Number) });
    expect(await onlyRow()).toMatchObject({ kind: "analyze", status: "completed", input_tokens: 3 });
  });

  it.each(["the reader stops reading", "the request is aborted", "both at once"])("when %s", async (how) => {
    const reveal = await start();
    const leaving = new AbortController();
    const { run, events } = await reveal.run("sk-slow", { signal: leaving.signal });
    const reader = reveal.stream(events, () => leaving.abort()).getReader();
    for (let piece = 0; piece < 4; piece++) await reader.read();
    if (how !== "the reader stops reading") leaving.abort();
    if (how !== "the request is aborted") await reader.cancel();
    await run.finished;
    const row = await onlyRow();
    expect(row).toMatchObject({ status: "cancelled", input_tokens: 5 });
    // The provider has not said how much it wrote, so it is estimated from what came.
    expect(row?.output_tokens).toBeGreaterThan(1);
    await eventually(() => expect(provider.requests[0]?.aborted).toBe(true));
  });

  it("when the person leaves before anything comes, with the estimate", async () => {
    const reveal = await start();
    const leaving = new AbortController();
    const call = reveal.run("sk-silent", { signal: leaving.signal });
    await eventually(() => expect(provider.requests).toHaveLength(1));
    leaving.abort();
    await expect(call).rejects.toMatchObject({ code: "cancelled" });
    await eventually(async () =>
      expect(await onlyRow()).toMatchObject({ status: "cancelled", input_tokens: 5 }),
    );
  });

  it("when the person has left before it is entered", async () => {
    const reveal = await start();
    const run = await reveal.openRun(AbortSignal.abort());
    expect(await run.finished).toMatchObject({ status: "cancelled", user_id: user, input_tokens: 0 });
    expect(await onlyRow()).toMatchObject({ status: "cancelled", cost_usd: 0 });
  });

  it("which ends once, with the first word", async () => {
    const reveal = await start();
    const leaving = new AbortController();
    const run = await reveal.openRun(leaving.signal);
    run.finish("completed");
    run.finish("internal");
    leaving.abort();
    expect(await run.finished).toMatchObject({ status: "completed" });
    expect(await onlyRow()).toMatchObject({ status: "completed" });
  });

  it("and where it cannot be written, nothing is sent to the provider", async () => {
    const reveal = await start({ down: true, platformKey: "sk-ant-test-platform" });
    for (const source of ["user", "env"] as const)
      await expect(reveal.run("sk-works", { source })).rejects.toMatchObject({
        code: "vault_unavailable",
        // For the operator's log.
        cause: expect.anything(),
      });
    expect(provider.requests).toHaveLength(0);
  });
});

describe("a row is ended", () => {
  /** One run for each key, and their rows in the same order. */
  async function ended(values: string[]) {
    const reveal = await start();
    const runs = [];
    for (const value of values) {
      const { run, events } = await reveal.run(value);
      const last = await drain(events);
      const ending = await run.finished;
      const { data } = await db.admin
        .from("reveal_runs")
        .select()
        .eq("id", ending.id)
        .single()
        .throwOnError();
      // What the reader and webhooks hear is what the ledger has.
      expect(data).toMatchObject(ending);
      expect(last).toMatchObject({ type: "done", status: data.status, stop_reason: data.stop_reason });
      runs.push(data);
    }
    return runs;
  }

  it("with the model that was asked for, where the answer's cannot be kept", async () => {
    const kinds = ["null", "empty", "long", "object", "control", "surrogate", "is-key"];
    for (const row of await ended(kinds.map((kind) => `sk-model-${kind}`)))
      expect(row).toMatchObject({ status: "completed", model: MODEL });
  });

  it("whatever the counts are", async () => {
    const kinds = ["huge", "negative", "floats", "strings", "objects", "infinite", "null", "zero"];
    for (const row of await ended(kinds.map((kind) => `sk-start-usage-${kind}-final-usage-${kind}`))) {
      expect(row.status).toBe("completed");
      expect(row.input_tokens).toBeGreaterThanOrEqual(5);
      expect(row.output_tokens).toBeGreaterThan(10);
    }
  });

  it("with why the model stopped, for runs and analyses alike", async () => {
    const kinds = ["max-tokens", "window", "openai-filter", "pause", "unknown", "missing", "sequence"];
    const endings = [
      ["provider_cut_off", "max_tokens"],
      ["provider_cut_off", "model_context_window_exceeded"],
      ["provider_declined", "refusal"],
      ["provider_incomplete", "pause_turn"],
      ["provider_incomplete", "other"],
      ["provider_incomplete", null],
      ["completed", "stop_sequence"],
    ];
    const keys = kinds.map((kind) => `sk-reason-${kind}`);
    expect((await ended(keys)).map((row) => [row.status, row.stop_reason])).toEqual(endings);
    user = await db.person();
    const reveal = await start();
    for (const key of keys) await reveal.analyze(key);
    const ofAnalyses = (await rows()).map((row) => [row.status, row.stop_reason]);
    expect(ofAnalyses).toHaveLength(endings.length);
    expect(ofAnalyses).toEqual(expect.arrayContaining(endings));
  });

  it("with what is priced, what is not, and what else was said", async () => {
    const [plain, special] = await ended(["sk-works", "sk-tier-priority-server-tools"]);
    expect(plain).toMatchObject({ is_counted: true, cost_exact: true, details: {} });
    expect(special).toMatchObject({
      is_counted: true,
      cost_exact: false,
      cost_usd: expect.any(Number),
      details: { service_tier: "priority", web_search_requests: 2, web_fetch_requests: 3 },
    });
  });

  it("with the numbers alone, where the table refuses the rest", async () => {
    let refused = 0;
    interceptDatabase(async (method, pass) => {
      if (method !== "PATCH" || refused > 0) return pass();
      refused += 1;
      return Response.json({ code: "23514", message: "new row violates check constraint" }, { status: 400 });
    });
    const reveal = await start();
    const { run, events } = await reveal.run("sk-works");
    await drain(events);
    await run.finished;
    const row = await onlyRow();
    expect(row).toMatchObject({ status: "completed", model: MODEL, stop_reason: null, is_counted: true });
    expect(row?.output_tokens).toBeGreaterThan(10);
  });

  /** Has so many attempts to end a row answered so: when each was made, and what is logged. */
  function failToEnd(times: number, code: string, status: number) {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    const tries: number[] = [];
    interceptDatabase(async (method, pass) => {
      if (method !== "PATCH") return pass();
      tries.push(performance.now());
      return tries.length > times ? pass() : Response.json({ code }, { status });
    });
    return { tries, logged: () => log.mock.calls.map(([line]) => JSON.parse(line)) };
  }

  // The second one is about something in the query, though it has the digits of refused data in it.
  it.each(["57014", "42P22"])(
    "after a second try, where the database failed at the first (%s), and the log says nothing",
    async (code) => {
      const { tries, logged } = failToEnd(1, code, 500);
      const reveal = await start();
      const { run, events } = await reveal.run("sk-works");
      await drain(events);
      await run.finished;
      expect(await onlyRow()).toMatchObject({ status: "completed", stop_reason: "end_turn" });
      const [first = 0, second = 0] = tries;
      expect(second - first).toBeGreaterThan(900);
      expect(logged()).toEqual([]);
    },
  );

  it.each([
    ["23514", 400, 2],
    ["57014", 500, 1],
  ])("in vain where the database goes on to fail (%s), and the log says so", async (code, status, lines) => {
    const { tries, logged } = failToEnd(5, code, status);
    const reveal = await start();
    const { run, events } = await reveal.run("sk-works");
    expect(await drain(events)).toMatchObject({ type: "done", status: "completed" });
    expect(await run.finished).toMatchObject({ status: "completed" });
    expect(await onlyRow()).toMatchObject({ status: "started" });
    expect(tries).toHaveLength(2);
    const line = { code: "vault_unavailable", cause_code: code };
    expect(logged()).toMatchObject(Array.from({ length: lines }, () => line));
  });

  it("of a call whose connection closed without an answer, with what was perhaps read", async () => {
    const reveal = await start();
    await expect(reveal.run("sk-hangup")).rejects.toMatchObject({ code: "provider_unavailable" });
    await eventually(async () =>
      expect(await onlyRow()).toMatchObject({
        status: "provider_unavailable",
        input_tokens: 5,
        cost_usd: 0.00001,
      }),
    );
  });

  it("of a call to where nobody is, with nothing", async () => {
    const gone = await startAnthropicStandIn();
    await gone.close();
    const reveal = await start({ provider: gone.url });
    await expect(reveal.run("sk-works")).rejects.toMatchObject({ code: "provider_unavailable" });
    await eventually(async () =>
      expect(await onlyRow()).toMatchObject({ status: "provider_unavailable", input_tokens: 0, cost_usd: 0 }),
    );
  });
});

describe("who may pay", () => {
  const policy = (key_policy: "own" | "team" | "platform") =>
    db.admin.from("teams").update({ key_policy }).eq("id", team).throwOnError();
  const give = async (reveal: Awaited<ReturnType<typeof start>>, owner: "user" | "team") =>
    reveal.service.setSecret(
      { type: owner, id: owner === "user" ? user : team },
      { key: KEY, value: `sk-ant-test-${owner}` },
    );

  it.each<["own" | "team" | "platform", SecretSource[], SecretSource | string]>([
    ["platform", ["user", "team"], "user"],
    ["platform", ["team"], "team"],
    ["platform", [], "env"],
    ["team", ["user", "team"], "user"],
    ["team", ["team"], "team"],
    ["team", [], "platform_key_not_allowed"],
    ["own", ["user", "team"], "user"],
    ["own", ["team"], "own_key_required"],
    ["own", [], "own_key_required"],
  ])("with the rule %s and keys of %j: %s", async (rule, held, expected) => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    await policy(rule);
    for (const owner of held) await give(reveal, owner as "user" | "team");
    const outcome = await reveal.key(team).then(
      ({ source }) => source,
      (problem: Problem) => problem.code,
    );
    expect(outcome).toBe(expected);
  });

  it("is said with the rule, and with whom to ask", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    await policy("own");
    const { data } = await db.admin
      .from("team_members")
      .select("user_id")
      .eq("team_id", team)
      .eq("role", "admin")
      .single()
      .throwOnError();
    const profile = await db.admin.from("profiles").select("email").eq("user_id", data.user_id).single();
    const problem: Problem = await reveal.key(team).catch((error) => error);
    expect(problem.message).toContain("everyone uses their own key");
    expect(problem.message).toContain(profile.data?.email);
  });

  it("says when the operator has switched the platform's key off", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform", fallback: "off" });
    await expect(reveal.key()).rejects.toMatchObject({ code: "platform_key_off" });
    await expect(reveal.key(team, "env")).rejects.toMatchObject({ code: "platform_key_off" });
    for (const only of ["user", "team"] as const)
      await expect(reveal.key(team, only)).rejects.toMatchObject({ code: "no_key" });
    const without = await start();
    await expect(without.key()).rejects.toMatchObject({ code: "no_key" });
  });

  it.each<["own" | "team", SecretSource | undefined, RegExp]>([
    ["own", undefined, /^In this team, everyone uses .* own key\. Add ANTHROPIC_API_KEY .* ask a team admin/],
    [
      "team",
      undefined,
      /^This team doesn't use the platform's key and has none of its own\. Add ANTHROPIC_API_KEY /,
    ],
    [
      "team",
      "team",
      /^This team doesn't use the platform's key and has none of its own\. .* to add the team's\.$/,
    ],
    [
      "team",
      "env",
      /^In this team, runs can't use the platform's key\. .* to change which keys runs may use\.$/,
    ],
    // Their own is missing, whatever the rule is.
    ["own", "user", /^There's no key to use yet\./],
  ])("is said for the rule %s and the choice of %s", async (rule, only, words) => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    await policy(rule);
    const problem: Problem = await reveal.key(team, only).catch((error) => error);
    expect(problem.message).toMatch(words);
    if (only !== "user") expect(problem.message).toMatch(/ask a team admin \([^ ,]+@example\.com\) to/);
  });

  it("names every admin to ask, and none where there is none", async () => {
    const reveal = await start();
    await policy("own");
    const second = await db.person();
    await db.admin
      .from("team_members")
      .insert({ team_id: team, user_id: second, role: "admin" })
      .throwOnError();
    const problem: Problem = await reveal.key(team).catch((error) => error);
    expect(problem.message).toMatch(/ask a team admin \([^ ,]+@example\.com, [^ ,]+@example\.com\) to/);
    interceptDatabase(async (_, pass, path) => (path.endsWith("/profiles") ? Response.json([]) : pass()));
    const nobody: Problem = await reveal.key(team).catch((error) => error);
    expect(nobody.message).toMatch(/ask a team admin to change which keys runs may use\.$/);
  });

  it("is nobody of a team that the person is not in", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    const other = await db.team({ [await db.person()]: "admin" });
    await expect(reveal.key(other)).rejects.toMatchObject({ code: "team_not_found" });
  });

  it("can be chosen for once, and then no other layer is used", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    await give(reveal, "user");
    expect(await reveal.key(team, "env")).toMatchObject({ source: "env" });
    await expect(reveal.key(team, "team")).rejects.toMatchObject({ code: "no_key" });
    await give(reveal, "team");
    expect(await reveal.key(team, "team")).toMatchObject({ source: "team", value: "sk-ant-test-team" });
    await policy("own");
    await expect(reveal.key(team, "team")).rejects.toMatchObject({ code: "own_key_required" });
    await expect(reveal.key(team, "env")).rejects.toMatchObject({ code: "own_key_required" });
  });

  it("leaves an unreadable key closed, unless another one is chosen", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform" });
    await give(reveal, "user");
    await db.admin
      .from("vault_secrets")
      .update({ encrypted_value: "v1.x" })
      .eq("owner_id", user)
      .throwOnError();
    await expect(reveal.key(team)).rejects.toMatchObject({ code: "secret_unreadable", source: "user" });
    expect(await reveal.key(team, "env")).toMatchObject({ source: "env" });
  });

  it("is explained without decrypting, with the rule and what is left of the budget", async () => {
    const reveal = await start({ platformKey: "sk-ant-test-platform", dailyTokens: 500 });
    await give(reveal, "team");
    const none = { monthly_usd: null, own_monthly_usd: null };
    const of = { id: team, name: "Team", role: "member", key_policy: "own", ...none } as const;
    expect(await reveal.payers(of)).toEqual({
      holders: ["team", "env"],
      policy: "own",
      budget: { limit: 500, left: 500 },
      team_budget: null,
      expiries: {},
    });
    expect(await reveal.payers(null)).toMatchObject({ holders: ["env"], policy: null });
    const without = await start();
    expect(await without.payers(of)).toEqual({
      holders: ["team"],
      policy: "own",
      budget: null,
      team_budget: null,
      expiries: {},
    });
  });

  it("with when a key that could pay expires, where that is soon", async () => {
    const reveal = await start();
    const of = { id: team, name: "Team", role: "member", key_policy: "platform" } as const;
    const inTeam = { ...of, monthly_usd: null, own_monthly_usd: null };
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const store = (owner: Owner, expires_at: string) =>
      reveal.service.setSecret(owner, { key: KEY, value: "sk-ant-test-not-real", expires_at });
    const [soon, late, gone] = [inDays(3), inDays(30), inDays(-1)];
    await store({ type: "user", id: user }, late);
    await store({ type: "team", id: team }, soon);
    expect((await reveal.payers(inTeam)).expiries).toEqual({ team: soon.replace("Z", "000Z") });
    expect((await reveal.payers(null)).expiries).toEqual({});
    await store({ type: "user", id: user }, gone);
    expect((await reveal.payers(null)).expiries).toEqual({ user: gone.replace("Z", "000Z") });
    await reveal.service.setSecret(
      { type: "user", id: user },
      { key: "OPENAI_API_KEY", value: "x", expires_at: soon },
    );
    expect((await reveal.payers(null)).expiries).toEqual({ user: gone.replace("Z", "000Z") });
  });
});

describe("the budget on the platform's key", () => {
  const used = (tokens: number, changes: object = {}) =>
    db.admin
      .from("reveal_runs")
      .insert({
        user_id: user,
        kind: "run",
        model: MODEL,
        source: "env",
        status: "completed",
        input_tokens: tokens,
        ...changes,
      })
      .throwOnError();
  const yesterday = new Date(Date.now() - 86_400_000).toISOString();
  const platform = { platformKey: "sk-ant-test-platform" };
  const refusalOf = (call: Promise<unknown>): Promise<Problem> =>
    call.then(
      () => expect.unreachable(),
      (problem) => problem,
    );

  it("counts what came in and went out today, on that key alone, in every workspace", async () => {
    const reveal = await start({ ...platform, dailyTokens: 1_000 });
    await used(100, { output_tokens: 50, cache_creation_input_tokens: 30, cache_read_input_tokens: 20 });
    await used(300, { team_id: team });
    await used(5_000, { source: "user" });
    await used(5_000, { created_at: yesterday });
    await used(5_000, { user_id: await db.person() });
    expect(await reveal.readBudget()).toEqual({ limit: 1_000, left: 500 });
    const { run, events } = await reveal.run("sk-works", { source: "env" });
    await drain(events);
    await run.finished;
    expect((await reveal.readBudget())?.left).toBeGreaterThan(400);

    await used(500);
    const refusal = await refusalOf(reveal.run("sk-works", { source: "env" }));
    expect(refusal).toMatchObject({ code: "platform_budget_spent", status: 429 });
    expect(refusal.retryAfter).toBeGreaterThan(0);
    expect(refusal.retryAfter).toBeLessThanOrEqual(86_400);
    expect(refusal.message).toMatch(/are used up\. .*ask the operator of this site/);
    expect(provider.requests).toHaveLength(1);
  });

  it("does not concern runs on another key", async () => {
    const reveal = await start({ ...platform, dailyTokens: 0 });
    const refusal = await refusalOf(reveal.run("sk-works", { source: "env" }));
    expect(refusal.message).toContain("doesn't let you use the platform's key");
    // So that nobody reads before a run that it will be used.
    expect(await reveal.payers(null)).toMatchObject({ holders: [], budget: null });
    await drain((await reveal.run("sk-works")).events);
    await drain((await reveal.run("sk-works", { source: "team", teamId: team })).events);
    expect(provider.requests).toHaveLength(2);
  });

  it("has to have room for what is sent, not just for anything", async () => {
    const reveal = await start({ ...platform, dailyTokens: 1_000 });
    await used(996);
    const refusal = await refusalOf(reveal.run("sk-works", { source: "env" }));
    expect(refusal.message).toContain(
      "This takes at least 261 tokens, but only 4 of your 1,000 tokens per day",
    );
    expect(provider.requests).toHaveLength(0);
  });

  it("lets parallel runs in only as far as the longest answers of those under way leave room", async () => {
    const reveal = await start({ ...platform, dailyTokens: 20_000 });
    const leaving = new AbortController();
    const attempts = await Promise.allSettled(
      Array.from({ length: 12 }, () => reveal.run("sk-slow", { source: "env", signal: leaving.signal })),
    );
    // Each is entered with 5 and 8,192 tokens: two leave room for a shorter third, and that one for none.
    const begun = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
    expect(begun).toHaveLength(3);
    expect(provider.requests).toHaveLength(3);
    const entered = await rows();
    expect(entered).toHaveLength(3);
    expect(entered.reduce((sum, row) => sum + row.input_tokens + row.output_tokens, 0)).toBe(20_000);
    for (const attempt of attempts) {
      if (attempt.status === "rejected") expect(attempt.reason.code).toBe("platform_budget_spent");
    }
    expect(await reveal.readBudget()).toEqual({ limit: 20_000, left: 0 });
    leaving.abort();
    await Promise.all(begun.map(({ run }) => run.finished));
    expect((await reveal.readBudget())?.left).toBeGreaterThan(15_000);
  });

  it("is not used up by answers that no table would take", async () => {
    const reveal = await start({ ...platform, dailyTokens: 20_000 });
    for (const kind of ["null", "empty", "long", "object", "control", "surrogate", "is-key"])
      for (const key of [`sk-model-${kind}`, `sk-model-${kind}-start-usage-huge`]) {
        const { run, events } = await reveal.run(key, { source: "env" });
        await drain(events);
        await run.finished;
      }
    expect((await rows()).map((row) => row.status)).toEqual(Array(14).fill("completed"));
    expect((await reveal.readBudget())?.left).toBeGreaterThan(18_000);
  });

  it("keeps what a run that a crash ended might have used", async () => {
    const reveal = await start({ ...platform, dailyTokens: 10_000 });
    const { events } = await reveal.run("sk-slow", { source: "env", teamId: team });
    expect(await onlyRow()).toMatchObject({
      user_id: user,
      team_id: team,
      kind: "run",
      model: MODEL,
      source: "env",
      status: "started",
      input_tokens: 5,
      output_tokens: 8_192,
      cost_usd: 0.090376,
    });
    expect(await reveal.readBudget()).toEqual({ limit: 10_000, left: 10_000 - 5 - 8_192 });
    await events.return(undefined);
  });

  it("counts the time of an answer that was left before its end, for a model may think unseen", async () => {
    const reveal = await start({ ...platform, dailyTokens: 10_000 });
    const leaving = new AbortController();
    const { run, events } = await reveal.run("sk-slow", { source: "env", signal: leaving.signal });
    await events.next();
    await sleep(1_000);
    leaving.abort();
    await run.finished;
    expect((await onlyRow())?.output_tokens).toBeGreaterThan(140);
  });
});

describe("how a key did when it was last used", () => {
  it("comes from the owner's own runs on it", async () => {
    const reveal = await start();
    const me = { type: "user", id: user } as const;
    const us = { type: "team", id: team } as const;
    expect(await reveal.readLastUse(me)).toBeNull();
    await drain((await reveal.run("sk-works")).events);
    await eventually(async () => expect(await reveal.readLastUse(me)).toMatchObject({ result: "worked" }));
    expect(await reveal.readLastUse(us)).toBeNull();
    await reveal.run("sk-refused", { source: "team", teamId: team }).catch(() => {});
    await eventually(async () => expect(await reveal.readLastUse(us)).toMatchObject({ result: "refused" }));
    await sleep(5);
    // Says nothing about the key.
    await reveal.run("sk-overloaded").catch(() => {});
    expect(await reveal.readLastUse(me)).toMatchObject({ result: "worked" });
    await reveal.run("sk-nocredit").catch(() => {});
    await eventually(async () => expect(await reveal.readLastUse(me)).toMatchObject({ result: "no_credit" }));
  });

  it("is the last of 30 days that says something", async () => {
    const reveal = await start();
    const me = { type: "user", id: user } as const;
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    const add = (at: string, status: string) =>
      db.admin
        .from("reveal_runs")
        .insert({ user_id: user, kind: "run", model: MODEL, source: "user", status, created_at: at })
        .throwOnError();
    await add(daysAgo(30.01), "completed");
    expect(await reveal.readLastUse(me)).toBeNull();
    const last = daysAgo(20);
    await add(daysAgo(29.9), "provider_refused_key");
    await add(last, "completed");
    await add(daysAgo(25), "provider_no_credit");
    await add(daysAgo(1), "provider_overloaded");
    expect(await reveal.readLastUse(me)).toEqual({ result: "worked", at: last });
  });

  it("is not known while the database is away", async () => {
    const reveal = await start({ down: true });
    await expect(reveal.readLastUse({ type: "user", id: user })).rejects.toMatchObject({
      code: "vault_unavailable",
      cause: expect.anything(),
    });
  });
});

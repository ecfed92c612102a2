import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startAnthropicStandIn } from "../support/anthropic-standin.ts";
import { eventually } from "../support/eventually.ts";
import { interceptDatabase } from "./harness.ts";
import {
  becomeNewPerson,
  db,
  drain,
  MODEL,
  onlyRow,
  provider,
  rows,
  start,
  team,
  user,
} from "./ledger-harness.ts";

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
    await becomeNewPerson();
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

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../lib/vault/http/problem.ts";
import { db, drain, MODEL, onlyRow, provider, rows, start, team, user } from "./ledger-harness.ts";

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

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Problem } from "../../lib/vault/http/problem.ts";
import { eventually } from "../support/eventually.ts";
import { interceptDatabase, startDatabase } from "./harness.ts";

const KEY = "OPENAI_API_KEY";
const VALUE = "sk-test-not-real";
const REPLY = {
  model: "gpt-5-mini-2025-08-07",
  choices: [{ finish_reason: "stop", message: { content: "A summary." } }],
  usage: { prompt_tokens: 1000, completion_tokens: 100, prompt_tokens_details: { cached_tokens: 400 } },
};

let db: Awaited<ReturnType<typeof startDatabase>>;
let user: string;
let admin: string;
let team: string;

beforeAll(async () => {
  db = await startDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  [user, admin] = [await db.person(), await db.person()];
  team = await db.team({ [user]: "member", [admin]: "admin" });
  // So that each test has its own day.
  await db.admin
    .from("reveal_runs")
    .update({ created_at: "2020-01-01" })
    .neq("status", "none")
    .throwOnError();
});

/** The helper, as a fresh server process has it. */
async function start(changes: Parameters<typeof db.service>[0] = {}, dailyCalls = "") {
  await db.service(changes);
  vi.stubEnv("PLATFORM_DAILY_CALLS", dailyCalls);
  const { withKey, streamWithKey } = await import("../../lib/vault-usage/with-key.ts");
  const { readUsage } = await import("../../lib/usage/report.ts");
  return { withKey, streamWithKey, readUsage };
}

const use = (more = {}) => ({
  feature: "daily-summaries",
  key: KEY,
  userId: user,
  model: "gpt-5-mini",
  text: "Long.",
  ...more,
});

const rows = async () =>
  (await db.admin.from("reveal_runs").select("*").gt("created_at", "2021-01-01").throwOnError()).data;

const problemOf = (work: Promise<unknown>): Promise<Problem> =>
  work.then(
    () => expect.unreachable("It was not refused."),
    (problem) => problem,
  );

describe("a feature of ten lines", () => {
  it("is in the ledger before its call, and then with what it used and cost, and shows up in the usage by its name", async () => {
    const { withKey, readUsage } = await start();
    await db.hold({ type: "user", id: user }, KEY, VALUE);
    const summary = await withKey(use({ maxOutput: 500 }), async (key, meter) => {
      expect([key, meter.source, meter.maxOutput]).toEqual([VALUE, "user", 500]);
      expect(await rows()).toMatchObject([
        { status: "started", kind: "daily-summaries", key: KEY, source: "user" },
      ]);
      meter.take(REPLY);
      return REPLY.choices[0]?.message.content;
    });
    expect(summary).toBe("A summary.");
    await eventually(async () => expect(await rows()).toMatchObject([{ status: "completed" }]));
    expect(await rows()).toMatchObject([
      {
        user_id: user,
        model: "gpt-5-mini-2025-08-07",
        stop_reason: "end_turn",
        input_tokens: 600,
        cache_read_input_tokens: 400,
        output_tokens: 100,
        is_counted: true,
        cost_usd: expect.any(Number),
        cost_exact: true,
      },
    ]);
    const { report } = await readUsage({ id: user }, null);
    expect(report.features).toMatchObject([{ feature: "daily-summaries", runs: 1, input_tokens: 600 }]);
  });

  it("notes the use of its key, and that its provider refuses it, whatever key that is", async () => {
    const { withKey } = await start();
    const { providerError } = await import("../../lib/vault-usage/provider-problem.ts");
    await db.hold({ type: "user", id: user }, KEY, VALUE);
    const refusal = Response.json({ error: { code: "invalid_api_key" } }, { status: 401 });
    const problem = await problemOf(withKey(use(), async () => Promise.reject(await providerError(refusal))));
    expect(problem).toMatchObject({ code: "provider_refused_key", source: "user", status: 422 });
    await eventually(async () => {
      expect(await rows()).toMatchObject([{ status: "provider_refused_key", input_tokens: 0 }]);
      const { data } = await db.admin
        .from("refused_keys")
        .select("secret:vault_secrets!inner(key, owner_id)")
        .eq("secret.owner_id", user)
        .throwOnError();
      expect(data).toMatchObject([{ secret: { key: KEY } }]);
      const { data: details } = await db.admin
        .from("vault_secret_details")
        .select("last_used_at, secret:vault_secrets!inner(owner_id)")
        .eq("secret.owner_id", user)
        .throwOnError();
      expect(details).toMatchObject([{ last_used_at: expect.any(String) }]);
    });
  });

  it("calls nothing without a key, with one that can't be read, or a second time under the same id", async () => {
    const { withKey } = await start();
    const call = vi.fn(async () => "called");
    expect(await problemOf(withKey(use(), call))).toMatchObject({
      code: "no_key",
      message: "There's no key to use yet. Add OPENAI_API_KEY to your vault, then try again.",
    });
    expect(await rows()).toEqual([]);
    const id = crypto.randomUUID();
    await db.hold({ type: "user", id: user }, KEY, VALUE);
    await withKey(use({ id }), call);
    expect(await problemOf(withKey(use({ id }), call))).toMatchObject({ code: "run_exists" });
    await db.admin
      .from("vault_secrets")
      .update({ encrypted_value: "v1.broken" })
      .eq("owner_id", user)
      .throwOnError();
    // Though the team has one: nobody else pays.
    await db.hold({ type: "team", id: team }, KEY, VALUE);
    expect(await problemOf(withKey(use({ teamId: team }), call))).toMatchObject({
      code: "secret_unreadable",
      source: "user",
    });
    expect(call).toHaveBeenCalledTimes(1);
  });

  it("refuses a name that is none, before anything else", async () => {
    const { withKey } = await start();
    for (const feature of ["", "Summaries", "a b", "1st", "x".repeat(41)])
      await expect(withKey(use({ feature }), async () => {})).rejects.toThrow("A feature's name");
    expect(await rows()).toEqual([]);
  });
});

describe("an answer that comes in pieces", () => {
  const pieces = ["One", " two", " three"].map((content) => ({ choices: [{ delta: { content } }] }));
  async function* answer(meter: { take(piece: unknown): void }) {
    for (const piece of [...pieces, { ...REPLY, choices: [{ delta: {}, finish_reason: "stop" }] }]) {
      meter.take(piece);
      yield piece.choices[0];
    }
  }

  it("is entered at its end", async () => {
    const { streamWithKey } = await start();
    await db.hold({ type: "user", id: user }, KEY, VALUE);
    const { items, meter } = await streamWithKey(use(), (_, meter) => answer(meter));
    expect(await rows()).toMatchObject([{ status: "started" }]);
    for await (const _ of items);
    expect(meter.read()).toMatchObject({ output_tokens: 100, is_counted: true });
    await eventually(async () =>
      expect(await rows()).toMatchObject([{ status: "completed", output_tokens: 100 }]),
    );
  });

  it.each([0, 1])("is entered with an estimate where its reader leaves after %i", async (count) => {
    const { streamWithKey } = await start();
    await db.hold({ type: "user", id: user }, KEY, VALUE);
    const { items, meter } = await streamWithKey(use(), (_, meter) => answer(meter));
    for (let read = 0; read < count; read++) await items.next();
    await items.return(undefined);
    expect(meter.signal.aborted).toBe(true);
    await eventually(async () =>
      expect(await rows()).toMatchObject([{ status: "cancelled", is_counted: false }]),
    );
    expect((await rows())[0]?.output_tokens).toBe(count === 0 ? 0 : 2);
  });
});

describe('on a host that ends its work once the person has left, and what "after" was given is done', () => {
  const leftWhile = {
    "it's entered": { path: "begin_run" },
    "it's called": { path: "nothing" },
  };

  it.each(Object.entries(leftWhile))("a call has its ending stored, left while %s", async (_, { path }) => {
    await db.service();
    const closed = Promise.withResolvers<void>();
    const kept: Promise<void>[] = [];
    // As Next does: what is given to it keeps the host, and may give it more.
    vi.doMock("next/server", () => ({
      after: (work: () => Promise<void>) => void kept.push(closed.promise.then(work)),
    }));
    const { streamWithKey } = await import("../../lib/vault-usage/with-key.ts");
    await db.hold({ type: "team", id: team }, KEY, VALUE);
    const left = new AbortController();
    const leave = () => {
      left.abort();
      closed.resolve();
    };
    const entering = Promise.withResolvers<void>();
    interceptDatabase(async (_method, pass, asked) => {
      const reply = await pass();
      if (asked.endsWith(path)) {
        leave();
        await entering.promise;
      }
      return reply;
    });

    const answer = streamWithKey(use({ teamId: team, signal: left.signal }), async (_, meter) => {
      leave();
      throw meter.signal.reason;
    });
    const failure = problemOf(answer);
    await closed.promise;
    expect(kept).not.toEqual([]);
    entering.resolve();
    for (const each of kept) await each;
    expect(await rows()).toMatchObject([{ status: "cancelled" }]);
    expect(await failure).toMatchObject({ code: "cancelled" });
  });
});

describe("a job that nobody is signed in for", () => {
  const job = (more = {}) => use({ userId: null, teamId: team, ...more });

  it("runs on its team's key, though its admin has one, and is the team's in the usage", async () => {
    const { withKey, readUsage } = await start();
    const { requireTeam } = await import("../../lib/teams/membership.ts");
    await db.hold({ type: "user", id: admin }, KEY, "sk-test-personal");
    await db.hold({ type: "team", id: team }, KEY, VALUE);
    expect(await withKey(job(), async (key) => key)).toBe(VALUE);
    const { report } = await readUsage({ id: admin }, await requireTeam(admin, team));
    expect(report.members).toMatchObject([{ member: "A job or a deleted account", runs: 1 }]);
  });

  it("has no personal key, and says so", async () => {
    const { withKey } = await start();
    await db.hold({ type: "user", id: user }, KEY, VALUE);
    const sentence =
      "A job that nobody is signed in for can't use personal keys. Add OPENAI_API_KEY to the team's vault.";
    for (const more of [{ teamId: null }, { only: "user" }])
      expect(await problemOf(withKey(job(more), async () => {}))).toMatchObject({
        code: "no_key",
        message: sentence,
      });
    expect(await problemOf(withKey(job(), async () => {}))).toMatchObject({ code: "no_key" });
  });
});

describe("the platform's limits count every feature", () => {
  const lent = (more = {}) =>
    use({ key: "ANTHROPIC_API_KEY", model: "claude-sonnet-5-5", maxOutput: 1_000, ...more });

  it("in money where the price is known", async () => {
    const { withKey } = await start({ platformKey: VALUE, dailyUsd: "0.02" });
    const call = async () => {};
    const first = await withKey(lent(), call);
    expect(first).toBeUndefined();
    // What nobody reported counts as much as it may have cost.
    expect(await problemOf(withKey(lent({ feature: "another", maxOutput: 2_000 }), call))).toMatchObject({
      code: "platform_limit_reached",
      source: "env",
    });
    expect(await rows()).toMatchObject([{ kind: "daily-summaries" }]);
  });

  it("by their number where it isn't, and not at all without such a limit", async () => {
    const unknown = lent({ model: undefined });
    expect(
      await problemOf((await start({ platformKey: VALUE })).withKey(unknown, async () => {})),
    ).toMatchObject({
      code: "model_price_unknown",
      message: expect.stringContaining("The price of this call isn't known"),
    });
    const { withKey } = await start({ platformKey: VALUE }, "1");
    expect(await withKey(unknown, async () => "called")).toBe("called");
    const other = { ...unknown, userId: admin, feature: "another" };
    expect(await problemOf(withKey(other, async () => {}))).toMatchObject({
      code: "platform_limit_reached",
      message: expect.stringMatching(
        /^Today's calls on the platform's key are used up\. Add your own ANTHROPIC_API_KEY/,
      ),
    });
  });
});

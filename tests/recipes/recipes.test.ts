import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { signInAs, startDatabase } from "../service/harness.ts";
import { type StandIn, startAnthropicStandIn } from "../support/anthropic-standin.ts";
import { startOpenAIStandIn } from "../support/openai-standin.ts";

// The code blocks of docs/recipes.md, as they are, on a real database and against stand-ins for the providers.

const WAIT = { timeout: 30_000 };
const NOTICE = /This is a simulation/;
const TEXT = "The sky is blue because of how air scatters light.";

let db: Awaited<ReturnType<typeof startDatabase>>;
let openai: Awaited<ReturnType<typeof startOpenAIStandIn>>;
let anthropic: StandIn;
let recipes: Awaited<ReturnType<typeof load>>;
let user: string;
let team: string;
/** All that is written to the console. */
const written: string[] = [];

async function load() {
  await db.service({ provider: anthropic.url });
  vi.stubEnv("OPENAI_BASE_URL", openai.url);
  vi.stubEnv("GROQ_BASE_URL", openai.url);
  vi.stubEnv("CRON_SECRET", "cron-secret-not-real");
  signInAs(() => user);
  const { translate } = await import("./blocks/lib/ai/anthropic.ts");
  const { suggestTitle } = await import("./blocks/lib/ai/openai.ts");
  const { ask } = await import("./blocks/lib/ai/openai-responses.ts");
  const { label } = await import("./blocks/lib/ai/compatible.ts");
  const { explain } = await import("./blocks/lib/ai/ai-sdk.ts");
  const { tellStory } = await import("./blocks/lib/ai/ai-sdk-stream.ts");
  const { correct } = await import("./blocks/lib/ai/fetch.ts");
  const { suggest } = await import("./blocks/app/titles/actions.ts");
  const { GET: digest } = await import("./blocks/app/api/cron/digest/route.ts");
  const { POST: answer } = await import("./blocks/app/api/answer/route.ts");
  const readStory = async (...of: Parameters<typeof tellStory>) => {
    let story = "";
    for await (const piece of await tellStory(...of)) story += piece;
    return story;
  };
  return {
    translate,
    suggestTitle,
    ask,
    label,
    explain,
    tellStory,
    readStory,
    correct,
    suggest,
    digest,
    answer,
  };
}

beforeAll(async () => {
  for (const method of ["log", "info", "warn", "error", "debug"] as const)
    vi.spyOn(console, method).mockImplementation((...said) => void written.push(said.map(String).join(" ")));
  [db, openai, anthropic] = await Promise.all([
    startDatabase(),
    startOpenAIStandIn(),
    startAnthropicStandIn({ pace: 1 }),
  ]);
  recipes = await load();
});
afterAll(() => Promise.all([db.close(), openai.close(), anthropic.close()]));
beforeEach(async () => {
  user = await db.person();
  team = await db.team({ [user]: "member" });
  openai.requests.length = 0;
  anthropic.requests.length = 0;
  written.length = 0;
});
afterEach(() => {
  // A deprecated word of an SDK's, say; and no key.
  expect(written.filter((line) => !isLogLine(line))).toEqual([]);
  expect(written.join()).not.toContain("sk-");
});

/** Whether it's of the app's own log, or of the database, which runs in this process. */
const isLogLine = (line: string) =>
  line.startsWith("{") ? "code" in JSON.parse(line) : line.startsWith("error: duplicate key value");

const own = () => ({ type: "user", id: user }) as const;

/** The ledger's only entry, once it's finished. */
async function entry() {
  const read = async () => (await db.admin.from("reveal_runs").select().throwOnError()).data;
  const mine = async () => (await read()).filter((row) => row.user_id === user || row.team_id === team);
  await vi.waitFor(
    async () => expect((await mine()).map((row) => row.status)).not.toContain("started"),
    WAIT,
  );
  const rows = await mine();
  expect(rows).toHaveLength(1);
  return rows[0];
}

async function refusedKeys() {
  const select = "vault_secrets (owner_id, key)";
  const { data } = await db.admin.from("refused_keys").select(select).throwOnError();
  return data.flatMap(({ vault_secrets: of }) => (of.owner_id === user ? of.key : []));
}

type Simple = "translate" | "suggestTitle" | "ask" | "label" | "explain" | "readStory" | "correct";

const SIMPLE: [name: Simple, feature: string, key: string, model: string][] = [
  ["translate", "translate", "ANTHROPIC_API_KEY", "claude-sonnet-5-5"],
  ["suggestTitle", "titles", "OPENAI_API_KEY", "gpt-6-luna-2026-08-20"],
  ["ask", "ask", "OPENAI_API_KEY", "gpt-6-luna-2026-08-20"],
  ["label", "labels", "GROQ_API_KEY", "openai/gpt-oss-20b-2026-08-20"],
  ["explain", "explain", "OPENAI_API_KEY", "gpt-6-luna-2026-08-20"],
  ["readStory", "stories", "OPENAI_API_KEY", "gpt-6-luna-2026-08-20"],
  ["correct", "spelling", "OPENAI_API_KEY", "gpt-6-luna-2026-08-20"],
];

/** What the stand-ins were asked with. */
const asked = () => [...openai.requests, ...anthropic.requests].map(({ apiKey }) => apiKey);

describe.each(SIMPLE)("%s", (name, feature, key, model) => {
  const call = () => recipes[name](TEXT, user);

  it("is answered on the person's key, and entered as the provider counts it", async () => {
    await db.hold(own(), key, "sk-works");
    expect(await call()).toMatch(NOTICE);
    expect(await entry()).toMatchObject({
      ...{ user_id: user, team_id: null, kind: feature, key, model, source: "user" },
      ...{ status: "completed", stop_reason: "end_turn", is_counted: true, cost_exact: true },
      ...{
        input_tokens: expect.any(Number),
        output_tokens: expect.any(Number),
        cost_usd: expect.any(Number),
      },
    });
    const row = await entry();
    expect(row?.input_tokens).toBeGreaterThan(TEXT.length / 4);
    expect(row?.output_tokens).toBeGreaterThan(10);
    expect(row?.cost_usd).toBeGreaterThan(0);
    expect(asked()).toEqual(["sk-works"]);
  });

  it("is answered on the team's key where the person has none", async () => {
    await db.hold({ type: "team", id: team }, key, "sk-team");
    expect(await recipes[name](TEXT, user, team)).toMatch(NOTICE);
    expect(await entry()).toMatchObject({ team_id: team, source: "team", status: "completed" });
    expect(asked()).toEqual(["sk-team"]);
  });

  it("says that a key is refused, and notes it, in one try", async () => {
    await db.hold(own(), key, "sk-refused-echo");
    await expect(call()).rejects.toMatchObject({
      code: "provider_refused_key",
      message: expect.stringMatching(new RegExp(`doesn't accept your key. Replace ${key} in your vault.`)),
    });
    expect(await entry()).toMatchObject({
      ...{
        status: "provider_refused_key",
        input_tokens: 0,
        output_tokens: 0,
        is_counted: false,
        cost_usd: 0,
      },
    });
    await vi.waitFor(async () => expect(await refusedKeys()).toEqual([key]), WAIT);
    expect(asked()).toEqual(["sk-refused-echo"]);
  });

  it("quotes no key that can't be a header, which SDKs and fetch do", async () => {
    for (const value of ["sk-odd\nkey", "sk-odd-ключ"]) {
      await db.hold(own(), key, value);
      const problem = await call().catch((error) => error);
      expect(problem).toMatchObject({ code: "provider_refused_key" });
      expect(inspect(problem, { depth: 10 })).not.toContain("sk-odd");
    }
    expect(asked()).toEqual([]);
  });

  it("asks nobody without a key", async () => {
    await expect(call()).rejects.toMatchObject({ code: "no_key" });
    expect(asked()).toEqual([]);
  });
});

describe("the other errors of OpenAI's API", () => {
  const OPENAI = SIMPLE.filter(([, , key]) => key === "OPENAI_API_KEY").map(([name]) => name);
  const ERRORS = [
    ["sk-noquota", { code: "provider_no_credit" }],
    ["sk-ratelimited", { code: "provider_rate_limited", retryAfter: 7 }],
  ] as const;
  it.each(OPENAI.flatMap((name) => ERRORS.map(([value, problem]) => [name, value, problem] as const)))(
    "are the same Problem for each recipe: %s with %s",
    async (name, value, problem) => {
      await db.hold(own(), "OPENAI_API_KEY", value);
      await expect(recipes[name](TEXT, user)).rejects.toMatchObject(problem);
      expect(await entry()).toMatchObject({ status: problem.code, output_tokens: 0 });
      expect(asked()).toEqual([value]);
      expect(await refusedKeys()).toEqual([]);
    },
  );

  it("don't hide what a cache gave", async () => {
    await db.hold(own(), "OPENAI_API_KEY", "sk-cached");
    await recipes.suggestTitle(TEXT, user);
    const row = await entry();
    expect(row?.cache_read_input_tokens).toBeGreaterThan(0);
    expect(Math.abs((row?.input_tokens ?? 0) - (row?.cache_read_input_tokens ?? 0))).toBeLessThanOrEqual(1);
    expect(row).toMatchObject({ is_counted: true, cost_exact: true });
  });

  it("don't make a failed response a completed one", async () => {
    await db.hold(own(), "OPENAI_API_KEY", "sk-failed");
    await recipes.ask(TEXT, user);
    expect(await entry()).toMatchObject({ status: "provider_incomplete", stop_reason: "other" });
  });
});

describe("a stream", () => {
  it.each([
    ["sk-cut", "provider_unavailable"],
    ["sk-errorevent", "provider_unavailable"],
    ["sk-failed", "provider_unavailable"],
  ])("of the AI SDK's that fails half-way (%s) is entered with what had come", async (value, status) => {
    await db.hold(own(), "OPENAI_API_KEY", value);
    await expect(recipes.readStory(TEXT, user)).rejects.toMatchObject({ code: status });
    const row = await entry();
    expect(row).toMatchObject({ status, stop_reason: null, is_counted: false });
    // A response that failed before its first piece is an ordinary refusal to the SDK.
    if (value !== "sk-failed") expect(row?.input_tokens).toBeGreaterThan(5);
  });

  it("of the AI SDK's that nobody reads to its end is closed, and entered with an estimate", async () => {
    await db.hold(own(), "OPENAI_API_KEY", "sk-slow");
    let pieces = 0;
    for await (const _ of await recipes.tellStory(TEXT, user)) if (++pieces === 5) break;
    const row = await entry();
    expect(row).toMatchObject({ status: "cancelled", stop_reason: null, is_counted: false });
    expect(row?.output_tokens).toBeGreaterThan(5);
    expect(row?.cost_usd).toBeGreaterThan(0);
    await vi.waitFor(() => expect(openai.requests[0]?.aborted).toBe(true), WAIT);
  });

  it("of the AI SDK's ends when the person leaves", async () => {
    await db.hold(own(), "OPENAI_API_KEY", "sk-silent");
    const leaving = new AbortController();
    const items = await recipes.tellStory(TEXT, user, undefined, leaving.signal);
    const next = items.next();
    await vi.waitFor(() => expect(openai.requests).toHaveLength(1), WAIT);
    leaving.abort();
    const end = await next.then(
      ({ done }) => done,
      (error) => error.code,
    );
    expect([true, "cancelled"]).toContain(end);
    expect(await entry()).toMatchObject({ status: "cancelled", is_counted: false });
    await vi.waitFor(() => expect(openai.requests[0]?.aborted).toBe(true), WAIT);
  });
});

/** A request to a route, from the person's browser. */
const posted = (body: object, signal: AbortSignal = new AbortController().signal) =>
  new Request("http://localhost:3000/api/answer", {
    method: "POST",
    headers: { "content-type": "application/json", cookie: "any" },
    body: JSON.stringify(body),
    signal,
  });

describe("the streamed reply", () => {
  it("comes piece by piece, and is entered as the provider counts it", async () => {
    await db.hold(own(), "OPENAI_API_KEY", "sk-works");
    const reply = await recipes.answer(posted({ prompt: TEXT }));
    expect(reply.status).toBe(200);
    expect(await reply.text()).toMatch(NOTICE);
    expect(await entry()).toMatchObject({
      ...{ kind: "answers", source: "user", status: "completed", stop_reason: "end_turn" },
      ...{ model: "gpt-6-luna-2026-08-20", is_counted: true, cost_exact: true },
    });
  });

  it("is a problem where the key is refused, and not a broken stream", async () => {
    await db.hold(own(), "OPENAI_API_KEY", "sk-refused");
    const reply = await recipes.answer(posted({ prompt: TEXT }));
    expect(reply.status).toBe(422);
    const text = await reply.text();
    expect(JSON.parse(text).code).toBe("provider_refused_key");
    expect(text).not.toContain("sk-");
  });

  it.each(["stops reading", "leaves"])("ends the call when the reader %s", async (how) => {
    await db.hold(own(), "OPENAI_API_KEY", "sk-slow");
    const leaving = new AbortController();
    const reply = await recipes.answer(posted({ prompt: TEXT }, leaving.signal));
    const reader = reply.body?.getReader();
    for (let piece = 0; piece < 5; piece++) await reader?.read();
    if (how === "leaves") leaving.abort();
    else await reader?.cancel();
    const row = await entry();
    expect(row).toMatchObject({ status: "cancelled", is_counted: false });
    expect(row?.output_tokens).toBeGreaterThan(1);
    await vi.waitFor(() => expect(openai.requests[0]?.aborted).toBe(true), WAIT);
  });

  it.each([
    ["sk-cut", "provider_unavailable"],
    ["sk-errorevent", "provider_unavailable"],
  ])("breaks where the answer does (%s), which the ledger has", async (value, status) => {
    await db.hold(own(), "OPENAI_API_KEY", value);
    const reply = await recipes.answer(posted({ prompt: TEXT }));
    await expect(reply.text()).rejects.toThrow();
    expect(await entry()).toMatchObject({ status, is_counted: false });
  });
});

describe("the server action", () => {
  const form = (text?: string) => {
    const data = new FormData();
    if (text !== undefined) data.set("text", text);
    return data;
  };

  it("gives the form its title", async () => {
    await db.hold(own(), "OPENAI_API_KEY", "sk-works");
    expect(await recipes.suggest(null, form(TEXT))).toEqual({ title: expect.stringMatching(NOTICE) });
    expect(await entry()).toMatchObject({ user_id: user, kind: "titles", status: "completed" });
  });

  it("gives the form a sentence in place of an error", async () => {
    expect(await recipes.suggest(null, form(TEXT))).toEqual({
      error: "There's no key to use yet. Add OPENAI_API_KEY to your vault, then try again.",
    });
    await db.hold(own(), "OPENAI_API_KEY", "sk-refused");
    expect(await recipes.suggest(null, form(TEXT))).toEqual({
      error: "OpenAI doesn't accept your key. Replace OPENAI_API_KEY in your vault.",
    });
    expect(await recipes.suggest(null, form())).toEqual({ error: expect.any(String) });
    expect(openai.requests).toHaveLength(1);
  });
});

describe("a request that arrives twice", () => {
  it("is made once", async () => {
    await db.hold(own(), "OPENAI_API_KEY", "sk-works");
    const id = randomUUID();
    await recipes.suggestTitle(TEXT, user, undefined, id);
    await expect(recipes.suggestTitle(TEXT, user, undefined, id)).rejects.toMatchObject({
      code: "run_exists",
    });
    expect(await entry()).toMatchObject({ id, status: "completed" });
    expect(openai.requests).toHaveLength(1);
  });
});

describe("the cron job", () => {
  const run = (authorization = "Bearer cron-secret-not-real") => {
    vi.stubEnv("CRON_TEAM", team);
    return recipes.digest(
      new Request("http://localhost:3000/api/cron/digest", { headers: { authorization } }),
    );
  };

  it("runs on the team's key, and is nobody's in the ledger", async () => {
    await db.hold({ type: "team", id: team }, "OPENAI_API_KEY", "sk-team");
    const reply = await run();
    expect(await reply.json()).toEqual({ title: expect.stringMatching(NOTICE) });
    expect(await entry()).toMatchObject({
      user_id: null,
      team_id: team,
      source: "team",
      status: "completed",
    });
  });

  it("never runs on a person's key, and says so", async () => {
    await db.hold(own(), "OPENAI_API_KEY", "sk-personal");
    const reply = await run();
    expect(reply.status).toBe(422);
    expect(await reply.json()).toMatchObject({
      code: "no_key",
      detail:
        "A job that nobody is signed in for can't use personal keys. Add OPENAI_API_KEY to the team's vault.",
    });
    expect(openai.requests).toEqual([]);
  });

  it("doesn't run for anyone who doesn't know the secret", async () => {
    await db.hold({ type: "team", id: team }, "OPENAI_API_KEY", "sk-team");
    for (const said of ["", "Bearer ", "Bearer wrong", "cron-secret-not-real"])
      expect((await run(said)).status).toBe(401);
    vi.stubEnv("CRON_SECRET", "");
    expect((await run("Bearer ")).status).toBe(401);
    vi.stubEnv("CRON_SECRET", "cron-secret-not-real");
    expect(openai.requests).toEqual([]);
  });
});

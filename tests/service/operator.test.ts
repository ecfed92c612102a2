import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { OperatorEventPage, OperatorReport } from "../../lib/operator/types.ts";
import type { SessionUser } from "../../lib/vault/session/session.ts";
import type { Database } from "../../types/database.ts";
import { signInAs, startDatabase } from "./harness.ts";

type NewRun = Database["public"]["Tables"]["reveal_runs"]["Insert"];

const MODEL = "claude-sonnet-5-5";
const DAY_MS = 86_400_000;

let db: Awaited<ReturnType<typeof startDatabase>>;
let routes: Record<"usage" | "key" | "limits" | "events" | "nowhere", Record<string, Handler>>;
let operator: Person;
let viewer: Pick<SessionUser, "id" | "email" | "isEmailConfirmed"> | null;

type Handler = (request: Request) => Promise<Response>;

const person = async () => {
  const id = await db.person();
  const { data } = await db.admin.from("profiles").select("email").eq("user_id", id).single().throwOnError();
  return { id, email: data.email };
};
type Person = Awaited<ReturnType<typeof person>>;

beforeAll(async () => {
  db = await startDatabase();
  operator = await person();
  await db.service({
    platformKey: "sk-ant-test-platform",
    dailyTokens: 1000,
    dailyUsd: "5",
    monthlyUsd: "none",
    operators: `someone@example.com, ${operator.email.toUpperCase()}`,
  });
  signInAs(() => viewer);
  routes = {
    usage: await import("../../app/api/operator/usage/route.ts"),
    key: await import("../../app/api/operator/key/route.ts"),
    limits: await import("../../app/api/operator/limits/route.ts"),
    events: await import("../../app/api/operator/events/route.ts"),
    nowhere: await import("../../app/api/[...path]/route.ts"),
  };
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await db.close();
});
beforeEach(() => {
  viewer = { ...operator, isEmailConfirmed: true };
});

/** Asks a route, as Next would. */
async function ask(route: keyof typeof routes, method = "GET", query = "", body?: unknown) {
  const request = new Request(`http://localhost/api/operator/${route}${query}`, {
    method,
    headers: { cookie: "session=1", ...(body !== undefined && { "Content-Type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const reply = await routes[route][method]?.(request);
  if (!reply) throw new Error(`${route} has no ${method}.`);
  return reply;
}

/** The same, where it is to work. */
async function granted<Reply>(...asked: Parameters<typeof ask>): Promise<Reply> {
  const reply = await ask(...asked);
  expect(reply.status, await reply.clone().text()).toBe(200);
  return reply.json();
}

const report = () => granted<OperatorReport>("usage");
const events = (query = "") => granted<OperatorEventPage>("events", "GET", query);
const stop = (is_stopped: boolean) => granted("key", "PATCH", "", { is_stopped });
const limit = (body: object) => ask("limits", "PATCH", "", body);

/** Writes runs on the platform's key past the app. */
async function ran(...runs: Partial<NewRun>[]): Promise<void> {
  const rows = runs.map(
    (run): NewRun => ({
      ...{ kind: "run", model: MODEL, source: "env", status: "completed", input_tokens: 100 },
      ...{ cost_usd: 0.5, cost_exact: true },
      ...run,
    }),
  );
  await db.admin.from("reveal_runs").insert(rows).throwOnError();
}

describe("who is an operator", () => {
  const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
  const everything = async (reply: Response) => ({
    status: reply.status,
    headers: [...reply.headers],
    text: await reply.text(),
  });

  it("somebody with a confirmed address of the list, however it is written", async () => {
    await report();
    viewer = { id: operator.id, email: ` ${operator.email.toUpperCase()}`, isEmailConfirmed: true };
    await report();
    const refused = await ask("usage", "DELETE");
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it.each([
    ["nobody", () => null],
    ["somebody else", () => ({ id: randomUUID(), email: "ann@example.com", isEmailConfirmed: true })],
    ["an address that is not confirmed", () => ({ ...operator, isEmailConfirmed: false })],
    ["no address", () => ({ id: operator.id, email: "", isEmailConfirmed: true })],
  ])("not %s: for them, the API is not there, whatever they send", async (_, who) => {
    viewer = who();
    for (const method of METHODS) {
      const nowhere = await everything(await ask("nowhere", method));
      for (const route of ["usage", "key", "limits", "events"] as const) {
        expect(await everything(await ask(route, method)), `${method} ${route}`).toEqual(nowhere);
      }
    }
    for (const body of [{ is_stopped: true }, { is_stopped: "x".repeat(20_000) }]) {
      const nowhere = await everything(await ask("nowhere", "PATCH", "", body));
      expect(await everything(await ask("key", "PATCH", "", body))).toEqual(nowhere);
    }
    viewer = { ...operator, isEmailConfirmed: true };
    expect((await report()).platform_key.is_stopped).toBe(false);
  });
});

it("is asked for at every address, so that an auth server that is slow or down tells none apart", async () => {
  let asked = 0;
  let isDown = false;
  signInAs(() => {
    asked += 1;
    if (isDown) throw new Error("The auth server does not answer.");
    return { id: randomUUID(), email: "ann@example.com", isEmailConfirmed: true };
  });
  onTestFinished(() => signInAs(() => viewer));
  vi.spyOn(console, "error").mockImplementation(() => {});
  for (isDown of [false, true]) {
    const replies = [];
    for (const route of ["nowhere", "usage", "key", "limits", "events"] as const) {
      asked = 0;
      const { status } = await ask(route);
      replies.push([status, asked]);
    }
    expect(replies).toEqual(Array(5).fill([isDown ? 500 : 404, 1]));
  }
});

it("takes no letter for one of an operator's that only has the same small form", async () => {
  vi.stubEnv("OPERATOR_EMAILS", "kate@example.com");
  vi.resetModules();
  const { isOperator } = await import("../../lib/operator/access.ts");
  expect(isOperator({ email: "KATE@example.com", isEmailConfirmed: true })).toBe(true);
  // The Kelvin sign, whose small form is k.
  expect(isOperator({ email: "\u212aate@example.com", isEmailConfirmed: true })).toBe(false);
});

describe("the report", () => {
  let ann: Person;
  let ben: Person;
  const now = Date.now();

  beforeAll(async () => {
    [ann, ben] = await Promise.all([person(), person()]);
    viewer = { ...operator, isEmailConfirmed: true };
    await ran(
      { user_id: ann.id, cost_usd: 2 },
      { user_id: ann.id, model: "=HYPERLINK(1)", cost_usd: null, cost_exact: false },
      { user_id: ann.id, status: "started", cost_usd: 0.25, cost_exact: false },
      { user_id: ben.id, cost_usd: 1, created_at: new Date(now - 29 * DAY_MS).toISOString() },
      { user_id: ben.id, cost_usd: 64, created_at: new Date(now - 32 * DAY_MS).toISOString() },
      { user_id: ben.id, cost_usd: 32, source: "user", model: "an-own-model" },
      { user_id: null, cost_usd: 0.5 },
    );
    await db.admin
      .from("platform_refusals")
      .insert([
        {
          day: new Date(now).toISOString().slice(0, 10),
          user_id: ben.id,
          reason: "platform_key_off",
          times: 3,
        },
      ])
      .throwOnError();
  });

  it("has sums of the platform's runs alone, against the limits", async () => {
    const found = await report();
    expect(found).toMatchObject({
      platform_key: { is_configured: true, is_stopped: false },
      today: { spent: 2.5, held: 0.25, limit: 5 },
      month: { held: 0.25, limit: null },
      under_way: 1,
      usual_daily_tokens: 1000,
      total: { runs: 5, cost: 3.75, unpriced: 1, inexact: 1 },
      people_count: 3,
      models: [
        { model: MODEL, runs: 4, cost: 3.75 },
        { model: "=HYPERLINK(1)", runs: 1, cost: null },
      ],
      unpriced_models: ["=HYPERLINK(1)"],
      refusals: {
        reasons: [{ reason: "platform_key_off", times: 3, people: 1 }],
        people: [{ email: ben.email, reason: "platform_key_off", times: 3 }],
      },
    });
    expect(found.days.map(({ cost }) => cost)).toEqual([1, 2.75]);
    expect(found.people.map(({ email, cost, runs }) => [email, cost, runs])).toEqual([
      [ann.email, 2.25, 3],
      [ben.email, 1, 1],
      [null, 0.5, 1],
    ]);
    // Both signed up just now; ben has run something of their own, too.
    expect(new Map(found.newcomers.map(({ email, cost }) => [email, cost]))).toEqual(
      new Map([
        [ann.email, 2.25],
        [ben.email, 1],
      ]),
    );
    expect(JSON.stringify(found)).not.toMatch(/an-own-model|"name":"[A-Z_]+KEY/);
  });

  it("has a line for each day, person and model as a file, in which no model is a formula", async () => {
    const reply = await ask("usage", "GET", "?format=csv");
    expect(reply.headers.get("content-disposition")).toMatch(
      /^attachment; filename="platform-usage-.+\.csv"$/,
    );
    expect(reply.headers.get("cache-control")).toBe("private, no-store");
    const today = new Date(now).toISOString().slice(0, 10);
    const lines = (await reply.text()).split("\r\n");
    expect(lines).toHaveLength(6);
    expect(lines).toEqual(
      expect.arrayContaining([
        `${today},env,${MODEL},${ann.email},2,200,0,0,0,2.25,0,1`,
        `${today},env,'=HYPERLINK(1),${ann.email},1,100,0,0,0,,1,0`,
        `${today},env,${MODEL},Deleted account,1,100,0,0,0,0.5,0,0`,
      ]),
    );
  });

  it("shows the hundred with the highest costs, and the file has all", async () => {
    await ran(
      ...Array.from({ length: 1_050 }, (_, index) => ({
        user_id: ben.id,
        model: `model-${index}`,
        cost_usd: index / 1_000_000,
        created_at: new Date(now - 5 * DAY_MS).toISOString(),
      })),
    );
    const { models } = await report();
    expect(models).toHaveLength(100);
    expect(models[0]?.model).toBe(MODEL);
    expect(models[1]?.model).toBe("model-1049");
    const file = await (await ask("usage", "GET", "?format=csv")).text();
    expect(new Set(file.match(/model-\d+/g)).size).toBe(1_050);
  });
});

describe("what operators change", () => {
  it("stops and resumes the key, and writes who did", async () => {
    const { enter } = await import("../../lib/ledger/enter.ts");
    const { Meter } = await import("../../lib/vault-usage/meter.ts");
    const { CALLS } = await import("../../lib/reveal/model.ts");
    const run = async () => {
      const meter = new Meter({ ...CALLS.run, model: MODEL, text: "Sing", source: "env" });
      return enter({ userId: await db.person(), teamId: null, ...CALLS.run, only: "env" }, meter);
    };
    const before = (await events()).events.length;
    await stop(true);
    await stop(true);
    await expect(run()).rejects.toMatchObject({ code: "platform_key_off" });
    expect((await report()).platform_key).toEqual({
      is_configured: true,
      is_stopped: true,
      changed: { by: { email: operator.email, is_you: true }, at: expect.stringMatching(/Z$/) },
    });
    await stop(false);
    await expect(run()).resolves.toMatchObject({ id: expect.any(String) });
    const page = await events();
    expect(page.events).toHaveLength(before + 2);
    expect(page.events.slice(0, 2)).toMatchObject([
      { action: "resumed", actor: { is_you: true }, subject: null, daily_tokens: null },
      { action: "stopped", actor: { is_you: true }, subject: null, daily_tokens: null },
    ]);
  });

  it("sets a person's limit by address or id, and takes it away again", async () => {
    const cid = await person();
    const byEmail = await limit({ email: ` ${cid.email.toUpperCase()} `, daily_tokens: 5 });
    expect(await byEmail.json()).toEqual({ user_id: cid.id, own_limit: { daily_tokens: 5 } });
    expect((await report()).limits).toMatchObject([{ email: cid.email, own_limit: { daily_tokens: 5 } }]);
    for (const daily_tokens of [0, null, "usual"]) {
      expect((await limit({ user_id: cid.id, daily_tokens })).status).toBe(200);
    }
    expect((await report()).limits).toEqual([]);
    const subject = { email: cid.email };
    expect((await events()).events.slice(0, 4)).toMatchObject([
      { action: "limit_removed", subject, daily_tokens: null },
      { action: "limit_set", subject, daily_tokens: null },
      { action: "limit_set", subject, daily_tokens: 0 },
      { action: "limit_set", subject, daily_tokens: 5 },
    ]);
  });

  it.each([{ email: "nobody@example.com" }, { user_id: randomUUID() }])(
    "says so of somebody who is not here: %o",
    async (whose) => {
      const before = await events();
      const reply = await limit({ ...whose, daily_tokens: 1 });
      expect(await reply.json()).toMatchObject({ status: 404, code: "person_not_found" });
      expect(await events()).toEqual(before);
    },
  );

  it.each([
    {},
    { daily_tokens: 1 },
    { email: "a@example.com" },
    { email: "a@example.com", user_id: randomUUID(), daily_tokens: 1 },
    ...[-1, 1.5, 1e12, "1", "none", true].map((daily_tokens) => ({ email: "a@example.com", daily_tokens })),
    { email: "", daily_tokens: 1 },
    { user_id: "x", daily_tokens: 1 },
    { email: "a@example.com", daily_tokens: 1, is_default: true },
  ])("takes no limit such as %o", async (body) => {
    expect(await (await limit(body)).json()).toMatchObject({ status: 400, code: "invalid_request" });
  });

  it("lists what operators did, page by page", async () => {
    for (let index = 0; index < 12; index += 1) {
      await stop(true);
      await stop(false);
    }
    const first = await events();
    expect(first.events).toHaveLength(20);
    const second = await events(`?before=${first.next}`);
    const all = [...first.events, ...second.events];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(24);
    expect(all.map(({ created_at }) => created_at)).toEqual(
      all
        .map(({ created_at }) => created_at)
        .toSorted()
        .reverse(),
    );
    viewer = { ...operator, id: randomUUID(), isEmailConfirmed: true };
    expect((await events()).events[0]?.actor).toEqual({ email: operator.email, is_you: false });
  });
});

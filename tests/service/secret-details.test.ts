import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import type { WebhookEvent } from "../../lib/webhooks/types.ts";
import { type StandIn, startAnthropicStandIn } from "../support/anthropic-standin.ts";
import { eventually } from "../support/eventually.ts";
import { startWebhookReceiver, verified, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { interceptDatabase, signInAs, startDatabase } from "./harness.ts";

// What is known about a value apart from the value: how the app's own code enters it, and who hears of it.

const KEY = "ANTHROPIC_API_KEY";
const EVENT: WebhookEvent = "vault.secret.expiring";
const DAY = 86_400_000;

let db: Awaited<ReturnType<typeof startDatabase>>;
let provider: StandIn;
let receiver: WebhookReceiver;
let app: Awaited<ReturnType<typeof start>>;
let person: string;
let own: Owner;

/** The app's routes as a fresh server process has them. */
async function start() {
  const service = await db.service({ provider: provider.url, allowPrivate: true });
  signInAs(() => person);
  return {
    service,
    routes: {
      vault: (await import("../../app/api/vault/route.ts")).POST,
      "vault/check": (await import("../../app/api/vault/check/route.ts")).POST,
      "reveal/run": (await import("../../app/api/reveal/run/route.ts")).POST,
    },
    addWebhook: (await import("../../lib/webhooks/store.ts")).addWebhook,
    listExposures: (await import("../../lib/activity/exposures.ts")).listExposures,
    ...(await import("../../lib/alerts/expiring.ts")),
    ...(await import("../../lib/vault/details.ts")),
  };
}

beforeAll(async () => {
  [db, provider, receiver] = await Promise.all([
    startDatabase(),
    startAnthropicStandIn({ pace: 0 }),
    startWebhookReceiver(),
  ]);
});
afterAll(() => Promise.all([db.close(), provider.close(), receiver.close()]));
beforeEach(async () => {
  // A process of its own for each test: what it did within the hour is in its memory.
  app = await start();
  person = await db.person();
  own = { type: "user", id: person };
  receiver.received.length = 0;
});

async function ask(path: keyof typeof app.routes, body: object) {
  const request = new Request(`http://localhost:3000/api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Cookie: "any" },
    body: JSON.stringify(body),
  });
  const reply = await app.routes[path](request);
  return { status: reply.status, text: await reply.text() };
}
const check = async () => {
  const { status, text } = await ask("vault/check", { key: KEY });
  return { status, ...JSON.parse(text) };
};
const detailsOf = async (owner = own, key = KEY) =>
  (await app.service.getSecretMetadata(owner, key))?.details;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
/** Answers of another provider than the one that this server asks. */
const stub = (body: object, headers = {}) => {
  const pass = globalThis.fetch;
  vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) =>
    String(input).startsWith(provider.url)
      ? Promise.resolve(Response.json(body, { headers }))
      : pass(input, init),
  );
};

describe("a check", () => {
  it("keeps what the provider said, until there is a new value", async () => {
    await app.service.setSecret(own, { key: KEY, value: "sk-works" });
    stub({ data: [] }, { "anthropic-organization-id": "acme" });
    expect(await check()).toEqual({
      ...{ status: 200, result: "works", detail: "Anthropic accepts this key." },
      ...{ checked_at: expect.any(String), facts: { account: "acme" }, expires_at: null },
    });
    vi.unstubAllGlobals();
    expect(await detailsOf()).toMatchObject({ check_result: "works", check_facts: { account: "acme" } });
    expect((await detailsOf())?.checked_at).not.toBeNull();
    await app.service.setSecret(own, { key: KEY, value: "sk-refused" });
    expect(await detailsOf()).toMatchObject({ check_result: null, check_facts: null, checked_at: null });
    expect(await check()).toMatchObject({ result: "refused", facts: {} });
    expect(await detailsOf()).toMatchObject({ check_result: "refused", check_facts: {} });
  });

  it("that finds nothing out leaves what was known", async () => {
    await app.service.setSecret(own, { key: KEY, value: "sk-works" });
    await check();
    const before = await detailsOf();
    vi.stubGlobal(
      "fetch",
      (
        (pass) => (input: RequestInfo | URL, init?: RequestInit) =>
          String(input).startsWith(provider.url) ? Promise.reject(new Error("down")) : pass(input, init)
      )(fetch),
    );
    expect(await check()).toMatchObject({ result: "unreachable", facts: {}, expires_at: null });
    vi.unstubAllGlobals();
    expect(await detailsOf()).toEqual(before);
  });

  it("is answered though what it found out cannot be kept, which is a line in the log", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    await app.service.setSecret(own, { key: KEY, value: "sk-works" });
    interceptDatabase(async (_, pass, path) =>
      path.endsWith("/enter_check") ? Response.json({ code: "57014" }, { status: 500 }) : pass(),
    );
    expect(await check()).toMatchObject({ status: 200, result: "works" });
    expect(log.mock.calls.map(([line]) => JSON.parse(line))).toMatchObject([
      { code: "vault_unavailable", cause_code: "57014" },
    ]);
    vi.unstubAllGlobals();
    expect((await detailsOf())?.checked_at).toBeNull();
    log.mockRestore();
  });

  it("fills in when the key expires, but for a date that a person set", async () => {
    await app.service.setSecret(own, { key: "GITHUB_TOKEN", value: "github-EXAMPLE-NOT-REAL" });
    const enter = (expiresAt: string | null) =>
      app.enterCheck(own, "GITHUB_TOKEN", new Date(Date.now() + 1_000), {
        result: "works",
        facts: {},
        expiresAt,
      });
    await enter("2031-01-01T00:00:00.000Z");
    const expiry = async () => (await detailsOf(own, "GITHUB_TOKEN"))?.expires_at;
    expect(await expiry()).toBe("2031-01-01T00:00:00.000000Z");
    await app.service.setSecret(own, { key: "GITHUB_TOKEN", expires_at: "2030-01-01T00:00:00Z" });
    await enter("2032-01-01T00:00:00.000Z");
    expect(await expiry()).toBe("2030-01-01T00:00:00.000000Z");
  });
});

describe("a use", () => {
  const usesEntered = () => {
    let count = 0;
    interceptDatabase(async (_, pass, path) => {
      const reply = await pass();
      if (path.endsWith("/enter_use")) count += 1;
      return reply;
    });
    return () => count;
  };

  it("is entered once an hour for each value, by runs, features and people alike", async () => {
    await app.service.setSecret(own, { key: KEY, value: "sk-works" });
    const entered = usesEntered();
    await app.service.getSecret(own, KEY);
    await app.service.explainResolution(person, null, KEY);
    expect(entered()).toBe(0);
    await ask("reveal/run", { prompt: "Why?" });
    await eventually(() => expect(entered()).toBe(1));
    await app.service.resolveSecret(person, null, KEY);
    await app.service.getSecretForUse({ userId: person, owner: own, key: KEY, action: "revealed" });
    await app.service.setSecret(own, { key: KEY, value: "sk-works-new" });
    expect((await detailsOf())?.last_used_at).toBeNull();
    await app.service.resolveSecret(person, null, KEY);
    await eventually(() => expect(entered()).toBe(2));
    await eventually(async () => expect((await detailsOf())?.last_used_at).not.toBeNull());
    vi.unstubAllGlobals();
  });

  it("that is revealed is one, and a check is none", async () => {
    await app.service.setSecret(own, { key: KEY, value: "sk-works" });
    const use = { userId: person, owner: own, key: KEY };
    await app.service.getSecretForUse({ ...use, action: "checked" });
    const entered = usesEntered();
    await app.service.getSecretForUse({ ...use, action: "revealed" });
    await eventually(() => expect(entered()).toBe(1));
    vi.unstubAllGlobals();
  });

  it("takes place though it cannot be entered, and the next one tries again", async () => {
    await app.service.setSecret(own, { key: KEY, value: "sk-works" });
    let tries = 0;
    interceptDatabase(async (_, pass, path) => {
      if (!path.endsWith("/enter_use")) return pass();
      tries += 1;
      return Response.json({ code: "57014" }, { status: 500 });
    });
    for (const count of [1, 2]) {
      expect(await app.service.resolveSecret(person, null, KEY)).toBe("sk-works");
      await eventually(() => expect(tries).toBe(count));
      // The failure has been noted by the time that another reply has come.
      await app.service.listSecrets(own);
    }
    vi.unstubAllGlobals();
  });
});

describe("a key that expires", () => {
  const listen = (owner: Owner = own, events: WebhookEvent[] = [EVENT]) =>
    app.addWebhook(person, owner, { url: `${receiver.url}/${events[0]}`, description: "", events });
  const store = (key: string, days: number, owner = own) =>
    app.service.setSecret(owner, { key, value: "sk-works", expires_at: inDays(days) });

  it("is a message 14 days before, once for each date, and one for all keys", async () => {
    const { secret } = await listen();
    await store("LATER_KEY", 15);
    await store(KEY, 13);
    await store("GONE_KEY", -1);
    await app.tellOfExpiring(person, own);
    const [request] = await receiver.waitFor(1);
    const [gone, soon] = [await detailsOf(own, "GONE_KEY"), await detailsOf()];
    const message = request && verified(secret, request);
    expect(message).toMatchObject({ type: EVENT, timestamp: expect.any(String) });
    expect((message as { data: object }).data).toEqual({
      keys: ["GONE_KEY", KEY],
      expires_at: [gone?.expires_at, soon?.expires_at],
      owner_type: "user",
      owner_id: person,
    });
    await app.tellOfExpiring(person, own);
    await store(KEY, 12);
    await app.tellOfExpiring(person, own);
    const [, second] = await receiver.waitFor(2);
    expect(JSON.parse(second?.body ?? "").data.keys).toEqual([KEY]);
    await app.tellOfExpiring(person, own);
    expect(receiver.received).toHaveLength(2);
  });

  it("waits for a webhook that wants to hear of it, however late that is added", async () => {
    await store(KEY, 3);
    await app.tellOfExpiring(person, own);
    await listen(own, ["vault.secret.deleted"]);
    await app.tellOfExpiring(person, own);
    await listen();
    await app.tellOfExpiring(person, own);
    await receiver.waitFor(1);
    expect(receiver.received).toHaveLength(1);
  });

  it("of a team is its webhooks' to hear, and nobody else's", async () => {
    const team: Owner = { type: "team", id: await db.team({ [person]: "admin" }) };
    await listen(team);
    await listen();
    await store(KEY, 3, team);
    await app.tellOfExpiring(person, team);
    const [request] = await receiver.waitFor(1);
    expect(JSON.parse(request?.body ?? "").data).toMatchObject({ owner_type: "team", owner_id: team.id });
    await app.tellOfExpiring(person, own);
    expect(receiver.received).toHaveLength(1);
  });

  it("is announced when its date is entered, and when it runs", async () => {
    await listen();
    await ask("vault", { key: "OPENAI_API_KEY", value: "sk-proj-EXAMPLE-NOT-REAL", expires_at: inDays(2) });
    await receiver.waitFor(1);
    await store(KEY, 2);
    await ask("reveal/run", { prompt: "Why?" });
    const [, request] = await receiver.waitFor(2);
    expect(JSON.parse(request?.body ?? "").data.keys).toEqual([KEY]);
  });

  it("is no question to the database where no date is near", async () => {
    await store(KEY, 20);
    expect(app.hasExpiring(await app.service.listSecrets(own))).toBe(false);
    await store(KEY, 10);
    expect(app.hasExpiring(await app.service.listSecrets(own))).toBe(true);
  });

  it("that cannot be looked up is a line in the log", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    await listen();
    await store(KEY, 3);
    interceptDatabase(async (_, pass, path) =>
      path.endsWith("/claim_expiring") ? Response.json({ code: "57014" }, { status: 500 }) : pass(),
    );
    await app.tellOfExpiring(person, own);
    vi.unstubAllGlobals();
    expect(log.mock.calls.map(([line]) => JSON.parse(line))).toMatchObject([{ code: "vault_unavailable" }]);
    log.mockRestore();
    await app.tellOfExpiring(person, own);
    await receiver.waitFor(1);
  });
});

describe("a use-only key of a team", () => {
  it("was seen by nobody who left, but is known to who entered it", async () => {
    const [admin, other] = [person, await db.person()];
    const team: Owner = { type: "team", id: await db.team({ [admin]: "admin", [other]: "admin" }) };
    person = admin;
    const entry = { key: KEY, value: "sk-works", use_only: true, team_id: team.id };
    expect((await ask("vault", entry)).status).toBe(201);

    const use = { userId: other, owner: team, key: KEY } as const;
    for (const isCopy of [false, true]) {
      const seen = app.service.getSecretForUse({ ...use, action: "revealed", isCopy });
      await expect(seen).rejects.toMatchObject({ code: "secret_use_only", status: 403 });
    }
    expect(await app.service.getSecretForUse({ ...use, action: "checked" })).toBe("sk-works");
    expect(await app.service.resolveSecret(other, team.id, KEY)).toBe("sk-works");

    const leave = (id: string) =>
      db.admin.from("team_members").delete().eq("team_id", team.id).eq("user_id", id).throwOnError();
    await leave(other);
    expect(await app.listExposures(team.id)).toEqual([]);
    const third = await db.person();
    await db.admin
      .from("team_members")
      .insert({ team_id: team.id, user_id: third, role: "admin" })
      .throwOnError();
    await leave(admin);
    expect(await app.listExposures(team.id)).toMatchObject([{ user_id: admin, key: KEY }]);
  });
});

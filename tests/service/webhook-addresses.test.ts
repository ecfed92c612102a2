import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import { sealPlainAddresses } from "../../lib/webhooks/sealed.ts";
import { eventually } from "../support/eventually.ts";
import { startWebhookReceiver } from "../support/webhook-receiver.ts";
import { interceptDatabase, signInAs, startDatabase } from "./harness.ts";

/** In an address that holds a secret, as those of Slack do. */
const CANARY = "T0AD/B0AD/canary-in-an-address";
const URL_BEFORE = `https://hooks.example.com/services/${CANARY}`;
const SHOWN = "https://hooks.example.com/…";

let db: Awaited<ReturnType<typeof startDatabase>>;
let user: Owner;
let team: Owner;
let webhooks: Awaited<ReturnType<typeof start>>;

/** The webhooks as a fresh server process has them. */
async function start(changes: Parameters<typeof db.service>[0] = {}) {
  await db.service({ allowPrivate: true, ...changes });
  (await import("../../lib/env.ts")).env();
  return {
    ...(await import("../../lib/webhooks/store.ts")),
    ...(await import("../../lib/webhooks/url.ts")),
    ...(await import("../../lib/webhooks/deliver.ts")),
    crypto: await import("../../lib/vault/crypto.ts"),
    secret: await import("../../lib/webhooks/secret.ts"),
  };
}

beforeAll(async () => {
  db = await startDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.admin.from("webhooks").delete().neq("address", "").throwOnError();
  webhooks = await start();
  user = { type: "user", id: await db.person() };
  team = { type: "team", id: await db.team({ [user.id]: "admin" }) };
});

const settings = (url: string) => ({ url, description: "", events: ["reveal.failed" as const] });
const rows = async () =>
  (await db.admin.from("webhooks").select("*").order("id").throwOnError()).data.map(({ ...row }) => row);
const plain = async () => (await rows()).filter(({ url }) => url !== null).length;

/** Stores webhooks as the version from before did. */
async function storeBefore(count: number, url = URL_BEFORE): Promise<string[]> {
  const made = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    user_id: user.id,
    url: `${url}/${index}`,
  }));
  const sealed = await Promise.all(
    made.map(async (row) => ({
      ...row,
      encrypted_secret: await webhooks.secret.sealSigningSecret(row.id, webhooks.secret.newSigningSecret()),
    })),
  );
  await db.admin.from("webhooks").insert(sealed).throwOnError();
  return made.map(({ id }) => id);
}

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    ({ code }) => code,
  );

describe("a webhook from before addresses were sealed", () => {
  it("is sealed in its place, and its owner sees and reaches the same address", async () => {
    const [id = ""] = await storeBefore(1);
    const before = await rows();
    expect(JSON.stringify(before)).toContain(CANARY);
    await webhooks.sealRest();
    const after = await rows();
    expect(JSON.stringify(after)).not.toContain(CANARY);
    expect(after).toEqual([{ ...before[0], url: null, encrypted_url: expect.any(String), address: SHOWN }]);
    expect(await webhooks.revealUrl(user.id, user, id)).toBe(`${URL_BEFORE}/0`);
    expect(await codeOf(webhooks.addWebhook(user.id, user, settings(`${URL_BEFORE}/0`)))).toBe(
      "webhook_exists",
    );
    await webhooks.sealRest();
    expect(await rows()).toEqual(after);
  });

  it("is sealed by two processes at once, each row once", async () => {
    const ids = await storeBefore(12);
    const other = await start();
    await Promise.all([webhooks.sealRest(), other.sealRest()]);
    expect(await plain()).toBe(0);
    const urls = await Promise.all(ids.map((id) => webhooks.revealUrl(user.id, user, id)));
    expect(urls).toEqual(ids.map((_, index) => `${URL_BEFORE}/${index}`));
  });

  it("is sealed by the next process where one ended halfway", async () => {
    const ids = await storeBefore(12);
    let left = 5;
    const ending = {
      ...webhooks.crypto,
      encrypt: async (text: string) => {
        left -= 1;
        if (left < 0) throw new Error("killed");
        return webhooks.crypto.encrypt(text);
      },
    };
    await expect(sealPlainAddresses(db.admin, ending)).rejects.toThrow("killed");
    await eventually(async () => expect(await plain()).toBe(7));
    // Both kinds are in use, in one list and each with its own address.
    expect(await webhooks.listWebhooks(user)).toHaveLength(12);
    const urls = await Promise.all(ids.map((id) => webhooks.revealUrl(user.id, user, id)));
    expect(urls).toEqual(ids.map((_, index) => `${URL_BEFORE}/${index}`));
    await webhooks.sealRest();
    expect(await plain()).toBe(0);
  });

  it("is not replaced by what does not open again, nor where its address has changed meanwhile", async () => {
    const [id = ""] = await storeBefore(1);
    const broken = { ...webhooks.crypto, encrypt: async () => webhooks.crypto.encrypt("something else") };
    await expect(sealPlainAddresses(db.admin, broken)).rejects.toThrow("No address was replaced.");
    expect(await webhooks.revealUrl(user.id, user, id)).toBe(`${URL_BEFORE}/0`);
    const meddling = {
      ...webhooks.crypto,
      encrypt: async (text: string) => {
        await db.admin
          .from("webhooks")
          .update({ url: `${URL_BEFORE}/moved` })
          .eq("id", id)
          .throwOnError();
        return webhooks.crypto.encrypt(text);
      },
    };
    await sealPlainAddresses(db.admin, meddling);
    expect(await webhooks.revealUrl(user.id, user, id)).toBe(`${URL_BEFORE}/moved`);
    // As does an instance of the version from before, for as long as it runs beside this one.
    await webhooks.sealRest();
    const late = { url: `${URL_BEFORE}/late` };
    await db.admin.from("webhooks").update(late).eq("id", id).throwOnError();
    expect(await webhooks.revealUrl(user.id, user, id)).toBe(late.url);
    await webhooks.listWebhooks(user);
    await eventually(async () => expect(await plain()).toBe(0));
    expect(await webhooks.revealUrl(user.id, user, id)).toBe(late.url);
  });

  it("is sent to while it cannot be sealed, and is sealed once that works", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    const receiver = await startWebhookReceiver();
    onTestFinished(() => receiver.close());
    const [id = ""] = await storeBefore(1, receiver.url);
    let isOut = true;
    interceptDatabase(async (_method, pass, path) =>
      isOut && path.endsWith("/rpc/seal_webhook_address")
        ? Response.json({ code: "57014" }, { status: 500 })
        : pass(),
    );
    await webhooks.sealRest();
    expect(log.mock.calls.flat().map((line) => JSON.parse(line))).toMatchObject([
      { code: "webhooks_unavailable", cause_code: "57014" },
    ]);
    expect(log.mock.calls.flat().join()).not.toContain("/hook");
    expect(await webhooks.sendTest(user, id)).toMatchObject({ status: "delivered" });
    expect(receiver.received).toMatchObject([{ path: "/hook/0" }]);
    isOut = false;
    await webhooks.listWebhooks(user);
    await eventually(async () => expect(await plain()).toBe(0));
    expect(await webhooks.sendTest(user, id)).toMatchObject({ status: "delivered" });
    expect(receiver.received).toHaveLength(2);
  });

  it("is sealed once something is told of as well", async () => {
    const receiver = await startWebhookReceiver();
    onTestFinished(() => receiver.close());
    await storeBefore(1, receiver.url);
    const waits = [0];
    const data = { keys: ["A"] };
    await webhooks.tellWebhooks({
      owner: user,
      personId: user.id,
      event: "vault.secret.created",
      data,
      waits,
    });
    expect(receiver.received).toHaveLength(1);
    await eventually(async () => expect(await plain()).toBe(0));
  });
});

describe("an address", () => {
  it("is in no row, list or reply but the one that asks for it", async () => {
    const { secret: _, ...added } = await webhooks.addWebhook(user.id, team, settings(URL_BEFORE));
    expect(added.address).toBe(SHOWN);
    const changed = await webhooks.changeWebhook(user.id, team, added.id, { description: "x" });
    const moved = await webhooks.changeWebhook(user.id, team, added.id, { url: `${URL_BEFORE}/2` });
    const listed = await webhooks.listWebhooks(team);
    expect(JSON.stringify([added, changed, moved, listed, await rows()])).not.toContain("canary");
    expect(await webhooks.revealUrl(user.id, team, added.id)).toBe(`${URL_BEFORE}/2`);
  });

  it("that is the present one leaves the row as it is, and another one is sealed anew", async () => {
    const { id } = await webhooks.addWebhook(user.id, user, settings(URL_BEFORE));
    const [before] = await rows();
    await webhooks.changeWebhook(user.id, user, id, { url: URL_BEFORE });
    expect(await rows()).toEqual([before]);
    await webhooks.changeWebhook(user.id, user, id, { url: "https://other.example.com" });
    expect(await rows()).toMatchObject([{ address: "https://other.example.com", url: null }]);
    expect((await rows())[0]?.encrypted_url).not.toBe(before?.encrypted_url);
  });

  it("that was moved from another row or column, or changed, is unreadable, and nothing is sent there", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    const receiver = await startWebhookReceiver();
    onTestFinished(() => receiver.close());
    const one = await webhooks.addWebhook(user.id, user, settings(`${receiver.url}/1`));
    const two = await webhooks.addWebhook(user.id, user, settings(`${receiver.url}/2`));
    const stored = (await rows()).find(({ id }) => id === two.id);
    for (const encrypted_url of [stored?.encrypted_url, stored?.encrypted_secret, "v1.x", URL_BEFORE]) {
      if (!encrypted_url) return expect.unreachable();
      await db.admin.from("webhooks").update({ encrypted_url }).eq("id", one.id).throwOnError();
      expect(await codeOf(webhooks.revealUrl(user.id, user, one.id))).toBe("webhook_address_unreadable");
      expect(await webhooks.sendTest(user, one.id)).toMatchObject({
        status: "failed",
        error: "secret_unreadable",
      });
    }
    expect(receiver.received).toEqual([]);
    // A new one repairs it.
    await webhooks.changeWebhook(user.id, user, one.id, { url: `${receiver.url}/3` });
    expect(await webhooks.sendTest(user, one.id)).toMatchObject({ status: "delivered" });
  });

  it("is told over HTTP to an admin of its team alone, who asks for it from the app's own pages", async () => {
    const [member, stranger] = [await db.person(), await db.person()];
    await db.admin
      .from("team_members")
      .insert({ team_id: team.id, user_id: member, role: "member" })
      .throwOnError();
    const { id } = await webhooks.addWebhook(user.id, team, settings(URL_BEFORE));
    const { GET, HEAD } = await import("../../app/api/webhooks/route.ts");
    let who = user.id;
    signInAs(() => who);
    const ask = async (query: string, headers: Record<string, string> = {}) => {
      const reply = await GET(new Request(`http://localhost:3000/api/webhooks?${query}`, { headers }));
      return { status: reply.status, cache: reply.headers.get("cache-control"), json: await reply.json() };
    };
    const reveal = `team_id=${team.id}&id=${id}&reveal=true`;
    expect(await ask(reveal)).toEqual({
      status: 200,
      cache: "private, no-store",
      json: { id, url: URL_BEFORE },
    });
    expect(await ask(reveal, { "sec-fetch-site": "cross-site" })).toMatchObject({
      status: 403,
      json: { code: "cross_origin" },
    });
    for (const query of [`id=${id}`, "reveal=true", `id=${id}&reveal=false`, `id=x&reveal=true`]) {
      expect(await ask(query)).toMatchObject({ status: 400, json: { code: "invalid_request" } });
    }
    expect(await ask(`id=${id}&reveal=true`)).toMatchObject({ json: { code: "webhook_not_found" } });
    expect(JSON.stringify(await ask(`team_id=${team.id}`))).not.toContain("canary");
    who = member;
    expect(await ask(reveal)).toMatchObject({ json: { code: "team_role_required" } });
    who = stranger;
    expect(await ask(reveal)).toMatchObject({ json: { code: "team_not_found" } });
    expect(HEAD().status).toBe(405);
  });
});

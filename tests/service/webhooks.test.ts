import { randomUUID } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import { WEBHOOK_EVENTS } from "../../lib/webhooks/types.ts";
import { verified } from "../support/webhook-receiver.ts";
import { signInAs } from "./harness.ts";
import {
  actorOf,
  codeOf,
  db,
  receiver,
  rowsOf,
  signed,
  start,
  team,
  user,
  webhooks,
} from "./webhook-harness.ts";

describe("a person who tries", () => {
  it("sends a test, which says so, once, also where it is paused", async () => {
    receiver.answer = { status: 500, body: "Not yet." };
    const webhook = await webhooks.add(user);
    await webhooks.changeWebhook(user.id, user, webhook.id, { paused: true });
    const delivery = await webhooks.sendTest(user, webhook.id);
    expect(delivery).toMatchObject({
      event: "webhook.test",
      attempt: 1,
      status: "failed",
      response_status: 500,
      response_excerpt: "Not yet.",
    });
    const [request] = await receiver.waitFor(1);
    if (!request) return expect.unreachable();
    expect(verified(webhook.secret, request)).toEqual({
      type: "webhook.test",
      timestamp: expect.any(String),
      data: { webhook_id: webhook.id },
    });
    expect(receiver.received).toHaveLength(1);
  });

  it("sends a message again, with its id and as its next attempt, also where it is paused", async () => {
    receiver.answer = { status: 500 };
    const webhook = await webhooks.add(user);
    await webhooks.tell(user);
    await webhooks.changeWebhook(user.id, user, webhook.id, { paused: true });
    receiver.answer = { status: 200 };
    const [, , oldest] = await webhooks.listDeliveries(webhook.id);
    const again = await webhooks.resend(user, webhook.id, oldest?.id ?? "");
    expect(again).toMatchObject({ attempt: 4, status: "delivered", message_id: oldest?.message_id });
    expect(new Set(receiver.received.map((request) => JSON.stringify(signed(request)))).size).toBe(1);
    expect(await webhooks.resend(user, webhook.id, again.id)).toMatchObject({ attempt: 5 });
    const after = await webhooks.readWebhook(user, webhook.id);
    expect(after).toMatchObject({ failures: 0, pause_reason: "person" });
  });

  it("finds nobody else's webhook or delivery, and none that is not there", async () => {
    const stranger: Owner = { type: "user", id: await db.person() };
    const mine = await webhooks.add(user);
    const second = await webhooks.add(user, "/second");
    const delivery = await webhooks.sendTest(user, mine.id);
    receiver.received.length = 0;
    for (const [owner, id] of [
      [stranger, mine.id],
      [team, mine.id],
      [{ type: "team", id: user.id } as const, mine.id],
      [user, randomUUID()],
    ] as const) {
      for (const call of [
        () => webhooks.readWebhook(owner, id),
        () => webhooks.changeWebhook(actorOf(owner), owner, id, { paused: true }),
        () => webhooks.changeWebhook(actorOf(owner), owner, id, { url: receiver.url }),
        () => webhooks.revealUrl(actorOf(owner), owner, id),
        () => webhooks.renewSigningSecret(actorOf(owner), owner, id),
        () => webhooks.sendTest(owner, id),
        () => webhooks.resend(owner, id, delivery.id),
        () => webhooks.deleteWebhook(actorOf(owner), owner, id),
      ]) {
        const isTeam = owner.type === "team" && owner.id !== team.id;
        expect(await codeOf(call())).toEqual(
          isTeam ? expect.stringMatching(/^(webhook|team)_not_found$/) : "webhook_not_found",
        );
      }
    }
    for (const [webhook, id] of [
      [second, delivery.id],
      [mine, randomUUID()],
    ] as const) {
      expect(await codeOf(webhooks.resend(user, webhook.id, id))).toBe("delivery_not_found");
    }
    expect(receiver.received).toEqual([]);
    const { secret: _, ...listed } = mine;
    expect(await webhooks.readWebhook(user, mine.id)).toEqual({
      ...listed,
      last_delivered_at: expect.any(String),
    });
  });
});

describe("the list of webhooks", () => {
  it("holds everything but the signing secret and the whole address, of which no plaintext is stored", async () => {
    const { secret, ...webhook } = await webhooks.add(team);
    const renewed = await webhooks.renewSigningSecret(user.id, team, webhook.id);
    expect(renewed.secret).not.toBe(secret);
    expect(await webhooks.listWebhooks(team)).toEqual([webhook]);
    expect(Object.keys(webhook).sort()).toEqual(
      "address created_at description events failures id last_delivered_at pause_is_unseen pause_reason".split(
        " ",
      ),
    );
    await webhooks.sendTest(team, webhook.id);
    const { data } = await db.admin.from("webhooks").select("*").eq("id", webhook.id).single().throwOnError();
    expect(data).toMatchObject({ user_id: null, team_id: team.id, encrypted_secret: expect.any(String) });
    const stored = JSON.stringify([data, await rowsOf(webhook)]);
    expect(webhook.address).toBe(`${new URL(receiver.url).origin}/…`);
    expect(stored).not.toContain("/hook");
    for (const text of [secret, renewed.secret]) {
      expect(stored).not.toContain(text);
      expect(stored).not.toContain(text.slice("whsec_".length));
    }
  });

  it("has each address once for an owner", async () => {
    const webhook = await webhooks.add(user);
    const second = await webhooks.add(user, "/second");
    expect(await codeOf(webhooks.add(user))).toBe("webhook_exists");
    expect(await codeOf(webhooks.changeWebhook(user.id, user, second.id, { url: receiver.url }))).toBe(
      "webhook_exists",
    );
    await webhooks.add(team);
    expect(await codeOf(webhooks.add(team))).toBe("webhook_exists");
    expect((await webhooks.listWebhooks(user)).map(({ id }) => id)).toEqual([webhook.id, second.id]);
  });

  it.each(["user", "team"] as const)("has room for 20 of a %s, also when 25 come at once", async (type) => {
    const owner = type === "user" ? user : team;
    const codes = await Promise.all(
      Array.from({ length: 25 }, (_, index) => codeOf(webhooks.add(owner, `/${index}`))),
    );
    expect(codes.filter((code) => code === null)).toHaveLength(20);
    expect(codes.filter((code) => code === "webhook_limit")).toHaveLength(5);
    expect(await webhooks.listWebhooks(owner)).toHaveLength(20);
  });

  it("is not added or moved by an admin who loses the role while the address is tried out", async () => {
    const leaver = await db.person();
    const { id } = await webhooks.add(team);
    signInAs(() => leaver);
    vi.doMock("@/lib/webhooks/address", () => ({
      requireUsableAddress: () => db.admin.from("team_members").delete().eq("user_id", leaver).throwOnError(),
    }));
    const { POST, PATCH } = await import("../../app/api/webhooks/route.ts");
    vi.doUnmock("@/lib/webhooks/address");
    const url = "https://example.com/left";
    for (const [method, call, body] of [
      ["POST", POST, { url }],
      ["PATCH", PATCH, { id, url }],
    ] as const) {
      await db.admin
        .from("team_members")
        .insert({ team_id: team.id, user_id: leaver, role: "admin" })
        .throwOnError();
      const request = new Request("http://localhost:3000/api/webhooks", {
        method,
        headers: { "Content-Type": "application/json", Cookie: "any" },
        body: JSON.stringify({ ...body, team_id: team.id }),
      });
      expect(await (await call(request)).json()).toMatchObject({ code: "team_not_found" });
    }
    expect(await webhooks.listWebhooks(team)).toHaveLength(1);
    expect(await webhooks.revealUrl(actorOf(team), team, id)).toBe(receiver.url);
  });

  it("keeps one from before there were signing secrets, which is sent to once it has one", async () => {
    const { data: old } = await db.admin
      .from("webhooks")
      .insert({ user_id: user.id, url: receiver.url, pause_reason: "no_secret" })
      .select("id")
      .single()
      .throwOnError();
    await webhooks.tell(user);
    expect(await codeOf(webhooks.sendTest(user, old.id))).toBe("webhook_needs_secret");
    expect(await codeOf(webhooks.changeWebhook(user.id, user, old.id, { paused: false }))).toBe(
      "webhook_needs_secret",
    );
    expect(receiver.received).toEqual([]);
    const renewed = await webhooks.renewSigningSecret(user.id, user, old.id);
    expect(renewed).toMatchObject({ pause_reason: null, events: WEBHOOK_EVENTS });
    await webhooks.tell(user);
    const [request] = receiver.received;
    if (!request) return expect.unreachable();
    verified(renewed.secret, request);
  });
});

describe("without the database", () => {
  it("nothing is sent, nobody waits, and the operator reads one line", async () => {
    await webhooks.add(user);
    const down = await start({ down: true });
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    await expect(down.tell(user)).resolves.toBeUndefined();
    expect(log).toHaveBeenCalledTimes(1);
    expect(JSON.parse(log.mock.calls[0]?.[0])).toMatchObject({
      level: "error",
      code: "webhooks_unavailable",
    });
    log.mockRestore();
    expect(receiver.received).toEqual([]);
    expect(await codeOf(down.listWebhooks(user))).toBe("webhooks_unavailable");
    expect(await codeOf(down.sendTest(user, randomUUID()))).toBe("webhooks_unavailable");
    expect(await codeOf(down.listDeliveries(randomUUID()))).toBe("webhooks_unavailable");
  });
});

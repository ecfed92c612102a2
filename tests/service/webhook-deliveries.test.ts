import { randomUUID } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import type { NewWebhook } from "../../lib/webhooks/schema.ts";
import { WEBHOOK_EVENTS } from "../../lib/webhooks/types.ts";
import { eventually } from "../support/eventually.ts";
import { startWebhookReceiver, verified } from "../support/webhook-receiver.ts";
import { DATA, db, EVENT, receiver, rowsOf, signed, team, user, webhooks } from "./webhook-harness.ts";

// Who is sent what, what is kept of each attempt, and which failures pause a webhook.

describe("those who are told", () => {
  const paths = () => receiver.received.map(({ path }) => path).sort();

  it("are the owner's own webhooks that want this event and are not paused", async () => {
    const other: Owner = { type: "user", id: await db.person() };
    await webhooks.add(user, "/all");
    await webhooks.add(user, "/one", [EVENT]);
    await webhooks.add(user, "/others", ["reveal.failed"]);
    const paused = await webhooks.add(user, "/paused");
    await webhooks.changeWebhook(user.id, user, paused.id, { paused: true });
    await webhooks.add(team, "/team");
    await webhooks.add(other, "/person");
    for (const [owner, told] of [
      [user, ["/hook/all", "/hook/one"]],
      [team, ["/hook/team"]],
      [other, ["/hook/person"]],
      [{ type: "team", id: user.id }, []],
      [{ type: "user", id: team.id }, []],
    ] satisfies [Owner, string[]][]) {
      receiver.received.length = 0;
      await webhooks.tell(owner);
      expect(paths()).toEqual(told);
    }
    await webhooks.changeWebhook(user.id, user, paused.id, { paused: false });
    receiver.received.length = 0;
    await webhooks.tell(user, "reveal.failed");
    expect(paths()).toEqual(["/hook/all", "/hook/others", "/hook/paused"]);
  });

  it("hear the event, its time and its data, each message signed with the webhook's own secret", async () => {
    const first = { ...(await webhooks.add(user, "/1")), path: "/hook/1" };
    const second = { ...(await webhooks.add(user, "/2")), path: "/hook/2" };
    const before = Date.now();
    await webhooks.tell(user);
    for (const { secret, path } of [first, second]) {
      const request = receiver.received.find((received) => received.path === path);
      if (!request) return expect.unreachable();
      const message = verified(secret, request);
      expect(message).toEqual({ type: EVENT, timestamp: expect.any(String), data: DATA });
      expect(new Date(message.timestamp).toISOString()).toBe(message.timestamp);
      expect(Date.parse(message.timestamp)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(message.timestamp)).toBeLessThanOrEqual(Date.now());
      const wrong = path === first.path ? second.secret : first.secret;
      expect(() => verified(wrong, request)).toThrow();
    }
    // One message has one id, whoever is told of it.
    expect(new Set(receiver.received.map((request) => JSON.stringify(signed(request)))).size).toBe(1);
  });

  it("do not wait for one whose receiver is broken", async () => {
    const broken = await startWebhookReceiver();
    broken.answer = () => {};
    await webhooks.addWebhook(user.id, user, { url: broken.url, description: "", events: [EVENT] });
    const good = await webhooks.add(user);
    const telling = webhooks.tell(user, EVENT, [0]);
    await eventually(async () => expect(await rowsOf(good)).toMatchObject([{ status: "delivered" }]));
    await broken.close();
    await telling;
  });
});

describe("an attempt", () => {
  it("is a row before the receiver is asked", async () => {
    const webhook = await webhooks.add(user);
    const seen: unknown[] = [];
    receiver.answer = (reply) => {
      void rowsOf(webhook).then((rows) => {
        seen.push(...rows);
        reply.writeHead(204).end();
      });
    };
    await webhooks.tell(user);
    expect(seen).toEqual([
      expect.objectContaining({ status: "started", attempt: 1, response_status: null, duration_ms: null }),
    ]);
    expect(await rowsOf(webhook)).toMatchObject([{ status: "delivered" }]);
  });

  it("that a crash interrupted is seen as unfinished after 30 seconds, and can be sent again", async () => {
    const webhook = await webhooks.add(user);
    const kept = { message_id: `msg_${randomUUID()}`, payload: JSON.stringify({ type: EVENT, data: DATA }) };
    const { data } = await db.admin
      .from("webhook_deliveries")
      .insert({ webhook_id: webhook.id, event: EVENT, attempt: 1, ...kept })
      .select("id")
      .single()
      .throwOnError();
    const startedBefore = (seconds: number) =>
      db.admin
        .from("webhook_deliveries")
        .update({ created_at: new Date(Date.now() - seconds * 1_000).toISOString() })
        .eq("id", data.id)
        .throwOnError();
    const statuses = async () => (await webhooks.listDeliveries(webhook.id)).map(({ status }) => status);
    await startedBefore(20);
    expect(await statuses()).toEqual(["started"]);
    await startedBefore(31);
    expect(await statuses()).toEqual(["unfinished"]);

    const again = await webhooks.resend(user, webhook.id, data.id);
    expect(again).toMatchObject({ ...kept, attempt: 2, status: "delivered", event: EVENT });
    const [request] = receiver.received;
    if (!request) return expect.unreachable();
    expect(signed(request)).toEqual({ id: kept.message_id, body: kept.payload });
    verified(webhook.secret, request);
    expect(await statuses()).toEqual(["delivered", "unfinished"]);
  });

  it("whose signing secret cannot be read has failed, and nothing is sent", async () => {
    const webhook = await webhooks.add(user);
    const other = await webhooks.add(user, "/other", ["reveal.failed"]);
    const sealed = async ({ id }: NewWebhook) =>
      (await db.admin.from("webhooks").select("encrypted_secret").eq("id", id).single().throwOnError()).data
        .encrypted_secret;
    for (const encrypted_secret of ["v1.x", await sealed(other)]) {
      await db.admin.from("webhooks").update({ encrypted_secret }).eq("id", webhook.id).throwOnError();
      expect(await webhooks.sendTest(user, webhook.id)).toMatchObject({
        status: "failed",
        error: "secret_unreadable",
        response_status: null,
      });
    }
    await webhooks.tell(user);
    expect((await rowsOf(webhook)).map(({ error }) => error)).toEqual(Array(5).fill("secret_unreadable"));
    expect(receiver.received).toEqual([]);
    const { secret } = await webhooks.renewSigningSecret(user.id, user, webhook.id);
    await webhooks.sendTest(user, webhook.id);
    const [request] = receiver.received;
    if (!request) return expect.unreachable();
    verified(secret, request);
  });

  it("is one of the newest 20 that are listed, newest first", async () => {
    const webhook = await webhooks.add(user);
    for (let count = 0; count < 22; count += 1) await webhooks.sendTest(user, webhook.id);
    const rows = await rowsOf(webhook);
    expect(rows).toHaveLength(22);
    const listed = await webhooks.listDeliveries(webhook.id);
    expect(listed.map(({ id }) => id)).toEqual(
      rows
        .toReversed()
        .slice(0, 20)
        .map(({ id }) => id),
    );
  });
});

describe("failures in a row", () => {
  it("pause a webhook after 20, which then is tried no more until somebody resumes it", async () => {
    receiver.answer = { status: 500 };
    const webhook = await webhooks.add(user);
    // Of seven messages, the last one is given up before its third attempt.
    for (let message = 0; message < 7; message += 1) await webhooks.tell(user);
    expect(receiver.received).toHaveLength(20);
    expect(await webhooks.readWebhook(user, webhook.id)).toMatchObject({
      failures: 20,
      pause_reason: "failures",
    });
    await webhooks.tell(user);
    expect(receiver.received).toHaveLength(20);

    receiver.answer = { status: 204 };
    const resumed = await webhooks.changeWebhook(user.id, user, webhook.id, { paused: false });
    expect(resumed).toMatchObject({ failures: 0, pause_reason: null });
    await webhooks.tell(user);
    expect(receiver.received).toHaveLength(21);
  });

  it.each([
    { answer: { status: 500 }, reason: "failures" },
    { answer: { status: 410 }, reason: "gone" },
  ])(
    "that pause it ($reason) are told to the owner's other webhooks once, and are news until they are seen",
    async ({ answer, reason }) => {
      const broken = await startWebhookReceiver();
      broken.answer = answer;
      onTestFinished(() => broken.close());
      const settings = { url: broken.url, description: "", events: [...WEBHOOK_EVENTS] };
      const webhook = await webhooks.addWebhook(user.id, team, settings);
      const other = await webhooks.add(team, "/team", ["webhook.paused"]);
      await webhooks.add(user, "/person");
      const pause = async () => {
        await db.admin.from("webhooks").update({ failures: 19 }).eq("id", webhook.id).throwOnError();
        await Promise.all([1, 2, 3].map(() => webhooks.tell(team, EVENT, [0])));
      };
      await pause();
      const [request] = receiver.received;
      expect(receiver.received.map(({ path }) => path)).toEqual(["/hook/team"]);
      expect(request && verified(other.secret, request)).toMatchObject({
        type: "webhook.paused",
        data: { webhook_id: webhook.id, pause_reason: reason, owner_type: "team", owner_id: team.id },
      });
      const isNews = async () => [
        await webhooks.hasUnseenPause(team),
        (await webhooks.readWebhook(team, webhook.id)).pause_is_unseen,
      ];
      expect(await isNews()).toEqual([true, true]);
      expect(await webhooks.hasUnseenPause(user)).toBe(false);
      await webhooks.changeWebhook(user.id, team, webhook.id, { pause_seen: true });
      expect(await isNews()).toEqual([false, false]);

      await webhooks.changeWebhook(user.id, team, webhook.id, { paused: false });
      await pause();
      expect(receiver.received).toHaveLength(2);
      expect(await isNews()).toEqual([true, true]);
      await webhooks.changeWebhook(user.id, team, webhook.id, { paused: false });
      expect(await isNews()).toEqual([false, false]);
    },
  );

  it("that a test brings about are told as well, and a pause by a person is no news", async () => {
    receiver.answer = { status: 410 };
    const tested = await webhooks.add(user, "/tested", ["reveal.failed"]);
    const paused = await webhooks.add(user, "/paused", ["reveal.failed"]);
    await webhooks.changeWebhook(user.id, user, paused.id, { paused: true });
    expect(await webhooks.hasUnseenPause(user)).toBe(false);
    const good = await startWebhookReceiver();
    onTestFinished(() => good.close());
    await webhooks.addWebhook(user.id, user, { url: good.url, description: "", events: ["webhook.paused"] });
    await webhooks.sendTest(user, paused.id);
    await webhooks.sendTest(user, tested.id);
    const [request] = await good.waitFor(1);
    expect(JSON.parse(request?.body ?? "").data).toMatchObject({ webhook_id: tested.id });
  });

  it("count also when they end together, and each message of a test is one", async () => {
    receiver.answer = { status: 500 };
    const webhook = await webhooks.add(user);
    await Promise.all(Array.from({ length: 10 }, () => webhooks.sendTest(user, webhook.id)));
    expect(await webhooks.readWebhook(user, webhook.id)).toMatchObject({ failures: 10, pause_reason: null });
  });

  it("are none any more after one that arrives", async () => {
    const webhook = await webhooks.add(user);
    await db.admin.from("webhooks").update({ failures: 19 }).eq("id", webhook.id).throwOnError();
    await webhooks.tell(user);
    receiver.answer = { status: 500 };
    await webhooks.tell(user);
    expect(await webhooks.readWebhook(user, webhook.id)).toMatchObject({ failures: 3, pause_reason: null });
  });

  it("do not change why a webhook is paused already", async () => {
    receiver.answer = { status: 410 };
    const webhook = await webhooks.add(user);
    await webhooks.changeWebhook(user.id, user, webhook.id, { paused: true });
    await webhooks.sendTest(user, webhook.id);
    expect(await webhooks.readWebhook(user, webhook.id)).toMatchObject({ pause_reason: "person" });
  });
});

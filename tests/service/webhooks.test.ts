import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Owner } from "../../lib/vault/types.ts";
import type { NewWebhook } from "../../lib/webhooks/schema.ts";
import { WEBHOOK_EVENTS, type WebhookEvent } from "../../lib/webhooks/types.ts";
import { eventually } from "../support/eventually.ts";
import {
  type Received,
  startWebhookReceiver,
  verified,
  type WebhookReceiver,
} from "../support/webhook-receiver.ts";
import { signInAs, startDatabase } from "./harness.ts";

const EVENT = "vault.secret.created";
const DATA = { keys: ["OPENAI_API_KEY"] };
/** Three attempts, as ever, without the waiting. */
const QUICK = [0, 0, 0];

let db: Awaited<ReturnType<typeof startDatabase>>;
let receiver: WebhookReceiver;
let webhooks: Awaited<ReturnType<typeof start>>;
let user: Owner;
let team: Owner;

/** The sender as a fresh server process has it. */
async function start(changes: Parameters<typeof db.service>[0] = {}) {
  await db.service({ allowPrivate: true, ...changes });
  // Read at the first use, which may come after the next process is started.
  (await import("../../lib/env.ts")).env();
  const store = await import("../../lib/webhooks/store.ts");
  const deliver = await import("../../lib/webhooks/deliver.ts");
  const { listDeliveries } = await import("../../lib/webhooks/deliveries.ts");
  const { hasUnseenPause } = await import("../../lib/webhooks/pauses.ts");
  return {
    ...store,
    ...deliver,
    listDeliveries,
    hasUnseenPause,
    /** Adds a webhook to this test's receiver. */
    add: (owner: Owner, path = "", events: WebhookEvent[] = [...WEBHOOK_EVENTS]) =>
      store.addWebhook(actorOf(owner), owner, { url: receiver.url + path, description: "", events }),
    tell: (owner: Owner, event: WebhookEvent = EVENT, waits = QUICK, left?: number) =>
      deliver.tellWebhooks({ owner, personId: owner.id, event, data: DATA, waits, left }),
  };
}

beforeAll(async () => {
  db = await startDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  webhooks = await start();
  user = { type: "user", id: await db.person() };
  team = { type: "team", id: await db.team({ [user.id]: "admin" }) };
});
afterEach(() => receiver.close());

/** Somebody who may change the owner's webhooks. */
const actorOf = ({ type, id }: Owner) => (type === "user" ? id : user.id);

const rowsOf = async ({ id }: { id: string }) =>
  (
    await db.admin
      .from("webhook_deliveries")
      .select("*")
      .eq("webhook_id", id)
      .order("created_at")
      .throwOnError()
  ).data;

/** What a request of the sender says that it is. */
const signed = ({ headers, body }: Received) => ({ id: headers["webhook-id"], body });

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    ({ code }) => code,
  );

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

describe("a message that does not arrive", () => {
  it("is tried three times, at once, after 1 and after 5 seconds, with one id and a fresh signature", async () => {
    const times: number[] = [];
    receiver.answer = (reply) => {
      times.push(performance.now());
      reply.writeHead(503).end("Later.");
    };
    const webhook = await webhooks.add(user);
    await webhooks.tellWebhooks({ owner: user, personId: user.id, event: EVENT, data: DATA });
    const [first = 0, second = 0, third = 0] = times;
    expect(times).toHaveLength(3);
    expect(second - first).toBeGreaterThanOrEqual(950);
    expect(third - second).toBeGreaterThanOrEqual(4_950);

    expect(new Set(receiver.received.map((request) => JSON.stringify(signed(request)))).size).toBe(1);
    const headers = (name: string) => new Set(receiver.received.map((request) => request.headers[name]));
    expect(headers("webhook-timestamp").size).toBe(3);
    expect(headers("webhook-signature").size).toBe(3);
    for (const request of receiver.received) verified(webhook.secret, request);

    const [request] = receiver.received;
    expect(await rowsOf(webhook)).toEqual(
      [1, 2, 3].map((attempt) => ({
        id: expect.any(String),
        webhook_id: webhook.id,
        message_id: request?.headers["webhook-id"],
        event: EVENT,
        payload: request?.body,
        attempt,
        status: "failed",
        response_status: 503,
        response_excerpt: "Later.",
        error: null,
        duration_ms: expect.any(Number),
        retry_at: null,
        created_at: expect.any(String),
      })),
    );
    expect(await webhooks.readWebhook(user, webhook.id)).toMatchObject({
      failures: 3,
      last_delivered_at: null,
      pause_reason: null,
    });
  });

  it("is not repeated once it has arrived, and then there are no failures in a row any more", async () => {
    const webhook = await webhooks.add(user);
    receiver.answer = (reply) => {
      reply.writeHead(receiver.received.length === 1 ? 500 : 200).end();
    };
    await webhooks.tell(user);
    expect((await rowsOf(webhook)).map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, "failed"],
      [2, "delivered"],
    ]);
    const after = await webhooks.readWebhook(user, webhook.id);
    expect(after.failures).toBe(0);
    expect(Date.now() - Date.parse(after.last_delivered_at ?? "")).toBeLessThan(60_000);
  });

  it("is not repeated where the receiver says that it is gone for good, which pauses the webhook", async () => {
    const webhook = await webhooks.add(user);
    receiver.answer = { status: 410 };
    await webhooks.tell(user);
    expect(await rowsOf(webhook)).toMatchObject([{ attempt: 1, status: "failed", response_status: 410 }]);
    expect(await webhooks.readWebhook(user, webhook.id)).toMatchObject({ failures: 1, pause_reason: "gone" });
  });

  it("is not repeated where the address has become forbidden, and nobody is asked", async () => {
    const webhook = await webhooks.add(user);
    const strict = await start({ allowPrivate: false });
    await strict.tell(user);
    expect(await rowsOf(webhook)).toMatchObject([
      { attempt: 1, status: "failed", error: "address_not_allowed", response_status: null },
    ]);
    expect(receiver.received).toEqual([]);
  });

  it.each([
    ["NULs, lines and half characters", Buffer.from("a\0b\nc\x1b\xff\xed\xa0\x80", "latin1"), "a b c \ufffd"],
    ["more than there is room for", Buffer.from("🎉".repeat(2_000)), "🎉".repeat(500)],
  ])("is entered with an answer of %s", async (_, body, excerpt) => {
    receiver.answer = (reply) => {
      reply.writeHead(400).end(body);
    };
    const webhook = await webhooks.add(user);
    const delivery = await webhooks.sendTest(user, webhook.id);
    expect(delivery).toMatchObject({ status: "failed", response_status: 400 });
    expect(delivery.response_excerpt?.startsWith(excerpt)).toBe(true);
    expect(await webhooks.listDeliveries(webhook.id)).toEqual([delivery]);
  });
});

describe("a receiver that asks for time", () => {
  /** When each request came, by `performance.now()`. */
  let times: number[];
  const gaps = () => times.slice(1).map((time, index) => Math.round(time - (times[index] ?? 0)));
  beforeEach(() => {
    times = [];
  });

  type Answer = [status: number, retryAfter?: string | string[]];
  /** Answers in this order; the last of them goes on. */
  function answer(...answers: Answer[]) {
    receiver.answer = (reply) => {
      const [status, retryAfter] = answers[Math.min(times.length, answers.length - 1)] ?? [204];
      times.push(performance.now());
      if (retryAfter !== undefined) reply.setHeader("Retry-After", retryAfter);
      reply.writeHead(status).end("Later.");
    };
  }
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString();

  it.each([429, 503])("with %i and seconds is left alone for that long", async (status) => {
    const webhook = await webhooks.add(user);
    answer([status, "2"], [status], [204]);
    await webhooks.tell(user);
    expect(gaps()[0]).toBeGreaterThanOrEqual(2_000);
    expect(await rowsOf(webhook)).toMatchObject([
      { attempt: 1, status: "failed", response_status: status, retry_at: null },
      { attempt: 2, status: "failed", response_status: status, retry_at: null },
      { attempt: 3, status: "delivered", response_status: 204, retry_at: null },
    ]);
  });

  it("with a date is left alone until then", async () => {
    await webhooks.add(user);
    const date = inSeconds(3);
    let came = 0;
    receiver.answer = (reply) => {
      came = Date.now();
      const isFirst = receiver.received.length === 1;
      reply.writeHead(isFirst ? 503 : 204, { "Retry-After": date }).end();
    };
    await webhooks.tell(user);
    expect(receiver.received).toHaveLength(2);
    expect(came).toBeGreaterThanOrEqual(Date.parse(date));
  });

  it("that is shorter than ours gets ours", async () => {
    await webhooks.add(user);
    answer([503, "1"], [204]);
    await webhooks.tell(user, EVENT, [0, 2_000]);
    expect(gaps()).toEqual([expect.any(Number)]);
    expect(gaps()[0]).toBeGreaterThanOrEqual(1_990);
  });

  it("by several values gets the longest that is one", async () => {
    await webhooks.add(user);
    answer([503, ["1", "soon", "2", "0"]], [204]);
    await webhooks.tell(user);
    expect(gaps()).toHaveLength(1);
    expect(gaps()[0]).toBeGreaterThanOrEqual(2_000);
  });

  it.each<[string, () => string, number]>([
    ["a minute", () => "60", 60],
    ["almost a minute, for there has to be time to send as well", () => "46", 46],
    ["a fraction", () => "119.5", 120],
    ["a day", () => "86400", 86_400],
    ["a year, of which a day is kept", () => "31536000", 86_400],
    ["more digits than numbers have", () => "9".repeat(400), 86_400],
    ["until a date in an hour", () => inSeconds(3_600), 3_600],
  ])("of %s is asked once, and people see until when", async (_, retryAfter, seconds) => {
    const webhook = await webhooks.add(user);
    const before = Date.now();
    answer([503, retryAfter()]);
    await webhooks.tell(user);
    const after = Date.now();
    expect(receiver.received).toHaveLength(1);
    const [delivery, ...others] = await webhooks.listDeliveries(webhook.id);
    expect(others).toEqual([]);
    expect(delivery).toMatchObject({ attempt: 1, status: "failed", response_status: 503 });
    const retryAt = Date.parse(delivery?.retry_at ?? "");
    // A date has whole seconds.
    expect(retryAt).toBeGreaterThan(before + (seconds - 1) * 1_000);
    expect(retryAt).toBeLessThanOrEqual(after + seconds * 1_000);
    expect(await webhooks.readWebhook(user, webhook.id)).toMatchObject({ failures: 1, pause_reason: null });
  });

  it("of longer than is left is asked no more, however it began", async () => {
    const webhook = await webhooks.add(user);
    // Alone, there would be time for the second.
    answer([429, "1"], [429, "44"]);
    await webhooks.tell(user);
    expect(await rowsOf(webhook)).toMatchObject([
      { attempt: 1, retry_at: null },
      { attempt: 2, retry_at: expect.any(String) },
    ]);
  });

  it("at the last attempt is seen, and so at a test and at one that is sent again", async () => {
    const webhook = await webhooks.add(user);
    answer([503], [503], [503, "7"]);
    await webhooks.tell(user);
    const [third] = await webhooks.listDeliveries(webhook.id);
    const seen = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await rowsOf(webhook)).toMatchObject([{ retry_at: null }, { retry_at: null }, {}]);
    expect(third).toMatchObject({ attempt: 3, retry_at: seen });
    expect(await webhooks.sendTest(user, webhook.id)).toMatchObject({ status: "failed", retry_at: seen });
    const again = await webhooks.resend(user, webhook.id, third?.id ?? "");
    expect(again).toMatchObject({ attempt: 4, retry_at: seen });
    answer([204]);
    expect(await webhooks.resend(user, webhook.id, again.id)).toMatchObject({ attempt: 5, retry_at: null });
  });

  it.each<[string, number, string]>([
    ["no time", 503, "0"],
    ["a negative one", 503, "-60"],
    ["words", 429, "in 60 seconds"],
    ["nothing", 429, ""],
    ["several values in one", 429, "60, 60"],
    ["a date that is gone", 503, "Sun, 06 Nov 1994 08:49:37 GMT"],
    ["a date of another form", 503, "2099-01-01T00:00:00Z"],
    ["a minute, with a status of 500", 500, "60"],
    ["a minute, with a status of 502", 502, "60"],
    ["a minute, with a status of 404", 404, "60"],
    ["a minute, with a status of 413", 413, "60"],
    ["a minute, with a status of 301", 301, "60"],
  ])("by %s is tried again as ever", async (_, status, retryAfter) => {
    const webhook = await webhooks.add(user);
    answer([status, retryAfter]);
    await webhooks.tell(user);
    expect(await rowsOf(webhook)).toMatchObject(
      [1, 2, 3].map((attempt) => ({ attempt, response_status: status, retry_at: null })),
    );
  });

  it.each([204, 410])("with %i is tried no more, as ever", async (status) => {
    const webhook = await webhooks.add(user);
    answer([status, "2"]);
    await webhooks.tell(user);
    expect(await rowsOf(webhook)).toMatchObject([{ attempt: 1, response_status: status, retry_at: null }]);
  });

  it.each<[string, (webhook: NewWebhook) => Promise<unknown>, number]>([
    ["paused", ({ id }) => webhooks.changeWebhook(user.id, user, id, { paused: true }), 1],
    ["deleted", ({ id }) => webhooks.deleteWebhook(user.id, user, id), 0],
  ])("is not asked again once the webhook is %s meanwhile", async (_, act, rows) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const webhook = await webhooks.add(user);
    answer([503, "2"], [204]);
    const telling = webhooks.tell(user);
    await eventually(async () => expect(await rowsOf(webhook)).toMatchObject([{ status: "failed" }]));
    await act(webhook);
    await telling;
    expect(receiver.received).toHaveLength(1);
    expect(await rowsOf(webhook)).toHaveLength(rows);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });
});

describe("the time for all attempts", () => {
  it("is not exceeded by one that could end after it", async () => {
    receiver.answer = { status: 500 };
    const webhook = await webhooks.add(user);
    await webhooks.tell(user, EVENT, [0, 0, 26_000], 30_000);
    expect((await rowsOf(webhook)).map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("leaves a message its first attempt, even where nothing is left", async () => {
    const webhook = await webhooks.add(user);
    await webhooks.tell(user, EVENT, QUICK, 0);
    expect(await rowsOf(webhook)).toMatchObject([{ attempt: 1, status: "delivered" }]);
  });
});

describe("between two attempts", () => {
  /** The first attempt fails, and `act` happens before the second one. */
  async function failThen(act: () => Promise<unknown>) {
    receiver.answer = (reply) => {
      void act().finally(() => reply.writeHead(500).end());
    };
    await webhooks.tell(user);
  }

  it("a pause is obeyed", async () => {
    const webhook = await webhooks.add(user);
    await failThen(() => webhooks.changeWebhook(user.id, user, webhook.id, { paused: true }));
    expect(receiver.received).toHaveLength(1);
    expect(await rowsOf(webhook)).toMatchObject([{ attempt: 1, status: "failed" }]);
  });

  it("a deletion is obeyed, and is nothing that the operator hears of", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const webhook = await webhooks.add(user);
    await failThen(() => webhooks.deleteWebhook(user.id, user, webhook.id));
    expect(receiver.received).toHaveLength(1);
    expect(await rowsOf(webhook)).toEqual([]);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });

  it("a new address is used", async () => {
    const moved = await startWebhookReceiver();
    const webhook = await webhooks.add(user);
    await failThen(() => webhooks.changeWebhook(user.id, user, webhook.id, { url: moved.url }));
    expect([receiver.received.length, moved.received.length]).toEqual([1, 1]);
    const [old, now] = [...receiver.received, ...moved.received];
    if (!old || !now) return expect.unreachable();
    expect(signed(now)).toEqual(signed(old));
    verified(webhook.secret, now);
    await moved.close();
  });

  it("a new signing secret is used", async () => {
    const webhook = await webhooks.add(user);
    let renewed: NewWebhook | undefined;
    await failThen(async () => {
      renewed ??= await webhooks.renewSigningSecret(user.id, user, webhook.id);
    });
    const [old, now] = receiver.received;
    if (!old || !now || !renewed) return expect.unreachable();
    verified(webhook.secret, old);
    verified(renewed.secret, now);
    expect(() => verified(webhook.secret, now)).toThrow();
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

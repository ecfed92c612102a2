import { beforeEach, describe, expect, it, vi } from "vitest";
import type { NewWebhook } from "../../lib/webhooks/schema.ts";
import { eventually } from "../support/eventually.ts";
import { startWebhookReceiver, verified } from "../support/webhook-receiver.ts";
import { DATA, EVENT, QUICK, receiver, rowsOf, signed, start, user, webhooks } from "./webhook-harness.ts";

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

import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startWebhookReceiver, verified } from "../support/webhook-receiver.ts";
import { message, newSigningSecret, receiver, SECRET, send, startPeer } from "./webhook-sending.ts";

describe("a message", () => {
  it("arrives as it is, signed so that the library of Standard Webhooks verifies it", async () => {
    const outcome = await send(`${receiver.url}?team=1#top`, SECRET, message);
    expect(outcome).toEqual({
      status: "delivered",
      response_status: 204,
      response_excerpt: "",
      error: null,
      duration_ms: expect.any(Number),
    });
    expect(receiver.received).toHaveLength(1);
    const [request] = await receiver.waitFor(1);
    if (!request) return expect.unreachable();
    expect(request).toMatchObject({ method: "POST", path: "/hook?team=1", body: message.payload });
    // All that arrives: nothing of the session, and no other name of ours.
    expect(request.headers).toEqual({
      host: new URL(receiver.url).host,
      connection: "close",
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(message.payload)),
      "user-agent": "Command-Center-Webhooks",
      "accept-encoding": "identity",
      "webhook-id": message.id,
      "webhook-timestamp": expect.stringMatching(/^\d{10}$/),
      "webhook-signature": expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    });
    expect(verified(SECRET, request)).toEqual(JSON.parse(message.payload));
    expect(() => verified(newSigningSecret(), request)).toThrow("No matching signature");
    expect(() => verified(SECRET, { ...request, body: request.body.replace("🎉", "") })).toThrow();
    const moved = { ...request.headers, "webhook-id": `msg_${randomUUID()}` };
    expect(() => verified(SECRET, { ...request, headers: moved })).toThrow();
  });

  it("keeps its id and text when it is sent again, and is signed with the time of that attempt", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-03-01T12:00:00.900Z") });
    await send(receiver.url, SECRET, message);
    vi.setSystemTime(new Date("2026-03-01T12:01:00.100Z"));
    await send(receiver.url, SECRET, message);
    const [first, second] = receiver.received;
    if (!first || !second) return expect.unreachable();
    expect(verified(SECRET, second)).toEqual(verified(SECRET, first));
    vi.useRealTimers();
    expect([first.headers["webhook-timestamp"], second.headers["webhook-timestamp"]]).toEqual([
      "1772366400",
      "1772366460",
    ]);
    expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
    expect(second.body).toBe(first.body);
    expect(second.headers["webhook-signature"]).not.toBe(first.headers["webhook-signature"]);
  });

  it("is not sent where its signing secret cannot be read", async () => {
    expect(await send(receiver.url, null, message)).toMatchObject({
      status: "failed",
      error: "secret_unreadable",
      response_status: null,
    });
    expect(receiver.received).toEqual([]);
  });
});

describe("an answer", () => {
  it.each([200, 201, 202, 204, 299])("of %i is success", async (status) => {
    receiver.answer = { status };
    const outcome = await send(receiver.url, SECRET, message);
    expect(outcome).toMatchObject({ status: "delivered", response_status: status, error: null });
  });

  it.each([400, 401, 404, 410, 429, 500, 503, 599])("of %i is failure, with what it says", async (status) => {
    receiver.answer = { status, body: "No." };
    expect(await send(receiver.url, SECRET, message)).toMatchObject({
      status: "failed",
      response_status: status,
      response_excerpt: "No.",
      error: null,
    });
  });

  it.each([300, 301, 302, 303, 307, 308])("of %i is failure, and not followed", async (status) => {
    const elsewhere = await startWebhookReceiver();
    receiver.answer = { status, headers: { Location: elsewhere.url, Refresh: `0;url=${elsewhere.url}` } };
    const outcome = await send(receiver.url, SECRET, message);
    expect(outcome).toMatchObject({ status: "failed", response_status: status, error: null });
    expect(elsewhere.received).toEqual([]);
    expect(receiver.received).toHaveLength(1);
    await elsewhere.close();
  });

  it.each<[string, string | Buffer, string]>([
    ["nothing", "", ""],
    ["several lines", " a\r\n\tb\u2028c\u2029d\u00a0 ", "a b c d"],
    ["NULs and control characters", "a\0b\x1b[31mc\x7f\x85d", "a b [31mc d"],
    ["what turns the direction of text", "a\u202eb\u2066c\ufeff", "a b c"],
    ["a byte order mark", "\ufeffa", "a"],
    ["HTML", "<script>alert(1)</script>", "<script>alert(1)</script>"],
    ["invalid UTF-8", Buffer.from([0x61, 0xff, 0xc0, 0x80, 0x62]), "a\ufffd\ufffd\ufffdb"],
    ["half a surrogate pair", Buffer.from([0x61, 0xed, 0xa0, 0xbd, 0x62]), "a\ufffd\ufffd\ufffdb"],
    ["more than 500 characters", "x".repeat(3_000), "x".repeat(500)],
    ["more than 500 of three bytes", "€".repeat(3_000), "€".repeat(500)],
    ["more than 500 of four bytes", "🎉".repeat(3_000), "🎉".repeat(500)],
    ["501 characters, the last of four bytes", `${"x".repeat(500)}🎉`, "x".repeat(500)],
    ["500 characters, the last of four bytes", `${"x".repeat(499)}🎉`, `${"x".repeat(499)}🎉`],
    ["a character across the end of what is read", `${" ".repeat(1_990)}🎉🎉🎉`, "🎉🎉"],
  ])("is shown as one line of plain text: %s", async (_, body, excerpt) => {
    receiver.answer = (reply: ServerResponse) => {
      reply.writeHead(500, { "Content-Type": "text/plain" }).end(body);
    };
    const outcome = await send(receiver.url, SECRET, message);
    expect(outcome.response_excerpt).toBe(excerpt);
    expect(outcome.response_excerpt?.isWellFormed()).toBe(true);
  });

  const PATH = "/services/T0000TEST/B0000TEST/XxNotASecretButLikeOne";
  it.each([
    ["as Express does", `Cannot POST ${PATH}?code=not-a-secret`, "Cannot POST …?code=…"],
    ["as HTML", `<p>${PATH}?code=not-a-secret&amp;q=it&#39;s-for-a-test</p>`, "<p>…</p>"],
    ["in parts", "There is no B0000TEST in services.", "There is no … in services."],
    ["decoded", "it's-for-a-test is wrong", "… is wrong"],
    ["up to where it breaks off", "No such hook: XxNotASecretBut", "No such hook: …"],
    ["where reading ends", `${" ".repeat(1_980)}Not found: XxNotASecretButLikeOne`, "Not found: …"],
  ])("does not show the address that it quotes %s", async (_, body, excerpt) => {
    receiver.answer = { status: 404, body };
    const address = `${new URL(receiver.url).origin}${PATH}?code=not-a-secret&q=it%27s-for-a-test`;
    expect(await send(address, SECRET, message)).toMatchObject({ response_excerpt: excerpt });
  });

  it.each<[number, string | string[], number | undefined]>([
    [429, "7", 7],
    [503, "7", 7],
    [503, "0.5", 1],
    [503, "-1", undefined],
    [503, ["soon", "later"], 0],
    [503, ["soon", "7", "3"], 7],
    [503, "9".repeat(20), 86_400],
    [200, "7", undefined],
    [301, "7", undefined],
    [410, "7", undefined],
    [500, "7", undefined],
  ])("of %i with a Retry-After of %j asks for %j seconds", async (status, value, seconds) => {
    receiver.answer = (reply) => void reply.setHeader("Retry-After", value).writeHead(status).end();
    expect((await send(receiver.url, SECRET, message)).retryAfter).toBe(seconds);
  });

  it("may come after others that only announce it", async () => {
    const url = await startPeer((socket) =>
      socket.end(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" +
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK",
      ),
    );
    expect(await send(url, SECRET, message)).toMatchObject({ status: "delivered", response_excerpt: "OK" });
  });

  it("that never ends counts, and its connection is closed", async () => {
    const late = new AbortController();
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(late.signal);
    onTestFinished(() => timeout.mockRestore());
    receiver.answer = (reply) => {
      reply.writeHead(200).write("So far", async () => {
        // In each turn this process also reads what has arrived.
        for (let turn = 0; turn < 10; turn++) await nextTurn();
        late.abort();
      });
    };
    const outcome = await send(receiver.url, SECRET, message);
    expect(late.signal.aborted).toBe(true);
    expect(outcome).toMatchObject({
      status: "delivered",
      response_status: 200,
      response_excerpt: "So far",
      error: null,
    });
  });

  it("is waited for no longer once it was announced more than ten times", async () => {
    const url = await startPeer((socket) => socket.write("HTTP/1.1 102 Processing\r\n\r\n".repeat(11)));
    const outcome = await send(url, SECRET, message);
    expect(outcome).toMatchObject({ status: "failed", response_status: null, error: "connection_failed" });
  });

  it("that never stops is read only as far as it is shown", async () => {
    let sent = 0;
    receiver.answer = (reply) => {
      reply.writeHead(503);
      const flood = () => {
        do sent += 16_384;
        while (!reply.destroyed && reply.write("x".repeat(16_384)));
      };
      reply.on("drain", flood);
      flood();
    };
    const outcome = await send(receiver.url, SECRET, message);
    expect(outcome).toMatchObject({
      status: "failed",
      response_status: 503,
      response_excerpt: "x".repeat(500),
    });
    expect(sent).toBeLessThan(50_000_000);
  });

  it.each([
    ["its length is reached", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nHalf"],
    ["its last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nHalf\r\nno length\r\n"],
  ])("that breaks off before %s counts by its status", async (_, text) => {
    const url = await startPeer((socket) => socket.write(text, () => socket.destroy()));
    expect(await send(url, SECRET, message)).toMatchObject({
      status: "delivered",
      response_status: 200,
      response_excerpt: "Half",
    });
  });
});

import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import type { ServerResponse } from "node:http";
import { type AddressInfo, createServer, type LookupFunction, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../support/eventually.ts";
import { startWebhookReceiver, verified, type WebhookReceiver } from "../support/webhook-receiver.ts";

// Every receiver is a real server on this machine, so the operator's switch is on. What the switch is there to
// prevent is in webhook-address.test.ts.
vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:9");
vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "publishable");
vi.stubEnv("SUPABASE_SECRET_KEY", "secret");
vi.stubEnv("WEBHOOKS_ALLOW_PRIVATE", "on");
const { send } = await import("../../lib/webhooks/send.ts");
const { newSigningSecret } = await import("../../lib/webhooks/secret.ts");

const SECRET = newSigningSecret();
const message = { id: `msg_${randomUUID()}`, payload: '{"type":"webhook.test","data":{"text":"ü🎉"}}' };
/** Short, for receivers that never come to an end. */
const BRIEF = { timeout: 300 };

/** Connections that are open in this process, of either side. */
const openSockets = () =>
  process.getActiveResourcesInfo().filter((kind) => /^(TCPSocketWrap|TCPConnectWrap|TLSWrap)$/.test(kind));

let receiver: WebhookReceiver;
let socketsBefore: number;
const peers: Server[] = [];

beforeEach(async () => {
  socketsBefore = openSockets().length;
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  // Before anything is closed on the receiver's side: it is the sender that may leave nothing open.
  await eventually(() => expect(openSockets().length).toBeLessThanOrEqual(socketsBefore));
  await receiver.close();
  for (const peer of peers.splice(0)) peer.close();
});

async function listen(server: Server): Promise<number> {
  peers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A peer that waits for a request, and then does something that HTTP servers do not. */
async function startPeer(act: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => act(socket));
  });
  return `http://127.0.0.1:${await listen(server)}/`;
}

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
    receiver.answer = (reply) => {
      reply.writeHead(200).write("So far");
    };
    const outcome = await send(receiver.url, SECRET, message, BRIEF);
    expect(outcome).toMatchObject({
      status: "delivered",
      response_status: 200,
      response_excerpt: "So far",
      error: null,
    });
    expect(outcome.duration_ms).toBeGreaterThanOrEqual(250);
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

describe("no answer", () => {
  it.each<[string, (socket: Socket) => void]>([
    ["is silent", () => {}],
    ["says one byte at a time", (socket) => drip(socket, `HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(1_000)}`)],
    [
      "announces an answer and gives none",
      (socket) => drip(socket, "HTTP/1.1 102 Processing\r\n\r\n".repeat(9), 27),
    ],
  ])("comes in time from a receiver that %s", async (_, act) => {
    const outcome = await send(await startPeer(act), SECRET, message, BRIEF);
    expect(outcome).toMatchObject({ status: "failed", response_status: null, error: "timeout" });
    expect(outcome.duration_ms).toBeGreaterThanOrEqual(250);
  });

  it("is waited for 5 seconds", async () => {
    const outcome = await send(await startPeer(() => {}), SECRET, message);
    expect(outcome).toMatchObject({ status: "failed", error: "timeout" });
    expect(outcome.duration_ms).toBeGreaterThanOrEqual(4_900);
    expect(outcome.duration_ms).toBeLessThan(10_000);
  });

  it.each<[string, (socket: Socket) => void]>([
    ["hangs up", (socket) => socket.destroy()],
    ["resets the connection", (socket) => socket.resetAndDestroy()],
    ["ends the connection", (socket) => socket.end()],
    ["hangs up half-way", (socket) => socket.write("HTTP/1.1 200 O", () => socket.destroy())],
    ["switches protocols", (socket) => socket.write(SWITCHING)],
    ["switches protocols and hangs up", (socket) => socket.end(SWITCHING)],
    ["speaks no HTTP", (socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n")],
    ["speaks in bytes", (socket) => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46, 0, 0xff]))],
    ["answers with no status", (socket) => socket.end("HTTP/1.1 ok\r\n\r\n")],
    [
      "answers with huge headers",
      (socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`),
    ],
    [
      "answers with two lengths",
      (socket) => socket.end(`${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nOK`),
    ],
    ["breaks a header in two", (socket) => socket.end(`${OK}A: b\0c\r\n\r\n`)],
  ])("comes from a receiver that %s", async (_, act) => {
    expect(await send(await startPeer(act), SECRET, message)).toEqual({
      status: "failed",
      response_status: null,
      response_excerpt: null,
      error: "connection_failed",
      duration_ms: expect.any(Number),
    });
  });

  it("comes where nobody listens", async () => {
    const closed = await startWebhookReceiver();
    await closed.close();
    expect(await send(closed.url, SECRET, message)).toMatchObject({ error: "connection_refused" });
  });

  it("comes from what is no address at all", async () => {
    for (const address of ["https://", "", "gopher://127.0.0.1/"]) {
      expect(await send(address, SECRET, message)).toMatchObject({
        status: "failed",
        error: "connection_failed",
      });
    }
  });

  const failing = (code: string) =>
    ((_, __, callback) => callback(Object.assign(new Error(code), { code }), "")) satisfies LookupFunction;
  it.each<[string, LookupFunction, string]>([
    ["there is not, where private ones are allowed", failing("ENOTFOUND"), "name_not_found"],
    ["nobody can tell of now", failing("EAI_AGAIN"), "name_not_found"],
    ["is never found out", () => {}, "timeout"],
  ])("comes from a name that %s", async (_, lookup, error) => {
    const outcome = await send("http://hooks.test/", SECRET, message, { ...BRIEF, lookup });
    expect(outcome).toMatchObject({ status: "failed", response_status: null, error });
  });
});

describe("with TLS", () => {
  it("a certificate that nobody vouches for is refused before anything is sent", async () => {
    let heard = "";
    const server = createTlsServer(selfSigned(), (socket) => {
      socket.on("data", (chunk) => {
        heard += chunk;
      });
    });
    server.on("tlsClientError", () => {});
    const url = `https://127.0.0.1:${await listen(server)}/`;
    const outcome = await send(url, SECRET, message);
    expect(outcome).toMatchObject({ status: "failed", response_status: null, error: "certificate_invalid" });
    expect(heard).toBe("");
  });

  it("a receiver without it fails", async () => {
    const url = receiver.url.replace("http:", "https:");
    expect(await send(url, SECRET, message)).toMatchObject({ error: "connection_failed" });
    expect(receiver.received).toEqual([]);
  });

  it("a receiver that never shakes hands is too late", async () => {
    const url = (await startPeer(() => {})).replace("http:", "https:");
    expect(await send(url, SECRET, message, BRIEF)).toMatchObject({ error: "timeout" });
  });
});

const OK = "HTTP/1.1 200 OK\r\n";
const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

/** Sends a text in pieces, one every 20 ms, for as long as anybody listens. */
function drip(socket: Socket, text: string, size = 1): void {
  let at = 0;
  const timer = setInterval(() => {
    socket.write(text.slice(at, at + size));
    at += size;
  }, 20);
  socket.once("close", () => clearInterval(timer));
}

/** A new key, and the smallest certificate that it can sign for itself (RFC 5280, version 1, without names). */
function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const der = (tag: number, ...parts: Buffer[]): Buffer => {
    const content = Buffer.concat(parts);
    const length = content.length < 128 ? [content.length] : [0x81, content.length];
    return Buffer.concat([Buffer.from([tag, ...length]), content]);
  };
  const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
  const time = (text: string) => der(0x17, Buffer.from(text));
  const ed25519 = sequence(der(0x06, Buffer.from([0x2b, 0x65, 0x70])));
  const nobody = sequence();
  const validity = sequence(time("200101000000Z"), time("490101000000Z"));
  const spki = publicKey.export({ type: "spki", format: "der" });
  const content = sequence(der(0x02, Buffer.from([1])), ed25519, nobody, validity, nobody, spki);
  const signature = der(0x03, Buffer.from([0]), sign(null, content, privateKey));
  const cert = sequence(content, ed25519, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${cert}\n-----END CERTIFICATE-----\n`,
  };
}

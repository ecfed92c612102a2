import { generateKeyPairSync, sign } from "node:crypto";
import type { LookupFunction, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startWebhookReceiver } from "../support/webhook-receiver.ts";
import { BRIEF, listen, message, receiver, SECRET, send, startPeer } from "./webhook-sending.ts";

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
    const timeout = vi.spyOn(AbortSignal, "timeout");
    onTestFinished(() => timeout.mockRestore());
    const outcome = await send(await startPeer(() => {}), SECRET, message);
    expect(outcome).toMatchObject({ status: "failed", error: "timeout" });
    expect(outcome.duration_ms).toBeGreaterThanOrEqual(4_900);
    expect(timeout.mock.calls).toEqual([[5_000]]);
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

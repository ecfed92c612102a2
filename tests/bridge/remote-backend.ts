import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

// A stand-in for the future MasteryOS vault: it keeps the key on its side of HTTP, and fails on demand. The product
// never imports it.

/** What it does wrong. "slow" answers after 500 ms, "timeout" never, "cut" hangs up half-way, "flood" begins
 * an answer that is too large, and does not end it. */
export const FAULTS = ["none", "500", "timeout", "garbage", "cut", "flood", "slow"] as const;
type Fault = (typeof FAULTS)[number];

export interface RemoteBackend {
  url: string;
  token: string;
  fault: Fault;
  /** For how many requests more; then there is none. */
  faultyRequests: number;
  /** Whether only `decrypt` has it. */
  isDecryptOnly: boolean;
  /** How many operations it was asked for. */
  asked: number;
  /** How many operations are under way, and how many were at once, at most. */
  underWay: number;
  busiest: number;
  close(): Promise<void>;
}

interface Options {
  port?: number;
  /** Its key is derived from it, so that one that is started again reads what was written before. */
  seed?: string;
  token?: string;
  /** Milliseconds before each answer. */
  latency?: number;
}

/** Starts the backend on 127.0.0.1. */
export async function startRemoteBackend(options: Options = {}): Promise<RemoteBackend> {
  const { port = 0, token = "backend-token-for-tests", latency = 0 } = options;
  const { seal, open } = keyOf(options.seed ?? randomBytes(16).toString("hex"));
  const server = createServer(async (request, reply) => {
    const body = await text(request);
    // For tests in another process.
    if (request.url === "/fault") {
      backend.fault = FAULTS.find((fault) => fault === body) ?? "none";
      return void reply.end(backend.fault);
    }
    backend.asked += 1;
    backend.underWay += 1;
    backend.busiest = Math.max(backend.busiest, backend.underWay);
    reply.once("close", () => {
      backend.underWay -= 1;
    });
    await sleep(latency);
    const isFaulty = !backend.isDecryptOnly || request.url === "/v1/decrypt";
    const fault = isFaulty && backend.faultyRequests > 0 ? backend.fault : "none";
    backend.faultyRequests -= 1;
    if (misbehave(fault, reply)) return;
    if (fault === "slow") await sleep(SLOW_MS);
    if (request.headers.authorization !== `Bearer ${token}`)
      return answer(reply, 401, { code: "unauthorised" });
    const { text: input } = JSON.parse(body);
    if (request.url === "/v1/encrypt") return answer(reply, 200, { text: seal(input) });
    const plaintext = open(input);
    return plaintext === null
      ? answer(reply, 422, { code: "cannot_decrypt" })
      : answer(reply, 200, { text: plaintext });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const backend: RemoteBackend = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    fault: "none",
    faultyRequests: Number.POSITIVE_INFINITY,
    isDecryptOnly: false,
    asked: 0,
    underWay: 0,
    busiest: 0,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return backend;
}

const SLOW_MS = 500;
const FLOOD_BYTES = 1_000_000;

const answer = (reply: ServerResponse, status: number, body: object) =>
  void reply.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));

/** Whether it did. */
function misbehave(fault: Fault, reply: ServerResponse): boolean {
  if (fault === "500") answer(reply, 500, { code: "internal" });
  else if (fault === "garbage") reply.writeHead(200, { "Content-Type": "application/json" }).end('{"text":');
  else if (fault === "cut")
    reply.writeHead(200, { "Content-Length": 1000 }).write('{"text":"', () => reply.destroy());
  else if (fault === "flood")
    reply.writeHead(200, { "Content-Type": "application/json" }).write(`{"text":"${"a".repeat(FLOOD_BYTES)}`);
  else return fault === "timeout";
  return true;
}

/** Its own key, and a text of its own: nobody else needs to know either. */
function keyOf(seed: string) {
  const key = createHash("sha256").update(`remote backend ${seed}`).digest();
  const options = { authTagLength: 16 };
  return {
    seal(plaintext: string): string {
      const iv = randomBytes(12);
      const cipher = createCipheriv("chacha20-poly1305", key, iv, options);
      const body = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
      return Buffer.concat([iv, body, cipher.getAuthTag()]).toString("hex");
    },
    open(ciphertext: string): string | null {
      try {
        const bytes = Buffer.from(ciphertext, "hex");
        const decipher = createDecipheriv("chacha20-poly1305", key, bytes.subarray(0, 12), options);
        decipher.setAuthTag(bytes.subarray(-16));
        const body = decipher.update(bytes.subarray(12, -16), undefined, "utf8") + decipher.final("utf8");
        return bytes.toString("hex") === ciphertext ? body : null;
      } catch {
        return null;
      }
    },
  };
}

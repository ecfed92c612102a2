import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * What happens to a request on its way:
 *
 * | fault     | the app meets                                                                  |
 * | --------- | ------------------------------------------------------------------------------ |
 * | `none`    | Supabase                                                                       |
 * | `down`    | a connection that closes without an answer, and nothing reaches Supabase       |
 * | `silent`  | a connection that stays open without an answer, and nothing reaches Supabase   |
 * | `late`    | Supabase does what it was asked, and the answer never comes                    |
 * | `cut`     | Supabase does what it was asked, and the answer breaks off half-way            |
 * | `error`   | status 500 in Supabase's own form                                              |
 * | `garbage` | status 200 with a page of HTML                                                 |
 *
 * Or one of these answers of Supabase's or of its gateway's, which say nothing about what was asked:
 */
const REFUSALS = {
  limited: [429, { code: "over_request_rate_limit", message: "Request rate limit reached" }],
  conflict: [409, { code: "conflict", message: "Too many concurrent token refresh requests" }],
  "over its quota": [402, { message: "exceed_egress_quota" }],
  paused: [540, { message: "Project paused" }],
  "of another project": [401, { message: "Invalid API key", hint: "Double check your Supabase `apikey`" }],
} as const;

export type Fault =
  | ("none" | "down" | "silent" | "late" | "cut" | "error" | "garbage")
  | keyof typeof REFUSALS;

/** Which service a fault is of. */
type Service = "rest" | "auth";

export interface FaultProxy {
  /** Has a service fail from now on, for everybody. */
  fail(service: Service, fault: Fault): void;
  /** Has a service fail for requests whose method and path are matched. */
  failWhere(service: Service, fault: Fault, pattern: RegExp): void;
  /** The same for the next of these requests only. */
  failOnce(service: Service, fault: Fault, pattern: RegExp): void;
  /** All is well again; connections that were left without an answer stay so. */
  heal(): void;
  /** Requests that came since the last `heal`, as "GET /rest/v1/…", in order. */
  seen(): readonly string[];
  /** Those of them that are over. */
  over(): readonly string[];
  /** Stops to listen: from then on the port is closed, and so is every connection. */
  close(): Promise<void>;
}

/** Starts a proxy on 127.0.0.1 that passes requests on to Supabase, or breaks them. */
export async function startFaultProxy(port: number, target: string): Promise<FaultProxy> {
  const every = /^/;
  let faults: Record<Service, { fault: Fault; pattern: RegExp; once?: boolean }>;
  let seen: string[];
  let over: string[];
  const heal = () => {
    faults = { rest: { fault: "none", pattern: every }, auth: { fault: "none", pattern: every } };
    seen = [];
    over = [];
  };
  heal();
  const server = createServer((incoming, outgoing) => {
    const what = `${incoming.method} ${incoming.url}`;
    seen.push(what);
    outgoing.once("close", () => over.push(what));
    const service = incoming.url?.startsWith("/auth/") ? "auth" : "rest";
    const { fault, pattern, once } = faults[service];
    const isMet = pattern.test(what);
    if (isMet && once) faults[service] = { fault: "none", pattern: every };
    pass(incoming, outgoing, target, isMet ? fault : "none");
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const failWhere = (service: Service, fault: Fault, pattern: RegExp) => {
    faults[service] = { fault, pattern };
  };
  return {
    fail: (service, fault) => failWhere(service, fault, every),
    failWhere,
    failOnce: (service, fault, pattern) => {
      faults[service] = { fault, pattern, once: true };
    },
    heal,
    seen: () => seen,
    over: () => over,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, target: string, fault: Fault): void {
  const socket: Socket = incoming.socket;
  if (fault === "down") return void socket.destroy();
  if (fault === "silent") return void incoming.resume();
  if (fault === "error") {
    incoming.resume();
    const body = { code: "XX000", message: "the database is out of order", msg: "out of order" };
    return void outgoing.writeHead(500, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  }
  if (fault in REFUSALS) {
    incoming.resume();
    const [status, body] = REFUSALS[fault as keyof typeof REFUSALS];
    const headers = { "Content-Type": "application/json", "X-Supabase-Api-Version": "2024-01-01" };
    return void outgoing.writeHead(status, headers).end(JSON.stringify(body));
  }
  if (fault === "garbage") {
    incoming.resume();
    return void outgoing.writeHead(200, { "Content-Type": "text/html" }).end("<html>Welcome</html>");
  }
  const onward = request(
    new URL(incoming.url ?? "/", target),
    // On a connection of its own: one that waits to be used again may be closed at that moment.
    { agent: false, method: incoming.method, headers: { ...incoming.headers, host: new URL(target).host } },
    async (answer) => {
      const body = Buffer.concat(await answer.toArray());
      if (fault === "late") return;
      const { "transfer-encoding": _, ...headers } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, { ...headers, "content-length": body.byteLength });
      if (fault !== "cut") return void outgoing.end(body);
      outgoing.write(body.subarray(0, body.byteLength / 2), () => socket.destroy());
    },
  );
  // Also where the app has given up meanwhile.
  onward.once("error", () => socket.destroy());
  incoming.pipe(onward);
}

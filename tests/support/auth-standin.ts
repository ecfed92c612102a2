import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the stand-in got. */
export interface AuthRequest {
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** What it answers with: a status and JSON or text, `null` for a connection that closes, `"silent"` for none at all. */
export type AuthAnswer = { status: number; body: unknown } | null | "silent";

/**
 * A stand-in for Supabase Auth, for answers that a real one gives only on a bad day. It speaks GoTrue's protocol, as
 * documented at https://supabase.com/docs/guides/auth/debugging/error-codes, and answers each request with what
 * `answer` says.
 */
export async function startAuthStandIn() {
  const requests: AuthRequest[] = [];
  const standIn = {
    requests,
    /** Decides on each request, by its path. */
    answer: (_: AuthRequest): AuthAnswer | Promise<AuthAnswer> => ({ status: 200, body: {} }),
    url: "",
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server: Server = createServer(async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks = await incoming.toArray().catch(() => []);
    const request = {
      path: incoming.url ?? "",
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(request);
    const answer = await standIn.answer(request);
    if (answer === "silent") return;
    if (answer === null) return void incoming.socket.destroy();
    const isText = typeof answer.body === "string";
    outgoing
      .writeHead(answer.status, {
        "Content-Type": isText ? "text/html" : "application/json",
        // Without it, auth-js does not look at `code`.
        ...(Object(answer.body).message !== undefined && { "X-Supabase-Api-Version": "2024-01-01" }),
      })
      .end(isText ? answer.body : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  standIn.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return standIn;
}

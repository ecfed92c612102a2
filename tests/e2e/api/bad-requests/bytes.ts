import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { APP_PORT } from "../../../support/ports";
import type { Reply, Sending } from "../client";

/**
 * Sends bytes as they are.
 *
 * @returns the reply, as the bytes that came until the server closed the connection; status 0 if none came
 */
export async function sendBytes(bytes: string | Buffer): Promise<Reply> {
  const socket = connect(APP_PORT, "127.0.0.1");
  // Far longer than anything that is sent here takes; a server that leaves the connection open is a fault.
  socket.setTimeout(120_000, () => socket.destroy(new Error("The server did not close the connection.")));
  socket.write(bytes);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of socket) chunks.push(chunk);
  } catch (error) {
    // A server that refuses early may reset the connection, because more is still on its way to it.
    if ((error as NodeJS.ErrnoException).code !== "ECONNRESET" || chunks.length === 0) throw error;
  }
  return toReply(Buffer.concat(chunks).toString());
}

function toReply(text: string): Reply {
  const [head = "", body = ""] = text.split(/\r\n\r\n(.*)/s);
  const [line = "", ...lines] = head.split("\r\n");
  const headers: IncomingHttpHeaders = Object.fromEntries(
    lines.map((header) => {
      const [name = "", value = ""] = header.split(/:\s*(.*)/s);
      return [name.toLowerCase(), value];
    }),
  );
  // Replies are so short here that they are one chunk.
  const content =
    headers["transfer-encoding"] === "chunked" ? (/^\w+\r\n(.*)\r\n0\r\n/s.exec(body)?.[1] ?? "") : body;
  const isJson = headers["content-type"] === "application/problem+json";
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1] ?? 0),
    headers,
    text: content,
    json: isJson ? JSON.parse(content) : undefined,
  };
}

/** How often a slow body gets its next byte. */
const BYTE_MS = 500;
/** Eight times as long as the server may take. */
const NEVER_MS = 120_000;

/** Sends a body that goes on byte by byte and never ends, until the server answers. */
export function sendForever(path: string, { method, headers }: Sending, cookie: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port: APP_PORT, path, method, agent: false });
    for (const [name, value] of Object.entries({ Cookie: cookie, ...headers })) {
      if (value !== undefined) outgoing.setHeader(name, value);
    }
    const timer = setInterval(() => outgoing.write("x"), BYTE_MS);
    const never = setTimeout(() => outgoing.destroy(new Error("The server goes on waiting.")), NEVER_MS);
    outgoing.once("error", (error) => {
      clearTimeout(never);
      clearInterval(timer);
      reject(error);
    });
    outgoing.once("response", async (incoming) => {
      clearTimeout(never);
      clearInterval(timer);
      const text = Buffer.concat(await incoming.toArray()).toString();
      outgoing.destroy();
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, json: JSON.parse(text) });
    });
    outgoing.write('{"key":"');
  });
}

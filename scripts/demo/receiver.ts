import { createServer } from "node:http";
import { HOST } from "../embedded/ports.ts";

/** How each receiver of the demo's webhooks answers. */
const ANSWERS: Readonly<Record<string, { status: number; body: string }>> = {
  "/deploy": { status: 204, body: "" },
  "/chat": { status: 200, body: "ok" },
  "/audit": { status: 503, body: "This server was shut down." },
};

/**
 * Starts what the demo's webhooks lead to, on this machine: it reads nothing, and keeps nothing.
 *
 * @returns a function that stops it
 * @throws Error where the port is taken
 */
export async function startReceiver(port: number): Promise<() => void> {
  const server = createServer((request, response) => {
    const { status, body } = ANSWERS[request.url ?? ""] ?? { status: 404, body: "" };
    request.resume().once("end", () => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, resolve);
  });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

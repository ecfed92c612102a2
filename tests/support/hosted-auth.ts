import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { HostedProject } from "./hosted/project.ts";
import { defaultSettings, type HostedRequest, type HostedSettings } from "./hosted/settings.ts";

export type { HostedRequest, HostedSettings } from "./hosted/settings.ts";

/** A stand-in that runs. */
export interface HostedAuth {
  /** Where it answers: what an app takes for its project's URL. */
  url: string;
  /** May change while it runs. */
  settings: HostedSettings;
  /** All requests so far, oldest first. They have everything in them that was sent. */
  requests: HostedRequest[];
  close(): Promise<void>;
}

/**
 * Starts a stand-in for hosted Supabase: a proxy in front of the embedded one, which answers as the API gateway and
 * GoTrue of a project do where the embedded server doesn't. Everything else is the embedded server's own answer, also
 * how it hashes passwords, keeps sessions, renews them, and runs SQL. Nobody has compared it with a project: it's written
 * from documentation and from GoTrue's source, which each of its files names (tests/support/hosted).
 *
 * What it does:
 * - The gateway: API keys, also legacy ones, and what it says without one (401); a paused project (540). gateway.ts
 * - Sessions signed with ES256, the key set, and GoTrue's refusals in the form that the client asks for. tokens.ts,
 *   answers.ts
 * - "Confirm email" with its mail and links, users that look new for a taken address, CAPTCHAs, rules for passwords,
 *   limits of requests and mails, changes of an address that both addresses confirm. accounts.ts, links.ts, verify.ts,
 *   limits.ts
 * - Second factors. factors.ts
 *
 * What is different from a project: all this is in memory; the embedded server takes every address for confirmed; mails
 * are caught; codes of authenticator apps are also good minutes ahead, so that no test waits for the next one.
 *
 * @param port on 127.0.0.1; 0 for any free one
 * @param target the embedded Supabase's address. It has the API keys and the secret for tests of keys.ts
 * @param changes to a new project's settings
 */
export async function startHostedAuth(
  port: number,
  target: string,
  changes: Partial<HostedSettings> = {},
): Promise<HostedAuth> {
  const settings = { ...defaultSettings(), ...changes };
  const requests: HostedRequest[] = [];
  const project = new HostedProject(target, settings);
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request: HostedRequest = {
      method: incoming.method ?? "GET",
      path: incoming.url ?? "/",
      headers: Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: Buffer.concat(await incoming.toArray()).toString(),
    };
    requests.push(request);
    const reply = await project.answer(request, incoming.socket.remoteAddress ?? "");
    if (!reply) return void incoming.socket.destroy();
    const { status, headers, body } = reply;
    const date = new Date(Date.now() + settings.clockSkewSeconds * 1000).toUTCString();
    const isPlain = typeof body === "string" || Buffer.isBuffer(body);
    outgoing
      .writeHead(status, { ...(!isPlain && { "Content-Type": "application/json" }), ...headers, Date: date })
      .end(isPlain ? body : JSON.stringify(body));
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  project.url = url;
  return {
    ...{ url, settings, requests },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

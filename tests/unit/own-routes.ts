import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";

// A page in a browser, as far as requests to our own routes need one, and a real server that answers them.

export interface Received {
  method: string;
  path: string;
  shownUser: string | undefined;
  type: string | undefined;
  body: unknown;
}

let server: Server;
let origin: string;
export const routes: {
  /** What has arrived since the test began. */
  received: Received[];
  /** What the server answers next. */
  answer: (response: ServerResponse, request: IncomingMessage) => void;
  /** What of a page there is here: its <meta> of whom it shows. */
  shown: string | null;
} = { received: [], answer: () => {}, shown: null };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const { method = "", url: path = "", headers } = request;
    const shownUser = headers["vault-shown-user"] as string | undefined;
    routes.received.push({
      method,
      path,
      shownUser,
      type: headers["content-type"],
      body: text && JSON.parse(text),
    });
    routes.answer(response, request);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
/** What of a page loads it anew. */
export const reload = vi.fn();

beforeEach(() => {
  routes.received = [];
  routes.shown = null;
  reload.mockClear();
  const kept = new Map<string, string>();
  vi.stubGlobal("document", {
    querySelector: (selector: string) =>
      selector === 'meta[name="vault-shown-user"]' && routes.shown ? { content: routes.shown } : null,
  });
  vi.stubGlobal("location", { reload, origin });
  vi.stubGlobal("sessionStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
  routes.answer = (response) => json(response, 200, { ok: true });
  // In a browser, paths are relative to the page.
  const original = globalThis.fetch;
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => original(new URL(path, origin), init));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Answers with JSON. */
export const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
/** What the work fails with. */
export const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable("It passed."),
    (error) => error,
  );

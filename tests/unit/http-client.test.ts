import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  ApiError,
  asApiError,
  callApi,
  fetchFile,
  isCancelled,
  request,
  takeReloadReason,
  watchProblems,
} from "../../lib/vault/http/client.ts";
import { setConfirmer } from "../../lib/vault/http/confirmer.ts";
import { vaultApi } from "../../lib/vault/requests.ts";
import { eventually } from "../support/eventually.ts";

interface Received {
  method: string;
  path: string;
  shownUser: string | undefined;
  type: string | undefined;
  body: unknown;
}

let server: Server;
let origin: string;
let received: Received[];
let answer: (response: ServerResponse, request: IncomingMessage) => void;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const { method = "", url: path = "", headers } = request;
    const shownUser = headers["vault-shown-user"] as string | undefined;
    received.push({ method, path, shownUser, type: headers["content-type"], body: text && JSON.parse(text) });
    answer(response, request);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
/** What of a page there is here: its <meta> of whom it shows. */
let shown: string | null;
const reload = vi.fn();
beforeEach(() => {
  received = [];
  shown = null;
  reload.mockClear();
  const kept = new Map<string, string>();
  vi.stubGlobal("document", {
    querySelector: (selector: string) =>
      selector === 'meta[name="vault-shown-user"]' && shown ? { content: shown } : null,
  });
  vi.stubGlobal("location", { reload, origin });
  vi.stubGlobal("sessionStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
  answer = (response) => json(response, 200, { ok: true });
  // In a browser, paths are relative to the page.
  const original = globalThis.fetch;
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => original(new URL(path, origin), init));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable("It passed."),
    (error) => error,
  );

describe("a request to our own routes", () => {
  it("sends JSON where there is a body, and no body and no type otherwise", async () => {
    expect(await callApi("POST", "/api/x", { a: 1 })).toEqual({ ok: true });
    await callApi("DELETE", "/api/x?key=A");
    expect(received).toEqual([
      { method: "POST", path: "/api/x", shownUser: undefined, type: "application/json", body: { a: 1 } },
      { method: "DELETE", path: "/api/x?key=A", shownUser: undefined, type: undefined, body: "" },
    ]);
  });

  it("says whom the page shows", async () => {
    shown = "0a000000-0000-4000-8000-00000000000a";
    await callApi("GET", "/api/x");
    await callApi("POST", "/api/x", {});
    expect(received.map(({ shownUser }) => shownUser)).toEqual([shown, shown]);
  });

  it("loads the page anew where somebody else is signed in, and not again and again", async () => {
    answer = (response) => json(response, 409, { code: "user_changed", detail: "Somebody else." });
    vi.useFakeTimers({ toFake: ["Date"], now: 1_000_000 });
    for (const [second, reloads] of [
      [0, 1],
      [1, 1],
      [29, 1],
      [31, 2],
    ] as const) {
      vi.setSystemTime(1_000_000 + second * 1_000);
      expect(await failure(callApi("GET", "/api/x"))).toMatchObject({ code: "user_changed", status: 409 });
      expect(reload, `after ${second} s`).toHaveBeenCalledTimes(reloads);
    }
  });

  it("says once, after that, why it was loaded anew", async () => {
    answer = (response) => json(response, 409, { code: "user_changed", detail: "Somebody else." });
    expect(takeReloadReason()).toBeNull();
    await failure(callApi("GET", "/api/x"));
    expect(takeReloadReason()).toBe("You're now signed in with a different account. Nothing was saved.");
    expect(takeReloadReason()).toBeNull();
  });

  it("loads no page anew for another conflict", async () => {
    answer = (response) => json(response, 409, { code: "secret_changed", detail: "Changed." });
    await failure(callApi("GET", "/api/x"));
    expect(reload).not.toHaveBeenCalled();
  });

  it("never takes a reply from a cache", async () => {
    const fetching = vi.spyOn(globalThis, "fetch");
    await request("GET", "/api/x");
    expect(fetching.mock.calls[0]?.[1]).toMatchObject({ cache: "no-store" });
  });

  it("gives nothing for 204", async () => {
    answer = (response) => response.writeHead(204).end();
    expect(await callApi("DELETE", "/api/x")).toBeUndefined();
  });

  it("passes on the code, the sentence and whose key it was", async () => {
    answer = (response) =>
      json(response, 422, { code: "provider_refused_key", detail: "No.", source: "team" });
    const error = await failure(callApi("GET", "/api/x"));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      name: "ApiError",
      status: 422,
      code: "provider_refused_key",
      message: "No.",
      source: "team",
    });
  });

  it.each([
    ["no JSON", (response: ServerResponse) => response.writeHead(502).end("<html>Bad gateway</html>")],
    ["other JSON", (response: ServerResponse) => json(response, 502, { code: 7, detail: ["sk-test"] })],
    ["JSON that is null", (response: ServerResponse) => json(response, 502, null)],
  ])("has a sentence of its own for a failure with %s", async (_, badAnswer) => {
    answer = badAnswer;
    expect(await failure(callApi("GET", "/api/x"))).toMatchObject({
      status: 502,
      code: "internal",
      message: "Something went wrong on the server. Try again in a moment.",
    });
  });

  const OFFLINE = {
    name: "ApiError",
    status: 0,
    code: "offline",
    message: "The server can't be reached. Check your connection and try again.",
  };

  describe("where the app's own middleware redirects strangers", () => {
    const page = (response: ServerResponse, status: number) =>
      response.writeHead(status, { "Content-Type": "text/html; charset=utf-8" }).end("<h1>Page</h1>");
    /** Answers with a redirect, and at the address that it leads to in the given way. */
    function redirect(status: number, to: string, there: (response: ServerResponse) => void) {
      answer = (response, { url }) =>
        url === "/api/vault?key=A" ? response.writeHead(status, { Location: to }).end() : there(response);
    }
    const methods = [["GET"], ["POST", { key: "A" }], ["DELETE"]] as const;
    const send = ([method, body]: (typeof methods)[number]) =>
      failure(callApi(method, "/api/vault?key=A", body));

    it.each([
      [307, 200],
      [307, 405],
      [307, 500],
      [303, 200],
      [302, 200],
    ])("a redirect with %i to a page that answers %i is an ended session", async (status, answered) => {
      redirect(status, "/auth/login?next=%2Fvault", (response) => page(response, answered));
      for (const method of methods) {
        expect(await send(method)).toMatchObject({
          code: "unauthenticated",
          status: 401,
          message: "You're not signed in. Sign in, then try again.",
        });
      }
    });

    it("tells what watches problems", async () => {
      const seen: string[] = [];
      const end = watchProblems((code) => seen.push(code));
      redirect(307, "/auth/login", (response) => page(response, 200));
      await send(["GET"]);
      end();
      expect(seen).toEqual(["unauthenticated"]);
    });

    it("a redirect that only adds a slash is followed", async () => {
      redirect(308, "/api/vault/?key=A", (response) => json(response, 200, { ok: true }));
      expect(await callApi("POST", "/api/vault?key=A", {})).toEqual({ ok: true });
      redirect(308, "/api/vault/?key=A", (response) => page(response, 502));
      expect(await send(["GET"])).toMatchObject({ code: "internal", status: 502 });
    });

    it("a redirect to another site, such as a network's sign-in page, is no ended session", async () => {
      const other = createServer((_, response) => page(response, 200)).listen(0, "127.0.0.1");
      await once(other, "listening");
      redirect(307, `http://127.0.0.1:${(other.address() as AddressInfo).port}/`, () => {});
      expect(await send(["GET"])).toMatchObject({ code: "offline", status: 0 });
      other.close();
    });

    it("a page without a redirect, such as a gateway's, is no ended session and no success", async () => {
      answer = (response) => page(response, 502);
      expect(await send(["GET"])).toMatchObject({ code: "internal", status: 502 });
      answer = (response) => page(response, 200);
      for (const method of methods) expect(await send(method)).toMatchObject({ code: "offline" });
    });
  });

  it("says that the server cannot be reached where the connection breaks, before the reply and inside it", async () => {
    answer = (_, { socket }) => socket.destroy();
    expect(await failure(callApi("GET", "/api/x"))).toMatchObject(OFFLINE);
    answer = (response, { socket }) => {
      response.writeHead(200, { "Content-Length": "100" }).write('{"ok":');
      setTimeout(() => socket.destroy(), 20);
    };
    expect(await failure(callApi("GET", "/api/x"))).toMatchObject(OFFLINE);
    expect(await failure(fetchFile("/api/x"))).toMatchObject(OFFLINE);
  });

  it("ends after 20 seconds, not before", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort());
    expect(await failure(callApi("GET", "/api/x"))).toMatchObject(OFFLINE);
    expect(timeout).toHaveBeenCalledWith(20_000);
    timeout.mockRestore();
  });

  it("that was called off ends with the reason, and has no other end", async () => {
    const controller = new AbortController();
    const timeout = vi.spyOn(AbortSignal, "timeout");
    answer = () => controller.abort(new Error("Called off."));
    expect(await failure(request("GET", "/api/x", undefined, controller.signal))).toMatchObject({
      message: "Called off.",
    });
    expect(timeout).not.toHaveBeenCalled();
    timeout.mockRestore();
  });

  it("for a file gives its content and its name", async () => {
    answer = (response) =>
      response.writeHead(200, { "Content-Disposition": 'attachment; filename="usage.csv"' }).end("a,b");
    const { name, content } = await fetchFile("/api/usage?format=csv");
    expect([name, await content.text()]).toEqual(["usage.csv", "a,b"]);
    answer = (response) => response.writeHead(200).end("a,b");
    expect((await fetchFile("/api/usage")).name).toBe("download");
  });
});

describe("an error for a person", () => {
  it("is the one that came, or says that it did not work", () => {
    const known = new ApiError(404, "secret_not_found", "Gone.");
    expect(asApiError(known)).toBe(known);
    expect(asApiError(new TypeError("x is undefined"))).toMatchObject({
      status: 0,
      code: "internal",
      message: "That didn't work. Try again.",
    });
  });
});

describe("the vault's routes", () => {
  const secret = { key: "A", category: "General", description: "", if_updated_at: null } as const;
  const TEAM = "7e000000-0000-4000-8000-000000000001";

  it.each([
    [null, ""],
    [TEAM, `team_id=${TEAM}`],
  ])("are asked for the owner %s", async (teamId, parameter) => {
    const api = vaultApi(teamId);
    const owner = teamId === null ? {} : { team_id: teamId };
    const path = (...parameters: string[]) => {
      const query = [...parameters, parameter].filter(Boolean).join("&");
      return query ? `/api/vault?${query}` : "/api/vault";
    };
    const expectCall = async (
      call: () => Promise<unknown>,
      reply: unknown,
      sent: Partial<Received>,
      result: unknown,
    ) => {
      answer = (response) =>
        reply === undefined ? response.writeHead(204).end() : json(response, 200, reply);
      expect(await call()).toEqual(result);
      expect(received.at(-1)).toMatchObject(sent);
    };
    await expectCall(() => api.list(), { secrets: [1] }, { method: "GET", path: path() }, [1]);
    await expectCall(() => api.read("A"), { key: "A" }, { method: "GET", path: path("key=A") }, { key: "A" });
    await expectCall(
      () => api.reveal("A"),
      { key: "A", value: "v" },
      { method: "GET", path: path("key=A", "reveal=true") },
      "v",
    );
    await expectCall(
      () => api.copy("A"),
      { key: "A", value: "v" },
      { method: "GET", path: path("key=A", "reveal=true", "copy=true") },
      "v",
    );
    await expectCall(
      () => api.save(secret),
      { key: "A" },
      { method: "POST", path: "/api/vault", body: { ...secret, ...owner } },
      { key: "A" },
    );
    await expectCall(
      () => api.remove("A", "2026-03-05T12:00:00.123456Z"),
      undefined,
      {
        method: "DELETE",
        path: path("key=A", "if_updated_at=2026-03-05T12%3A00%3A00.123456Z"),
        body: "",
      },
      undefined,
    );
    const secrets = [{ ...secret, value: "v" }];
    await expectCall(
      () => api.importAll(secrets, true),
      { secrets: [2] },
      { method: "POST", path: "/api/vault/import", body: { secrets, use_only: true, ...owner } },
      [2],
    );
    await expectCall(
      () => api.check("A"),
      { result: "works" },
      { method: "POST", path: "/api/vault/check", body: { key: "A", ...owner } },
      { result: "works" },
    );
  });
});

describe("a request that has to be confirmed", () => {
  const required = { code: "confirmation_required", detail: "Confirm it's you, then try again." };
  let confirmed: boolean;
  let forget: () => void;
  const ask = vi.fn<() => Promise<boolean>>();
  beforeEach(() => {
    confirmed = false;
    ask.mockReset();
    forget = setConfirmer(ask);
    answer = (response) => (confirmed ? json(response, 200, { value: "x" }) : json(response, 403, required));
  });
  afterEach(() => forget());
  const agree = async () => {
    confirmed = true;
    return true;
  };

  it("is sent once more, as it was, after the person was asked", async () => {
    ask.mockImplementation(agree);
    expect(await callApi("POST", "/api/x", { a: 1 })).toEqual({ value: "x" });
    expect(ask).toHaveBeenCalledTimes(1);
    expect(received.map(({ method, body }) => [method, body])).toEqual(Array(2).fill(["POST", { a: 1 }]));
    await callApi("GET", "/api/x");
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it("is asked for once, however many wait for it, and anew for the next one", async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    ask.mockReturnValueOnce(promise);
    const requests = [1, 2, 3].map((number) => callApi("GET", `/api/${number}`));
    await eventually(() => expect(received).toHaveLength(3));
    confirmed = true;
    resolve(true);
    expect(await Promise.all(requests)).toEqual(Array(3).fill({ value: "x" }));
    expect(ask).toHaveBeenCalledTimes(1);
    confirmed = false;
    ask.mockImplementation(agree);
    await callApi("GET", "/api/4");
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("is over, and nothing is said, where the person does not want to", async () => {
    ask.mockResolvedValue(false);
    const error = await failure(callApi("GET", "/api/x"));
    expect(error).toBeInstanceOf(ApiError);
    expect(isCancelled(error)).toBe(true);
    expect(received).toHaveLength(1);
  });

  it("is not asked for again where that was of no use", async () => {
    ask.mockResolvedValue(true);
    const error = await failure(callApi("GET", "/api/x"));
    expect([error.code, isCancelled(error)]).toEqual(["confirmation_required", false]);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it("says so where the page has nothing to ask with", async () => {
    forget();
    expect(await failure(callApi("GET", "/api/x"))).toMatchObject({ status: 403, message: required.detail });
    expect(ask).not.toHaveBeenCalled();
  });

  it("ends by its own signal, also after the person was asked", async () => {
    const stop = new AbortController();
    ask.mockImplementation(async () => {
      stop.abort();
      return true;
    });
    const error = await failure(request("GET", "/api/x", undefined, stop.signal));
    expect(error.name).toBe("AbortError");
    expect(received).toHaveLength(1);
  });
});

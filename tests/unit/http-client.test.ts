import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import {
  ApiError,
  asApiError,
  callApi,
  fetchFile,
  request,
  takeReloadReason,
  watchProblems,
} from "../../lib/vault/http/client.ts";
import { failure, json, reload, routes } from "./own-routes.ts";

describe("a request to our own routes", () => {
  it("sends JSON where there is a body, and no body and no type otherwise", async () => {
    expect(await callApi("POST", "/api/x", { a: 1 })).toEqual({ ok: true });
    await callApi("DELETE", "/api/x?key=A");
    expect(routes.received).toEqual([
      { method: "POST", path: "/api/x", shownUser: undefined, type: "application/json", body: { a: 1 } },
      { method: "DELETE", path: "/api/x?key=A", shownUser: undefined, type: undefined, body: "" },
    ]);
  });

  it("says whom the page shows", async () => {
    routes.shown = "0a000000-0000-4000-8000-00000000000a";
    await callApi("GET", "/api/x");
    await callApi("POST", "/api/x", {});
    expect(routes.received.map(({ shownUser }) => shownUser)).toEqual([routes.shown, routes.shown]);
  });

  it("loads the page anew where somebody else is signed in, and not again and again", async () => {
    routes.answer = (response) => json(response, 409, { code: "user_changed", detail: "Somebody else." });
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
    routes.answer = (response) => json(response, 409, { code: "user_changed", detail: "Somebody else." });
    expect(takeReloadReason()).toBeNull();
    await failure(callApi("GET", "/api/x"));
    expect(takeReloadReason()).toBe("You're now signed in with a different account. Nothing was saved.");
    expect(takeReloadReason()).toBeNull();
  });

  it("loads no page anew for another conflict", async () => {
    routes.answer = (response) => json(response, 409, { code: "secret_changed", detail: "Changed." });
    await failure(callApi("GET", "/api/x"));
    expect(reload).not.toHaveBeenCalled();
  });

  it("never takes a reply from a cache", async () => {
    const fetching = vi.spyOn(globalThis, "fetch");
    await request("GET", "/api/x");
    expect(fetching.mock.calls[0]?.[1]).toMatchObject({ cache: "no-store" });
  });

  it("gives nothing for 204", async () => {
    routes.answer = (response) => response.writeHead(204).end();
    expect(await callApi("DELETE", "/api/x")).toBeUndefined();
  });

  it("passes on the code, the sentence and whose key it was", async () => {
    routes.answer = (response) =>
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
    routes.answer = badAnswer;
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
      routes.answer = (response, { url }) =>
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
      routes.answer = (response) => page(response, 502);
      expect(await send(["GET"])).toMatchObject({ code: "internal", status: 502 });
      routes.answer = (response) => page(response, 200);
      for (const method of methods) expect(await send(method)).toMatchObject({ code: "offline" });
    });
  });

  it("says that the server cannot be reached where the connection breaks, before the reply and inside it", async () => {
    routes.answer = (_, { socket }) => socket.destroy();
    expect(await failure(callApi("GET", "/api/x"))).toMatchObject(OFFLINE);
    routes.answer = (response, { socket }) => {
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
    routes.answer = () => controller.abort(new Error("Called off."));
    expect(await failure(request("GET", "/api/x", undefined, controller.signal))).toMatchObject({
      message: "Called off.",
    });
    expect(timeout).not.toHaveBeenCalled();
    timeout.mockRestore();
  });

  it("for a file gives its content and its name", async () => {
    routes.answer = (response) =>
      response.writeHead(200, { "Content-Disposition": 'attachment; filename="usage.csv"' }).end("a,b");
    const { name, content } = await fetchFile("/api/usage?format=csv");
    expect([name, await content.text()]).toEqual(["usage.csv", "a,b"]);
    routes.answer = (response) => response.writeHead(200).end("a,b");
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

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, callApi, isCancelled, request } from "../../lib/vault/http/client.ts";
import { setConfirmer } from "../../lib/vault/http/confirmer.ts";
import { eventually } from "../support/eventually.ts";
import { failure, json, routes } from "./own-routes.ts";

describe("a request that has to be confirmed", () => {
  const required = { code: "confirmation_required", detail: "Confirm it's you, then try again." };
  let confirmed: boolean;
  let forget: () => void;
  const ask = vi.fn<() => Promise<boolean>>();
  beforeEach(() => {
    confirmed = false;
    ask.mockReset();
    forget = setConfirmer(ask);
    routes.answer = (response) =>
      confirmed ? json(response, 200, { value: "x" }) : json(response, 403, required);
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
    expect(routes.received.map(({ method, body }) => [method, body])).toEqual(
      Array(2).fill(["POST", { a: 1 }]),
    );
    await callApi("GET", "/api/x");
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it("is asked for once, however many wait for it, and anew for the next one", async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    ask.mockReturnValueOnce(promise);
    const requests = [1, 2, 3].map((number) => callApi("GET", `/api/${number}`));
    await eventually(() => expect(routes.received).toHaveLength(3));
    confirmed = true;
    resolve(true);
    expect(await Promise.all(requests)).toEqual(Array(3).fill({ value: "x" }));
    expect(ask).toHaveBeenCalledTimes(1);
    confirmed = false;
    ask.mockImplementation(agree);
    await callApi("GET", "/api/4");
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it.each([
    { answer: true, title: "is sent once more where the person agreed before the server's reply came" },
    { answer: false, title: "is over where the person said no before the server's reply came" },
  ])("$title", async ({ answer }) => {
    const reply = Promise.withResolvers<void>();
    const { answer: answerAtOnce } = routes;
    routes.answer = async (response, incoming) => {
      if (incoming.url !== "/api/late" || confirmed) return answerAtOnce(response, incoming);
      await reply.promise;
      json(response, 403, required);
    };
    ask.mockImplementation(async () => {
      confirmed = answer;
      return answer;
    });
    const outcome = (path: string) =>
      callApi("GET", path).catch((error: ApiError) => (isCancelled(error) ? "cancelled" : error));
    const expected = answer ? { value: "x" } : "cancelled";
    const late = outcome("/api/late");
    await eventually(() => expect(routes.received).toHaveLength(1));
    expect(await outcome("/api/first")).toEqual(expected);
    reply.resolve();
    expect(await late).toEqual(expected);
    expect(ask).toHaveBeenCalledTimes(1);
    confirmed = false;
    ask.mockImplementation(agree);
    expect(await outcome("/api/next")).toEqual({ value: "x" });
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("is over, and nothing is said, where the person does not want to", async () => {
    ask.mockResolvedValue(false);
    const error = await failure(callApi("GET", "/api/x"));
    expect(error).toBeInstanceOf(ApiError);
    expect(isCancelled(error)).toBe(true);
    expect(routes.received).toHaveLength(1);
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
    expect(routes.received).toHaveLength(1);
  });
});

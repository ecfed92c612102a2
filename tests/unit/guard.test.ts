import { afterEach, describe, expect, it, vi } from "vitest";
import { readQuery, receiveJson, requireSameOrigin } from "../../lib/vault/http/guard.ts";
import { check } from "../../lib/vault/http/respond.ts";
import { secretQuery } from "../../lib/vault/schema.ts";

const ORIGIN = "https://vault.example.com";

vi.mock("../../lib/vault/host.ts", () => ({ settings: () => ({ siteOrigin: ORIGIN }) }));

const request = (body: BodyInit | ReadableStream<Uint8Array> | null, headers: Record<string, string> = {}) =>
  new Request(`${ORIGIN}/api`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body,
    duplex: "half",
  } as RequestInit);

const readJson = async (sent: Request, limit: number) =>
  (await receiveJson(sent, limit, "application/json"))();

/** The code and the sentence of what it throws. */
const refusal = (work: () => unknown) =>
  Promise.resolve()
    .then(work)
    .then(
      () => "passed",
      ({ code, status, message }) => ({ code, status, message }),
    );

afterEach(() => {
  vi.useRealTimers();
});

describe("a request", () => {
  const sent = (headers: Record<string, string>) =>
    refusal(() => requireSameOrigin(new Request(`${ORIGIN}/api`, { headers })));

  it.each([
    [{ "Sec-Fetch-Site": "same-origin" }],
    // The browser knows better than a header that an old one would have sent.
    [{ "Sec-Fetch-Site": "same-origin", Origin: "https://evil.example" }],
    [{ Origin: ORIGIN }],
    [{}],
  ])("of our own pages, or of no browser, passes: %j", async (headers) => {
    expect(await sent(headers)).toBe("passed");
  });

  it.each([
    [{ "Sec-Fetch-Site": "cross-site" }],
    [{ "Sec-Fetch-Site": "same-site" }],
    [{ "Sec-Fetch-Site": "none" }],
    [{ "Sec-Fetch-Site": "" }],
    [{ "Sec-Fetch-Site": "Same-Origin" }],
    [{ "Sec-Fetch-Site": "cross-site", Origin: ORIGIN }],
    [{ Origin: "null" }],
    [{ Origin: "" }],
    [{ Origin: "http://vault.example.com" }],
    [{ Origin: `${ORIGIN}:8443` }],
    [{ Origin: `${ORIGIN}.evil.example` }],
    [{ Origin: "https://evil.example", Host: "evil.example" }],
  ])("of another site's is refused: %j", async (headers) => {
    expect(await sent(headers)).toMatchObject({ code: "cross_origin", status: 403 });
  });
});

describe("a body", () => {
  it("that does not arrive in time is given up", async () => {
    vi.useFakeTimers();
    const cancelled = vi.fn();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"a":')),
      cancel: cancelled,
    });
    const reading = readJson(request(body), 1_000).catch((problem: unknown) => problem);
    await vi.advanceTimersByTimeAsync(14_000);
    expect(cancelled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await reading).toMatchObject({ code: "request_timeout", status: 408 });
    expect(cancelled).toHaveBeenCalled();
  });

  it("that has arrived leaves no timer behind", async () => {
    vi.useFakeTimers();
    await readJson(request("{}"), 1_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that breaks off is the client's fault", async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(Object.assign(new Error("aborted"), { code: "ECONNRESET" })),
    });
    await expect(readJson(request(body), 1_000)).rejects.toMatchObject({
      code: "invalid_request",
      status: 400,
      message: "The body didn't arrive completely.",
    });
  });

  it("that comes in pieces is read whole", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of ['{"a":', '"\u00e9', '"}']) controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    });
    expect(await readJson(request(body), 1_000)).toEqual({ a: "\u00e9" });
  });

  it.each([
    "application/json",
    "Application/JSON",
    " application/json ",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'application/json ; charset="utf-8"',
  ])("is read where it is declared as “%s”", async (type) => {
    expect(await readJson(request("{}", { "Content-Type": type }), 10)).toEqual({});
  });

  it.each([
    "",
    "text/plain",
    "text/application/json",
    "application/jsonp",
    "application/json5",
    "application/json; charset=latin1",
    "application/json; charset=utf-16",
    "application/json; charset=utf-8; x=y",
    "application/problem+json",
    "application/json, text/plain",
  ])("is not where it is declared as “%s”", async (type) => {
    expect(await refusal(() => readJson(request("{}", { "Content-Type": type }), 10))).toMatchObject({
      code: "unsupported_media_type",
      status: 415,
    });
  });

  it("is not without any declaration, or compressed; identity means that it is not", async () => {
    const bare = new Request(ORIGIN, { method: "POST", body: new Uint8Array([123, 125]) });
    expect(await refusal(() => readJson(bare, 10))).toMatchObject({ code: "unsupported_media_type" });
    const gzip = request("{}", { "Content-Encoding": "gzip" });
    expect(await refusal(() => readJson(gzip, 10))).toMatchObject({ code: "unsupported_media_type" });
    expect(await readJson(request("{}", { "Content-Encoding": "identity" }), 10)).toEqual({});
  });

  it("may be as long as the limit, and no longer, whatever it says of its length", async () => {
    const text = JSON.stringify("x".repeat(98));
    const stream = () => new Blob([text]).stream();
    expect(await readJson(request(text), 100)).toBe("x".repeat(98));
    expect(await readJson(request(stream()), 100)).toBe("x".repeat(98));
    expect(await readJson(request(stream(), { "Content-Length": "100" }), 100)).toBe("x".repeat(98));
    const tooLarge = {
      code: "payload_too_large",
      status: 413,
      message: "That's too long: a request here can have at most 99 bytes.",
    };
    expect(await refusal(() => readJson(request(text), 99))).toEqual(tooLarge);
    expect(await refusal(() => readJson(request(stream()), 99))).toEqual(tooLarge);
    const said = (length: string) => readJson(request(stream(), { "Content-Length": length }), 99);
    expect(await refusal(() => said("10"))).toEqual(tooLarge);
    expect(await refusal(() => said("much"))).toEqual(tooLarge);
  });

  it("that says it is too long is not read at all", async () => {
    const pulled = vi.fn();
    const body = new ReadableStream({ pull: pulled }, { highWaterMark: 0 });
    expect(await refusal(() => readJson(request(body, { "Content-Length": "100" }), 99))).toMatchObject({
      code: "payload_too_large",
    });
    expect(pulled).not.toHaveBeenCalled();
  });

  it("is read no further than the limit", async () => {
    const cancelled = vi.fn();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(60)),
      cancel: cancelled,
    });
    expect(await refusal(() => readJson(request(body), 100))).toMatchObject({ code: "payload_too_large" });
    expect(cancelled).toHaveBeenCalledOnce();
  });

  it.each([
    ["nothing", null],
    ["an empty text", ""],
    ["half an object", '{"value":"sk-test-canary'],
    ["a second value", "{}{}"],
    ["invalid UTF-8", new Uint8Array([34, 0xff, 34])],
    ["UTF-8 that is cut", new Uint8Array([34, 0xc3])],
    ["UTF-16", new Uint8Array([0x7b, 0, 0x7d, 0])],
  ])("of %s is refused in a sentence that does not repeat it", async (_, body) => {
    expect(await refusal(() => readJson(request(body), 100))).toEqual({
      code: "invalid_request",
      status: 400,
      message: "The body isn't valid JSON in UTF-8.",
    });
  });
});

describe("a query", () => {
  const query = (text: string) => readQuery(new Request(`http://localhost/api?${text}`));

  it("is read as it is", () => {
    expect({ ...query("key=A&team_id=") }).toEqual({ key: "A", team_id: "" });
  });

  it("is read with parameters of prototypes' names, so that a strict schema refuses them", () => {
    expect(Object.keys(query("__proto__=1&constructor=2"))).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(query(""))).toBeNull();
    for (const text of ["__proto__=1", "constructor=1", "toString=1"]) {
      expect(() => check(secretQuery, query(text)), text).toThrow("unknown");
    }
  });

  it("with a parameter given twice is refused", () => {
    expect(() => query("key=A&key=B")).toThrow("A parameter was sent twice.");
  });
});

import Anthropic from "@anthropic-ai/sdk";
import { APICallError, NoObjectGeneratedError, RetryError, StreamProviderError } from "ai";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { providerError, providerProblem, wasPerhapsBilled } from "../../lib/vault-usage/provider-problem.ts";

// What the errors of the three SDKs and of `fetch` stand for, as the SDKs themselves make them.

const QUOTED = "sk-test-quoted";

type Headers_ = Record<string, string>;

/** The same answer that is an error, as each of them throws it. */
const MAKERS: [string, (status: number, body: object | undefined, headers?: Headers_) => Promise<unknown>][] =
  [
    [
      "OpenAI's SDK",
      // As it does, with what is inside of `error`.
      async (status, body, headers = {}) =>
        OpenAI.APIError.generate(status, body, undefined, new Headers(headers)),
    ],
    [
      "Anthropic's SDK",
      async (status, body, headers = {}) =>
        Anthropic.APIError.generate(status, body, undefined, new Headers(headers)),
    ],
    [
      "the AI SDK",
      async (statusCode, body, responseHeaders = {}) =>
        new APICallError({
          ...{ message: QUOTED, url: "https://x.test", requestBodyValues: {}, statusCode, responseHeaders },
          responseBody: body === undefined ? "<html>" : JSON.stringify(body),
          data: body,
        }),
    ],
    [
      "the AI SDK after several tries",
      async (statusCode, body, responseHeaders = {}) => {
        const responseBody = body === undefined ? "<html>" : JSON.stringify(body);
        const last = {
          message: QUOTED,
          url: "https://x.test",
          requestBodyValues: {},
          statusCode,
          responseHeaders,
        };
        const errors = [new APICallError({ ...last, responseBody })];
        return new RetryError({ message: QUOTED, reason: "maxRetriesExceeded", errors });
      },
    ],
    [
      "fetch",
      async (status, body, headers = {}) =>
        providerError(
          new Response(body === undefined ? "<html>" : JSON.stringify(body), { status, headers }),
        ),
    ],
  ];

const OPENAI = { key: "OPENAI_API_KEY", source: "user", isKeyHeader: true } as const;
const coded = (code: string) => ({ error: { code, type: "x", message: `Quoted: ${QUOTED}`, param: null } });

describe.each(MAKERS)("an error of %s", (_, make) => {
  it.each([
    [401, coded("invalid_api_key"), "provider_refused_key"],
    [401, coded("account_deactivated"), "provider_refused_key"],
    [429, coded("insufficient_quota"), "provider_no_credit"],
    [403, coded("missing_scope"), "provider_key_limited"],
    [403, coded("unsupported_country_region_territory"), "provider_blocks_server"],
    [429, coded("rate_limit_exceeded"), "provider_rate_limited"],
    [402, coded("x"), "provider_no_credit"],
    [400, coded("context_length_exceeded"), "provider_rejected_request"],
    [404, coded("model_not_found"), "provider_rejected_request"],
    [503, coded("x"), "provider_overloaded"],
    [529, coded("x"), "provider_overloaded"],
    [500, coded("server_error"), "provider_unavailable"],
    [504, coded("x"), "provider_timeout"],
    [401, coded("mismatched_organization"), "provider_unclear"],
    // A proxy's page says nothing about the key.
    [401, undefined, "provider_unclear"],
    [403, undefined, "provider_unclear"],
    [502, undefined, "provider_unavailable"],
  ])("of the status %i with %j is %s", async (status, body, code) => {
    const error = await make(status, body);
    const problem = providerProblem(error, OPENAI);
    expect(problem).toMatchObject({ code, source: "user", cause: error });
    expect(problem?.message).not.toContain(QUOTED);
    expect(wasPerhapsBilled(error)).toBe([502, 504].includes(status));
  });

  it("says when to try again", async () => {
    const of = async (value: string) =>
      providerProblem(await make(429, coded("rate_limit_exceeded"), { "retry-after": value }), OPENAI)
        ?.retryAfter;
    expect([await of("7"), await of("soon")]).toEqual([7, undefined]);
  });

  it("is read in the words of the key's own provider", async () => {
    const of = async (key: string, body: object) =>
      providerProblem(await make(401, body), { ...OPENAI, key })?.code;
    const anthropics = { type: "error", error: { type: "authentication_error", message: QUOTED } };
    expect(await of("ANTHROPIC_API_KEY", anthropics)).toBe("provider_refused_key");
    expect(await of("OPENAI_API_KEY", anthropics)).toBe("provider_unclear");
    expect(await of("A_KEY_OF_MY_OWN", coded("invalid_api_key"))).toBe("provider_unclear");
  });
});

describe("an error without an answer", () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  it.each<[string, unknown, string, boolean]>([
    ["of OpenAI's SDK", new OpenAI.APIConnectionError({ cause }), "provider_unavailable", false],
    ["of OpenAI's SDK, late", new OpenAI.APIConnectionTimeoutError(), "provider_timeout", true],
    ["of Anthropic's SDK", new Anthropic.APIConnectionError({ cause }), "provider_unavailable", false],
    ["of Anthropic's SDK, late", new Anthropic.APIConnectionTimeoutError(), "provider_timeout", true],
    [
      "of the AI SDK",
      new APICallError({
        message: "Cannot connect to API",
        url: "https://x.test",
        requestBodyValues: {},
        cause,
      }),
      "provider_unavailable",
      false,
    ],
    ["of fetch", new TypeError("fetch failed", { cause }), "provider_unavailable", false],
    ["of a body that breaks off", new TypeError("terminated"), "provider_unavailable", true],
  ])("%s is of the connection", (_, error, code, isBilled) => {
    expect(providerProblem(error, OPENAI)).toMatchObject({ code });
    expect(wasPerhapsBilled(error)).toBe(isBilled);
  });

  it.each([
    new Error("ours"),
    new TypeError("x is not a function"),
    new OpenAI.OpenAIError("Missing credentials."),
    new APICallError({ message: "ours", url: "https://x.test", requestBodyValues: {} }),
    Object.assign(new Error("ours"), { status: 404 }),
    undefined,
    "text",
  ])("is no provider's: %s", (error) => {
    expect(providerProblem(error, OPENAI)).toBeUndefined();
  });
});

describe("an error inside an answer", () => {
  const frame = { message: QUOTED, code: "insufficient_quota", type: "x" };
  it.each<[string, unknown]>([
    ["OpenAI's SDK", new OpenAI.APIError(undefined, frame, undefined, new Headers())],
    [
      "OpenAI's SDK, of a response",
      new OpenAI.APIError(undefined, { ...frame, type: "error" }, undefined, new Headers()),
    ],
    ["the AI SDK", new StreamProviderError({ ...frame, statusCode: 429, data: frame })],
    ["the AI SDK, with the whole event", new StreamProviderError({ ...frame, data: { error: frame } })],
    [
      "the AI SDK, of a response that failed",
      new StreamProviderError({ ...frame, data: { type: "response.failed", response: { error: frame } } }),
    ],
  ])("of %s has its code, and may be billed", (_, error) => {
    expect(providerProblem(error, OPENAI)).toMatchObject({ code: "provider_no_credit" });
    expect(wasPerhapsBilled(error)).toBe(true);
  });

  it("is of the provider where its code says nothing", () => {
    const error = new StreamProviderError({ message: QUOTED, code: "server_error" });
    expect(providerProblem(error, OPENAI)).toMatchObject({ code: "provider_unavailable" });
    const limited = new StreamProviderError({
      message: QUOTED,
      code: "rate_limit_exceeded",
      statusCode: 429,
    });
    expect(providerProblem(limited, OPENAI)).toMatchObject({ code: "provider_rate_limited" });
    expect(wasPerhapsBilled(limited)).toBe(true);
  });
});

describe("an answer that is not what was asked for", () => {
  it("is unclear where a proxy's page came as a success, and may be billed", () => {
    const error = new APICallError({
      ...{ message: "Invalid JSON response", url: "https://x.test", requestBodyValues: {} },
      ...{ statusCode: 200, responseHeaders: {}, responseBody: "<html>" },
    });
    expect(providerProblem(error, OPENAI)).toMatchObject({ code: "provider_unclear" });
    expect(wasPerhapsBilled(error)).toBe(true);
  });

  it("is a bad answer where it doesn't fit the schema, and is billed", () => {
    const error = new NoObjectGeneratedError({
      ...{ message: "No object generated", text: QUOTED, finishReason: "stop" },
      response: { id: "1", timestamp: new Date(), modelId: "gpt-6-luna" },
      usage: {} as never,
    });
    const problem = providerProblem(error, OPENAI);
    expect(problem).toMatchObject({ code: "provider_bad_answer", source: "user" });
    expect(problem?.message).not.toContain(QUOTED);
    expect(wasPerhapsBilled(error)).toBe(true);
  });
});

describe("a key that can't be a header", () => {
  const headerError = (value: string) => {
    try {
      return new Headers({ authorization: `Bearer ${value}` });
    } catch (error) {
      return error;
    }
  };
  it.each(["sk-odd\nkey", "sk-odd-ключ"])("can't be used, and isn't quoted (%j)", (value) => {
    const problem = providerProblem(headerError(value), { ...OPENAI, isKeyHeader: false });
    expect(problem).toMatchObject({ code: "provider_refused_key" });
    expect(problem?.cause).toBeUndefined();
    expect(problem?.message).toBe(
      "Your key can't be used: it contains characters that no key has. Replace OPENAI_API_KEY in your vault.",
    );
    expect(wasPerhapsBilled(headerError(value), { isKeyHeader: false })).toBe(false);
  });

  it("isn't to blame for another header", () => {
    expect(providerProblem(headerError("x\ny"), OPENAI)).toBeUndefined();
  });
});

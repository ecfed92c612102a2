import {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from "@anthropic-ai/sdk/error";
import { describe, expect, it } from "vitest";
import { revealKey, toProviderProblem } from "@/lib/reveal/provider-errors";
import type { SecretSource } from "@/lib/vault/types";
import { usageProblem } from "@/lib/vault-usage/errors";
import { keyDetail } from "@/lib/vault-usage/key-words";
import { wasPerhapsBilled } from "@/lib/vault-usage/provider-problem";

const MODEL = "claude-test";

/** An error as the SDK makes it of an answer; without a body where that was no JSON. */
const answer = (status: number | undefined, body?: object, headers: Record<string, string> = {}) =>
  status === undefined
    ? new APIError(undefined, body, undefined, new Headers(headers))
    : APIError.generate(status, body, undefined, new Headers(headers));
const problemOf = (error: unknown, source: SecretSource = "user") => toProviderProblem(error, source, MODEL);
const ofType = (type: string) => ({ type: "error", error: { type, message: "Quoted from sk-secret." } });
const saying = (message: string) => ({ error: { message } });
const withCode = (code: string) => ({ error: { code } });

const ABOUT_KEY = {
  refused: withCode("invalid_api_key"),
  no_credit: ofType("billing_error"),
  limited: ofType("permission_error"),
  place: ofType("forbidden"),
  busy: ofType("rate_limit_error"),
};

describe("the code of an error", () => {
  it.each([
    ["authentication_error", "provider_refused_key"],
    ["billing_error", "provider_no_credit"],
    ["permission_error", "provider_key_limited"],
    ["forbidden", "provider_blocks_server"],
    ["request_too_large", "provider_rejected_request"],
    ["not_found_error", "provider_rejected_request"],
    ["invalid_request_error", "provider_rejected_request"],
    ["rate_limit_error", "provider_rate_limited"],
    ["overloaded_error", "provider_overloaded"],
    ["timeout_error", "provider_timeout"],
    ["api_error", "provider_unavailable"],
    ["a_new_error", "provider_unavailable"],
  ])("is read from its type, also inside a stream, where it has no status (%s)", (type, code) => {
    expect(problemOf(answer(undefined, ofType(type))).code).toBe(code);
    if (type !== "a_new_error") expect(problemOf(answer(400, ofType(type))).code).toBe(code);
  });

  it.each([
    [402, "provider_no_credit", "provider_unclear"],
    [429, "provider_rate_limited", "provider_rate_limited"],
    [451, "provider_blocks_server", "provider_blocks_server"],
    [413, "provider_rejected_request", "provider_rejected_request"],
    [408, "provider_timeout", "provider_timeout"],
    [504, "provider_timeout", "provider_timeout"],
    [524, "provider_timeout", "provider_timeout"],
    [529, "provider_overloaded", "provider_overloaded"],
    // A proxy says so of everything that it cannot reach.
    [503, "provider_overloaded", "provider_unavailable"],
    [500, "provider_unavailable", "provider_unavailable"],
    [502, "provider_unavailable", "provider_unavailable"],
    [520, "provider_unavailable", "provider_unavailable"],
    [400, "provider_rejected_request", "provider_unclear"],
    [422, "provider_rejected_request", "provider_unclear"],
    // These may be of something on the way.
    [401, "provider_unclear", "provider_unclear"],
    [403, "provider_unclear", "provider_unclear"],
    [404, "provider_unclear", "provider_unclear"],
    [499, "provider_unclear", "provider_unclear"],
  ])("is read from the status %i where nothing else is known", (status, withJson, withoutJson) => {
    expect(problemOf(answer(status, {})).code).toBe(withJson);
    expect(problemOf(answer(status)).code).toBe(withoutJson);
  });

  it("is about the request only where the status is, too", () => {
    const of = (status: number) => problemOf(answer(status, ofType("invalid_request_error"))).code;
    for (const status of [400, 413, 422]) expect(of(status)).toBe("provider_rejected_request");
    for (const status of [401, 403, 404, 418]) expect(of(status)).toBe("provider_unclear");
    expect(problemOf(answer(401, ofType("overloaded_error"))).code).toBe("provider_overloaded");
  });

  it("is one of the connection where there was no answer", () => {
    expect(problemOf(new APIConnectionTimeoutError()).code).toBe("provider_timeout");
    for (const error of [
      new APIConnectionError({ cause: new Error("x") }),
      new TypeError("terminated"),
      "text",
      undefined,
      answer(undefined),
    ])
      expect(problemOf(error).code).toBe("provider_unavailable");
  });

  it("is what it was, of a problem of ours", () => {
    const problem = usageProblem("provider_bad_answer");
    expect(problemOf(problem)).toBe(problem);
  });
});

describe("what an error says", () => {
  it.each([
    ["context_length_exceeded as its code", withCode("context_length_exceeded")],
    ["Anthropic's sentence", saying("Prompt is too long: 210000 tokens > 200000 maximum")],
    ["a gateway's around it", saying("litellm.BadRequestError: the prompt is too long")],
    ["a context length", saying("This model's maximum context length is 8192 tokens")],
    ["a context limit", saying("input exceeds the context limit")],
    ["a context window", saying("Exceeds Context Window of the model.")],
    ["the maximum context", saying("the maximum context is 5")],
  ])("is that the text is too long, for %s", (_, body) => {
    expect(problemOf(answer(400, body)).message).toBe(
      "The text is too long for the model. Use a shorter one.",
    );
  });

  it.each([
    ["its type", ofType("not_found_error")],
    ["a code", withCode("model_not_found")],
    ["Anthropic's sentence", saying("model: claude-test")],
    ["a gateway's sentence", saying("/v1/messages: invalid model name passed in model=claude-test")],
  ])("is that there is no such model, for %s", (_, body) => {
    expect(problemOf(answer(400, body), "team").message).toBe(
      "Anthropic has no model claude-test for the team's key. The operator of this site sets it with ANTHROPIC_MODEL.",
    );
  });

  it.each([
    "the prompts are too longish",
    "textcontext lengthy",
    "the model: unknown",
    "invalid model names",
  ])("is no more than that it was not accepted, for other sentences (%s)", (sentence) => {
    expect(problemOf(answer(400, saying(sentence))).message).toBe(
      "Anthropic didn't accept this request. Try another text, or ask the operator of this site to check ANTHROPIC_MODEL.",
    );
  });

  it.each<[keyof typeof ABOUT_KEY, SecretSource, string]>([
    ["refused", "user", "Anthropic doesn't accept your key. Replace ANTHROPIC_API_KEY in your vault."],
    [
      "refused",
      "team",
      "Anthropic doesn't accept the team's key. Ask a team admin to replace ANTHROPIC_API_KEY in the team's vault.",
    ],
    [
      "refused",
      "env",
      "Anthropic doesn't accept the platform's key. Add your own ANTHROPIC_API_KEY to your vault, or tell the operator of this site.",
    ],
    [
      "no_credit",
      "user",
      "The account behind your key has no credit left, or has reached its spending limit. Add credit in Anthropic's console, or store another key.",
    ],
    [
      "no_credit",
      "team",
      "The account behind the team's key has no credit left, or has reached its spending limit. Ask a team admin to add credit.",
    ],
    [
      "no_credit",
      "env",
      "The account behind the platform's key has no credit left, or has reached its spending limit. Add your own ANTHROPIC_API_KEY to your vault, or tell the operator of this site.",
    ],
    [
      "limited",
      "user",
      "Anthropic recognizes your key, but its limits or its account don't allow this request. Check both in Anthropic's console, or store another key.",
    ],
    [
      "limited",
      "team",
      "Anthropic recognizes the team's key, but its limits or its account don't allow this request. Ask a team admin to check both.",
    ],
    [
      "limited",
      "env",
      "Anthropic recognizes the platform's key, but its limits or its account don't allow this request. Add your own ANTHROPIC_API_KEY to your vault, or tell the operator of this site.",
    ],
    [
      "place",
      "user",
      "Anthropic doesn't accept requests from this site's network or region, or not with your key. The operator of this site can change that.",
    ],
    [
      "place",
      "team",
      "Anthropic doesn't accept requests from this site's network or region, or not with the team's key. The operator of this site can change that.",
    ],
    [
      "place",
      "env",
      "Anthropic doesn't accept requests from this site's network or region. The operator of this site can change that.",
    ],
    [
      "busy",
      "team",
      "Anthropic's rate limit for the team's key has been reached for now. Try again in a moment.",
    ],
  ])("is whose key it is about, and what to do (%s, %s)", (about, source, sentence) => {
    const error = answer(400, ABOUT_KEY[about]);
    const problem = problemOf(error, source);
    expect(problem).toMatchObject({ message: sentence, source, cause: error });
    expect(problem.message).not.toContain("sk-secret");
  });

  it("begins with a capital letter", () => {
    expect(keyDetail(revealKey("team"), (owner) => `${owner} can't be used.`)).toBe(
      "The team's key can't be used. Ask a team admin to replace ANTHROPIC_API_KEY in the team's vault.",
    );
  });

  it.each([
    ["7", 7, "in 7 seconds"],
    ["1", 1, "in 1 second."],
    ["0", 0, "in a moment"],
    ["soon", undefined, "in a moment"],
  ])("is when to try again, where a header says it (%s)", (header, seconds, words) => {
    for (const type of ["rate_limit_error", "overloaded_error"]) {
      const problem = problemOf(answer(429, ofType(type), { "retry-after": header }));
      expect(problem.retryAfter).toBe(seconds);
      expect(problem.message).toContain(`Try again ${words}`);
    }
  });

  it("has no time in it where no header does", () => {
    expect(problemOf(answer(429, ofType("rate_limit_error")))).not.toHaveProperty(
      "retryAfter",
      expect.anything(),
    );
    expect(problemOf(new TypeError("terminated")).retryAfter).toBeUndefined();
    expect(problemOf(new APIConnectionError({})).retryAfter).toBeUndefined();
  });
});

describe("a call that failed before its answer", () => {
  const broken = (cause: object) =>
    new APIConnectionError({ cause: Object.assign(new Error("fetch failed"), cause) });
  const deeper = (cause: object) => broken({ cause: Object.assign(new Error("inner"), cause) });

  it.each([502, 504, 408, 524])(
    "may be billed where a gateway gave up on what goes on behind it (%i)",
    (status) => {
      expect(wasPerhapsBilled(answer(status))).toBe(true);
    },
  );

  it.each([400, 401, 413, 429, 500, 501, 503, 529])(
    "is not billed where it is an error to the provider (%i)",
    (status) => {
      expect(wasPerhapsBilled(answer(status))).toBe(false);
    },
  );

  it.each([
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "UND_ERR_CONNECT_TIMEOUT",
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "ERR_TLS_HANDSHAKE_TIMEOUT",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "CERT_HAS_EXPIRED",
  ])("is not billed where nobody was reached (%s)", (code) => {
    expect(wasPerhapsBilled(broken({ code }))).toBe(false);
    expect(wasPerhapsBilled(deeper({ code }))).toBe(false);
  });

  it.each(["unexpected redirect", "bad port"])("is not billed where nothing was sent on (%s)", (message) => {
    expect(wasPerhapsBilled(deeper({ message }))).toBe(false);
  });

  it.each([
    "ECONNRESET",
    "UND_ERR_SOCKET",
    "EPIPE",
    "UND_ERR_HEADERS_TIMEOUT",
    "XECONNREFUSED",
    "ENOTFOUNDX",
  ])("may be billed where the connection broke later (%s)", (code) => {
    expect(wasPerhapsBilled(broken({ code }))).toBe(true);
  });

  it.each(["authentication_error", "overloaded_error", "api_error", "a_new_error"])(
    "may be billed where the error came inside an answer (%s)",
    (type) => {
      expect(wasPerhapsBilled(answer(undefined, ofType(type)))).toBe(true);
    },
  );

  it("may be billed where an error inside an answer repeats a prompt with the name of a network error", () => {
    const repeats = saying("Not allowed: UNABLE_TO_VERIFY_CERT, ECONNREFUSED.");
    expect(wasPerhapsBilled(answer(undefined, repeats))).toBe(true);
    expect(wasPerhapsBilled(new APIError(undefined, undefined, "ECONNREFUSED", undefined))).toBe(true);
  });

  it("may be billed where nobody knows, and where the person left", () => {
    for (const error of [
      new APIUserAbortError(),
      new APIConnectionTimeoutError(),
      undefined,
      "text",
      answer(undefined),
    ])
      expect(wasPerhapsBilled(error)).toBe(true);
    expect(wasPerhapsBilled(broken({ code: undefined, message: "not unexpected redirect" }))).toBe(true);
  });
});

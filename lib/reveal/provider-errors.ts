import { APIConnectionError, APIConnectionTimeoutError, APIError } from "@anthropic-ai/sdk/error";
import { ANTHROPIC_ERRORS } from "../vault/check/anthropic";
import { type Codes, verdictOf, verdictOfStatus } from "../vault/check/verdict";
import { Problem } from "../vault/http/problem";
import type { SecretSource } from "../vault/types";
import { type UsageCode, usageProblem } from "../vault-usage/errors";
import { keyDetail, keyWords } from "../vault-usage/key-words";
import { OF_VERDICT, TIMEOUTS } from "../vault-usage/provider-problem";
import { retryAfterSeconds } from "../vault-usage/retry-after";
import { REVEAL_KEY } from "./types";

const OPERATOR = "The operator of this site";

/** How to speak of the key that paid. */
export const revealKey = (source: SecretSource) => keyWords(source, REVEAL_KEY, "Anthropic");

/** What is wrong with a request where it is not the key. */
type RequestError = UsageCode | "text_too_long" | "no_such_model";

/** As `ANTHROPIC_ERRORS`, of which the sources are the same. An error inside a stream has no status, but a type. */
const REQUEST_ERRORS: Codes<RequestError> = {
  "error.code": {
    text_too_long: ["context_length_exceeded"],
    no_such_model: ["model_not_found"],
  },
  "error.message": {
    text_too_long: [/\bprompt is too long\b/i, /\b(context (length|limit|window)|maximum context)\b/i],
    no_such_model: [/\bInvalid model name\b/i, /^model: /],
  },
  "error.type": {
    text_too_long: ["request_too_large"],
    no_such_model: ["not_found_error"],
    provider_rate_limited: ["rate_limit_error"],
    provider_overloaded: ["overloaded_error"],
    provider_timeout: ["timeout_error"],
    provider_rejected_request: ["invalid_request_error"],
    provider_unavailable: ["api_error"],
  },
};

/** None for an error inside an answer. */
const OF_REQUESTS: ReadonlySet<number | undefined> = new Set([undefined, 400, 413, 422]);

/**
 * The Problem that an error of the SDK stands for.
 *
 * Its sentence is always ours. The messages of the SDK, of `fetch` and of `Headers` can quote what they
 * were given, the key included, so they stay behind, in the cause.
 *
 * @param error whatever a call of the SDK threw; a Problem passes through
 * @param source whose key was used
 * @param model the one asked for, which a "not found" is about
 */
export function toProviderProblem(error: unknown, source: SecretSource, model: string): Problem {
  if (error instanceof Problem) return error;
  const reason = causeOf(error);
  const retryAfter =
    error instanceof APIError ? retryAfterSeconds(error.headers?.get("retry-after")) : undefined;
  const detail = detailOf(reason, source, model, retryAfter);
  return usageProblem(codeOf(reason), {
    source,
    cause: error,
    ...(detail !== undefined && { detail }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

function causeOf(error: unknown): RequestError {
  if (error instanceof APIConnectionTimeoutError) return "provider_timeout";
  // The others are not the SDK's own: the connection broke while the answer was read.
  if (!(error instanceof APIError) || error instanceof APIConnectionError) return "provider_unavailable";
  const { error: body, status } = error;
  const ofKey = OF_VERDICT[verdictOf(body, ANTHROPIC_ERRORS) ?? "unclear"];
  if (ofKey) return ofKey;
  const ofRequest = verdictOf(body, REQUEST_ERRORS);
  // What speaks as OpenAI does has one type for all that is wrong with a request, its key included.
  const isContradicted = ofRequest === "provider_rejected_request" && !OF_REQUESTS.has(status);
  return ofRequest && !isContradicted ? ofRequest : causeOfStatus(status, body !== undefined);
}

/** What is left for a status, where the body says nothing that is known. */
function causeOfStatus(status: number | undefined, isJson: boolean): RequestError {
  if (status === undefined) return "provider_unavailable";
  const ofKey = OF_VERDICT[verdictOfStatus(status, isJson)];
  if (ofKey) return ofKey;
  if (status === 413) return "text_too_long";
  if (TIMEOUTS.has(status)) return "provider_timeout";
  // A proxy says 503 of everything that it cannot reach.
  if (status === 529 || (status === 503 && isJson)) return "provider_overloaded";
  if (status >= 500) return "provider_unavailable";
  return isJson && (status === 400 || status === 422) ? "provider_rejected_request" : "provider_unclear";
}

const codeOf = (cause: RequestError): UsageCode =>
  cause === "text_too_long" || cause === "no_such_model" ? "provider_rejected_request" : cause;

function detailOf(
  cause: RequestError,
  source: SecretSource,
  model: string,
  retryAfter: number | undefined,
): string | undefined {
  const words = revealKey(source);
  const unit = retryAfter === 1 ? "second" : "seconds";
  const again = `Try again in ${retryAfter ? `${retryAfter} ${unit}` : "a moment"}.`;
  switch (cause) {
    case "provider_refused_key":
      return keyDetail(words, (owner) => `Anthropic doesn't accept ${owner}.`);
    case "provider_no_credit":
      return `The account behind ${words.owner} has no credit left, or has reached its spending limit. ${words.topUp}`;
    case "provider_key_limited":
      return `Anthropic recognizes ${words.owner}, but its limits or its account don't allow this request. ${words.lookAt}`;
    case "provider_blocks_server":
      return `Anthropic doesn't accept requests from this site's network or region${source === "env" ? "" : `, or not with ${words.owner}`}. ${OPERATOR} can change that.`;
    case "provider_rate_limited":
      return `Anthropic's rate limit for ${words.owner} has been reached for now. ${again}`;
    case "provider_overloaded":
      return `Anthropic is overloaded right now. ${again}`;
    case "text_too_long":
      return "The text is too long for the model. Use a shorter one.";
    case "no_such_model":
      return `Anthropic has no model ${model} for ${words.owner}. ${OPERATOR} sets it with ANTHROPIC_MODEL.`;
    case "provider_rejected_request":
      return `Anthropic didn't accept this request. Try another text, or ask the operator of this site to check ANTHROPIC_MODEL.`;
    case "provider_unclear":
      return `The response isn't from Anthropic's API, but perhaps from a proxy, and doesn't say what's wrong. ${OPERATOR} can check its network and ANTHROPIC_BASE_URL.`;
    default:
      return undefined;
  }
}

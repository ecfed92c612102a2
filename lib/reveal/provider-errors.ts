import { APIConnectionTimeoutError, APIError } from "@anthropic-ai/sdk/error";
import { Problem } from "../vault/http/problem";
import type { SecretSource } from "../vault/types";
import { type RevealCode, revealProblem } from "./errors";

const OWNER: Record<SecretSource, string> = {
  user: "your key",
  team: "the team's key",
  env: "the platform's key",
};

const REMEDY: Record<SecretSource, string> = {
  user: "Replace ANTHROPIC_API_KEY in your vault.",
  team: "Ask a team admin to replace ANTHROPIC_API_KEY in the team's vault.",
  env: "Add your own ANTHROPIC_API_KEY to your vault, or tell whoever runs this site.",
};

const TOP_UP: Record<SecretSource, string> = {
  user: "Add credit in Anthropic's console, or store another key.",
  team: "Ask a team admin to add credit.",
  env: REMEDY.env,
};

/** A sentence about somebody's key, and what to do about it. */
export function keyDetail(source: SecretSource, sentence: (owner: string) => string): string {
  const text = sentence(OWNER[source]);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} ${REMEDY[source]}`;
}

// What is exhausted is the account, though some of these come as 429: waiting a moment does not help.
const SPENT = new Set([
  "contract_spend_limit_reached",
  "enforced_spend_limit_reached",
  "linked_organization_spend_limit_reached",
  "linked_organization_billing_unavailable",
]);

// Types come first, because an error inside a stream has no status of its own.
const BY_TYPE = new Map<string | null, RevealCode>([
  ["authentication_error", "provider_refused_key"],
  ["permission_error", "provider_refused_key"],
  ["billing_error", "provider_no_credit"],
  ["rate_limit_error", "provider_rate_limited"],
  ["overloaded_error", "provider_overloaded"],
  ["timeout_error", "provider_timeout"],
  ["invalid_request_error", "provider_rejected_request"],
  ["not_found_error", "provider_rejected_request"],
  ["request_too_large", "provider_rejected_request"],
]);

const BY_STATUS = new Map<number | undefined, RevealCode>([
  [401, "provider_refused_key"],
  [402, "provider_no_credit"],
  [403, "provider_refused_key"],
  [408, "provider_timeout"],
  [429, "provider_rate_limited"],
  [503, "provider_overloaded"],
  [504, "provider_timeout"],
  [529, "provider_overloaded"],
]);

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
  const code = codeOf(error);
  const retryAfter = error instanceof APIError ? retryAfterOf(error.headers) : undefined;
  const detail = detailOf(code, error, source, model, retryAfter);
  return revealProblem(code, {
    source,
    cause: error,
    ...(detail !== undefined && { detail }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

function codeOf(error: unknown): RevealCode {
  if (error instanceof APIConnectionTimeoutError) return "provider_timeout";
  // Not the SDK's own: the connection broke while the answer was read.
  if (!(error instanceof APIError)) return "provider_unavailable";
  if (error.errorCode !== null && SPENT.has(error.errorCode)) return "provider_no_credit";
  const { status } = error;
  const known = BY_TYPE.get(error.type) ?? BY_STATUS.get(status);
  if (known) return known;
  return status !== undefined && status < 500 ? "provider_rejected_request" : "provider_unavailable";
}

function detailOf(
  code: RevealCode,
  error: unknown,
  source: SecretSource,
  model: string,
  retryAfter: number | undefined,
): string | undefined {
  const unit = retryAfter === 1 ? "second" : "seconds";
  const again = `Try again in ${retryAfter ? `${retryAfter} ${unit}` : "a moment"}.`;
  if (code === "provider_refused_key") {
    return keyDetail(source, (owner) => `Anthropic does not accept ${owner}.`);
  }
  if (code === "provider_no_credit") {
    return `The account behind ${OWNER[source]} has no credit left, or has reached its spending limit. ${TOP_UP[source]}`;
  }
  if (code === "provider_rate_limited") {
    return `Anthropic's rate limit for ${OWNER[source]} is reached for now. ${again}`;
  }
  if (code === "provider_overloaded") return `Anthropic is overloaded right now. ${again}`;
  if (code === "provider_rejected_request" && error instanceof APIError && error.status === 404) {
    return `Anthropic has no model ${model} for ${OWNER[source]}. Whoever runs this site sets it with ANTHROPIC_MODEL.`;
  }
  return undefined;
}

/** `Retry-After` in seconds, at most a day; undefined if it is missing or a date. */
function retryAfterOf(headers: Headers | undefined): number | undefined {
  const seconds = Math.ceil(Number(headers?.get("retry-after") ?? Number.NaN));
  return seconds >= 0 && seconds <= 86_400 ? seconds : undefined;
}

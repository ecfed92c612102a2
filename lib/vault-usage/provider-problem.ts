import "server-only";
import { PROVIDERS } from "../vault/check/providers";
import { type Verdict, verdictOf, verdictOfStatus } from "../vault/check/verdict";
import { parseJson } from "../vault/env/json";
import type { Problem } from "../vault/http/problem";
import { boundedReply } from "./bounded-fetch";
import { type UsageCode, usageProblem } from "./errors";
import { keyDetail, keyWords, unsendableDetail } from "./key-words";
import type { Meter } from "./meter";
import { membersOf } from "./provider-usage";
import { retryAfterSeconds } from "./retry-after";

/** What a provider answered in place of what it was asked for. */
interface Refusal {
  /** Undefined where none is known, or no answer came. */
  status: number | undefined;
  /** Whether it came inside an answer that had begun, whose status was a success. */
  isInside: boolean;
  /** What it may have said, in the form of its whole answer. */
  bodies: unknown[];
  retryAfter: number | undefined;
}

/** An answer that is an error, for callers that use `fetch`: throw it. Its message has nothing of the answer. */
export class ProviderError extends Error {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; undefined where it is none. */
  readonly error: unknown;

  constructor(status: number, headers: Headers, error: unknown) {
    super(`The provider answered with status ${status}.`);
    this.name = "ProviderError";
    this.status = status;
    this.headers = headers;
    this.error = error;
  }
}

/**
 * Makes the error to throw of an answer that is not ok: `if (!reply.ok) throw await providerError(reply)`.
 */
export async function providerError(reply: Response): Promise<ProviderError> {
  const text = await boundedReply(reply)
    .text()
    .catch(() => "");
  return new ProviderError(reply.status, reply.headers, parseJson(text));
}

/** What a verdict on a key is among the errors of calls; the others say nothing about it. */
export const OF_VERDICT: Partial<Record<Verdict, UsageCode>> = {
  refused: "provider_refused_key",
  no_credit: "provider_no_credit",
  settings: "provider_key_limited",
  restricted: "provider_key_limited",
  wrong_or_place: "provider_key_limited",
  place: "provider_blocks_server",
  region: "provider_blocks_server",
  busy: "provider_rate_limited",
};

/**
 * Statuses that say that something took too long. 524 is Cloudflare's.
 *
 * @see https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
 */
export const TIMEOUTS: ReadonlySet<number | undefined> = new Set([408, 504, 524]);

/**
 * The Problem that an error of a call stands for: of `fetch`, {@link ProviderError}, or the SDKs of OpenAI, Anthropic and
 * Vercel. Only a provider's own words make it one about the key.
 *
 * Its sentence is always ours. The messages of SDKs and of `fetch` can quote what they were given, the key included, so they
 * stay behind, in the cause.
 *
 * @param error whatever the call threw
 * @returns undefined for what is no provider's error
 */
export function providerProblem(
  error: unknown,
  { key, source, isKeyHeader }: Pick<Meter, "key" | "source" | "isKeyHeader">,
): Problem | undefined {
  if (isBadAnswer(error)) return usageProblem("provider_bad_answer", { source, cause: error });
  if (!isKeyHeader && isNoHeader(error)) {
    const detail = unsendableDetail(keyWords(source, key, nameOf(key)));
    return usageProblem("provider_refused_key", { source, detail });
  }
  const refusal = refusalIn(error);
  if (!refusal) return undefined;
  const code = codeOf(refusal, providerOf(key)?.errors ?? {}, error);
  const { retryAfter } = refusal;
  return usageProblem(code, {
    source,
    cause: error,
    detail: detailOf(code, nameOf(key), key, source),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

const providerOf = (key: string) => PROVIDERS.find((provider) => provider.key === key);
const nameOf = (key: string) => providerOf(key)?.name ?? "The provider";

/** Whether a header was refused before anything was sent; `Headers` then quotes the key. The sentences are undici's. */
const isNoHeader = (error: unknown) =>
  causesOf(error).some(({ message }) => /invalid header value|to a ByteString/.test(message));

function codeOf(
  { status, bodies }: Refusal,
  codes: Parameters<typeof verdictOf>[1],
  error: unknown,
): UsageCode {
  const verdict = bodies.map((body) => verdictOf<Verdict>(body, codes)).find((found) => found !== undefined);
  const ofKey = OF_VERDICT[verdict ?? "unclear"];
  if (ofKey) return ofKey;
  if (status === undefined) return isTimeout(error) ? "provider_timeout" : "provider_unavailable";
  const ofStatus = OF_VERDICT[verdictOfStatus(status, bodies.length > 0)];
  if (ofStatus) return ofStatus;
  if (TIMEOUTS.has(status)) return "provider_timeout";
  if (status === 529 || (status === 503 && bodies.length > 0)) return "provider_overloaded";
  if (status >= 500) return "provider_unavailable";
  return bodies.length > 0 && [400, 404, 413, 422].includes(status)
    ? "provider_rejected_request"
    : "provider_unclear";
}

function detailOf(code: UsageCode, name: string, key: string, source: Meter["source"]): string {
  const words = keyWords(source, key, name);
  switch (code) {
    case "provider_refused_key":
      return keyDetail(words, (owner) => `${name} doesn't accept ${owner}.`);
    case "provider_no_credit":
      return `The account behind ${words.owner} has no credit left, or has reached its spending limit. ${words.topUp}`;
    case "provider_key_limited":
      return `${name} recognizes ${words.owner}, but its limits or its account don't allow this request. ${words.lookAt}`;
    case "provider_blocks_server":
      return `${name} doesn't accept requests from this site's network or region, or not with ${words.owner}.`;
    case "provider_rate_limited":
      return `${name}'s rate limit for ${words.owner} has been reached for now. Try again in a moment.`;
    case "provider_overloaded":
      return `${name} is overloaded right now. Try again in a moment.`;
    case "provider_timeout":
      return `${name} took too long to answer. Try again, or ask for less.`;
    case "provider_rejected_request":
      return `${name} didn't accept this request.`;
    case "provider_unclear":
      return `The response isn't from ${name}'s API, but perhaps from a proxy, and doesn't say what's wrong.`;
    default:
      return `${name} can't be reached right now. Try again in a moment.`;
  }
}

/**
 * Whether the provider may have read what was sent, and bill it, though the call failed. A status that is an error is not
 * billed, but a gateway may have given up on what goes on behind it, and of an error inside an answer nobody knows what
 * was read before.
 */
export function wasPerhapsBilled(
  error: unknown,
  { isKeyHeader = true }: Partial<Pick<Meter, "isKeyHeader">> = {},
): boolean {
  if (!isKeyHeader && isNoHeader(error)) return false;
  // Not by what an answer says, which may repeat what was sent.
  const refusal = refusalIn(error);
  if (refusal?.isInside || isBadAnswer(error)) return true;
  if (refusal?.status !== undefined) return refusal.status === 502 || TIMEOUTS.has(refusal.status);
  return !causesOf(error).some((each) => !("headers" in each) && NOT_SENT.test(each.code ?? each.message));
}

// https://nodejs.org/docs/latest-v24.x/api/errors.html, and undici's own. A redirect is not followed.
const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_(SSL|TLS)_\w+|unexpected redirect|bad port)$|CERT/;

// The sentences are those of the SDKs of Anthropic and OpenAI, whose errors have no name of their own.
const BROKEN =
  /^(ECONN\w+|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|EPIPE|ETIMEDOUT|UND_ERR_\w+|ERR_(SSL|TLS)_\w+|fetch failed|terminated|Connection error\.|Request timed out\.)$|CERT/;

const isTimeout = (error: unknown) =>
  causesOf(error).some(({ name, code, message }) => /timeout|timed ?out/i.test(`${name} ${code ?? message}`));

/**
 * Whether an answer came, and isn't what was asked for: no JSON, as the page of a proxy is none, or the AI SDK's error, which
 * has the answer's usage.
 *
 * @see https://ai-sdk.dev/docs/reference/ai-sdk-errors/ai-no-object-generated-error
 */
export const isBadAnswer = (error: unknown) =>
  error instanceof SyntaxError || (error instanceof Error && error.name === "AI_NoObjectGeneratedError");

/** What an error has of a provider's answer; undefined where it is not about one. */
function refusalIn(error: unknown): Refusal | undefined {
  // The AI SDK's, once it has tried several times.
  const said = membersOf(membersOf(error).lastError ?? error);
  const { error: body, data, responseBody, headers, responseHeaders } = said;
  const status = [said.status, said.statusCode].find((each) => typeof each === "number" && each >= 400);
  // Of an answer that can't be read, the AI SDK has its success.
  const isSuccess = typeof said.statusCode === "number" && said.statusCode < 400;
  const isOfStream = said.name === "AI_StreamProviderError";
  const text = typeof responseBody === "string" ? parseJson(responseBody) : undefined;
  const bodies = [text, data, body].flatMap(formsOf);
  // So that an error of the caller's own, which may have a status too, isn't taken for the provider's.
  const isAnswer = "headers" in said || "responseHeaders" in said;
  const isRefusal = isOfStream || (isAnswer && (status !== undefined || isSuccess || body !== undefined));
  const isBroken = causesOf(error).some(({ code, message }) => BROKEN.test(code ?? message));
  if (!isBroken && !isRefusal) return undefined;
  const retryAfter =
    headers instanceof Headers
      ? headers.get("retry-after")
      : membersOf(responseHeaders ?? headers)["retry-after"];
  return {
    status: typeof status === "number" ? status : isSuccess && !isBroken ? 200 : undefined,
    isInside: isOfStream || isSuccess || (status === undefined && bodies.length > 0),
    bodies,
    retryAfter: retryAfterSeconds(typeof retryAfter === "string" ? retryAfter : undefined),
  };
}

/**
 * What is said, in the form of a whole answer: OpenAI's SDK keeps what is inside of `error`, Anthropic's the whole, and an
 * event of OpenAI's responses has it in its `response`, or is the error.
 */
const formsOf = (said: unknown): unknown[] =>
  said === undefined
    ? []
    : [said, { error: said }, membersOf(said).response].filter((form) => form !== undefined);

function causesOf(error: unknown): NodeJS.ErrnoException[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

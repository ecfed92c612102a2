import { STOP_REASONS, type StopReason, type Usage, type UsageDetails } from "./types";

// What a provider or a gateway says of a call, in the form that the ledger keeps. Each member may be missing, null,
// of another type, or out of all reason: then it is left out, and nothing else with it.

/** Above what any model reads or writes at once, and within an integer of the database. */
export const MAX_COUNT = 10_000_000;

const TOKENS = [
  "input_tokens",
  "output_tokens",
  "cache_creation_input_tokens",
  "cache_read_input_tokens",
] as const satisfies (keyof Usage)[];

/** The members of an object; none of anything else. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** A count, which some gateways send as text; undefined for everything else, and for zero, which counts nothing. */
function countOf(value: unknown): number | undefined {
  const isNumber = typeof value === "number" || (typeof value === "string" && /^\d{1,8}$/.test(value));
  const count = isNumber ? Math.ceil(Number(value)) : Number.NaN;
  return count > 0 && count <= MAX_COUNT ? count : undefined;
}

/**
 * A word of the provider's, such as a tier. Only listed ones are kept, since a gateway might repeat a key anywhere.
 *
 * @param usual what says nothing
 * @returns undefined where it is none, or a usual one; "other" where it is not listed
 */
function wordOf(value: unknown, usual: readonly string[], listed: RegExp): string | undefined {
  if (typeof value !== "string" || value === "" || usual.includes(value)) return undefined;
  return listed.test(value) ? value : "other";
}

/** What is left of an object without its undefined members. */
function known<Value extends object>(value: Value): Partial<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<Value>;
}

/**
 * The counts that a `usage` holds. https://docs.anthropic.com/en/api/messages,
 * https://platform.openai.com/docs/api-reference/chat/object, or https://ai-sdk.dev/docs/reference/ai-sdk-core/generate-text.
 */
export function countsOf(usage: unknown): Partial<Usage> {
  const said = membersOf(usage);
  const {
    // The last is the AI SDK's, for embeddings.
    input_tokens = said.prompt_tokens ?? said.inputTokens ?? said.tokens,
    output_tokens = said.completion_tokens ?? said.outputTokens,
  } = said;
  const members: typeof said = { ...said, input_tokens, output_tokens };
  const counts: Partial<Usage> = Object.fromEntries(TOKENS.map((name) => [name, countOf(members[name])]));
  // Others than Anthropic count what comes from a cache, or goes there, among what is sent.
  const sent = membersOf(said.prompt_tokens_details ?? said.input_tokens_details ?? said.inputTokenDetails);
  const read = countOf(sent.cached_tokens ?? sent.cacheReadTokens);
  const stored = countOf(sent.cache_write_tokens ?? sent.cacheWriteTokens);
  const cached = (read ?? 0) + (stored ?? 0);
  const isFresh =
    counts.cache_read_input_tokens === undefined && counts.cache_creation_input_tokens === undefined;
  if (isFresh && cached > 0 && cached <= (counts.input_tokens ?? 0)) {
    counts.input_tokens = (counts.input_tokens ?? 0) - cached;
    if (read !== undefined) counts.cache_read_input_tokens = read;
    if (stored !== undefined) counts.cache_creation_input_tokens = stored;
  }
  // Where only the parts are given.
  const parts = membersOf(members.cache_creation);
  const written =
    (countOf(parts.ephemeral_5m_input_tokens) ?? 0) + (countOf(parts.ephemeral_1h_input_tokens) ?? 0);
  if (written > 0) counts.cache_creation_input_tokens ??= written;
  return known(counts);
}

/** Whether a `usage` says that nothing was written. Those of embeddings have only what was sent. */
export function saysNothingWritten(usage: unknown): boolean {
  const { tokens, total_tokens, prompt_tokens, ...said } = membersOf(usage);
  const written = said.output_tokens ?? said.completion_tokens ?? said.outputTokens;
  return (
    written === 0 ||
    (written === undefined &&
      countOf(tokens ?? prompt_tokens) === countOf(tokens ?? total_tokens) &&
      countOf(tokens ?? total_tokens) !== undefined)
  );
}

/** What else a `usage` says. */
export function detailsOf(usage: unknown): UsageDetails {
  const members = membersOf(usage);
  const tools = membersOf(members.server_tool_use);
  return known({
    cache_creation_1h_input_tokens: countOf(membersOf(members.cache_creation).ephemeral_1h_input_tokens),
    thinking_tokens: countOf(
      membersOf(members.output_tokens_details).thinking_tokens ??
        membersOf(members.output_tokens_details ?? members.completion_tokens_details).reasoning_tokens ??
        membersOf(members.outputTokenDetails).reasoningTokens,
    ),
    web_search_requests: countOf(tools.web_search_requests),
    web_fetch_requests: countOf(tools.web_fetch_requests),
    service_tier: wordOf(members.service_tier, ["standard", "default", "auto"], /^(priority|batch|flex)$/),
    speed: wordOf(members.speed, ["standard"], /^fast$/),
    // What the API says of models that run anywhere.
    inference_geo: wordOf(members.inference_geo, ["global", "not_available"], /^[a-z]{2}$/),
  });
}

/** Details whose parts are no larger than what they are parts of. */
export function withinTotals(details: UsageDetails, totals: Usage): UsageDetails {
  const within = (part: number | undefined, total: number) =>
    part === undefined || total === 0 ? undefined : Math.min(part, total);
  return known({
    ...details,
    cache_creation_1h_input_tokens: within(
      details.cache_creation_1h_input_tokens,
      totals.cache_creation_input_tokens,
    ),
    thinking_tokens: within(details.thinking_tokens, totals.output_tokens),
  });
}

// What gateways pass on from providers with another API. https://platform.openai.com/docs/api-reference/chat/object
const OTHER_WORDS = new Map<unknown, StopReason>([
  ["stop", "end_turn"],
  ["length", "max_tokens"],
  ["content_filter", "refusal"],
  ["tool_calls", "tool_use"],
  ["function_call", "tool_use"],
  ["eos", "end_turn"],
  ["max_output_tokens", "max_tokens"],
  ["safety", "refusal"],
  ["guardrail_intervened", "refusal"],
  ["completed", "end_turn"],
  ["content-filter", "refusal"],
  ["tool-calls", "tool_use"],
]);

/** Why the model stopped; null where nothing is said. */
export function stopReasonOf(said: unknown): StopReason | null {
  if (said === null || said === undefined || said === "") return null;
  const word = typeof said === "string" ? said.trim().toLowerCase() : said;
  return STOP_REASONS.find((reason) => reason === word) ?? OTHER_WORDS.get(word) ?? "other";
}

/**
 * The model that answered, by the provider's name for it.
 *
 * @param said printable ASCII, at most 200 characters; otherwise undefined
 * @param key which a gateway may repeat, and which no ledger may hold
 */
export function modelOf(said: unknown, key: string): string | undefined {
  return typeof said === "string" && /^[!-~]{1,200}$/.test(said) && !(key !== "" && said.includes(key))
    ? said
    : undefined;
}

/** What a reply, or an event of one, may say. All of it is untrusted. */
interface Sayings {
  model: unknown;
  usage: unknown;
  /** Why the answer ended. */
  reason: unknown;
  /** What it has of the answer's text, and of thinking; undefined where there is none. */
  piece: string | undefined;
  /** Whether it is an error in place of the rest of an answer, which its reader may not throw. */
  isBrokenOff: boolean;
}

/**
 * Finds what a reply says of itself, or an event of a stream: Anthropic's messages, OpenAI's chat completions and
 * responses, and what Vercel's AI SDK makes of those of any provider. The sources are those of {@link countsOf}.
 */
export function sayingsOf(reply: unknown): Sayings {
  const said = membersOf(reply);
  // Streams have the whole, or a part of it, inside an event.
  const inner = [said, membersOf(said.message), membersOf(said.response), membersOf(said.delta)];
  const choices = listOf(said.choices).map(membersOf);
  const first = (...names: string[]) =>
    inner
      .flatMap((members) => names.map((name) => members[name]))
      .find((value) => value !== undefined && value !== null);
  const usage = first("totalUsage", "usage");
  // OpenAI says beside the usage what changes its price.
  const tier = first("service_tier");
  const isTierBeside =
    tier !== undefined && usage !== undefined && membersOf(usage).service_tier === undefined;
  const cut = membersOf(first("incomplete_details")).reason;
  return {
    model: first("model", "modelId"),
    usage: isTierBeside ? { ...membersOf(usage), service_tier: tier } : usage,
    reason:
      choices[0]?.finish_reason ?? first("stop_reason", "finishReason") ?? cut ?? statusOf(first("status")),
    piece: writtenIn(said, choices),
    isBrokenOff: said.type === "error" || Object.keys(membersOf(said.error)).length > 0,
  };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Of what OpenAI says of a response on its way, only its end. */
const statusOf = (status: unknown) =>
  ["completed", "failed", "cancelled", "incomplete"].find((end) => end === status);

type Members = ReturnType<typeof membersOf>;

/**
 * What a model wrote, by a whole reply or an event, so that it can be estimated where nobody counts it. Events that repeat the
 * whole, such as response.completed, have it deeper inside.
 */
function writtenIn(said: Members, choices: Members[]): string | undefined {
  const delta = membersOf(said.delta);
  const parts = [
    // Chat Completions, whole or in pieces; reasoning_content is what other providers add.
    ...choices.flatMap(({ message, delta }) => [message, delta].map(membersOf).flatMap(textsOf)),
    // Anthropic's messages, whole or in pieces.
    ...listOf(said.content).map(membersOf).flatMap(textsOf),
    ...textsOf(delta),
    // Responses: whole, or in pieces of any type. The SDK has the text of all parts as output_text as well.
    ...listOf(said.output).flatMap((item) => listOf(membersOf(item).content).map(membersOf).flatMap(textsOf)),
    said.delta,
    // The AI SDK's: pieces have a type, and a whole result has none.
    said.type === undefined && said.text,
    said.type === undefined && said.reasoningText,
    (said.type === "text-delta" || said.type === "reasoning-delta") && said.text,
  ].filter((part) => typeof part === "string");
  return parts.length > 0 ? parts.join("") : undefined;
}

/** Where a message, or a part of one, has text: also of thinking, and what a tool is called with. */
const textsOf = (part: Members): unknown[] => [
  ...["content", "text", "thinking", "partial_json", "refusal", "reasoning_content"].map(
    (name) => part[name],
  ),
  ...listOf(part.tool_calls).map((call) => membersOf(membersOf(call).function).arguments),
];

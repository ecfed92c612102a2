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

/** The counts that a `usage` holds. https://docs.anthropic.com/en/api/messages, or in OpenAI's words. */
export function countsOf(usage: unknown): Partial<Usage> {
  const said = membersOf(usage);
  const { input_tokens = said.prompt_tokens, output_tokens = said.completion_tokens } = said;
  const members: typeof said = { ...said, input_tokens, output_tokens };
  const counts = Object.fromEntries(TOKENS.map((name) => [name, countOf(members[name])]));
  // Where only the parts are given.
  const parts = membersOf(members.cache_creation);
  const written =
    (countOf(parts.ephemeral_5m_input_tokens) ?? 0) + (countOf(parts.ephemeral_1h_input_tokens) ?? 0);
  counts.cache_creation_input_tokens ??= countOf(written);
  return known(counts);
}

/** What else a `usage` says. */
export function detailsOf(usage: unknown): UsageDetails {
  const members = membersOf(usage);
  const tools = membersOf(members.server_tool_use);
  return known({
    cache_creation_1h_input_tokens: countOf(membersOf(members.cache_creation).ephemeral_1h_input_tokens),
    thinking_tokens: countOf(membersOf(members.output_tokens_details).thinking_tokens),
    web_search_requests: countOf(tools.web_search_requests),
    web_fetch_requests: countOf(tools.web_fetch_requests),
    service_tier: wordOf(members.service_tier, ["standard"], /^(priority|batch|flex)$/),
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
  return typeof said === "string" && /^[!-~]{1,200}$/.test(said) && !said.includes(key) ? said : undefined;
}

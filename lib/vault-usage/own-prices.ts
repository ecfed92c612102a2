import type { ModelInfo, ModelPrice } from "@pydantic/genai-prices";

// Prices that the package does not have yet, in its own format. Once it has one, a test asks to delete ours.
//
// First-hand, from the provider's own pages: Mythos 5 and 5.1; input and output of Sonnet 5.5 and Haiku 5.5.
// Third-hand, from at least two projects that say they copied the page below: the cache prices of Haiku 5.5 and its
// higher prices for long prompts, all of Fable 5.2, and Sonnet 5.5's cache reads, which were cut to a half on
// 7 October 2026. Of Mythos 5.2 and Mythos Preview nothing was found, so they are unknown.

/** The day for which these were compiled. */
export const OWN_PRICES_DATE = "2026-11-12";

/** Where the provider lists its prices. */
export const PRICES_PAGE = "https://platform.claude.com/docs/en/about-claude/pricing";

/** @param price USD for a million tokens. Writing to the cache is 1.25 times the input, and 2 times for an hour. */
const prices = (price: { input: number; output: number; cacheRead: number }): ModelPrice => ({
  input_mtok: price.input,
  output_mtok: price.output,
  cache_write_mtok: price.input * 1.25,
  cache_write_1h_mtok: price.input * 2,
  cache_read_mtok: price.cacheRead,
  web_searches_kcount: 10,
});

/** Higher prices for the whole of a call whose prompt has more than so many tokens. */
function withLongPrompts(short: ModelPrice, over: number, long: ModelPrice): ModelPrice {
  const tiered = Object.entries(long).map(([key, price]) =>
    key.endsWith("_mtok") ? [key, { base: short[key], tiers: [{ start: over, price }] }] : [key, price],
  );
  return Object.fromEntries(tiered);
}

const model = (id: string, prices: ModelPrice): ModelInfo => ({ id, match: { equals: id }, prices });

export const OWN_PRICES: readonly ModelInfo[] = [
  model("claude-fable-5-2", prices({ input: 8, output: 40, cacheRead: 0.2 })),
  model("claude-mythos-5-1", prices({ input: 10, output: 50, cacheRead: 0.25 })),
  model("claude-mythos-5", prices({ input: 10, output: 50, cacheRead: 1 })),
  model("claude-sonnet-5-5", prices({ input: 2, output: 10, cacheRead: 0.1 })),
  model(
    "claude-haiku-5-5",
    withLongPrompts(
      prices({ input: 0.1, output: 0.5, cacheRead: 0.01 }),
      100_000,
      prices({ input: 0.5, output: 2.5, cacheRead: 0.05 }),
    ),
  ),
];

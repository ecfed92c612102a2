import type { Usage, UsageDetails } from "../reveal/types";
import { sentTokens } from "./tokens";

// What the provider charges, for estimates. One table, of one day; to renew it, compare it with the page below.
//
// First-hand, from the provider's own pages: all of Fable and Mythos 5 and 5.1, Opus 4 to 5.5, Sonnet 4 to 5 and
// Haiku 4.5; of Sonnet 5.5 and Haiku 5.5 the prices of input and output.
// Third-hand, from at least two projects that say they copied that page: the cache prices of Haiku 5.5, its higher
// prices for long prompts, Sonnet 5.5's cache reads at half of what its own page first said, and all of Fable 5.2.
// Of Mythos 5.2 and Mythos Preview nothing was found, so they are unknown.

/** The day for which the table was compiled. */
export const PRICES_DATE = "2026-11-12";

export const PRICES_SOURCE = "https://platform.claude.com/docs/en/about-claude/pricing";

/** USD for a million tokens. */
interface Price {
  input: number;
  output: number;
  /** To keep it for five minutes, which is what a request asks for that does not say. */
  cacheWrite: number;
  cacheRead: number;
  /** Replaces all of these for a call whose prompt is longer than so many tokens. */
  longPrompt?: Price & { over: number };
}

/** @param cacheRead USD for a million tokens. Writing to the cache is 1.25 times the input for every model. */
const price = (input: number, output: number, cacheRead: number): Price => ({
  input,
  output,
  cacheWrite: input * 1.25,
  cacheRead,
});

const FABLE_5_1 = price(10, 50, 0.25);
const FABLE_5 = price(10, 50, 1);
const OPUS_4_5_TO_5 = price(5, 25, 0.5);
const OPUS_4 = price(15, 75, 1.5);
const SONNET_4 = price(3, 15, 0.3);

const PRICES: ReadonlyMap<string, Price> = new Map([
  ["claude-fable-5-2", price(8, 40, 0.2)],
  ["claude-fable-5-1", FABLE_5_1],
  ["claude-mythos-5-1", FABLE_5_1],
  ["claude-fable-5", FABLE_5],
  ["claude-mythos-5", FABLE_5],
  ["claude-opus-5-5", price(4, 20, 0.2)],
  ["claude-opus-5", OPUS_4_5_TO_5],
  ["claude-opus-4-8", OPUS_4_5_TO_5],
  ["claude-opus-4-7", OPUS_4_5_TO_5],
  ["claude-opus-4-6", OPUS_4_5_TO_5],
  ["claude-opus-4-5", OPUS_4_5_TO_5],
  ["claude-opus-4-1", OPUS_4],
  ["claude-opus-4", OPUS_4],
  ["claude-sonnet-5-5", price(2, 10, 0.1)],
  ["claude-sonnet-5", price(2, 10, 0.2)],
  ["claude-sonnet-4-6", SONNET_4],
  ["claude-sonnet-4-5", SONNET_4],
  ["claude-sonnet-4", SONNET_4],
  ["claude-haiku-5-5", { ...price(0.1, 0.5, 0.01), longPrompt: { over: 100_000, ...price(0.5, 2.5, 0.05) } }],
  ["claude-haiku-4-5", price(1, 5, 0.1)],
]);

/** A model's name may end with the day of its release, e.g. claude-haiku-4-5-20251001. */
const priceOf = (model: string) => PRICES.get(model.replace(/-\d{8}$/, ""));

const costAt = (price: Price, usage: Usage) =>
  (usage.input_tokens * price.input +
    usage.output_tokens * price.output +
    usage.cache_creation_input_tokens * price.cacheWrite +
    usage.cache_read_input_tokens * price.cacheRead) /
  1_000_000;

/**
 * What one call costs by the list price, without discounts or taxes.
 *
 * @param model as the provider names it, with or without its date
 * @param usage of this one call: some prices depend on how long its prompt was
 * @returns USD; null for a model whose price is not known
 */
export function estimateCost(model: string, usage: Usage): number | null {
  const price = priceOf(model);
  if (!price) return null;
  const long = price.longPrompt;
  return costAt(long && sentTokens(usage) > long.over ? long : price, usage);
}

/**
 * What several calls to one model cost together. A sum does not tell how long each prompt was, so the lower price
 * counts where that matters, and `exact` is false.
 *
 * @param usage added up over the calls
 * @returns USD; null for a model whose price is not known
 */
export function estimateSum(model: string, usage: Usage): { cost: number; exact: boolean } | null {
  const price = priceOf(model);
  if (!price) return null;
  const exact = price.longPrompt === undefined || sentTokens(usage) <= price.longPrompt.over;
  return { cost: costAt(price, usage), exact };
}

export interface Cost {
  /** By the list price, without discounts or taxes. */
  usd: number;
  /** Whether each part of the usage has a known price. */
  exact: boolean;
}

/** What one call costs; null for a model whose price is not known. */
export function costOf(model: string, usage: Usage, _details: UsageDetails): Cost | null {
  const usd = estimateCost(model, usage);
  return usd === null ? null : { usd: Math.round(usd * 1e10) / 1e10, exact: true };
}

import "server-only";
import {
  calcPrice,
  findProvider,
  type MatchLogic,
  type ModelInfo,
  type PriceCalculation,
  type Provider,
} from "@pydantic/genai-prices";
import { plainName, readModelName } from "./model-name";
import { roundUsd } from "./money";
import { OWN_PRICES, OWN_PRICES_DATE, PRICES_PAGE } from "./own-prices";
import { MAX_COUNT } from "./provider-usage";
import type { Usage, UsageDetails } from "./types";

/** What one call costs. */
export interface Cost {
  /** By the list price, without discounts or taxes. */
  usd: number;
  /** False where something that changes the price is known, but not by how much. */
  exact: boolean;
}

/** Where a price is from. */
export interface PriceList {
  name: string;
  /** When it was made, e.g. "2026-09-23". */
  date: string;
}

// Of the package, only the prices that it brings along: it could load newer ones, and never does so by itself.
const PACKAGE: PriceList = { name: "@pydantic/genai-prices 0.1.8", date: "2026-09-23" };
const OWN: PriceList = { name: "this app's own list", date: OWN_PRICES_DATE };

interface Price {
  list: PriceList;
  /** A provider with this model alone. */
  provider: Provider;
}

/** The package's name for the provider of each key whose prices it has. Anthropic's models are known by their names. */
const PROVIDER_IDS: ReadonlyMap<string, string> = new Map([
  ["OPENAI_API_KEY", "openai"],
  ["GEMINI_API_KEY", "google"],
  ["MISTRAL_API_KEY", "mistral"],
  ["GROQ_API_KEY", "groq"],
  ["DEEPSEEK_API_KEY", "deepseek"],
  ["XAI_API_KEY", "x-ai"],
  ["COHERE_API_KEY", "cohere"],
  ["PERPLEXITY_API_KEY", "perplexity"],
]);

const packagePrices = (providerId: string): [string, Price][] =>
  (findProvider({ providerId })?.models ?? []).flatMap((model) =>
    namesOf(model.match).map((name): [string, Price] => [name, priceOf(name, model, PACKAGE, providerId)]),
  );

/** By the model's plain name. */
const ANTHROPIC: ReadonlyMap<string, Price> = new Map([
  ...packagePrices("anthropic"),
  ...OWN_PRICES.map((model): [string, Price] => [model.id, priceOf(model.id, model, OWN, "anthropic")]),
]);

/** Those of other providers, by key, made when they are first asked for. */
const others = new Map<string, ReadonlyMap<string, Price>>();

function pricesFor(key: string): ReadonlyMap<string, Price> | undefined {
  const id = PROVIDER_IDS.get(key);
  if (id !== undefined && !others.has(key)) others.set(key, new Map(packagePrices(id)));
  return others.get(key);
}

/** The price of a model, by its plain name; null where none is known. */
function findPrice(model: string, key: string): { name: string; isFirstHand: boolean; price: Price } | null {
  const claude = readModelName(model);
  const price = claude && ANTHROPIC.get(claude.model);
  if (price) return { name: claude.model, isFirstHand: claude.isFirstHand, price };
  const plain = plainName(model.trim().toLowerCase());
  // Most of a model's dated versions cost what it costs: gpt-5-mini-2025-08-07.
  for (const name of [plain, plain.replace(/-20\d{2}-\d{2}-\d{2}$/, "")]) {
    const other = pricesFor(key)?.get(name);
    if (other) return { name, isFirstHand: true, price: other };
  }
  return null;
}

/**
 * The names that a model is listed under. What a name begins with counts as a whole name: the package takes a model
 * that it does not know yet, such as claude-sonnet-5-9, for an older one, and a wrong price is worse than none.
 */
function namesOf(match: MatchLogic): string[] {
  if ("or" in match) return match.or.flatMap(namesOf);
  if ("equals" in match) return [plainName(match.equals)];
  return "starts_with" in match ? [plainName(match.starts_with)] : [];
}

function priceOf(name: string, model: ModelInfo, list: PriceList, id: string): Price {
  const models = [{ ...model, match: { equals: name } }];
  return { list, provider: { id, name: id, api_pattern: "", models } };
}

/** Whose price counts for a model, of whichever provider; null where none is known. */
export function priceListOf(model: string): PriceList | null {
  const known = ["", ...PROVIDER_IDS.keys()].map((key) => findPrice(model, key)?.price.list);
  return known.find((list) => list !== undefined) ?? null;
}

/** Where prices are from, and which list has the price of which of these models. */
export function pricesOf(models: readonly string[]): {
  source: string;
  lists: (PriceList & { models: string[] })[];
} {
  const known = [PACKAGE, OWN].map((list) => ({
    ...list,
    models: models.filter((model) => priceListOf(model) === list),
  }));
  return { source: PRICES_PAGE, lists: known.filter(({ models }) => models.length > 0) };
}

const count = (value: number | undefined) => Math.min(Math.max(value || 0, 0), MAX_COUNT);

/** What "us" costs more. Models from before Opus 4.6 do not take that parameter. Source: the page on data residency. */
const US_FACTOR = 1.1;

/**
 * What one call costs by today's list price.
 *
 * @param model as the provider or a gateway names it, with or without its date
 * @param usage of this one call: some prices depend on how long its prompt was
 * @param key the name of the key that paid: whose other models are meant, beside Anthropic's
 * @returns null for a model whose price is not known
 */
export function costOf(
  model: string,
  usage: Usage,
  details: UsageDetails,
  key = "ANTHROPIC_API_KEY",
): Cost | null {
  const found = findPrice(model, key);
  if (!found) return null;
  const { name, isFirstHand, price } = found;
  const written = count(usage.cache_creation_input_tokens);
  const read = count(usage.cache_read_input_tokens);
  const searches = count(details.web_search_requests);
  const calculation = calcPrice(
    {
      input_tokens: count(usage.input_tokens) + written + read,
      output_tokens: count(usage.output_tokens),
      cache_write_tokens: written,
      cache_write_1h_tokens: Math.min(count(details.cache_creation_1h_input_tokens), written),
      cache_read_tokens: read,
      web_searches: searches,
    },
    name,
    { provider: price.provider },
  );
  if (!calculation) return null;
  const { input_price, output_price, total_price } = calculation;
  const tokens = input_price + output_price;
  const tools = total_price - tokens;
  const usd = tokens * (details.inference_geo === "us" ? US_FACTOR : 1) + tools;
  return {
    usd: roundUsd(usd),
    exact: isFirstHand && (searches === 0 || pricesSearches(calculation)) && isUsual(details),
  };
}

const pricesSearches = ({ model_price }: PriceCalculation) => model_price.web_searches_kcount !== undefined;

/** Whether the list price counts as it is. Others cost more or less: fast answers, batches, reserved capacity. */
const isUsual = ({ service_tier = "standard", speed = "standard", inference_geo = "global" }: UsageDetails) =>
  service_tier === "standard" &&
  speed === "standard" &&
  ["global", "us", "not_available"].includes(inference_geo);

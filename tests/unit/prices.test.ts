import { readFileSync } from "node:fs";
import { findProvider } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainName, readModelName } from "../../lib/vault-usage/model-name.ts";
import { OWN_PRICES, OWN_PRICES_DATE, PRICES_PAGE } from "../../lib/vault-usage/own-prices.ts";
import { costOf, priceListOf } from "../../lib/vault-usage/prices.ts";
import type { Usage, UsageDetails } from "../../lib/vault-usage/types.ts";

const MILLION = 1_000_000;
const NOTHING: Usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};
const cost = (model: string, usage: Partial<Usage>, details: UsageDetails = {}) =>
  costOf(model, { ...NOTHING, ...usage }, details);

/** What a million tokens of each kind cost: input, output, written to the cache, read from it. */
const pricesOf = (model: string) =>
  (["input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"] as const).map(
    (kind) => cost(model, { [kind]: MILLION })?.usd,
  );

/** The prices of short prompts, from the provider's page. */
const LISTED: [string, number[]][] = [
  ["claude-fable-5-2", [8, 40, 10, 0.2]],
  ["claude-fable-5-1", [10, 50, 12.5, 0.25]],
  ["claude-mythos-5-1", [10, 50, 12.5, 0.25]],
  ["claude-fable-5", [10, 50, 12.5, 1]],
  ["claude-mythos-5", [10, 50, 12.5, 1]],
  ["claude-opus-5-5", [4, 20, 5, 0.2]],
  ["claude-opus-5", [5, 25, 6.25, 0.5]],
  ["claude-opus-4-8", [5, 25, 6.25, 0.5]],
  ["claude-opus-4-7", [5, 25, 6.25, 0.5]],
  ["claude-opus-4-6", [5, 25, 6.25, 0.5]],
  ["claude-opus-4-5", [5, 25, 6.25, 0.5]],
  ["claude-opus-4-1", [15, 75, 18.75, 1.5]],
  ["claude-opus-4", [15, 75, 18.75, 1.5]],
  ["claude-sonnet-5-5", [2, 10, 2.5, 0.1]],
  ["claude-sonnet-5", [2, 10, 2.5, 0.2]],
  ["claude-sonnet-4-6", [3, 15, 3.75, 0.3]],
  ["claude-sonnet-4", [3, 15, 3.75, 0.3]],
  ["claude-haiku-4-5", [1, 5, 1.25, 0.1]],
  ["claude-3-5-haiku", [0.8, 4, 1, 0.08]],
];

describe("costOf", () => {
  it.each(LISTED)("knows %s", (model, prices) => {
    expect(pricesOf(model)).toEqual(prices);
  });

  it("adds the kinds of tokens, and what was written for an hour at its own price", () => {
    const usage = {
      input_tokens: 1000,
      output_tokens: 200,
      cache_creation_input_tokens: 400,
      cache_read_input_tokens: 10_000,
    };
    expect(cost("claude-sonnet-5-5", usage)).toEqual({ usd: 0.002 + 0.002 + 0.001 + 0.001, exact: true });
    expect(cost("claude-sonnet-5-5", usage, { cache_creation_1h_input_tokens: 400 })).toEqual({
      usd: 0.0066,
      exact: true,
    });
    expect(cost("claude-opus-5-5", usage, { cache_creation_1h_input_tokens: 100 })?.usd).toBe(
      0.004 + 0.004 + 0.0015 + 0.0008 + 0.002,
    );
  });

  it("counts thinking as a part of the output, web searches by the thousand, and fetches as free", () => {
    const usage = { output_tokens: 1000 };
    expect(cost("claude-opus-5", usage, { thinking_tokens: 900 })).toEqual({ usd: 0.025, exact: true });
    expect(cost("claude-opus-5", usage, { web_search_requests: 3, web_fetch_requests: 9 })).toEqual({
      usd: 0.055,
      exact: true,
    });
  });

  it("is not exact for a search on a model whose searches have no price", () => {
    expect(cost("claude-3-haiku", { input_tokens: 1000 })).toEqual({ usd: 0.00025, exact: true });
    expect(cost("claude-3-haiku", { input_tokens: 1000 }, { web_search_requests: 1 })).toEqual({
      usd: 0.00025,
      exact: false,
    });
  });

  it("adds a tenth to the tokens of a call that stayed in the US, and nothing to its searches", () => {
    const details = { inference_geo: "us", web_search_requests: 1 };
    expect(cost("claude-opus-5-5", { input_tokens: MILLION }, details)).toEqual({ usd: 4.41, exact: true });
  });

  it.each([
    { service_tier: "priority" },
    { service_tier: "batch" },
    { speed: "fast" },
    { inference_geo: "eu" },
  ])("is not exact with %j", (details) => {
    expect(cost("claude-opus-5-5", { input_tokens: MILLION }, details)).toEqual({ usd: 4, exact: false });
  });

  it("is exact with what is usual, however it is said", () => {
    for (const inference_geo of ["global", "not_available"]) {
      const details = { service_tier: "standard", speed: "standard", inference_geo };
      expect(cost("claude-opus-5-5", { input_tokens: MILLION }, details)).toEqual({ usd: 4, exact: true });
    }
  });

  it("looks at the length of the whole prompt where the price depends on it", () => {
    const prompt = {
      input_tokens: 50_000,
      cache_creation_input_tokens: 20_000,
      cache_read_input_tokens: 30_000,
      output_tokens: 1000,
    };
    const short = 0.005 + 0.0025 + 0.0003 + 0.0005;
    expect(cost("claude-haiku-5-5", prompt)?.usd).toBeCloseTo(short, 10);
    const longer = { ...prompt, input_tokens: 50_001 };
    expect(cost("claude-haiku-5-5", longer)?.usd).toBeCloseTo(5 * (short + 1e-7), 10);
    const searched = cost("claude-haiku-5-5", longer, { web_search_requests: 1 });
    expect(searched?.usd).toBeCloseTo(5 * (short + 1e-7) + 0.01, 10);
  });

  it("never throws, and is a number that the ledger takes, for every usage that fits into it", () => {
    const tokens = fc.oneof(
      fc.integer({ min: 0, max: 10_000_000 }),
      fc.constantFrom(0, 10_000_000, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER),
    );
    const usage = fc.record({
      input_tokens: tokens,
      output_tokens: tokens,
      cache_creation_input_tokens: tokens,
      cache_read_input_tokens: tokens,
    });
    const word = fc.option(fc.string(), { nil: undefined });
    const details = fc.record(
      {
        cache_creation_1h_input_tokens: tokens,
        thinking_tokens: tokens,
        web_search_requests: tokens,
        web_fetch_requests: tokens,
        service_tier: word,
        speed: word,
        inference_geo: word,
      },
      { requiredKeys: [] },
    );
    const model = fc.constantFrom(...LISTED.map(([name]) => name), "claude-haiku-5-5", "claude-2");
    fc.assert(
      fc.property(model, usage, details, (name, used, said) => {
        const known = costOf(name, used, said);
        expect(known?.usd).toBeGreaterThanOrEqual(0);
        expect(known?.usd).toBeLessThan(1_000_000);
      }),
    );
  });
});

describe("a model's name", () => {
  it.each([
    ["claude-haiku-4-5-20251001", "claude-haiku-4-5", true],
    ["claude-sonnet-4-20250514", "claude-sonnet-4", true],
    ["claude-3-5-haiku-latest", "claude-3-5-haiku", true],
    ["Claude-Opus-5-5", "claude-opus-5-5", true],
    ["anthropic/claude-opus-5", "claude-opus-5", true],
    ["anthropic/claude-haiku-4.5", "claude-haiku-4-5", true],
    ["claude-opus-4-5@20251101", "claude-opus-4-5", false],
    ["vertex_ai/claude-opus-5", "claude-opus-5", false],
    ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5", false],
    ["bedrock/anthropic.claude-opus-4-1-20250805-v1:0", "claude-opus-4-1", false],
    ["us-gov.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5", false],
  ])("%s is %s, and exact: %s", (name, model, exact) => {
    const known = cost(model, { input_tokens: 1000, cache_read_input_tokens: 1000 });
    expect(known).not.toBeNull();
    expect(cost(name, { input_tokens: 1000, cache_read_input_tokens: 1000 })).toEqual({ ...known, exact });
  });

  it.each([
    "gpt-6",
    "claude-mythos-5-2",
    "claude-opus-6",
    // The package would take these for claude-sonnet-5, claude-opus-4-5 and claude-haiku-4-5.
    "claude-sonnet-5-9",
    "claude-opus-4-55",
    "claude-haiku-4-5-2025100",
    "claude-opus-4-8-fast",
    "anthropic/claude-opus-5:beta",
    "claude-opus-latest",
    "example/claude-opus-5",
    "claude-opus-5 claude-opus-5",
    "claude-",
    "__proto__",
    "constructor",
    "",
  ])("does not guess the price of %j", (model) => {
    expect(cost(model, { input_tokens: 1 })).toBeNull();
    expect(priceListOf(model)).toBeNull();
  });

  it("is read in a moment, whatever it is", () => {
    for (const part of ["claude-", "a", "-", ".", "us.", "bedrock/", "-20251001", "-v1"]) {
      expect(readModelName(`claude-a${part.repeat(100_000)}!`)).toBeNull();
    }
  });
});

describe("the lists", () => {
  it("are the package's, and our own for what it lacks", () => {
    expect(priceListOf("claude-opus-5-5")?.name).toMatch(/^@pydantic\/genai-prices /);
    expect(priceListOf("claude-haiku-5-5")).toEqual({ name: "this app's own list", date: OWN_PRICES_DATE });
    expect(OWN_PRICES_DATE).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(new URL(PRICES_PAGE).origin).toBe("https://platform.claude.com");
  });

  it("name the version of the package that is installed", () => {
    const manifest = new URL("../../node_modules/@pydantic/genai-prices/package.json", import.meta.url);
    const { name, version } = JSON.parse(readFileSync(manifest, "utf8"));
    expect(priceListOf("claude-opus-5")?.name).toBe(`${name} ${version}`);
  });

  it("have nothing twice: what the package has got is deleted from ours", () => {
    const listed = JSON.stringify(
      findProvider({ providerId: "anthropic" })?.models.map(({ match }) => match),
    );
    for (const { id } of OWN_PRICES) expect(listed, id).not.toContain(`"${id}"`);
  });

  it("are as the package says for all of its models", () => {
    for (const { id, match } of findProvider({ providerId: "anthropic" })?.models ?? []) {
      const names = JSON.stringify(match).match(/(?<="(?:equals|starts_with)":")claude-[a-z]+-\d-\d(?=")/g);
      for (const name of names ?? []) expect(priceListOf(plainName(name)), `${id}: ${name}`).not.toBeNull();
    }
  });
});

describe("the models of others", () => {
  const openai = (model: string, usage: Partial<Usage>, details: UsageDetails = {}) =>
    costOf(model, { ...NOTHING, ...usage }, details, "OPENAI_API_KEY");

  // https://platform.openai.com/docs/pricing: short prompts, in US dollars for a million tokens.
  it.each([
    [
      "gpt-6-luna",
      {
        input_tokens: 0.1,
        output_tokens: 0.5,
        cache_creation_input_tokens: 0.125,
        cache_read_input_tokens: 0.01,
      },
    ],
    [
      "gpt-6-sol",
      { input_tokens: 2, output_tokens: 10, cache_creation_input_tokens: 2.5, cache_read_input_tokens: 0.2 },
    ],
    ["gpt-5-mini", { input_tokens: 0.25, output_tokens: 2, cache_read_input_tokens: 0.025 }],
  ])("have their own prices: %s", (model, prices) => {
    for (const [kind, price] of Object.entries(prices))
      expect(openai(model, { [kind]: 100_000 })).toEqual({ usd: price / 10, exact: true });
  });

  it("are known with the date of their version, and under no other key", () => {
    const usage = { input_tokens: 1_000, output_tokens: 100 };
    expect(openai("gpt-6-luna-2026-08-20", usage)).toEqual(openai("gpt-6-luna", usage));
    expect(cost("gpt-6-luna", usage)).toBeNull();
    expect(costOf("gpt-6-luna", { ...NOTHING, ...usage }, {}, "GROQ_API_KEY")).toBeNull();
    expect(costOf("openai/gpt-oss-20b", { ...NOTHING, ...usage }, {}, "GROQ_API_KEY")?.exact).toBe(true);
    expect(costOf("gpt-6-luna", { ...NOTHING, ...usage }, {}, "constructor")).toBeNull();
  });

  it("have none for a name that isn't listed, however it begins", () => {
    for (const model of ["gpt-6-luna-2", "gpt-6", "gpt-6-luna-2026-08-20-x", "ft:gpt-6-luna:me::1", "", "x"])
      expect(openai(model, { input_tokens: 1_000 })).toBeNull();
  });

  it("aren't exact where a tier changes the price", () => {
    for (const service_tier of ["flex", "priority", "other"])
      expect(openai("gpt-6-luna", { input_tokens: 100_000 }, { service_tier })).toMatchObject({
        exact: false,
      });
  });
});

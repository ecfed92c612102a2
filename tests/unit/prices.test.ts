import { describe, expect, it } from "vitest";
import { estimateCost, estimateSum, PRICES_DATE, PRICES_SOURCE } from "../../lib/usage/prices.ts";

const MILLION = 1_000_000;
const NOTHING = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};
/** What a million tokens of each kind cost: input, output, written to the cache, read from it. */
const pricesOf = (model: string) =>
  (["input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"] as const).map(
    (kind) => estimateCost(model, { ...NOTHING, [kind]: MILLION }),
  );

describe("estimateCost", () => {
  it.each([
    ["claude-fable-5-2", [8, 40, 10, 0.2]],
    ["claude-fable-5-1", [10, 50, 12.5, 0.25]],
    ["claude-mythos-5", [10, 50, 12.5, 1]],
    ["claude-opus-5-5", [4, 20, 5, 0.2]],
    ["claude-opus-4-8", [5, 25, 6.25, 0.5]],
    ["claude-opus-4-1", [15, 75, 18.75, 1.5]],
    ["claude-sonnet-5-5", [2, 10, 2.5, 0.1]],
    ["claude-sonnet-5", [2, 10, 2.5, 0.2]],
    ["claude-sonnet-4-5", [3, 15, 3.75, 0.3]],
    ["claude-haiku-4-5", [1, 5, 1.25, 0.1]],
  ])("knows %s", (model, prices) => {
    expect(pricesOf(model)).toEqual(prices);
  });

  it("adds the four kinds of tokens", () => {
    const usage = {
      input_tokens: 1000,
      output_tokens: 200,
      cache_creation_input_tokens: 400,
      cache_read_input_tokens: 10_000,
    };
    expect(estimateCost("claude-sonnet-5-5", usage)).toBeCloseTo(0.002 + 0.002 + 0.001 + 0.001, 12);
  });

  it("takes a name with its date for the same model", () => {
    expect(pricesOf("claude-haiku-4-5-20251001")).toEqual(pricesOf("claude-haiku-4-5"));
    expect(pricesOf("claude-sonnet-4-20250514")).toEqual(pricesOf("claude-sonnet-4"));
  });

  it.each([
    "gpt-6",
    "claude-mythos-5-2",
    "claude-opus-6",
    "claude-sonnet-5-6",
    "claude-haiku-4-5-2025100",
    "claude-haiku-4-5-latest",
    "__proto__",
    "",
  ])("does not guess the price of %j", (model) => {
    expect(estimateCost(model, { ...NOTHING, input_tokens: 1 })).toBeNull();
    expect(estimateSum(model, { ...NOTHING, input_tokens: 1 })).toBeNull();
  });

  it("looks at the length of the whole prompt where the price depends on it", () => {
    const prompt = {
      ...NOTHING,
      input_tokens: 50_000,
      cache_creation_input_tokens: 20_000,
      cache_read_input_tokens: 30_000,
      output_tokens: 1000,
    };
    const short = 0.005 + 0.0025 + 0.0003 + 0.0005;
    expect(estimateCost("claude-haiku-5-5", prompt)).toBeCloseTo(short, 12);
    const longer = { ...prompt, input_tokens: 50_001 };
    expect(estimateCost("claude-haiku-5-5", longer)).toBeCloseTo(5 * (short + 1e-7), 12);
  });
});

describe("estimateSum", () => {
  it("is exact where the price does not depend on the prompt, or no prompt can have been long", () => {
    const usage = { ...NOTHING, input_tokens: 5 * MILLION };
    expect(estimateSum("claude-sonnet-5-5", usage)).toEqual({ cost: 10, exact: true });
    expect(estimateSum("claude-haiku-5-5", { ...NOTHING, input_tokens: 100_000 })).toEqual({
      cost: 0.01,
      exact: true,
    });
  });

  it("is the lower price, and says so, where prompts may have been long", () => {
    const usage = { ...NOTHING, input_tokens: MILLION, output_tokens: MILLION };
    expect(estimateSum("claude-haiku-5-5", usage)).toEqual({ cost: 0.6, exact: false });
  });
});

it("the table has its day and its source", () => {
  expect(PRICES_DATE).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(new URL(PRICES_SOURCE).origin).toBe("https://platform.claude.com");
});

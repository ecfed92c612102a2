import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countsOf,
  detailsOf,
  MAX_COUNT,
  membersOf,
  modelOf,
  sayingsOf,
  saysNothingWritten,
  stopReasonOf,
  withinTotals,
} from "@/lib/vault-usage/provider-usage";
import type { UsageDetails } from "@/lib/vault-usage/types";

describe("counts", () => {
  it("are kept as they are said", () => {
    const counts = {
      input_tokens: 1,
      output_tokens: 2,
      cache_creation_input_tokens: 3,
      cache_read_input_tokens: 10_000_000,
    };
    expect(countsOf({ ...counts, other_tokens: 5 })).toEqual(counts);
  });

  it.each([
    ["25", 25],
    [12.2, 13],
    ["10000000", 10_000_000],
  ])("may be %j", (said, count) => {
    expect(countsOf({ input_tokens: said })).toEqual({ input_tokens: count });
  });

  it.each([
    [0],
    [-1],
    [null],
    [undefined],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [10_000_001],
    [1e15],
    [""],
    ["0"],
    ["x"],
    ["-5"],
    ["1e3"],
    ["123456789"],
    ["5 "],
    [true],
    [[5]],
    [{}],
  ])("are none for %j, and the others stay", (said) => {
    expect(countsOf({ input_tokens: said, output_tokens: 7 })).toEqual({ output_tokens: 7 });
  });

  it("add up what was written to the cache where only the parts are said", () => {
    const cache_creation = { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 7 };
    expect(countsOf({ cache_creation })).toEqual({ cache_creation_input_tokens: 12 });
    expect(countsOf({ cache_creation, cache_creation_input_tokens: 20 })).toEqual({
      cache_creation_input_tokens: 20,
    });
  });

  it.each([[null], [undefined], ["usage"], [7], [[]]])("are none in %j", (usage) => {
    expect(countsOf(usage)).toEqual({});
    expect(detailsOf(usage)).toEqual({});
    expect(Object.keys(membersOf(usage))).toEqual([]);
  });
});

describe("counts in OpenAI's words", () => {
  it("are read where the API's are not there", () => {
    expect(countsOf({ prompt_tokens: 5, completion_tokens: 6 })).toEqual({
      input_tokens: 5,
      output_tokens: 6,
    });
    const both = { prompt_tokens: 5, completion_tokens: 6, input_tokens: 7, output_tokens: 8 };
    expect(countsOf(both)).toEqual({ input_tokens: 7, output_tokens: 8 });
  });
});

/** One call's usage, as each API or SDK says it: 100 sent, of which 30 from the cache and 20 into it; 50 written, 40 of it thinking. */
const SAME_CALL: [string, object][] = [
  [
    "OpenAI's chat completions",
    {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 30, cache_write_tokens: 20, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 40, accepted_prediction_tokens: 0 },
    },
  ],
  [
    "OpenAI's responses",
    {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 30, cache_write_tokens: 20 },
      output_tokens: 50,
      output_tokens_details: { reasoning_tokens: 40 },
      total_tokens: 150,
    },
  ],
  [
    "the AI SDK",
    {
      inputTokens: 100,
      inputTokenDetails: { noCacheTokens: 50, cacheReadTokens: 30, cacheWriteTokens: 20 },
      outputTokens: 50,
      outputTokenDetails: { textTokens: 10, reasoningTokens: 40 },
      totalTokens: 150,
      raw: { prompt_tokens: 7 },
    },
  ],
  [
    "Anthropic",
    {
      input_tokens: 50,
      cache_read_input_tokens: 30,
      cache_creation_input_tokens: 20,
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 40 },
    },
  ],
];

describe("the usage of one call", () => {
  it.each(SAME_CALL)("is the same in the words of %s", (_, usage) => {
    expect(countsOf(usage)).toEqual({
      input_tokens: 50,
      cache_read_input_tokens: 30,
      cache_creation_input_tokens: 20,
      output_tokens: 50,
    });
    expect(detailsOf(usage)).toEqual({ thinking_tokens: 40 });
    expect(saysNothingWritten(usage)).toBe(false);
  });

  it("has its parts only where they fit into the whole", () => {
    const said = (prompt_tokens: unknown, prompt_tokens_details: unknown) =>
      countsOf({ prompt_tokens, prompt_tokens_details });
    expect(said(100, { cached_tokens: 100 })).toEqual({ input_tokens: 0, cache_read_input_tokens: 100 });
    expect(said(100, { cached_tokens: 101 })).toEqual({ input_tokens: 100 });
    expect(said(100, { cached_tokens: 90, cache_write_tokens: 11 })).toEqual({ input_tokens: 100 });
    expect(said(undefined, { cached_tokens: 5 })).toEqual({});
    for (const odd of [null, undefined, [], "30", 30, { cached_tokens: null }, { cached_tokens: -1 }])
      expect(said(100, odd)).toEqual({ input_tokens: 100 });
  });

  it("isn't read twice where a gateway says it in the words of two", () => {
    const both = {
      input_tokens: 50,
      cache_read_input_tokens: 30,
      prompt_tokens_details: { cached_tokens: 30 },
    };
    expect(countsOf(both)).toEqual({ input_tokens: 50, cache_read_input_tokens: 30 });
  });

  it("of embeddings has nothing written", () => {
    for (const usage of [{ prompt_tokens: 8, total_tokens: 8 }, { tokens: 8 }]) {
      expect(countsOf(usage)).toEqual({ input_tokens: 8 });
      expect(saysNothingWritten(usage)).toBe(true);
    }
    for (const usage of [{ output_tokens: 0 }, { completion_tokens: 0 }, { outputTokens: 0 }])
      expect(saysNothingWritten(usage)).toBe(true);
    for (const usage of [
      null,
      {},
      { prompt_tokens: 8 },
      { total_tokens: 8 },
      { prompt_tokens: 8, total_tokens: 9 },
      { output_tokens: null },
      { tokens: "many" },
    ])
      expect(saysNothingWritten(usage)).toBe(false);
  });
});

/** Objects with the members that are looked at, and with all that may be in them. */
const OBJECTS = (() => {
  const names = fc.constantFrom(
    ...[
      "usage",
      "totalUsage",
      "message",
      "response",
      "delta",
      "choices",
      "content",
      "output",
      "type",
      "text",
    ],
    ...["input_tokens", "prompt_tokens", "inputTokens", "output_tokens", "completion_tokens", "outputTokens"],
    ...[
      "prompt_tokens_details",
      "input_tokens_details",
      "inputTokenDetails",
      "cached_tokens",
      "cacheReadTokens",
    ],
    ...["cache_write_tokens", "model", "modelId", "status", "finish_reason", "finishReason", "stop_reason"],
    ...["incomplete_details", "reason", "service_tier", "tool_calls", "function", "arguments", "tokens"],
  );
  const leaf = fc.oneof(
    fc.constantFrom(null, undefined, true, "completed", "text-delta", "", "stop", Number.NaN, -1, 1e300),
    fc.nat(MAX_COUNT * 2),
    fc.string(),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(names, tie("value"), { maxKeys: 6 }),
    ),
  }));
  return value;
})();

describe("whatever a provider says", () => {
  it("is read without an error, as counts that the ledger takes, and texts", () => {
    fc.assert(
      fc.property(OBJECTS, (said) => {
        const { model, usage, reason, piece } = sayingsOf(said);
        for (const counts of [countsOf(said), countsOf(usage)])
          for (const count of Object.values(counts)) {
            expect(Number.isInteger(count)).toBe(true);
            expect(count).toBeGreaterThanOrEqual(0);
            expect(count).toBeLessThanOrEqual(MAX_COUNT);
          }
        for (const detail of Object.values(detailsOf(usage))) expect(detail).not.toBe("");
        expect(["string", "undefined"]).toContain(typeof piece);
        expect(["string", "undefined"]).toContain(typeof modelOf(model, "sk-test"));
        stopReasonOf(reason);
      }),
      { numRuns: 500 },
    );
  });

  it("has as many tokens sent, however much of them was cached", () => {
    const token = fc.nat(1_000_000);
    fc.assert(
      fc.property(token, token, token, (prompt_tokens, cached_tokens, cache_write_tokens) => {
        const counts = countsOf({
          prompt_tokens,
          prompt_tokens_details: { cached_tokens, cache_write_tokens },
        });
        const { input_tokens = 0, cache_read_input_tokens = 0, cache_creation_input_tokens = 0 } = counts;
        expect(input_tokens + cache_read_input_tokens + cache_creation_input_tokens).toBe(prompt_tokens);
      }),
    );
  });
});

describe("details", () => {
  it("are kept where they say something", () => {
    expect(
      detailsOf({
        cache_creation: { ephemeral_1h_input_tokens: 7, ephemeral_5m_input_tokens: 5 },
        output_tokens_details: { thinking_tokens: 300 },
        server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 },
        service_tier: "priority",
        speed: "fast",
        inference_geo: "us",
      }),
    ).toEqual({
      cache_creation_1h_input_tokens: 7,
      thinking_tokens: 300,
      web_search_requests: 2,
      web_fetch_requests: 1,
      service_tier: "priority",
      speed: "fast",
      inference_geo: "us",
    });
  });

  it("are left out where they are the usual, nothing, or of another form", () => {
    expect(
      detailsOf({
        cache_creation: { ephemeral_1h_input_tokens: 0 },
        output_tokens_details: null,
        server_tool_use: { web_search_requests: "many" },
        service_tier: "standard",
        speed: "standard",
        inference_geo: "global",
      }),
    ).toEqual({});
    for (const service_tier of ["default", "auto"]) expect(detailsOf({ service_tier })).toEqual({});
    expect(detailsOf({ inference_geo: "not_available" })).toEqual({});
    for (const word of ["", 5, ["priority"], null, {}])
      expect(detailsOf({ service_tier: word, speed: word, inference_geo: word })).toEqual({});
  });

  it("are never in words of the provider's own, which might be a key", () => {
    const other = { service_tier: "other", speed: "other", inference_geo: "other" };
    for (const word of [
      "sk-scripted-1234567890abcdef",
      " priority",
      "fastest",
      "USA",
      "a\nb",
      "x".repeat(5_000),
    ])
      expect(detailsOf({ service_tier: word, speed: word, inference_geo: word })).toEqual(other);
    for (const service_tier of ["priority", "batch", "flex"])
      expect(detailsOf({ service_tier })).toEqual({ service_tier });
    expect(detailsOf({ speed: "fast", inference_geo: "eu" })).toEqual({ speed: "fast", inference_geo: "eu" });
  });

  it("have no part that is larger than the whole", () => {
    const totals = {
      input_tokens: 900,
      output_tokens: 50,
      cache_creation_input_tokens: 7,
      cache_read_input_tokens: 900,
    };
    const within = (details: UsageDetails) => withinTotals(details, totals);
    expect(within({ thinking_tokens: 51, cache_creation_1h_input_tokens: 8, speed: "fast" })).toEqual({
      thinking_tokens: 50,
      cache_creation_1h_input_tokens: 7,
      speed: "fast",
    });
    expect(within({ thinking_tokens: 49 })).toEqual({ thinking_tokens: 49 });
    expect(within({})).toEqual({});
    const none = { ...totals, output_tokens: 0, cache_creation_input_tokens: 0 };
    expect(withinTotals({ thinking_tokens: 5, cache_creation_1h_input_tokens: 5 }, none)).toEqual({});
  });
});

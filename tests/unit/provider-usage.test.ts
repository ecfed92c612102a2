import { describe, expect, it } from "vitest";
import { countsOf, detailsOf, membersOf, stopReasonOf, withinTotals } from "@/lib/vault-usage/provider-usage";
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

describe("stop reasons", () => {
  it.each([
    ["end_turn", "end_turn"],
    ["stop_sequence", "stop_sequence"],
    ["max_tokens", "max_tokens"],
    ["MAX_TOKENS", "max_tokens"],
    ["model_context_window_exceeded", "model_context_window_exceeded"],
    ["refusal", "refusal"],
    ["pause_turn", "pause_turn"],
    ["tool_use", "tool_use"],
    ["stop", "end_turn"],
    ["STOP", "end_turn"],
    ["length", "max_tokens"],
    ["content_filter", "refusal"],
    ["tool_calls", "tool_use"],
    ["function_call", "tool_use"],
    ["eos", "end_turn"],
    [" end_turn\n", "end_turn"],
    ["max_output_tokens", "max_tokens"],
    ["SAFETY", "refusal"],
    ["guardrail_intervened", "refusal"],
    ["other", "other"],
    ["a_new_reason", "other"],
    [5, "other"],
    [{}, "other"],
    [null, null],
    [undefined, null],
    ["", null],
  ])("of %j is %j", (said, reason) => {
    expect(stopReasonOf(said)).toBe(reason);
  });
});

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

describe("what a reply says of itself", () => {
  const chat = (choice: object, more: object = {}) => ({ model: "m", choices: [choice], ...more });
  const usage = { input_tokens: 1 };
  it.each<[string, unknown, object]>([
    [
      "a chat completion",
      chat({ message: { content: "Yes." }, finish_reason: "stop" }, { usage }),
      { model: "m", usage, reason: "stop", piece: "Yes." },
    ],
    [
      "several of its choices",
      { choices: [{ message: { content: "One." } }, { message: { content: "Two." } }] },
      { piece: "One.Two." },
    ],
    [
      "a call of a tool",
      chat({ message: { content: null, tool_calls: [{ function: { name: "f", arguments: "{}" } }] } }),
      { piece: "{}" },
    ],
    [
      "a piece of one",
      chat({ delta: { content: "Ye" }, finish_reason: null }, { usage: null }),
      { piece: "Ye" },
    ],
    ["a piece of its thinking", chat({ delta: { reasoning_content: "Hm" } }), { piece: "Hm" }],
    ["its end", chat({ delta: {}, finish_reason: "length" }), { reason: "length", piece: undefined }],
    ["its usage", { model: "m", choices: [], usage }, { model: "m", usage, piece: undefined }],
    [
      "its tier",
      { choices: [], usage, service_tier: "flex" },
      { usage: { input_tokens: 1, service_tier: "flex" } },
    ],
    [
      "a response",
      {
        status: "completed",
        output: [{ content: [{ text: "Yes." }] }, { type: "reasoning" }],
        output_text: "Yes.",
      },
      { reason: "completed", piece: "Yes." },
    ],
    [
      "a response that was cut off",
      { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
      { reason: "max_output_tokens" },
    ],
    ["one that failed", { status: "failed", error: { code: "server_error" } }, { reason: "failed" }],
    [
      "one on its way",
      { response: { status: "in_progress", usage: null } },
      { reason: undefined, usage: undefined },
    ],
    ["a piece of a response", { type: "response.output_text.delta", delta: "Ye" }, { piece: "Ye" }],
    [
      "the last event of a response, which repeats its text",
      {
        type: "response.completed",
        response: { model: "m", status: "completed", usage, output: [{ content: [{ text: "Yes." }] }] },
      },
      { model: "m", usage, reason: "completed", piece: undefined },
    ],
    [
      "Anthropic's message",
      {
        model: "m",
        content: [
          { type: "thinking", thinking: "Hm." },
          { type: "text", text: "Yes." },
        ],
        stop_reason: "end_turn",
        usage,
      },
      { model: "m", usage, reason: "end_turn", piece: "Hm.Yes." },
    ],
    [
      "its beginning",
      { type: "message_start", message: { model: "m", usage, content: [] } },
      { model: "m", usage },
    ],
    [
      "a piece of it",
      { type: "content_block_delta", delta: { type: "text_delta", text: "Ye" } },
      { piece: "Ye" },
    ],
    ["a piece of its thinking", { type: "content_block_delta", delta: { thinking: "Hm" } }, { piece: "Hm" }],
    [
      "its end",
      { type: "message_delta", delta: { stop_reason: "max_tokens" }, usage },
      { reason: "max_tokens", usage },
    ],
    [
      "the AI SDK's result",
      { text: "Yes.", reasoningText: "Hm.", finishReason: "stop", usage, response: { modelId: "m" } },
      { model: "m", usage, reason: "stop", piece: "Yes.Hm." },
    ],
    ["its result of several steps", { text: "", usage: { a: 1 }, totalUsage: usage }, { usage }],
    ["a piece of its stream", { type: "text-delta", text: "Ye" }, { piece: "Ye" }],
    ["thinking in its stream", { type: "reasoning-delta", text: "Hm" }, { piece: "Hm" }],
    [
      "the end of its stream",
      { type: "finish", finishReason: "length", totalUsage: usage },
      { reason: "length", usage },
    ],
    [
      "an event that breaks a stream off",
      { type: "error", error: { type: "overloaded_error" } },
      { reason: undefined, isBrokenOff: true },
    ],
    ["the same of OpenAI's", { error: { code: "server_error" } }, { reason: undefined, isBrokenOff: true }],
    [
      "one without an error",
      { type: "response.created", response: { error: null }, error: null },
      { isBrokenOff: false },
    ],
    ["nothing", undefined, { model: undefined, usage: undefined, reason: undefined, piece: undefined }],
    ["a text", "text", { piece: undefined }],
  ])("is found in %s", (_, reply, sayings) => {
    expect(sayingsOf(reply)).toMatchObject(sayings);
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

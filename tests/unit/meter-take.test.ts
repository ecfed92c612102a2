import { describe, expect, it } from "vitest";
import { Meter } from "@/lib/vault-usage/meter";
import { endingOf } from "@/lib/vault-usage/receipt";

// What a meter makes of whole replies and of streams, in the words of each API and SDK.

const KEY = "sk-test-meter-take";
/** 400 bytes: about 100 tokens. */
const TEXT = "word".repeat(100);

function sentMeter(key = "OPENAI_API_KEY", model = "gpt-6-luna") {
  const meter = new Meter({ key, model, text: TEXT, maxOutput: 500, source: "user" });
  meter.hide(KEY);
  meter.isSent = true;
  return meter;
}

/** What is read once all of this is taken, and whoever asked has all of the answer. */
function readingOf(...said: unknown[]) {
  const meter = sentMeter();
  for (const each of said) meter.take(each);
  meter.complete();
  return meter.read();
}

const ANSWER = "An answer of ten words, as long as it needs.";
const MODEL = "gpt-6-luna-2026-08-20";
const COUNTED = {
  ...{ model: MODEL, stop_reason: "end_turn", is_counted: true, cost_exact: true },
  ...{ input_tokens: 90, cache_read_input_tokens: 20, output_tokens: 12, details: { thinking_tokens: 2 } },
};

const chatUsage = {
  prompt_tokens: 110,
  completion_tokens: 12,
  total_tokens: 122,
  prompt_tokens_details: { cached_tokens: 20 },
  completion_tokens_details: { reasoning_tokens: 2 },
};
const responseUsage = {
  input_tokens: 110,
  input_tokens_details: { cached_tokens: 20 },
  output_tokens: 12,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 122,
};
const sdkUsage = {
  inputTokens: 110,
  inputTokenDetails: { noCacheTokens: 90, cacheReadTokens: 20, cacheWriteTokens: undefined },
  outputTokens: 12,
  outputTokenDetails: { textTokens: 10, reasoningTokens: 2 },
  totalTokens: 122,
};
const response = (status: string, usage: object | null) => ({
  model: MODEL,
  status,
  usage,
  service_tier: "default",
});
const pieces = ANSWER.split(/(?<= )/);

const CHAT = pieces.map((content) => ({
  model: MODEL,
  choices: [{ delta: { content }, finish_reason: null }],
}));
const RESPONSES = [
  { type: "response.created", response: response("in_progress", null) },
  ...pieces.map((delta) => ({ type: "response.output_text.delta", delta })),
  { type: "response.output_text.done", text: ANSWER },
];
const SDK = [
  { type: "start" },
  ...pieces.map((text) => ({ type: "text-delta", id: "0", text })),
  { type: "finish-step", finishReason: "stop", usage: sdkUsage, response: { modelId: MODEL } },
];

describe("a call that its provider counts", () => {
  it.each<[string, unknown[]]>([
    [
      "a chat completion",
      [
        {
          ...{ model: MODEL, usage: chatUsage, service_tier: "default" },
          choices: [{ message: { content: ANSWER }, finish_reason: "stop" }],
        },
      ],
    ],
    [
      "a stream of chat completions",
      [
        ...CHAT,
        { model: MODEL, choices: [{ delta: {}, finish_reason: "stop" }], usage: null },
        { model: MODEL, choices: [], usage: chatUsage },
      ],
    ],
    ["a response", [{ ...response("completed", responseUsage), output: [{ content: [{ text: ANSWER }] }] }]],
    [
      "a stream of responses",
      [...RESPONSES, { type: "response.completed", response: response("completed", responseUsage) }],
    ],
    [
      "the AI SDK's result",
      [{ text: ANSWER, finishReason: "stop", usage: sdkUsage, response: { modelId: MODEL } }],
    ],
    ["the AI SDK's stream", [...SDK, { type: "finish", finishReason: "stop", totalUsage: sdkUsage }]],
  ])("has the same numbers from %s", (_, said) => {
    expect(readingOf(...said)).toMatchObject(COUNTED);
  });

  it("of several steps has the sum of them", () => {
    const step = { type: "finish-step", usage: { inputTokens: 100, outputTokens: 10 } };
    const totalUsage = { inputTokens: 200, outputTokens: 20 };
    expect(readingOf(step, step, { type: "finish", finishReason: "stop", totalUsage })).toMatchObject({
      ...{ input_tokens: 200, output_tokens: 20, is_counted: true },
    });
  });

  it("of embeddings is whole without an output", () => {
    expect(
      readingOf({ model: MODEL, data: [], usage: { prompt_tokens: 101, total_tokens: 101 } }),
    ).toMatchObject({
      ...{ input_tokens: 101, output_tokens: 0, is_counted: true, cost_exact: true },
    });
    expect(readingOf({ embedding: [], usage: { tokens: 101 } })).toMatchObject({ is_counted: true });
  });

  it("isn't priced exactly on a tier with another price", () => {
    const reply = {
      model: MODEL,
      usage: chatUsage,
      service_tier: "flex",
      choices: [{ finish_reason: "stop" }],
    };
    expect(readingOf(reply)).toMatchObject({ is_counted: true, cost_exact: false });
  });
});

describe("a call that nobody counts", () => {
  it.each<[string, unknown[]]>([
    ["a chat completion", [{ choices: [{ message: { content: ANSWER }, finish_reason: "stop" }] }]],
    ["a stream of chat completions", CHAT],
    ["a response", [{ status: "completed", output: [{ content: [{ text: ANSWER }] }], usage: null }]],
    ["a stream of responses", RESPONSES],
    ["Anthropic's message", [{ content: [{ type: "text", text: ANSWER }], stop_reason: "end_turn" }]],
    ["the AI SDK's result", [{ text: ANSWER, finishReason: "stop" }]],
    ["the AI SDK's stream", SDK.slice(0, -1)],
  ])("has an estimate by its text, from %s", (_, said) => {
    expect(readingOf(...said)).toMatchObject({
      ...{ input_tokens: 100, output_tokens: Math.ceil(ANSWER.length / 2.5), is_counted: false },
    });
  });

  it("keeps the model that was asked for, and no key", () => {
    for (const model of [undefined, null, 5, KEY, `openai/${KEY}`, "a b"])
      expect(readingOf({ model, choices: [] }).model).toBe("gpt-6-luna");
  });

  it.each([
    { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
    { type: "error", code: "server_error", message: "Sorry." },
    { error: { code: "server_error", message: "Sorry." } },
    { type: "response.failed", response: { status: "failed", error: { code: "server_error" } } },
    { status: "cancelled" },
  ])("isn't completed where an event breaks it off: %j", (event) => {
    const meter = sentMeter();
    for (const each of [...CHAT, event]) meter.take(each);
    meter.complete();
    expect(endingOf(meter)).toBe("provider_incomplete");
  });

  it("survives whatever comes", () => {
    for (const said of [
      undefined,
      null,
      0,
      "",
      "text",
      [],
      {},
      { usage: "much" },
      { choices: {} },
      { choices: [null] },
    ])
      expect(readingOf(said)).toMatchObject({ model: "gpt-6-luna", input_tokens: 100, is_counted: false });
  });
});

import { describe, expect, it } from "vitest";
import { sayingsOf, stopReasonOf } from "@/lib/vault-usage/provider-usage";

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

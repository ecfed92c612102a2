import {
  amid,
  before,
  type Change,
  dataOf,
  each,
  event,
  halfway,
  inTheEnd,
  type Json,
  type Piece,
  textDelta,
  without,
} from "./events.ts";
import { NOTICE } from "./reply.ts";
import type { Shape } from "./shapes.ts";

// How a stream ends, or does not.

const stopReason = (reason: unknown): Change =>
  each("message_delta", (data) => ({ ...data, delta: { ...(data.delta as Json), stop_reason: reason } }));

const apiError = event("error", {
  error: { type: "overloaded_error", message: `Overloaded (${NOTICE})` },
  request_id: null,
});

const namelessError = `data: ${JSON.stringify({
  error: {
    message: `Budget has been exceeded! (${NOTICE})`,
    type: "budget_exceeded",
    param: "None",
    code: "429",
  },
})}\n\n`;

const STOP_REASONS: [name: string, reason: unknown][] = [
  ["null", null],
  ["missing", undefined],
  ["empty", ""],
  ["object", { reason: "end_turn" }],
  ["unknown", "tired"],
  ["max-tokens", "max_tokens"],
  ["window", "model_context_window_exceeded"],
  ["sequence", "stop_sequence"],
  ["pause", "pause_turn"],
  ["tool", "tool_use"],
  // OpenAI's words, which gateways pass on.
  ["openai-end", "stop"],
  ["openai-length", "length"],
  ["openai-filter", "content_filter"],
  ["openai-tools", "tool_calls"],
];

export const ENDING_SHAPES: readonly Shape[] = [
  ...STOP_REASONS.map(([name, reason]) => ({ word: `reason-${name}`, change: stopReason(reason) })),
  // The reason at the beginning, where it means nothing yet.
  {
    word: "early-reason",
    change: each("message_start", (data) => ({
      ...data,
      message: { ...(data.message as Json), stop_reason: "end_turn" },
    })),
  },
  {
    word: "final-bare",
    change: each("message_delta", ({ type, usage }) => ({ type, usage })),
  },
  { word: "final-none", change: without("message_delta") },
  // A second count: a total that has grown, and one that has not.
  {
    word: "final-grows",
    change: (pieces) => again(pieces, (count) => count + 10),
  },
  {
    word: "final-shrinks",
    change: (pieces) => again(pieces, (count) => Math.floor(count / 2)),
  },
  { word: "no-stop", change: without("message_stop") },
  {
    word: "after-stop",
    change: inTheEnd(
      textDelta("Nobody waits for this."),
      event("message_delta", { delta: { stop_reason: "max_tokens" }, usage: { output_tokens: 9_000 } }),
    ),
  },
  { word: "left-open", end: "open" },

  // Half-way.
  {
    word: "half-refusal",
    change: halfway(
      event("message_delta", { delta: { stop_reason: "refusal" }, usage: { output_tokens: 12 } }),
      event("message_stop"),
    ),
  },
  { word: "cut", change: halfway(), end: "destroy" },
  { word: "unfinished", change: halfway() },
  { word: "hushed", change: halfway(), end: "open" },
  { word: "errorevent", change: halfway(apiError) },
  { word: "error-mid-open", change: halfway(apiError), end: "open" },
  { word: "error-as-text", change: halfway({ event: "error", data: JSON.stringify("overloaded") }) },
  {
    word: "error-as-html",
    change: halfway({ event: "error", data: "<html><body>502 Bad Gateway</body></html>" }),
  },
  { word: "error-without-name", change: halfway(`data: ${JSON.stringify(apiError.data)}\n\n`) },
  // As LiteLLM writes it.
  { word: "nameless-mid", change: halfway(namelessError) },
  { word: "nameless-first", change: () => [namelessError] },
  { word: "junk-line", change: amid('event: content_block_delta\ndata: {"type":"content_block_del\n\n') },

  // Without a beginning.
  { word: "empty-stream", change: () => [] },
  { word: "error-first", change: () => [apiError] },
  {
    word: "starts-late",
    change: before("message_start", ...Array.from({ length: 5 }, () => [event("ping"), { wait: 40 }]).flat()),
  },
  {
    word: "endless-pieces",
    change: () => [
      event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
      {
        repeat: `event: content_block_delta\ndata: ${JSON.stringify(textDelta("on and on ").data)}\n\n`,
        every: 20,
      },
    ],
  },
];

function again(pieces: Piece[], grow: (count: number) => number): Piece[] {
  const first = dataOf(pieces, "message_delta");
  const usage = first?.usage as { output_tokens: number } | undefined;
  if (!usage) return pieces;
  const second = { ...first, usage: { ...usage, output_tokens: grow(usage.output_tokens) } };
  return before("message_stop", { event: "message_delta", data: second })(pieces);
}

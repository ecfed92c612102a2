import {
  amid,
  before,
  both,
  delta,
  each,
  event,
  isEvent,
  type Json,
  type Piece,
  textOf,
  without,
} from "./events.ts";
import type { Usage } from "./reply.ts";
import type { Shape } from "./shapes.ts";

// Where the text of a stream is, and what is between its pieces.

/** The piece of text that is in another place than a delta. */
const ELSEWHERE = "This came first. ";

const inBlockStart = (text: (whole: string) => string) => (pieces: Piece[]) =>
  each("content_block_start", (data) => ({
    ...data,
    content_block: { ...(data.content_block as Json), text: text(textOf(pieces)) },
  }))(pieces);

const inMessage = (pieces: Piece[]) =>
  each("message_start", (data) => ({
    ...data,
    message: {
      ...(data.message as Json),
      content: [{ type: "text", text: textOf(pieces), citations: null }],
    },
  }))(pieces);

/** In the total, as the API has it. */
const withThinking = (usage: Usage) => ({
  ...usage,
  output_tokens: usage.output_tokens + 900,
  output_tokens_details: { thinking_tokens: 900 },
});

const thinking = [
  event("content_block_start", {
    index: 0,
    content_block: { type: "thinking", thinking: "", signature: "" },
  }),
  ...Array.from({ length: 10 }, () =>
    delta({ type: "thinking_delta", thinking: "Nobody is to read this. ".repeat(10) }),
  ),
  delta({ type: "signature_delta", signature: "c2lnbmF0dXJl" }),
  event("content_block_stop", { index: 0 }),
];

export const TEXT_SHAPES: readonly Shape[] = [
  // The whole text in the block's first event, or in the message, and no deltas.
  {
    word: "block-text",
    change: both(
      inBlockStart((whole) => whole),
      without("content_block_delta"),
    ),
  },
  { word: "message-text", change: both(inMessage, without("content_block_delta")) },
  // A first piece there, and the others in deltas.
  { word: "block-and-deltas", change: inBlockStart(() => ELSEWHERE) },
  // White space before the JSON of an analysis, which may as well stand there.
  { word: "block-space", change: inBlockStart(() => "\n") },
  {
    word: "text-null",
    change: amid(delta({ type: "text_delta", text: null }), delta({ type: "text_delta" })),
  },
  {
    word: "text-odd",
    change: amid(
      delta({ type: "text_delta", text: 7 }),
      delta({ type: "text_delta", text: { text: "x" } }),
      event("content_block_delta", { index: 0 }),
      event("content_block_delta", { index: 0, delta: null }),
      event("content_block_delta", { index: 0, delta: "x" }),
    ),
  },
  {
    word: "delta-typeless",
    change: each("content_block_delta", (data) => ({
      ...data,
      delta: { text: (data.delta as { text?: unknown }).text },
    })),
  },
  // The event's name says what it is.
  { word: "type-number", change: each("content_block_delta", (data) => ({ ...data, type: 7 })) },
  { word: "type-empty", change: each("content_block_delta", (data) => ({ ...data, type: "" })) },
  {
    word: "type-object",
    change: each("content_block_delta", (data) => ({ ...data, type: { toString: 1 } })),
  },
  {
    word: "thinks-first",
    change: both(
      before("content_block_start", ...thinking),
      each("message_delta", (data) => ({ ...data, usage: withThinking(data.usage as Usage) })),
    ),
  },
  {
    word: "tool-json",
    change: before(
      "message_delta",
      event("content_block_start", {
        index: 1,
        content_block: { type: "tool_use", id: "toolu_simulated", name: "look_up", input: {} },
      }),
      delta({ type: "input_json_delta", partial_json: '{"for": "no' }, 1),
      delta({ type: "input_json_delta", partial_json: 'thing"}' }, 1),
      event("content_block_stop", { index: 1 }),
    ),
  },
  {
    word: "unknown-events",
    change: (pieces) =>
      pieces.flatMap((piece): Piece[] =>
        isEvent(piece)
          ? [event("com.example.progress", { percent: 10 }), piece, event("ping", { cost: null })]
          : [piece],
      ),
  },
];

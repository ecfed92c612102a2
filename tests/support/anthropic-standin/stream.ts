import { ENDING_SHAPES } from "./ending-shapes.ts";
import { each, eventsOf, frame, isEvent, type Json } from "./events.ts";
import type { Answer, Chunk } from "./play.ts";
import type { Reply } from "./reply.ts";
import type { Shape } from "./shapes.ts";
import { TEXT_SHAPES } from "./text-shapes.ts";
import { USAGE_SHAPES } from "./usage-shapes.ts";
import { WIRE_SHAPES } from "./wire-shapes.ts";

/** A key may have several words; what they do to the stream is done in this order. */
export const SHAPES: readonly Shape[] = [
  ...USAGE_SHAPES,
  ...TEXT_SHAPES,
  ...ENDING_SHAPES,
  { word: "echo", change: (pieces, apiKey) => each("error", (data) => echoed(data, apiKey))(pieces) },
  ...WIRE_SHAPES,
];

const HEADERS = { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache" };

/**
 * The stream that this key gets for its reply.
 *
 * @param pace milliseconds before each piece of the text
 */
export function streamAnswer(reply: Reply, apiKey: string, pace: number): Answer {
  const isSlow = apiKey.includes("slow");
  const shapes = SHAPES.filter(({ word }) => apiKey.includes(word));
  let pieces = eventsOf(reply, isSlow ? 60 : 20);
  for (const { change } of shapes) pieces = change?.(pieces, apiKey) ?? pieces;
  const onWire = (text: string) => shapes.reduce((sent, { wire }) => wire?.(sent) ?? sent, text);
  const isBytewise = shapes.some(({ isBytewise }) => isBytewise);
  const bytes = (text: string): Chunk[] =>
    isBytewise ? Array.from(Buffer.from(text), (byte) => Buffer.of(byte)) : [text];
  const chunks = pieces.flatMap((piece): Chunk[] => {
    if (typeof piece === "string") return bytes(onWire(piece));
    if (!isEvent(piece)) return [piece];
    const sent = bytes(onWire(frame(piece)));
    return piece.event === "content_block_delta" ? [{ wait: isSlow ? 200 : pace }, ...sent] : sent;
  });
  return { status: 200, headers: HEADERS, chunks, end: shapes.find(({ end }) => end)?.end ?? "close" };
}

/** The data of an error event, with the key in its message. */
function echoed(data: Json, apiKey: string): Json {
  const { type, message } = data.error as { type: string; message: string };
  return { ...data, error: { type, message: `${message} ${apiKey}` } };
}

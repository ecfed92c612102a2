import type { Chunk } from "./play.ts";
import { messageOf, type Reply, usageOf } from "./reply.ts";

/** One server-sent event; its data is JSON, or a text to be sent as it is. */
export interface Event {
  event: string;
  data: Json | string;
}

export type Json = Record<string, unknown>;

/** A stream before it is bytes. */
export type Piece = Event | Chunk;

/** Makes one stream of another. */
export type Change = (pieces: Piece[]) => Piece[];

/** The events of an answer as the API sends them: https://docs.anthropic.com/en/docs/build-with-claude/streaming */
export function eventsOf(reply: Reply, pieces: number): Piece[] {
  return [
    event("message_start", { message: messageOf(reply, [], null) }),
    event("content_block_start", { index: 0, content_block: { type: "text", text: "", citations: null } }),
    event("ping"),
    ...split(reply.text, pieces).map(textDelta),
    event("content_block_stop", { index: 0 }),
    event("message_delta", {
      delta: { stop_reason: reply.stopReason, stop_sequence: null, stop_details: null, container: null },
      usage: { ...usageOf(reply) },
    }),
    event("message_stop"),
  ];
}

export const event = (type: string, data: Json = {}): Event => ({ event: type, data: { type, ...data } });

export const delta = (data: Json, index = 0) => event("content_block_delta", { index, delta: data });

export const textDelta = (text: string) => delta({ type: "text_delta", text });

/** One event as it is sent. */
export const frame = ({ event, data }: Event) =>
  `event: ${event}\ndata: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;

export const isEvent = (piece: Piece, type?: string): piece is Event =>
  typeof piece === "object" && "event" in piece && (type === undefined || piece.event === type);

/** With the data of every event of this type changed. */
export const each =
  (type: string, change: (data: Json) => Json | string): Change =>
  (pieces) =>
    pieces.map((piece) =>
      isEvent(piece, type) && typeof piece.data === "object" ? { ...piece, data: change(piece.data) } : piece,
    );

/** Without the events of this type. */
export const without =
  (type: string): Change =>
  (pieces) =>
    pieces.filter((piece) => !isEvent(piece, type));

/** With these in front of the first event of this type. */
export const before =
  (type: string, ...more: Piece[]): Change =>
  (pieces) => {
    const at = pieces.findIndex((piece) => isEvent(piece, type));
    return at < 0 ? pieces : pieces.toSpliced(at, 0, ...more);
  };

/** With these after everything else. */
export const inTheEnd =
  (...more: Piece[]): Change =>
  (pieces) => [...pieces, ...more];

/** Up to the middle of the text, and then these. */
export const halfway =
  (...rest: Piece[]): Change =>
  (pieces) => [...pieces.slice(0, middleOf(pieces)), ...rest];

/** With these in the middle of the text. */
export const amid =
  (...more: Piece[]): Change =>
  (pieces) =>
    pieces.toSpliced(middleOf(pieces), 0, ...more);

/** The data of the first event of this type. */
export function dataOf(pieces: Piece[], type: string): Json | undefined {
  const found = pieces.find((piece) => isEvent(piece, type));
  return found && isEvent(found) && typeof found.data === "object" ? found.data : undefined;
}

export const both =
  (...changes: Change[]): Change =>
  (pieces) =>
    changes.reduce((changed, change) => change(changed), pieces);

function middleOf(pieces: Piece[]): number {
  const deltas = pieces.flatMap((piece, index) => (isEvent(piece, "content_block_delta") ? [index] : []));
  return deltas[Math.ceil(deltas.length / 2)] ?? pieces.length;
}

/** The text that the deltas hold. */
export const textOf = (pieces: Piece[]): string =>
  pieces
    .filter((piece) => isEvent(piece, "content_block_delta"))
    .map(({ data }) => (typeof data === "object" ? (data.delta as { text?: unknown }).text : undefined))
    .filter((text) => typeof text === "string")
    .join("");

/** Cuts a text into `count` pieces of about equal length, never inside a character. */
function split(text: string, count: number): string[] {
  const characters = [...text];
  const size = Math.max(1, Math.ceil(characters.length / count));
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += size) pieces.push(characters.slice(at, at + size).join(""));
  return pieces;
}

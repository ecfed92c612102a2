import { inTheEnd, isEvent, type Piece } from "./events.ts";
import type { Shape } from "./shapes.ts";

// How the events of a stream are written, by the rules of server-sent events and beside them.

export const WIRE_SHAPES: readonly Shape[] = [
  { word: "data-only", wire: (text) => text.replace(/^event: .*\n/gm, "") },
  { word: "no-space", wire: (text) => text.replace(/^(event|data): /gm, "$1:") },
  { word: "crlf", wire: (text) => text.replaceAll("\n", "\r\n") },
  {
    word: "comments",
    change: (pieces) =>
      pieces.flatMap((piece): Piece[] => (isEvent(piece) ? [": OPENROUTER PROCESSING\n\n", piece] : [piece])),
  },
  { word: "done-marker", change: inTheEnd("data: [DONE]\n\n") },
  { word: "bom", change: (pieces) => ["\ufeff", ...pieces] },
  { word: "bytewise", isBytewise: true },
];

import type { Piece } from "./events.ts";
import type { End } from "./play.ts";

/** A way in which a stream can be unlike the one that the API documents. */
export interface Shape {
  /** In the key. */
  word: string;
  change?: (pieces: Piece[], apiKey: string) => Piece[];
  /** Changes the text of each event, as it goes over the wire. */
  wire?: (text: string) => string;
  /** Sends each byte by itself. */
  isBytewise?: true;
  end?: End;
}

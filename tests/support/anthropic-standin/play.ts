import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

/** A part of a body: what to send, milliseconds to wait, or a text to send again and again until the client leaves. */
export type Chunk = string | Buffer | { wait: number } | { repeat: string; every: number };

/** What becomes of the connection after the last part. */
export type End = "close" | "destroy" | "open";

/** An answer, byte for byte as it is sent. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  chunks: Iterable<Chunk>;
  /** "close", the default, ends it as HTTP does; "destroy" breaks the connection; "open" leaves it so for a minute. */
  end?: End;
}

/** Nothing goes on for longer, whether the client stays or not. */
const LONGEST_MS = 60_000;

/**
 * Sends an answer. Each part goes out by itself, so that the client gets the parts as they are cut here.
 *
 * @param hangUp breaks the connection
 */
export async function play(response: ServerResponse, answer: Answer, hangUp: () => void): Promise<void> {
  const { status, headers = {}, chunks, end = "close" } = answer;
  if (response.destroyed) return;
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const pause = (milliseconds: number) => sleep(milliseconds, undefined, { signal: gone.signal });
  const send = (bytes: string | Buffer) => {
    response.write(bytes);
    return nextTurn();
  };
  try {
    response.writeHead(status, headers).flushHeaders();
    for (const chunk of chunks) {
      if (gone.signal.aborted) return;
      if (typeof chunk === "string" || Buffer.isBuffer(chunk)) await send(chunk);
      else if (!("repeat" in chunk)) await pause(chunk.wait);
      else {
        const until = Date.now() + LONGEST_MS;
        for (; Date.now() < until; await pause(chunk.every)) await send(chunk.repeat);
      }
    }
    if (end === "open") await pause(LONGEST_MS);
  } catch (error) {
    // The client left, which is recorded.
    if (gone.signal.aborted) return;
    throw error;
  }
  if (end === "destroy") hangUp();
  else response.end();
}

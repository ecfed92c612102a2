import type { Answer, End } from "./play.ts";

const MAX_CHUNKS = 5_000;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_WAIT_MS = 60_000;

/** What a test wants to be answered with, byte for byte. */
export interface Script {
  /** 200 by default. */
  status?: number;
  /** `Content-Type: text/event-stream` by default. */
  headers?: Record<string, string>;
  chunks: (string | { wait: number } | { base64: string })[];
  end?: End;
}

/**
 * The answer that a script asks for, within bounds: its size, the number of its parts, and the time that they wait.
 *
 * @param text JSON of a {@link Script}
 * @returns what is wrong with it, if anything is
 */
export function scriptedAnswer(text: string): Answer | string {
  const script = parse(text);
  if (!script || !Array.isArray(script.chunks)) return "The text is no script.";
  const { status = 200, headers = { "Content-Type": "text/event-stream" }, end = "close" } = script;
  if (!Number.isInteger(status) || status < 200 || status > 599) return "The status is none.";
  if (!areHeaders(headers)) return "The headers are none.";
  if (!["close", "destroy", "open"].includes(end)) return "The end is none.";
  const chunks = script.chunks.map(readChunk);
  if (!chunks.every((chunk) => chunk !== undefined)) return "A chunk is none.";
  const bytes = chunks.reduce((sum, chunk) => sum + (isWait(chunk) ? 0 : Buffer.byteLength(chunk)), 0);
  const wait = chunks.reduce((sum, chunk) => sum + (isWait(chunk) ? chunk.wait : 0), 0);
  if (chunks.length > MAX_CHUNKS || bytes > MAX_BYTES || wait > MAX_WAIT_MS) return "The script is too long.";
  return { status, headers, chunks, end };
}

function areHeaders(headers: unknown): boolean {
  try {
    return (
      new Headers(headers as Record<string, string>) && Object.values(headers as object).every(isHeaderText)
    );
  } catch {
    return false;
  }
}

// `Headers` trims the line breaks that Node does not send.
const isHeaderText = (value: unknown) => typeof value === "string" && !/[\r\n\0]/.test(value);

type ScriptChunk = string | Buffer | { wait: number };

const isWait = (chunk: ScriptChunk): chunk is { wait: number } =>
  typeof chunk === "object" && "wait" in chunk;

function readChunk(chunk: unknown): ScriptChunk | undefined {
  if (typeof chunk === "string") return chunk;
  if (typeof chunk !== "object" || chunk === null) return undefined;
  const { wait, base64 } = chunk as { wait?: unknown; base64?: unknown };
  if (typeof base64 === "string") return Buffer.from(base64, "base64");
  return typeof wait === "number" && wait >= 0 ? { wait } : undefined;
}

function parse(text: string): Script | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Script) : undefined;
  } catch {
    return undefined;
  }
}

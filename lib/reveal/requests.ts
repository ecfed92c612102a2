import { ApiError } from "../http/client.ts";
import type { SecretSource } from "../vault/types.ts";
import { fromNdjson } from "./ndjson.ts";
import type { AnalyzeReply, RunEvent, StreamProblem } from "./types.ts";

// Reveal's two routes, as pages call them.

/** A failure of Reveal, with what the panel needs to offer the next step. */
export class RevealError extends ApiError {
  /** Whose key it is about, if it is about a key. */
  readonly source: SecretSource | undefined;

  constructor({ status, code, detail, source }: StreamProblem) {
    super(status, code, detail);
    this.source = source;
  }
}

/** What JSON leaves out where it is undefined. */
interface Workspace {
  team_id?: string | undefined;
  /** The one layer whose key is to pay. */
  source?: SecretSource | undefined;
}

/**
 * Sends a prompt. The events end with `done`; an `error` event is thrown instead.
 *
 * @throws RevealError; a DOMException called AbortError once `signal` has aborted
 */
export async function* runPrompt(
  body: { prompt: string } & Workspace,
  signal: AbortSignal,
): AsyncGenerator<Exclude<RunEvent, { type: "error" }>> {
  const response = await post("/api/reveal/run", body, signal);
  if (!response.body) throw new RevealError(CUT_OFF);
  try {
    for await (const event of fromNdjson<RunEvent>(response.body)) {
      if (event.type === "error") throw new RevealError(event.problem);
      yield event;
      if (event.type === "done") return;
    }
  } catch (error) {
    if (signal.aborted || error instanceof RevealError) throw error;
    throw new RevealError(CUT_OFF);
  }
  throw new RevealError(CUT_OFF);
}

/**
 * Has a text analysed.
 *
 * @throws as {@link runPrompt}
 */
export async function analyze(
  body: { text: string } & Workspace,
  signal: AbortSignal,
): Promise<AnalyzeReply> {
  const response = await post("/api/reveal/analyze", body, signal);
  try {
    return (await response.json()) as AnalyzeReply;
  } catch (error) {
    throw signal.aborted ? error : new RevealError(CUT_OFF);
  }
}

const OFFLINE: StreamProblem = {
  status: 0,
  code: "offline",
  detail: "The server cannot be reached. Check your connection and try again.",
};
const CUT_OFF: StreamProblem = {
  status: 0,
  code: "offline",
  detail: "The connection broke before the answer was complete. Try again.",
};
const UNKNOWN = "Something went wrong on the server. Try again in a moment.";

async function post(path: string, body: unknown, signal: AbortSignal): Promise<Response> {
  const request = fetch(path, {
    method: "POST",
    cache: "no-store",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  const response = await request.catch((error) => {
    throw signal.aborted ? error : new RevealError(OFFLINE);
  });
  if (response.ok) return response;
  const problem = await response.json().catch(() => undefined);
  throw new RevealError({
    status: response.status,
    code: typeof problem?.code === "string" ? problem.code : "internal",
    detail: typeof problem?.detail === "string" ? problem.detail : UNKNOWN,
    source: problem?.source,
  });
}

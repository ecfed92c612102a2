import { ApiError, offline, request } from "../vault/http/client";
import type { SecretSource } from "../vault/types";
import { fromNdjson } from "./ndjson";
import type { AnalyzeReply, RunEvent } from "./types";

// Reveal's two routes, as pages call them. They may take minutes, so that only the person ends them.

/** What JSON leaves out where it is undefined. */
interface Workspace {
  team_id?: string | undefined;
  /** The one layer whose key is to pay. */
  source?: SecretSource | undefined;
}

const cutOff = () => offline("The connection broke before the answer was complete. Try again.");

/**
 * Sends a prompt. The events end with `done`; an `error` event is thrown instead.
 *
 * @throws ApiError; a DOMException called AbortError once `signal` has aborted
 */
export async function* runPrompt(
  body: { prompt: string } & Workspace,
  signal: AbortSignal,
): AsyncGenerator<Exclude<RunEvent, { type: "error" }>> {
  const response = await request("POST", "/api/reveal/run", body, signal);
  if (!response.body) throw cutOff();
  try {
    for await (const event of fromNdjson<RunEvent>(response.body)) {
      if (event.type === "error") {
        const { status, code, detail, source } = event.problem;
        throw new ApiError(status, code, detail, source);
      }
      yield event;
      if (event.type === "done") return;
    }
  } catch (error) {
    throw signal.aborted || error instanceof ApiError ? error : cutOff();
  }
  throw cutOff();
}

/**
 * Has a text analyzed.
 *
 * @throws as {@link runPrompt}
 */
export async function analyze(
  body: { text: string } & Workspace,
  signal: AbortSignal,
): Promise<AnalyzeReply> {
  const response = await request("POST", "/api/reveal/analyze", body, signal);
  return response.json().catch((error) => {
    throw signal.aborted ? error : cutOff();
  });
}

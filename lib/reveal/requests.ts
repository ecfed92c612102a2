import type { Run } from "../usage/types";
import { ApiError, callApi, offline, request } from "../vault/http/client";
import type { SecretSource } from "../vault/types";
import { fromNdjson } from "./ndjson";
import type { AnalyzeReply, RunEvent } from "./types";

// Reveal's two routes, as pages call them. They may take minutes, so that only the person ends them.

/** What every run is sent with. JSON leaves out what is undefined. */
export interface RunOptions {
  /** A fresh random UUID. A request that arrives twice is run once, and {@link readRun} finds it. */
  id: string;
  team_id?: string | undefined;
  /** The one layer whose key is to pay. */
  source?: SecretSource | undefined;
  /** One of those that the operator allows; the first of them by default. */
  model?: string | undefined;
}

const cutOff = () => offline("The connection was lost before the answer was complete. Try again.");

/**
 * Sends a prompt. The events end with `done`; an `error` event is thrown instead.
 *
 * @throws ApiError; a DOMException called AbortError once `signal` has aborted
 */
export async function* runPrompt(
  body: { prompt: string } & RunOptions,
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
  body: { text: string } & RunOptions,
  signal: AbortSignal,
): Promise<AnalyzeReply> {
  const response = await request("POST", "/api/reveal/analyze", body, signal);
  return response.json().catch((error) => {
    throw signal.aborted ? error : cutOff();
  });
}

/**
 * What the ledger has of one of the person's own runs: for a receipt where the reply broke off, or never came. Its
 * `status` is "started" until the server has noticed the end.
 *
 * @param id as it was sent
 * @throws ApiError run_not_found where it was never entered, and so cost nothing
 */
export const readRun = (id: string): Promise<Run> => callApi<Run>("GET", `/api/usage/runs/${id}`);

import "server-only";
import { logProblem } from "../vault/http/log";
import type { ResolvedSecret } from "../vault/service";
import { startAnswer } from "./answer";
import { type Limits, limitsOf } from "./deadline";
import type { Meter } from "./meter";
import { toProviderProblem } from "./provider-errors";
import { receiptOf } from "./receipt";
import type { RunEvent, StreamProblem } from "./types";

export interface RunRequest {
  prompt: string;
  key: ResolvedSecret;
  /** Its model is the one to ask. */
  meter: Meter;
  /** Aborts when the person leaves; the provider is then stopped, and bills no further. */
  signal: AbortSignal;
  /** Milliseconds for the whole answer. */
  deadline?: number;
}

/**
 * Sends a prompt, and waits until the answer begins.
 *
 * @returns the answer as it comes; see {@link RunEvent} for the order
 * @throws Problem for every failure before the answer began; later ones are `error` events
 */
export async function startRun(request: RunRequest): Promise<AsyncGenerator<RunEvent>> {
  const { prompt, key, meter, signal, deadline } = request;
  const { model } = meter;
  const limits = limitsOf(signal, deadline);
  const params = {
    model,
    max_tokens: meter.maxOutput,
    messages: [{ role: "user" as const, content: prompt }],
  };
  try {
    return relay(await startAnswer(key, params, limits, meter), request, limits);
  } catch (error) {
    throw limits.interruption() ?? toProviderProblem(error, key.source, model);
  }
}

async function* relay(
  answer: AsyncGenerator<string>,
  { key, meter }: RunRequest,
  limits: Limits,
): AsyncGenerator<RunEvent> {
  const { source } = key;
  try {
    yield { type: "start", source, model: meter.model };
    for await (const text of answer) yield { type: "text", text };
    yield { type: "done", ...receiptOf(meter, source) };
  } catch (error) {
    const problem = limits.interruption() ?? toProviderProblem(error, source, meter.model);
    if (problem.status >= 500) logProblem(problem);
    yield { type: "error", problem: toStreamProblem(problem) };
  } finally {
    // Where the reader left at the first event, the text was never asked for, and nothing else hangs up.
    limits.end();
  }
}

function toStreamProblem(problem: ReturnType<typeof toProviderProblem>): StreamProblem {
  return {
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    source: problem.source,
    retry_after: problem.retryAfter,
  };
}

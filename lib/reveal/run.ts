import "server-only";
import { logProblem } from "../vault/http/log";
import { toProblem } from "../vault/http/respond";
import type { Meter } from "../vault-usage/meter";
import { receiptOf } from "../vault-usage/receipt";
import { startAnswer } from "./answer";
import { toProviderProblem } from "./provider-errors";
import type { RunEvent, StreamProblem } from "./types";

/**
 * Sends a prompt, and waits until the answer begins.
 *
 * @param key its value
 * @param meter its model is the one to ask, and its signal ends the call
 * @returns the text as it comes
 * @throws Problem one of lib/vault-usage/errors.ts; the generator too
 */
export async function startRun(prompt: string, key: string, meter: Meter): Promise<AsyncGenerator<string>> {
  const params = {
    model: meter.model,
    max_tokens: meter.maxOutput,
    messages: [{ role: "user" as const, content: prompt }],
  };
  try {
    return relay(await startAnswer(key, params, meter), meter);
  } catch (error) {
    throw toProviderProblem(error, meter.source, meter.model);
  }
}

async function* relay(answer: AsyncGenerator<string>, meter: Meter): AsyncGenerator<string> {
  try {
    yield* answer;
  } catch (error) {
    throw toProviderProblem(error, meter.source, meter.model);
  }
}

/** The events of an answer that has begun, in the order of {@link RunEvent}. What fails from here on is an event, too. */
export async function* eventsOf(answer: AsyncGenerator<string>, meter: Meter): AsyncGenerator<RunEvent> {
  try {
    yield { type: "start", source: meter.source, model: meter.model };
    for await (const text of answer) yield { type: "text", text };
    yield { type: "done", ...receiptOf(meter) };
  } catch (error) {
    const problem = toProblem(error);
    if (problem.status >= 500) logProblem(problem);
    yield { type: "error", problem: toStreamProblem(problem) };
  } finally {
    // Where the reader left at the first event, the text was never asked for.
    await answer.return(undefined);
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

import "server-only";
import type { Message, RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages";
import { logProblem } from "../http/respond";
import type { ResolvedSecret } from "../vault/service";
import type { SecretSource } from "../vault/types";
import { anthropicClient } from "./client";
import { type Limits, limitsOf } from "./deadline";
import { revealProblem } from "./errors";
import { revealModel } from "./model";
import { toProviderProblem } from "./provider-errors";
import { updatedUsage, usageOf } from "./receipt";
import type { RunEvent, StreamProblem } from "./types";

/** Thinking counts towards it too. */
const MAX_OUTPUT_TOKENS = 8_192;

export interface RunRequest {
  prompt: string;
  key: ResolvedSecret;
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
export async function startRun({
  prompt,
  key,
  signal,
  deadline,
}: RunRequest): Promise<AsyncGenerator<RunEvent>> {
  const model = revealModel();
  const limits = limitsOf(signal, deadline);
  try {
    const stream = await anthropicClient(key).messages.create(
      { model, max_tokens: MAX_OUTPUT_TOKENS, messages: [{ role: "user", content: prompt }], stream: true },
      { signal: limits.signal },
    );
    // An answer with status 200 can still begin with an error, so it has begun only with its first event.
    const events = stream[Symbol.asyncIterator]();
    const first = await events.next();
    if (first.done || first.value.type !== "message_start") throw revealProblem("provider_bad_answer");
    return relay(first.value.message, events, key.source, limits);
  } catch (error) {
    throw limits.interruption() ?? toProviderProblem(error, key.source, model);
  }
}

async function* relay(
  message: Message,
  events: AsyncIterator<RawMessageStreamEvent>,
  source: SecretSource,
  limits: Limits,
): AsyncGenerator<RunEvent> {
  const { model } = message;
  let usage = usageOf(message.usage);
  let stopReason = message.stop_reason;
  try {
    yield { type: "start", source, model };
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event = next.value;
      if (event.type === "content_block_delta" && event.delta.type === "text_delta") {
        yield { type: "text", text: event.delta.text };
      } else if (event.type === "message_delta") {
        usage = updatedUsage(usage, event.usage);
        stopReason = event.delta.stop_reason;
      } else if (event.type === "message_stop") {
        yield { type: "done", usage, source, model, stop_reason: stopReason };
        return;
      }
    }
    // The SDK ends the stream without an error when it was aborted, or when the connection ended early.
    throw revealProblem("provider_unavailable", { source, detail: BROKEN_OFF });
  } catch (error) {
    yield { type: "error", problem: streamProblem(error, source, model, limits) };
  } finally {
    await events.return?.();
  }
}

const BROKEN_OFF = "The answer broke off before its end. Try again.";

function streamProblem(error: unknown, source: SecretSource, model: string, limits: Limits): StreamProblem {
  const problem = limits.interruption() ?? toProviderProblem(error, source, model);
  if (problem.status >= 500) logProblem(problem);
  return {
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    source: problem.source,
    retry_after: problem.retryAfter,
  };
}

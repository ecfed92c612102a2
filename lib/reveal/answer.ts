import "server-only";
import type { MessageCreateParamsBase, RawContentBlockDelta } from "@anthropic-ai/sdk/resources/messages";
import type { ResolvedSecret } from "../vault/service";
import { anthropicClient } from "./client";
import type { Limits } from "./deadline";
import { revealProblem } from "./errors";
import type { Meter } from "./meter";
import { updatedUsage, usageOf } from "./receipt";

/** An answer that has begun. */
export interface Answer {
  /** Its text as it arrives. Ends only once the provider has said that it is complete. */
  text: AsyncGenerator<string>;
  /** Why it ended; null until then. */
  stopReason(): string | null;
}

/** For answers that end early, when the provider has not counted yet. Fewer than it usually is, in any script. */
const BYTES_PER_TOKEN = 2.5;

/**
 * Asks the provider, and waits until the answer begins. Always as a stream, whoever wants to see it: what a
 * call that is broken off has used is then known as well, from its first event on.
 *
 * @param meter is kept up to date with what the call has used so far
 * @throws whatever the SDK throws, or a Problem; the text's generator too
 */
export async function startAnswer(
  key: ResolvedSecret,
  params: MessageCreateParamsBase,
  limits: Limits,
  meter: Meter,
): Promise<Answer> {
  const stream = await anthropicClient(key).messages.create(
    { ...params, stream: true },
    { signal: limits.signal },
  );
  // An answer with status 200 can still begin with an error, so it has begun only with its first event.
  const events = stream[Symbol.asyncIterator]();
  const first = await events.next();
  if (first.done || first.value.type !== "message_start") throw revealProblem("provider_bad_answer");
  const { message } = first.value;
  meter.model = message.model;
  meter.usage = usageOf(message.usage);
  let stopReason = message.stop_reason;
  let bytes = 0;

  async function* text(): AsyncGenerator<string> {
    try {
      for (let next = await events.next(); !next.done; next = await events.next()) {
        const event = next.value;
        if (event.type === "content_block_delta") {
          bytes += Buffer.byteLength(writtenIn(event.delta));
          const estimate = Math.ceil(bytes / BYTES_PER_TOKEN);
          meter.usage = { ...meter.usage, output_tokens: Math.max(meter.usage.output_tokens, estimate) };
          if (event.delta.type === "text_delta") yield event.delta.text;
        } else if (event.type === "message_delta") {
          meter.usage = updatedUsage(meter.usage, event.usage);
          meter.isCounted = true;
          stopReason = event.delta.stop_reason;
        } else if (event.type === "message_stop") {
          return;
        }
      }
    } finally {
      await events.return?.();
    }
    // The SDK ends the stream without an error when it was aborted, or when the connection ended early.
    throw revealProblem("provider_unavailable", { source: key.source, detail: BROKEN_OFF });
  }

  return { text: text(), stopReason: () => stopReason };
}

/** What the model wrote, for the reader or in thinking, which is billed as well. */
function writtenIn(delta: RawContentBlockDelta): string {
  if (delta.type === "text_delta") return delta.text;
  return delta.type === "thinking_delta" ? delta.thinking : "";
}

const BROKEN_OFF = "The answer broke off before its end. Try again.";

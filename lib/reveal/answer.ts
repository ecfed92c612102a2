import "server-only";
import { APIError } from "@anthropic-ai/sdk/error";
import type { MessageCreateParamsBase } from "@anthropic-ai/sdk/resources/messages";
import { Problem } from "../vault/http/problem";
import type { ResolvedSecret } from "../vault/service";
import { type AnswerEvent, readAnswer } from "./answer-events";
import { anthropicClient } from "./client";
import type { Limits } from "./deadline";
import { revealProblem } from "./errors";
import type { Meter } from "./meter";
import { wasPerhapsBilled } from "./provider-errors";

/**
 * Asks the provider, and waits until the answer begins. Always as a stream, even where only the whole is wanted: what
 * a call that is broken off has used is then known as well, from its first event on.
 *
 * @param limits whose `end` is called once the answer is over, which hangs up
 * @param meter is kept up to date with what the call has used so far
 * @returns the text as it arrives; it ends once the provider has said that the answer is over, and why is in the meter
 * @throws whatever the SDK throws, or a Problem; the generator too
 */
export async function startAnswer(
  key: ResolvedSecret,
  params: MessageCreateParamsBase,
  limits: Limits,
  meter: Meter,
): Promise<AsyncGenerator<string>> {
  const client = anthropicClient(key);
  try {
    meter.isSent = true;
    const request = client.messages.create({ ...params, stream: true }, { signal: limits.signal });
    const response = await request.asResponse();
    // An answer with status 200 can still begin with an error, so it has begun only with its first event.
    const events = readAnswer(response, key.source);
    let first = await events.next();
    while (first.value?.type === "damage") first = await events.next();
    if (first.done || first.value.type !== "begin")
      throw revealProblem("provider_bad_answer", { source: key.source });
    meter.begin(first.value.message, key.value);
    return textOf(events, limits, meter, key);
  } catch (error) {
    if (!(error instanceof Problem)) meter.isSent = wasPerhapsBilled(error);
    limits.end();
    throw error;
  }
}

async function* textOf(
  events: AsyncGenerator<AnswerEvent>,
  limits: Limits,
  meter: Meter,
  { source }: ResolvedSecret,
): AsyncGenerator<string> {
  try {
    for await (const event of events) {
      if (event.type === "end") {
        meter.end();
        return;
      }
      if (event.type === "total") {
        meter.total(event.usage, event.stopReason);
        // What comes now is the end, which not every gateway sends.
        if (meter.stopReason !== null) limits.end(LAST_WAIT_MS);
      }
      if (event.type === "damage") meter.isDamaged = true;
      if (event.type === "written") {
        meter.write(event.text);
        if (event.isShown && event.text !== "") yield event.text;
      }
    }
  } catch (error) {
    // The reason comes after the text, so that nothing of that is missing where only the rest failed.
    if (limits.interruption() || (error instanceof APIError && meter.stopReason === null)) throw error;
  } finally {
    limits.end();
  }
  // The connection ended early, perhaps without an error.
  if (meter.stopReason === null) throw revealProblem("provider_unavailable", { source, detail: BROKEN_OFF });
}

const LAST_WAIT_MS = 5_000;
const BROKEN_OFF = "The answer was interrupted. Try again.";

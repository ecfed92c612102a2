import "server-only";
import { APIError } from "@anthropic-ai/sdk/error";
import type { MessageCreateParamsBase } from "@anthropic-ai/sdk/resources/messages";
import { Problem } from "../vault/http/problem";
import { usageProblem } from "../vault-usage/errors";
import type { Meter } from "../vault-usage/meter";
import { wasPerhapsBilled } from "../vault-usage/provider-problem";
import { type AnswerEvent, readAnswer } from "./answer-events";
import { anthropicClient } from "./client";
import { type Limits, limitsOf } from "./limits";

/**
 * Asks the provider, and waits until the answer begins. Always as a stream, even where only the whole is wanted: what
 * a call that is broken off has used is then known as well, from its first event on.
 *
 * @param key its value
 * @param meter is kept up to date with what the call has used so far; its signal ends the call
 * @returns the text as it arrives; it ends once the provider has said that the answer is over, and why is in the meter
 * @throws whatever the SDK throws, or a Problem, also for what ends the call; the generator too
 */
export async function startAnswer(
  key: string,
  params: MessageCreateParamsBase,
  meter: Meter,
): Promise<AsyncGenerator<string>> {
  const { source } = meter;
  meter.isSent = false;
  const client = anthropicClient({ value: key, source });
  const limits = limitsOf(meter.signal);
  try {
    meter.isSent = true;
    const request = client.messages.create({ ...params, stream: true }, { signal: limits.signal });
    const response = await request.asResponse();
    // An answer with status 200 can still begin with an error, so it has begun only with its first event.
    const events = readAnswer(response, source);
    let first = await events.next();
    while (first.value?.type === "damage") first = await events.next();
    if (first.done || first.value.type !== "begin") throw usageProblem("provider_bad_answer", { source });
    meter.begin(first.value.message);
    return textOf(events, limits, meter);
  } catch (error) {
    if (!(error instanceof Problem)) meter.isSent = wasPerhapsBilled(error);
    limits.end();
    throw limits.interruption() ?? error;
  }
}

async function* textOf(
  events: AsyncGenerator<AnswerEvent>,
  limits: Limits,
  meter: Meter,
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
    const interruption = limits.interruption();
    if (interruption || (error instanceof APIError && meter.stopReason === null)) throw interruption ?? error;
  } finally {
    limits.end();
  }
  // The connection ended early, perhaps without an error.
  if (meter.stopReason === null)
    throw usageProblem("provider_unavailable", { source: meter.source, detail: BROKEN_OFF });
}

const LAST_WAIT_MS = 5_000;
const BROKEN_OFF = "The answer was interrupted. Try again.";

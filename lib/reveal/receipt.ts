import type { MessageDeltaUsage, Usage as SdkUsage } from "@anthropic-ai/sdk/resources/messages";
import { costOf } from "../usage/prices";
import type { SecretSource } from "../vault/types";
import type { Meter } from "./meter";
import type { Receipt, Usage } from "./types";

/** What a result says about its cost. */
export function receiptOf({ model, usage }: Meter, source: SecretSource): Receipt {
  return { usage, source, model, cost_usd: costOf(model, usage, {})?.usd ?? null };
}

/** The counts that Reveal reports; everything else of the provider's usage stays here. */
export function usageOf(usage: SdkUsage): Usage {
  return {
    input_tokens: usage.input_tokens,
    output_tokens: usage.output_tokens,
    cache_creation_input_tokens: usage.cache_creation_input_tokens ?? 0,
    cache_read_input_tokens: usage.cache_read_input_tokens ?? 0,
  };
}

/** The counts after a `message_delta`, which are totals and leave out what has not changed. */
export function updatedUsage(before: Usage, delta: MessageDeltaUsage): Usage {
  return {
    input_tokens: delta.input_tokens ?? before.input_tokens,
    output_tokens: delta.output_tokens,
    cache_creation_input_tokens: delta.cache_creation_input_tokens ?? before.cache_creation_input_tokens,
    cache_read_input_tokens: delta.cache_read_input_tokens ?? before.cache_read_input_tokens,
  };
}

import type { Meter } from "./meter";
import type { Ending, Receipt, StopReason } from "./types";

/** The only list of what a stop reason means: for results, the ledger, webhooks and pages. */
const ENDINGS: Record<Exclude<StopReason, "tool_use">, Ending> = {
  end_turn: "completed",
  stop_sequence: "completed",
  max_tokens: "provider_cut_off",
  model_context_window_exceeded: "provider_cut_off",
  refusal: "provider_declined",
  // Nothing goes on where this asks for it.
  pause_turn: "provider_incomplete",
  other: "provider_incomplete",
};

/**
 * How an answer ended that the provider has ended. One without a reason, or with a call of a tool for its end, is whole where
 * the caller took it as that.
 */
export function endingOf({
  stopReason,
  isComplete,
  isDamaged,
}: Pick<Meter, "stopReason" | "isComplete" | "isDamaged">): Ending {
  const unsaid = isComplete ? "completed" : "provider_incomplete";
  const isOpen = stopReason === null || stopReason === "tool_use";
  const ending = isOpen ? unsaid : ENDINGS[stopReason];
  return ending === "completed" && isDamaged ? "provider_incomplete" : ending;
}

/** What a result says about its ending and its cost. */
export function receiptOf(meter: Meter): Receipt {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens, ...rest } =
    meter.read();
  const { details: _, ...known } = rest;
  const usage = { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens };
  return { ...known, status: endingOf(meter), usage, source: meter.source, duration_ms: meter.duration };
}

import type { Meter } from "./meter";
import type { Ending, Receipt, StopReason } from "./types";

/** The only list of what a stop reason means: for results, the ledger, webhooks and pages. */
const ENDINGS: Record<StopReason, Ending> = {
  end_turn: "completed",
  stop_sequence: "completed",
  max_tokens: "provider_cut_off",
  model_context_window_exceeded: "provider_cut_off",
  refusal: "provider_declined",
  // Nothing goes on where these ask for it.
  pause_turn: "provider_incomplete",
  tool_use: "provider_incomplete",
  other: "provider_incomplete",
};

/** How an answer ended that the provider has ended. */
export function endingOf({
  stopReason,
  isComplete,
  isDamaged,
}: Pick<Meter, "stopReason" | "isComplete" | "isDamaged">): Ending {
  const unsaid = isComplete ? "completed" : "provider_incomplete";
  const ending = stopReason === null ? unsaid : ENDINGS[stopReason];
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

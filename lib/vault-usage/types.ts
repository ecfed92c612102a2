import type { KeyUse, SecretSource } from "../vault/types";

// What the browser and the server both need to know of a call to a provider.

/** Of a text that is sent, about: English has four, and other scripts have more bytes a letter, and more tokens. */
export const BYTES_PER_TOKEN_SENT = 4;

/** How an answer ended, by its stop reason: complete, or why it is not. */
export type Ending = "completed" | "provider_cut_off" | "provider_declined" | "provider_incomplete";

/** Why a model stopped, as the provider says it; "other" for words that are not listed. */
export const STOP_REASONS = [
  "end_turn",
  "stop_sequence",
  "max_tokens",
  "model_context_window_exceeded",
  "refusal",
  "pause_turn",
  "tool_use",
  "other",
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** What a run says about its key, by its status; every other status says nothing. */
export const KEY_RESULTS: ReadonlyMap<string, KeyUse["result"]> = new Map([
  ["completed", "worked"],
  ["provider_cut_off", "worked"],
  ["provider_declined", "worked"],
  ["provider_incomplete", "worked"],
  ["provider_refused_key", "refused"],
  ["provider_no_credit", "no_credit"],
]);

/** What a call used, as the provider counts and bills it. */
export interface Usage {
  input_tokens: number;
  output_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
}

export const NO_USAGE: Usage = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

/**
 * What else a provider says of a call's usage; only what it said, and what is neither zero nor the usual. The tokens
 * are parts of those in {@link Usage}.
 */
export type UsageDetails = {
  /** Of the tokens that were written to the cache, those to be kept for an hour. */
  cache_creation_1h_input_tokens?: number | undefined;
  /** Of the tokens that were written, those of thinking. */
  thinking_tokens?: number | undefined;
  web_search_requests?: number | undefined;
  web_fetch_requests?: number | undefined;
  /** E.g. "priority". */
  service_tier?: string | undefined;
  /** E.g. "fast". */
  speed?: string | undefined;
  /** Where the model ran, e.g. "us". */
  inference_geo?: string | undefined;
};

/** What any result says about its ending and its cost: whose key paid for what, on which model. */
export interface Receipt {
  status: Ending;
  /** Null where the provider did not say. */
  stop_reason: StopReason | null;
  usage: Usage;
  source: SecretSource;
  model: string;
  /** US dollars by the list price, an estimate; null where the model's price is not known. */
  cost_usd: number | null;
  /** Whether the provider counted all of it; otherwise the usage is our estimate. */
  is_counted: boolean;
  /** Whether it did, and each part has a known price. */
  cost_exact: boolean;
  /** Milliseconds from its entry in the ledger to its end. */
  duration_ms: number;
}

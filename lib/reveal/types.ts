import type { KeyPolicy } from "../teams/types";
import type { KeyUse, SecretSource } from "../vault/types";

// What the browser and the server both need to know of Reveal; nothing here pulls in zod or the SDK.

/** The key that Reveal asks the vault for. */
export const REVEAL_KEY = "ANTHROPIC_API_KEY";

/** What Reveal does on a key. */
export type RunKind = "run" | "analyze";

/** Of a text that is sent, about: English has four, and other scripts have more bytes a letter, and more tokens. */
export const BYTES_PER_TOKEN_SENT = 4;

/** UTF-16 code units, as `String.length` counts them. */
export const MAX_PROMPT_CHARS = 20_000;
export const MAX_TEXT_CHARS = 200_000;

/** Tokens that a person may use today (UTC) at the platform's expense. */
export interface Budget {
  /** Null: as many as the platform's total allows. */
  limit: number | null;
  left: number | null;
}

/** How much of what a run on a team's key may cost is used this month (UTC): of the budget that has less left. */
export interface TeamBudget {
  /** Whose budget: the team's, or the person's own in it. */
  of: "team" | "member";
  /** US dollars; null where that is not the person's to know, who then knows the percentage alone. */
  limit: number | null;
  /** Rounded down, with what runs under way may cost. */
  percent: number;
  /** Whether too little is left for the shortest run, whatever becomes of those under way. */
  is_used_up: boolean;
  /** Who can raise it, by e-mail address; empty until it is used up. */
  admins: string[];
}

/** Who could pay for the next run. */
export interface Payers {
  /** The layers that hold the key and are not stopped, nearest first, whether the team's rule lets them pay or not. */
  holders: SecretSource[];
  /** The team's rule; null outside of teams. */
  policy: KeyPolicy | null;
  /** Null where the platform has no key to use. */
  budget: Budget | null;
  /** Null where the team's key cannot pay, or may without a limit. */
  team_budget: TeamBudget | null;
  /** When keys expire, ISO 8601 in UTC, of the layers whose key expires within 14 days, or has. */
  expiries: Partial<Record<SecretSource, string>>;
}

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

/** How a run ended, as far as a page knows. */
export interface RunOutcome {
  /** Whose key it was on; undefined if it did not come so far. */
  source: SecretSource | undefined;
  /** An {@link Ending}, "cancelled", or the code of the error. */
  status: string;
}

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

/** A model that people may choose, and its list price where that is known. */
export interface RevealModel {
  id: string;
  /** US dollars for each token that is sent and written; null where the price is not known. */
  price: { input: number; output: number } | null;
}

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

/** An error inside a stream that had already begun. The members are those of a problem reply. */
export interface StreamProblem {
  status: number;
  code: string;
  detail: string;
  source?: SecretSource | undefined;
  /** Seconds. */
  retry_after?: number | undefined;
}

/**
 * One line of the reply of `POST /api/reveal/run`, which is newline-delimited JSON: `start` once, `text` any
 * number of times, then exactly one `done` or `error`. A stream without either was cut off on its way.
 */
export type RunEvent =
  | { type: "start"; source: SecretSource; model: string }
  | { type: "text"; text: string }
  | ({ type: "done" } & Receipt)
  | { type: "error"; problem: StreamProblem };

/** Something noteworthy in a text, with the passage that shows it. */
interface Finding {
  title: string;
  explanation: string;
  quote: string;
}

export interface Analysis {
  title: string;
  summary: string;
  findings: Finding[];
  open_questions: string[];
}

/** The reply of `POST /api/reveal/analyze`. */
export interface AnalyzeReply extends Receipt {
  result: Analysis;
  /** How many findings were left out because their quote is not in the text. */
  findings_dropped: number;
}

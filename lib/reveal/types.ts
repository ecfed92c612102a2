import type { KeyPolicy } from "../teams/types";
import type { KeyUse, SecretSource } from "../vault/types";

// What the browser and the server both need to know of Reveal; nothing here pulls in zod or the SDK.

/** The key that Reveal asks the vault for. */
export const REVEAL_KEY = "ANTHROPIC_API_KEY";

/** What Reveal does on a key. */
export type RunKind = "run" | "analyze";

/** UTF-16 code units, as `String.length` counts them. */
export const MAX_PROMPT_CHARS = 20_000;
export const MAX_TEXT_CHARS = 200_000;

/** Tokens that a person may use today (UTC) at the platform's expense. */
export interface Budget {
  limit: number;
  left: number;
}

/** Who could pay for the next run. */
export interface Payers {
  /** The layers that hold the key, nearest first, whether the team's rule lets them pay or not. */
  holders: SecretSource[];
  /** The team's rule; null outside of teams. */
  policy: KeyPolicy | null;
  /** Null where the platform has no key to use. */
  budget: Budget | null;
}

/** How a run ended, as far as a page knows. */
export interface RunOutcome {
  /** Whose key it was on; undefined if it did not come so far. */
  source: SecretSource | undefined;
  /** "completed", "cancelled", or the code of the error. */
  status: string;
}

/** What a run says about its key, by its status; every other status says nothing. */
export const KEY_RESULTS: ReadonlyMap<string, KeyUse["result"]> = new Map([
  ["completed", "worked"],
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

/** What any result says about its cost: whose key paid for what, on which model. */
export interface Receipt {
  usage: Usage;
  source: SecretSource;
  model: string;
  /** US dollars by the list price, an estimate; null where the model's price is not known. */
  cost_usd: number | null;
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
  | ({ type: "done"; stop_reason: string | null } & Receipt)
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

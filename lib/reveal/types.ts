import type { KeyPolicy } from "../teams/types";
import type { SecretSource } from "../vault/types";
import type { Receipt } from "../vault-usage/types";

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

/** How a run ended, as far as a page knows. */
export interface RunOutcome {
  /** Whose key it was on; undefined if it did not come so far. */
  source: SecretSource | undefined;
  /** An {@link Ending}, "cancelled", or the code of the error. */
  status: string;
}

/** A model that people may choose, and its list price where that is known. */
export interface RevealModel {
  id: string;
  /** US dollars for each token that is sent and written; null where the price is not known. */
  price: { input: number; output: number } | null;
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

import type { SecretSource } from "../vault/types.ts";

// What the browser and the server both need to know of Reveal; nothing here pulls in zod or the SDK.

/** The key that Reveal asks the vault for. */
export const REVEAL_KEY = "ANTHROPIC_API_KEY";

/** UTF-16 code units, as `String.length` counts them. */
export const MAX_PROMPT_CHARS = 20_000;
export const MAX_TEXT_CHARS = 200_000;

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

import type { Analysis, RunKind } from "@/lib/reveal/types";
import type { SecretSource } from "@/lib/vault/types";
import type { StopReason, Usage } from "@/lib/vault-usage/types";

/** How many runs of a workspace are kept. */
export const MAX_KEPT = 10;

/** What a run used, as a result says it or the ledger has it. */
export interface RunReceipt {
  model: string;
  source: SecretSource;
  /** How it ended: an Ending, or a code. */
  status: string;
  stop_reason: StopReason | null;
  usage: Usage;
  is_counted: boolean;
  /** US dollars; null where the model's price is not known. */
  cost_usd: number | null;
  /** Milliseconds; null where the server did not see the end. */
  duration_ms: number | null;
}

/**
 * How a run ended, as the page saw it: the provider ended it, the person stopped it, it broke off after it had begun
 * or without the page knowing whether it had, or it never began.
 */
export const STATES = ["running", "done", "stopped", "broken", "failed"] as const;

/** One run of this person in this workspace, as the page keeps it. */
export interface PageRun {
  /** UUID, by which the server knows it too. */
  id: string;
  kind: RunKind;
  /** When it was sent: milliseconds since 1970. */
  at: number;
  /** The team's name; null for the person's own workspace. */
  team: string | null;
  /** The prompt, or the text to analyze. */
  text: string;
  /** The one that was asked for, and then the one that answered; null where none was named yet. */
  model: string | null;
  /** Whose key; null until the server says it. */
  source: SecretSource | null;
  state: (typeof STATES)[number];
  /** Markdown, as far as it was written; "" for analyses. */
  answer: string;
  analysis: { result: Analysis; dropped: number } | null;
  /** Null where it is not known, or not yet. */
  receipt: RunReceipt | null;
  /** Whether the server said that it never entered this run, so that it cost nothing. */
  is_free: boolean;
  /** Why it failed, in a sentence; null where it did not. */
  failure: string | null;
}

/** Whether there is something to read. */
export const hasContent = ({ answer, analysis }: PageRun) => answer !== "" || analysis !== null;

/** Whether the ledger may know what it cost, and the page does not. */
export const lacksReceipt = ({ state, receipt, is_free }: PageRun) =>
  state !== "running" && state !== "done" && receipt === null && !is_free;

/**
 * The runs to keep, newest first. Where there are too many, those without anything to read go before answers.
 */
export function newest(runs: readonly PageRun[]): PageRun[] {
  const sorted = [...runs].sort((a, b) => b.at - a.at);
  while (sorted.length > MAX_KEPT) {
    const empty = sorted.findLastIndex((run) => !hasContent(run) && run.state !== "running");
    sorted.splice(empty === -1 ? sorted.length - 1 : empty, 1);
  }
  return sorted;
}

/** A run that was under way when its page was left is over: nobody reads on. */
export const endedRun = (run: PageRun): PageRun =>
  run.state === "running" ? { ...run, state: "broken" } : run;

/** A receipt from what a result or the ledger says, without anything else that they have. */
export function receiptOf(said: RunReceipt): RunReceipt {
  const { model, source, status, stop_reason, is_counted, cost_usd, duration_ms } = said;
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = said.usage;
  const usage = { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens };
  return { model, source, status, stop_reason, usage, is_counted, cost_usd, duration_ms };
}

import { type Budget, REVEAL_KEY, type RunKind, type TeamBudget } from "@/lib/reveal/types";
import type { SecretSource } from "@/lib/vault/types";
import { formatMoney } from "@/lib/vault-usage/money";
import { allTokens, sentTokens } from "@/lib/vault-usage/tokens";
import { BYTES_PER_TOKEN_SENT, type StopReason, type Usage } from "@/lib/vault-usage/types";
import type { PageRun, RunReceipt } from "./runs/run";

const OWNER: Record<SecretSource, string> = { user: "your", team: "the team's", env: "the platform's" };

const capitalised = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** A number as people read it, e.g. 12,345. The same on the server and in every browser. */
export const formatCount = (count: number) => count.toLocaleString("en-US");

/**
 * Says before a run whose key will pay, and who if it were gone.
 *
 * @param payers nearest first, at least one
 */
export function describePayers([first, ...others]: readonly [SecretSource, ...SecretSource[]]): string {
  const used = `${capitalised(OWNER[first])} ${REVEAL_KEY} will be used.`;
  if (others.length === 0) return used;
  return `${used} Without it: ${others.map((source) => OWNER[source]).join(", then ")}.`;
}

/** Whose key, in the middle of a sentence, e.g. "the team's key". */
export const describeKey = (source: SecretSource) => `${OWNER[source]} key`;

/** Says how much of the day's tokens on the platform's key is left. */
export function describeBudget({ limit, left }: Budget): string | null {
  if (limit === null || left === null) return null;
  if (left === 0) return "Your tokens for today are used up.";
  // Rounded down, so that 100% is said only above.
  const percent = Math.floor(((limit - left) / limit) * 100);
  return `${percent}% of your ${formatCount(limit)} tokens for today are used.`;
}

/** The same of a team's key and its budget, in dollars, for this month. */
export function describeTeamBudget(budget: Omit<TeamBudget, "admins">): string {
  const { limit, percent, is_used_up } = budget;
  const isMembers = budget.of === "member";
  if (is_used_up) {
    const which = `${isMembers ? "your budget in this team" : "the team's budget"} for this month`;
    return percent >= 100 ? `${capitalised(which)} is used up.` : `Not enough of ${which} is left for a run.`;
  }
  const amount = limit === null ? "" : ` ${formatMoney(limit)}`;
  return `${percent}% of ${isMembers ? "your" : "the team's"}${amount} budget for this month is used.`;
}

/** Why an answer is not complete, by its stop reason. */
const ENDED_EARLY: Partial<Record<StopReason, string>> = {
  max_tokens: "The answer reached the maximum length and ends here.",
  model_context_window_exceeded:
    "The text and the answer fill the model's context window. The answer ends here.",
  refusal: "The model declined to continue.",
  pause_turn: "The model paused before its answer was complete.",
  tool_use: "The model stopped to use a tool, which isn't available here.",
  end_turn: "Part of the answer was lost in transit.",
  stop_sequence: "Part of the answer was lost in transit.",
};

/** Tokens that were sent and written, e.g. "1,200 tokens in, 340 out". */
export function describeCounts(usage: Usage, isCounted: boolean): string {
  const about = isCounted ? "" : "about ";
  const sent = sentTokens(usage);
  return `${about}${formatCount(sent)} ${sent === 1 ? "token" : "tokens"} in, ${about}${formatCount(usage.output_tokens)} out`;
}

/** How long a run took, e.g. "3.2 s" or "2 min 5 s". */
export function formatDuration(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * What a run used and whose key paid, as far as it is known.
 *
 * @example "claude-sonnet-5-5 · Paid with your key · 1,200 tokens in, 340 out · about $0.0087 · 3.2 s"
 */
export function describeReceipt(receipt: RunReceipt): string {
  const { model, source, usage, is_counted, cost_usd: cost, duration_ms: duration } = receipt;
  const used =
    allTokens(usage) === 0
      ? ["no tokens used"]
      : [
          `Paid with ${describeKey(source)}`,
          describeCounts(usage, is_counted),
          cost !== null && `about ${formatMoney(cost)}`,
        ];
  return [model, ...used, duration !== null && formatDuration(duration)].filter(Boolean).join(" · ");
}

const WAITING: Record<RunKind, string> = {
  run: "Waiting for the answer…",
  analyze: "Reading the text. A long one takes a minute or two.",
};

/** What is going on with a run or how it ended, and what it cost. */
export function describeRun(run: PageRun): string {
  const { state, source } = run;
  switch (state) {
    case "running":
      return source === null ? WAITING[run.kind] : "Answering…";
    case "done":
      return [whyEarly(run), describeCost(run)].filter(Boolean).join(" ");
    case "failed":
      return [run.failure, describeEmpty(run)].filter(Boolean).join(" ");
    default:
      return `${state === "stopped" ? "Stopped." : "Interrupted."} ${describeCost(run)}`;
  }
}

/** The same of a run that brought nothing to read, beside the alert that says why it failed: then, what it cost. */
export function describeEmpty(run: PageRun): string {
  if (run.state !== "failed") return describeRun(run);
  return run.receipt && allTokens(run.receipt.usage) > 0 ? describeReceipt(run.receipt) : "";
}

/** Why an answer that the provider has ended is not complete; false where it is. */
function whyEarly({ receipt }: PageRun): string | false {
  if (!receipt || receipt.status === "completed") return false;
  const { stop_reason: reason } = receipt;
  return (reason && ENDED_EARLY[reason]) ?? "The provider didn't confirm that the answer is complete.";
}

function describeCost({ receipt, is_free, source }: PageRun): string {
  if (receipt) return describeReceipt(receipt);
  if (is_free) return "It hadn't started, so it cost nothing.";
  if (source) return `The part that was written is billed to ${describeKey(source)}.`;
  return "The part that was read may be billed.";
}

/** From how many tokens on it is said before a run what it may cost. */
const LONG_TOKENS = 2_000;

/** How many tokens a text has, about; 0 for a text that is not long. */
export function estimateTokens(text: string): number {
  // No UTF-16 code unit takes more than three bytes.
  if (text.length * 3 < LONG_TOKENS * BYTES_PER_TOKEN_SENT) return 0;
  const tokens = new TextEncoder().encode(text).length / BYTES_PER_TOKEN_SENT;
  return tokens < LONG_TOKENS ? 0 : Number(tokens.toPrecision(2));
}

/**
 * Says before a run what sending a long text takes.
 *
 * @param price US dollars for a token that is sent; null where that is not known
 * @example "About 5,000 tokens in: about $0.02, plus the answer."
 */
export function describeEstimate(tokens: number, price: number | null): string {
  const said = `About ${formatCount(tokens)} tokens in`;
  if (price === null) return `${said}.`;
  const usd = tokens * price;
  const money = usd < 0.01 ? "less than $0.01" : `about ${formatMoney(Number(usd.toFixed(2)))}`;
  return `${said}: ${money}, plus the answer.`;
}

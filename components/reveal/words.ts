import {
  type Budget,
  REVEAL_KEY,
  type Receipt,
  type StopReason,
  type TeamBudget,
  type Usage,
} from "@/lib/reveal/types";
import { formatMoney } from "@/lib/usage/money";
import { sentTokens } from "@/lib/usage/tokens";
import type { SecretSource } from "@/lib/vault/types";

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
    return percent >= 100 ? `${capitalised(which)} is used up.` : `Too little of ${which} is left for a run.`;
  }
  const amount = limit === null ? "" : ` ${formatMoney(limit)}`;
  return `${percent}% of ${isMembers ? "your" : "the team's"}${amount} budget for this month is used.`;
}

/** Why an answer is not complete, by its stop reason. */
const ENDED_EARLY: Partial<Record<StopReason, string>> = {
  max_tokens: "The answer reached its longest allowed length and ends here.",
  model_context_window_exceeded: "The text and the answer fill the model's memory. The answer ends here.",
  refusal: "The model declined to go on.",
  pause_turn: "The model paused before its answer was complete.",
  tool_use: "The model stopped to use a tool, which it cannot do here.",
  end_turn: "A piece of the answer was lost on its way.",
  stop_sequence: "A piece of the answer was lost on its way.",
};

/** Says how a result ended, where it is not complete, and what it cost. */
export function describeResult(receipt: Receipt): string {
  const { status, stop_reason: reason } = receipt;
  const early = (reason && ENDED_EARLY[reason]) ?? "The provider did not say that the answer is complete.";
  return [status !== "completed" && early, describePayment(receipt)].filter(Boolean).join(" ");
}

/** Tokens that were sent and written, e.g. "1,200 tokens in, 340 out". */
export function describeCounts(usage: Usage, isCounted: boolean): string {
  const about = isCounted ? "" : "about ";
  const sent = sentTokens(usage);
  return `${about}${formatCount(sent)} ${sent === 1 ? "token" : "tokens"} in, ${about}${formatCount(usage.output_tokens)} out`;
}

type Payment = Pick<Receipt, "source" | "usage" | "cost_usd" | "is_counted">;

/** Says after a run whose key paid, and for how much. */
export function describePayment({ source, usage, cost_usd: cost, is_counted }: Payment): string {
  const tokens = describeCounts(usage, is_counted);
  return [`Paid with ${describeKey(source)}`, tokens, cost !== null && `about ${formatMoney(cost)}`]
    .filter(Boolean)
    .join(" · ");
}

/** Says who paid for an answer that was stopped; the provider does not tell how much. */
export function describeStopped(source: SecretSource): string {
  return `Stopped. What was written until then is billed to ${OWNER[source]} key.`;
}

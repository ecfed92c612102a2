import { formatCount } from "@/components/reveal/words";
import type { OperatorEvent, OwnLimit, Person } from "@/lib/operator/types";

/** What it means that an address of the operator's API is not there. */
export const NOT_AN_OPERATOR = "Your session has ended, or you're no longer an operator of this site.";

/** A person in a table. */
export const nameOf = ({ email }: { email: string | null }) =>
  email === null ? "Deleted account" : email || "No e-mail address";

/** What a person may use a day, e.g. "100,000 (default)". */
export function describeLimit(own: OwnLimit | null, usual: number): string {
  if (own === null) return `${formatCount(usual)} (default)`;
  if (own.daily_tokens === null) return "No limit";
  return own.daily_tokens === 0 ? "No tokens" : formatCount(own.daily_tokens);
}

/** The same in a sentence: what somebody may use, e.g. "5,000 tokens per day". */
export function describeAllowance({ daily_tokens }: OwnLimit): string {
  if (daily_tokens === null) return "any number of tokens";
  if (daily_tokens === 0) return "no tokens";
  return `${formatCount(daily_tokens)} ${daily_tokens === 1 ? "token" : "tokens"} per day`;
}

/** "1 person", "1,200 people". */
export const describePeople = (count: number) => `${formatCount(count)} ${count === 1 ? "person" : "people"}`;

const REASONS: Record<string, string> = {
  platform_key_off: "The key was stopped",
  platform_daily_limit: "Not enough left of the daily dollar limit",
  platform_monthly_limit: "Not enough left of the monthly dollar limit",
  platform_budget_spent: "Not enough of their daily tokens left",
  too_many_runs: "Too many runs at the same time",
  platform_daily_calls: "Daily calls of unknown price used up",
  model_price_unknown: "Model price unknown",
};

/** Why a run was refused. */
export const describeReason = (reason: string) => REASONS[reason] ?? "Another reason";

/** What an operator did, after their name. */
export function describeDeed({ action, subject, daily_tokens }: OperatorEvent): string {
  const whose = subject?.email ?? "a deleted account";
  switch (action) {
    case "stopped":
      return "stopped the platform's key";
    case "resumed":
      return "resumed the platform's key";
    case "limit_set":
      return `let ${whose} use ${describeAllowance({ daily_tokens })}`;
    case "limit_removed":
      return `reset the limit for ${whose} to the default`;
  }
}

/** A key for a row about a person, who may be nobody. */
export const personKey = ({ user_id }: Pick<Person, "user_id">) => user_id ?? "deleted";

import { formatCount } from "@/components/reveal/words";
import { formatMoney, SMALLEST_USD } from "@/lib/usage/money";
import { sentTokens } from "@/lib/usage/tokens";
import type { Run, Sum, UsageScope } from "@/lib/usage/types";
import type { SecretSource } from "@/lib/vault/types";

/** Says whose runs the numbers are of. */
export const ABOUT: Record<UsageScope, string> = {
  personal: "Everything that you ran, in every workspace, over the last 30 days.",
  team: "All runs in this team over the last 30 days, by member.",
  own: "Your own runs in this team over the last 30 days. Admins of the team see these numbers too, never a prompt or an answer.",
};

/** Whose key paid, as the name of a column. */
export const SOURCE_LABELS: Record<UsageScope, Record<SecretSource, string>> = {
  personal: { user: "Your key", team: "Teams' keys", env: "Platform's key" },
  team: { user: "Members' own keys", team: "Team's key", env: "Platform's key" },
  own: { user: "Your key", team: "Team's key", env: "Platform's key" },
};

/** Whose key paid for one run. */
export const PAID_BY: Record<UsageScope, Record<SecretSource, string>> = {
  personal: { user: "your key", team: "a team's key", env: "the platform's key" },
  team: { user: "their own key", team: "the team's key", env: "the platform's key" },
  own: { user: "your key", team: "the team's key", env: "the platform's key" },
};

/** What several runs cost, as far as it is known. */
export function describeCost({ cost, cost_complete }: Pick<Sum, "cost" | "cost_complete">): string {
  if (cost === null) return cost_complete ? formatMoney(0) : "not known";
  // Of less than the smallest amount, "at least" would say nothing.
  return cost_complete || cost < SMALLEST_USD ? formatMoney(cost) : `at least ${formatMoney(cost)}`;
}

/** "1 run", "2 runs". */
export const describeRuns = (runs: number) => `${formatCount(runs)} ${runs === 1 ? "run" : "runs"}`;

/** A day in UTC as people read it, e.g. "Nov 23". */
export const formatDay = (day: string) =>
  new Date(day).toLocaleDateString("en-US", { timeZone: "UTC", month: "short", day: "numeric" });

/** The same with its year, e.g. "Nov 23, 2026". */
export const formatFullDay = (day: string) =>
  new Date(day).toLocaleDateString("en-US", { timeZone: "UTC", dateStyle: "medium" });

/** How long a run took, e.g. "3.2 s" or "2 min 5 s". */
export function formatDuration(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const STATUS = new Map([
  ["completed", "Completed"],
  ["started", "Under way"],
  ["unfinished", "Not finished"],
  ["cancelled", "Stopped"],
  ["provider_refused_key", "Key refused"],
  ["provider_no_credit", "No credit left"],
  ["provider_rate_limited", "Rate limit reached"],
  ["provider_overloaded", "Provider overloaded"],
  ["provider_timeout", "No answer in time"],
  ["provider_unavailable", "Provider not reached"],
  ["provider_declined", "Declined by the model"],
  ["provider_bad_answer", "Answer not usable"],
  ["provider_rejected_request", "Request not accepted"],
]);

/** What became of a run. */
export const describeStatus = (status: string) => STATUS.get(status) ?? "Failed";

/** What the provider counted itself; of all others, we know only what arrived. */
const COUNTED = new Set(["completed", "provider_declined", "provider_bad_answer"]);

/** What a run used, e.g. "1,200 tokens in, about 340 out". */
export function describeTokens(run: Run): string {
  const sent = sentTokens(run);
  if (sent === 0 && run.output_tokens === 0)
    return run.status === "started" ? "not counted yet" : "no tokens";
  const out = `${COUNTED.has(run.status) ? "" : "about "}${formatCount(run.output_tokens)} out`;
  return `${formatCount(sent)} ${sent === 1 ? "token" : "tokens"} in, ${out}`;
}

/** What a run cost. */
export function describeRunCost({ cost }: Pick<Run, "cost">): string {
  return cost === null ? "price not known" : formatMoney(cost);
}

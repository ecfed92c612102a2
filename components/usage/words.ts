import { describeCounts, formatCount } from "@/components/reveal/words";
import type { Period, UsageRange } from "@/lib/usage/range";
import type { Run, Sum, UsageScope } from "@/lib/usage/types";
import type { SecretSource } from "@/lib/vault/types";
import { formatMoney, SMALLEST_USD } from "@/lib/vault-usage/money";
import { allTokens } from "@/lib/vault-usage/tokens";
import type { StopReason } from "@/lib/vault-usage/types";

/** The ranges to choose from. */
export const RANGE_LABELS: Record<UsageRange, string> = {
  "this-month": "This month",
  "last-month": "Last month",
  "30-days": "Last 30 days",
  "90-days": "Last 90 days",
};

const DURING: Record<UsageRange, string> = {
  "this-month": "this month",
  "last-month": "last month",
  "30-days": "in the last 30 days",
  "90-days": "in the last 90 days",
};

/** Says whose runs the numbers are of, and when. */
export function describeReport(scope: UsageScope, range: UsageRange): string {
  const during = DURING[range];
  switch (scope) {
    case "personal":
      return `Everything you ran ${during}, in every workspace.`;
    case "team":
      return `All runs in this team ${during}, by member.`;
    case "own":
      return `Your runs in this team ${during}. Team admins can see these numbers too, but never a prompt or an answer.`;
  }
}

/** In place of numbers, where there are none. */
export const describeNoRuns = (range: UsageRange) => `No runs ${DURING[range]}.`;

/** The days of a report, e.g. "Oct 31 to Nov 29, 2026 (UTC)". */
export function describePeriod({ from, to }: Period): string {
  const sameYear = from.slice(0, 4) === to.slice(0, 4);
  return `${sameYear ? formatDay(from) : formatFullDay(from)} to ${formatFullDay(to)} (UTC)`;
}

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

/** What several runs cost, as far as it is known, e.g. "$1.50", "about $1.50". */
export function describeCost({
  cost,
  unpriced,
  inexact,
}: Pick<Sum, "cost" | "unpriced" | "inexact">): string {
  if (cost === null) return unpriced === 0 ? formatMoney(0) : "unknown";
  // Of less than the smallest amount, nothing more can be said.
  if (cost < SMALLEST_USD) return formatMoney(cost);
  if (unpriced > 0) return `at least ${formatMoney(cost)}`;
  return `${inexact > 0 ? "about " : ""}${formatMoney(cost)}`;
}

const FEATURES: Readonly<Record<string, string>> = { run: "Run", analyze: "Analysis" };

/** A feature as people call it: "daily-summaries" is "Daily summaries". */
export function nameFeature(feature: string): string {
  const words = feature.replaceAll("-", " ");
  return FEATURES[feature] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** "1 run", "2 runs". */
export const describeRuns = (runs: number) => counted(runs, "run", "runs");

/** A day in UTC as people read it, e.g. "Nov 23". */
export const formatDay = (day: string) =>
  new Date(day).toLocaleDateString("en-US", { timeZone: "UTC", month: "short", day: "numeric" });

/** The same with its year, e.g. "Nov 23, 2026". */
export const formatFullDay = (day: string) =>
  new Date(day).toLocaleDateString("en-US", { timeZone: "UTC", dateStyle: "medium" });

const STATUS = new Map([
  ["completed", "Completed"],
  ["started", "In progress"],
  ["unfinished", "Didn't finish"],
  ["cancelled", "Stopped"],
  ["team_not_found", "Left the team"],
  ["provider_cut_off", "Cut off"],
  ["provider_incomplete", "Incomplete"],
  ["provider_refused_key", "Key refused"],
  ["provider_key_limited", "Key not allowed"],
  ["provider_blocks_server", "Server blocked"],
  ["provider_no_credit", "No credit left"],
  ["provider_rate_limited", "Rate limit reached"],
  ["provider_overloaded", "Provider overloaded"],
  ["provider_timeout", "Timed out"],
  ["provider_unavailable", "Provider unreachable"],
  ["provider_declined", "Declined by the model"],
  ["provider_bad_answer", "Unusable answer"],
  ["provider_rejected_request", "Request rejected"],
  ["provider_unclear", "Unclear response"],
]);

/** How a run ended. */
export const describeStatus = (status: string) => STATUS.get(status) ?? "Failed";

const STOPPED = new Map<StopReason, string>([
  ["max_tokens", "at the maximum length"],
  ["model_context_window_exceeded", "the context window is full"],
  ["pause_turn", "the model paused"],
  ["tool_use", "the model is waiting for a tool"],
  ["other", "for an unknown reason"],
]);

/** Why an answer is not complete, beside its status; null where there is no more to say. */
export const describeStop = ({ stop_reason }: Pick<Run, "stop_reason">) =>
  (stop_reason && STOPPED.get(stop_reason)) ?? null;

/** What a run used, e.g. "1,200 tokens in, 340 out, 60 of them thinking". */
export function describeTokens(run: Run): string {
  // Until then, the row holds only what is reserved.
  if (run.status === "started") return "not counted yet";
  if (allTokens(run) === 0) return "no tokens";
  const thinking = run.details.thinking_tokens;
  return `${describeCounts(run, run.is_counted)}${thinking ? `, ${formatCount(thinking)} of them thinking` : ""}`;
}

/** What else the price depends on, e.g. ["3 web searches", "priority tier"]. */
export function describeDetails({ details }: Pick<Run, "details">): string[] {
  const { cache_creation_1h_input_tokens, web_search_requests, web_fetch_requests } = details;
  const { service_tier, speed, inference_geo } = details;
  return [
    cache_creation_1h_input_tokens && `${formatCount(cache_creation_1h_input_tokens)} cached for an hour`,
    web_search_requests && counted(web_search_requests, "web search", "web searches"),
    web_fetch_requests && counted(web_fetch_requests, "web fetch", "web fetches"),
    service_tier && `${service_tier} tier`,
    speed && `${speed} mode`,
    // "us", or "other".
    inference_geo && `${inference_geo.replace(/^..$/, (code) => code.toUpperCase())} region`,
  ].filter((words) => typeof words === "string");
}

const counted = (count: number, one: string, more: string) =>
  `${formatCount(count)} ${count === 1 ? one : more}`;

/** What a run cost, e.g. "about $0.02". */
export function describeRunCost({
  status,
  cost,
  cost_exact,
}: Pick<Run, "status" | "cost" | "cost_exact">): string {
  if (status === "started") return "price pending";
  if (cost === null) return "price unknown";
  return cost_exact || cost < SMALLEST_USD ? formatMoney(cost) : `about ${formatMoney(cost)}`;
}

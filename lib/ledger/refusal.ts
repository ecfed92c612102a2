import "server-only";
import { listAdminEmails } from "../teams/admins";
import { fits, type Refusal } from "../usage/refusal";
import type { Problem } from "../vault/http/problem";
import { usageProblem } from "../vault-usage/errors";
import { formatMoney } from "../vault-usage/money";

/** The run that was refused. */
interface RefusedRun {
  /** The name of the key. */
  key: string;
  team_id: string | null;
  model: string;
  source: "user" | "team" | "env";
  /** Tokens that it would have needed, about. */
  least_tokens: number;
  /** USD; null where the price is not known. */
  mostCost: number | null;
}

const ownKey = ({ key }: RefusedRun) => `Add your own ${key} to your vault`;
/** Seconds; most runs are over by then. */
const SOON = 60;

/**
 * Says which limit a run could have passed, and who can do something about it.
 *
 * @throws Problem vault_unavailable
 */
export async function explainRefusal(refusal: Refusal, run: RefusedRun, now = new Date()): Promise<Problem> {
  const { source } = run;
  switch (refusal.reason) {
    case "too_many_runs":
      return usageProblem("too_many_runs", { retryAfter: SOON });
    case "platform_key_off":
      return usageProblem("platform_key_off", { source });
    case "platform_budget_spent":
      return usageProblem("platform_budget_spent", {
        source,
        retryAfter: untilTomorrow(now),
        detail: `${explainTokens(refusal, run)} ${ownKey(run)}, or ask the operator of this site.`,
      });
    case "platform_daily_limit":
    case "platform_monthly_limit": {
      const isDaily = refusal.reason === "platform_daily_limit";
      return usageProblem("platform_limit_reached", {
        source,
        retryAfter: fits(refusal, run) ? SOON : isDaily ? untilTomorrow(now) : untilNextMonth(now),
        detail: `${explainTotal(refusal, run, isDaily ? "today" : "this month")} ${ownKey(run)}, or ask the operator of this site.`,
      });
    }
    case "platform_daily_calls":
      return usageProblem("platform_limit_reached", {
        source,
        retryAfter: untilTomorrow(now),
        detail: `Today's calls on the platform's key are used up. ${ownKey(run)}, or ask the operator of this site.`,
      });
    case "model_price_unknown":
      return usageProblem("model_price_unknown", { source, detail: explainUnknown(run) });
    default:
      return explainTeamBudget(refusal, run, now);
  }
}

function explainTokens({ spent, held, allowed }: Refusal, { least_tokens: needed }: RefusedRun): string {
  const count = (tokens: number) => tokens.toLocaleString("en-US");
  if (allowed === 0) return "The operator of this site doesn't let you use the platform's key.";
  const allowance = `your ${count(allowed)} tokens per day on the platform's key`;
  if (held > 0 && spent + needed <= allowed) return `Runs in progress may use up the rest of ${allowance}.`;
  const left = allowed - spent - held;
  if (left > 0)
    return `This takes at least ${count(needed)} tokens, but only ${count(left)} of ${allowance} are left.`;
  return `${allowance.charAt(0).toUpperCase()}${allowance.slice(1)} are used up. They reset at midnight (UTC).`;
}

/** Without amounts: what the platform spends is the operator's business. */
function explainTotal(refusal: Refusal, run: RefusedRun, when: string): string {
  if (fits(refusal, run))
    return `Runs in progress may use up what's left of the platform's spending limit for ${when}. Try again in a minute.`;
  return `This could cost more than what's left of the platform's spending limit for ${when}.`;
}

function explainUnknown(run: RefusedRun): string {
  const { source } = run;
  const model = run.model === "" ? "this call" : run.model;
  if (source === "team")
    return `The price of ${model} isn't known, so it can't run on the team's key while the team has a budget. ${ownKey(run)}, or ask a team admin.`;
  return `The price of ${model} isn't known, so it can't run on the platform's key while that key has a dollar limit. ${ownKey(run)}, or ask the operator of this site.`;
}

async function explainTeamBudget(refusal: Refusal, run: RefusedRun, now: Date): Promise<Problem> {
  const { allowed, spent, held } = refusal;
  const isMembers = refusal.reason === "member_budget_spent";
  const month = now.toLocaleDateString("en-US", { month: "long", timeZone: "UTC" });
  const budget = `${isMembers ? "your" : "the team's"} budget of ${formatMoney(allowed)} for ${month}`;
  const left = Math.max(0, allowed - spent - held);
  const state = fits(refusal, run)
    ? `Runs in progress may use up the rest of ${budget}. Try again in a minute.`
    : `This could cost up to ${formatMoney(run.mostCost ?? 0)}, but only ${formatMoney(left)} of ${budget} is left.`;
  const admins = run.team_id === null ? [] : await listAdminEmails(run.team_id);
  const whom = admins.length > 0 ? ` (${admins.join(", ")})` : "";
  return usageProblem(isMembers ? "member_budget_spent" : "team_budget_spent", {
    source: run.source,
    retryAfter: fits(refusal, run) ? SOON : untilNextMonth(now),
    detail: `${state} Ask a team admin${whom} to raise it, or add your own ${run.key} to your vault.`,
  });
}

const secondsUntil = (then: number, now: Date) => Math.ceil((then - now.getTime()) / 1000);

const untilTomorrow = (now: Date) =>
  secondsUntil(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1), now);

const untilNextMonth = (now: Date) =>
  secondsUntil(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1), now);

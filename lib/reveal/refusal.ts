import "server-only";
import { listAdminEmails } from "../teams/admins";
import { formatMoney } from "../usage/money";
import type { Problem } from "../vault/http/problem";
import { revealProblem } from "./errors";
import { MIN_OUTPUT_TOKENS } from "./model";
import { REVEAL_KEY, type RunKind } from "./types";

/** Why the database did not enter a run: the function enter_run. Amounts are in tokens or USD. */
export interface Refusal {
  reason: string;
  /** What is used for good. */
  spent: number;
  /** What runs under way may use. */
  held: number;
  allowed: number;
}

/** The run that was refused. */
interface RefusedRun {
  team_id: string | null;
  kind: RunKind;
  model: string;
  source: "user" | "team" | "env";
  /** Tokens that it would have sent, about. */
  input_tokens: number;
  /** USD; null where the price is not known. */
  mostCost: number | null;
}

const OWN_KEY = `Add your own ${REVEAL_KEY} to your vault`;
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
      return revealProblem("too_many_runs", { retryAfter: SOON });
    case "platform_key_off":
      return revealProblem("platform_key_off", { source });
    case "platform_budget_spent":
      return revealProblem("platform_budget_spent", {
        source,
        retryAfter: untilTomorrow(now),
        detail: `${explainTokens(refusal, run)} ${OWN_KEY}, or ask the operator of this site.`,
      });
    case "platform_daily_limit":
    case "platform_monthly_limit": {
      const isDaily = refusal.reason === "platform_daily_limit";
      return revealProblem("platform_limit_reached", {
        source,
        retryAfter: fits(refusal, run) ? SOON : isDaily ? untilTomorrow(now) : untilNextMonth(now),
        detail: `${explainTotal(refusal, run, isDaily ? "today" : "this month")} ${OWN_KEY}, or ask the operator of this site.`,
      });
    }
    case "model_price_unknown":
      return revealProblem("model_price_unknown", { source, detail: explainUnknown(run) });
    default:
      return explainTeamBudget(refusal, run, now);
  }
}

/** Whether there is room for it once all that is under way has ended. */
export const fits = ({ spent, allowed }: Refusal, { mostCost }: Pick<RefusedRun, "mostCost">) =>
  spent + (mostCost ?? 0) <= allowed;

function explainTokens({ spent, held, allowed }: Refusal, { input_tokens, kind }: RefusedRun): string {
  const count = (tokens: number) => tokens.toLocaleString("en-US");
  if (allowed === 0) return "The operator of this site doesn't let you use the platform's key.";
  const allowance = `your ${count(allowed)} tokens per day on the platform's key`;
  const needed = input_tokens + MIN_OUTPUT_TOKENS[kind];
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

function explainUnknown({ model, source }: RefusedRun): string {
  if (source === "team")
    return `The price of ${model} isn't known, so it can't run on the team's key while the team has a budget. ${OWN_KEY}, or ask a team admin.`;
  return `The price of ${model} isn't known, so it can't run on the platform's key while that key has a dollar limit. ${OWN_KEY}, or ask the operator of this site.`;
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
  return revealProblem(isMembers ? "member_budget_spent" : "team_budget_spent", {
    source: run.source,
    retryAfter: fits(refusal, run) ? SOON : untilNextMonth(now),
    detail: `${state} Ask a team admin${whom} to raise it, or add your own ${REVEAL_KEY} to your vault.`,
  });
}

const secondsUntil = (then: number, now: Date) => Math.ceil((then - now.getTime()) / 1000);

const untilTomorrow = (now: Date) =>
  secondsUntil(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1), now);

const untilNextMonth = (now: Date) =>
  secondsUntil(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1), now);

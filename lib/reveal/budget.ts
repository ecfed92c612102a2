import "server-only";
import { env } from "../env";
import { sumRuns } from "../usage/store";
import { allTokens } from "../usage/tokens";
import type { Problem } from "../vault/http/problem";
import { revealProblem } from "./errors";
import type { Budget } from "./types";

// The database keeps the budget, as it enters each run (lib/reveal/ledger.ts). Here it is read and explained.

const DAY_MS = 86_400_000;

/**
 * How much of a person's daily tokens at the platform's expense is left. Days are UTC. A run that is under way
 * counts with the longest answer that it may get.
 *
 * @throws Problem vault_unavailable
 */
export async function readBudget(userId: string, now = Date.now()): Promise<Budget> {
  const today = new Date(now - (now % DAY_MS));
  const used = (await sumRuns({ userId, teamId: null }, today))
    .filter(({ source }) => source === "env")
    .reduce((sum, row) => sum + allTokens(row), 0);
  const limit = env().platformDailyTokens;
  return { limit, left: Math.max(0, limit - used) };
}

/**
 * Says why a run may not be entered.
 *
 * @param needed about how many tokens it would have sent
 * @throws Problem vault_unavailable
 */
export async function explainSpentBudget(userId: string, needed: number, now = Date.now()): Promise<Problem> {
  const { limit, left } = await readBudget(userId, now);
  return revealProblem("platform_budget_spent", {
    source: "env",
    retryAfter: Math.ceil((DAY_MS - (now % DAY_MS)) / 1000),
    detail: `${explain(limit, left, needed)} Add your own ANTHROPIC_API_KEY to your vault, or ask the operator of this site.`,
  });
}

function explain(limit: number, left: number, needed: number): string {
  const count = (tokens: number) => tokens.toLocaleString("en-US");
  if (limit === 0) return "The operator of this site does not let runs use the platform's key.";
  const allowance = `your ${count(limit)} tokens a day on the platform's key`;
  if (left >= needed) return `Runs that are under way may use up the rest of ${allowance}.`;
  if (left > 0)
    return `This takes about ${count(needed)} tokens, and ${count(left)} of ${allowance} are left.`;
  return `${allowance.charAt(0).toUpperCase()}${allowance.slice(1)} are used up. They start anew at midnight (UTC).`;
}

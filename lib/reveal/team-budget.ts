import "server-only";
import { leastReserve } from "../ledger/enter";
import { listAdminEmails } from "../teams/admins";
import { percentUsed } from "../teams/budget";
import { readBudgetUse } from "../teams/spending";
import type { BudgetUse, TeamSummary } from "../teams/types";
import type { TeamBudget } from "./types";

/**
 * How much of the budgets for a team's key is used, before a run. The database keeps them (lib/vault-usage/run.ts).
 *
 * @param team as `requireTeam` gave it to that person
 * @returns null where neither the team nor the person has a budget
 * @throws Problem vault_unavailable
 */
export async function readTeamBudget(team: TeamSummary, userId: string): Promise<TeamBudget | null> {
  if (team.monthly_usd === null && team.own_monthly_usd === null) return null;
  const { own, team: whole } = await readBudgetUse(team, userId);
  const needed = leastReserve() ?? 0;
  const isUsedUp = ({ monthly_usd, spent_usd }: BudgetUse) =>
    monthly_usd !== null && spent_usd + needed > monthly_usd;
  const tighter = leftOf(own) <= leftOf(whole) ? own : whole;
  const budget = [own, whole].find(isUsedUp) ?? tighter;
  const is_used_up = isUsedUp(budget);
  return {
    of: budget === own ? "member" : "team",
    limit: budget === own || team.role === "admin" ? budget.monthly_usd : null,
    percent: percentUsed(budget.spent_usd + budget.held_usd, budget.monthly_usd ?? Number.POSITIVE_INFINITY),
    is_used_up,
    admins: is_used_up ? await listAdminEmails(team.id) : [],
  };
}

/** US dollars. */
const leftOf = ({ monthly_usd, spent_usd, held_usd }: BudgetUse) =>
  (monthly_usd ?? Number.POSITIVE_INFINITY) - spent_usd - held_usd;

import "server-only";
import { listAdminEmails } from "../teams/admins";
import { percentUsed } from "../teams/budget";
import { readBudgetUse } from "../teams/spending";
import type { BudgetUse, TeamSummary } from "../teams/types";
import type { TeamBudget } from "./types";

/**
 * How much of the budgets for a team's key is used, before a run. The database keeps them (lib/reveal/ledger.ts).
 *
 * @param team as `requireTeam` gave it to that person
 * @returns null where neither the team nor the person has a budget
 * @throws Problem vault_unavailable
 */
export async function readTeamBudget(team: TeamSummary, userId: string): Promise<TeamBudget | null> {
  if (team.monthly_usd === null && team.own_monthly_usd === null) return null;
  const use = await readBudgetUse(team, userId);
  const isMembers = leftOf(use.own) <= leftOf(use.team);
  const { monthly_usd, spent_usd, held_usd } = isMembers ? use.own : use.team;
  const percent = percentUsed(spent_usd + held_usd, monthly_usd ?? Number.POSITIVE_INFINITY);
  return {
    of: isMembers ? "member" : "team",
    limit: isMembers ? team.own_monthly_usd : team.role === "admin" ? team.monthly_usd : null,
    percent,
    admins: percent < 100 ? [] : await listAdminEmails(team.id),
  };
}

/** US dollars. */
const leftOf = ({ monthly_usd, spent_usd, held_usd }: BudgetUse) =>
  (monthly_usd ?? Number.POSITIVE_INFINITY) - spent_usd - held_usd;

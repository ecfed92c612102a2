import "server-only";
import { readEmails } from "../auth/profiles";
import { readBudgets } from "../teams/spending";
import type { TeamSummary } from "../teams/types";
import type { SessionUser } from "../vault/session/session";
import { roundUsd } from "../vault-usage/money";
import type { UsageBudgets } from "./types";

/**
 * What was spent of a team's budgets this month, whatever the range of the report: an admin sees all, a member their
 * own.
 *
 * @param team as `requireTeam` gave it; null for the person's own workspace
 * @param now for tests
 * @returns null outside of teams
 * @throws Problem vault_unavailable
 */
export async function readUsageBudgets(
  user: Pick<SessionUser, "id">,
  team: TeamSummary | null,
  now = new Date(),
): Promise<UsageBudgets | null> {
  if (team === null) return null;
  const budgets = await readBudgets(team, user.id);
  const month = now.toISOString().slice(0, 7);
  if (!budgets.team || !budgets.members) return { month, own: budgets.own };
  const emails = await readEmails(budgets.members.map(({ user_id }) => user_id));
  const ofMembers = budgets.members.reduce((sum, { spent_usd }) => sum + spent_usd, 0);
  return {
    month,
    own: budgets.own,
    team: budgets.team,
    members: budgets.members
      .map(({ user_id, ...budget }) => ({ member: emails.get(user_id) ?? "", ...budget }))
      .sort((a, b) => b.spent_usd - a.spent_usd || a.member.localeCompare(b.member, "en")),
    others_usd: roundUsd(Math.max(0, budgets.team.spent_usd - ofMembers)),
  };
}

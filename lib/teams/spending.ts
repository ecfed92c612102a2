import "server-only";
import { z } from "zod";
import { adminClient } from "../supabase/admin";
import { allRows } from "../supabase/all-rows";
import { usd } from "../supabase/usd";
import { vaultProblem } from "../vault/errors";
import type { BudgetUse, TeamBudgets, TeamSummary } from "./types";

// From the ledger alone: the same sums that a run is checked against before it begins.

/** A row of the function team_spending. */
const spendingRow = z.object({
  is_total: z.boolean(),
  user_id: z.string().nullable(),
  spent: usd,
  held: usd,
});
type SpendingRow = z.infer<typeof spendingRow>;

/** The team's total, then each person's. */
async function selectSpending(teamId: string): Promise<SpendingRow[]> {
  const rows = await allRows(
    (from, to) =>
      adminClient()
        .rpc("team_spending", { for_team: teamId })
        .order("is_total", { ascending: false })
        .order("user_id")
        .range(from, to),
    (row) => [row.is_total, row.user_id].join(),
  );
  return rows.map((row) => spendingRow.parse(row));
}

/** The team's total and one person's. */
async function selectOwnSpending(teamId: string, userId: string): Promise<SpendingRow[]> {
  const { data, error } = await adminClient()
    .rpc("team_spending", { for_team: teamId })
    .or(`is_total.is.true,user_id.eq.${userId}`);
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data.map((row) => spendingRow.parse(row));
}

const toUse = (monthly_usd: number | null, row: SpendingRow | undefined): BudgetUse => ({
  monthly_usd,
  spent_usd: row?.spent ?? 0,
  held_usd: row?.held ?? 0,
});

/**
 * What a team and one person in it have spent of their budgets this month (UTC) on the team's key.
 *
 * @param team as `requireTeam` gave it to that person
 * @throws Problem vault_unavailable
 */
export async function readBudgetUse(
  team: TeamSummary,
  userId: string,
): Promise<{ team: BudgetUse; own: BudgetUse }> {
  const rows = await selectOwnSpending(team.id, userId);
  return {
    team: toUse(
      team.monthly_usd,
      rows.find(({ is_total }) => is_total),
    ),
    own: toUse(
      team.own_monthly_usd,
      rows.find((row) => row.user_id === userId),
    ),
  };
}

/**
 * What a person may see of a team's budgets and of what was spent of them: their own, and admins all.
 *
 * @param team as `requireTeam` gave it to that person
 * @throws Problem vault_unavailable
 */
export async function readBudgets(team: TeamSummary, userId: string): Promise<TeamBudgets> {
  if (team.role !== "admin") return { own: (await readBudgetUse(team, userId)).own };
  const [rows, members] = await Promise.all([
    selectSpending(team.id),
    allRows(
      (from, to) =>
        adminClient()
          .from("team_members")
          .select("user_id, monthly_usd")
          .eq("team_id", team.id)
          .order("user_id")
          .range(from, to),
      ({ user_id }) => user_id,
    ),
  ]);
  const byPerson = new Map(rows.filter(({ is_total }) => !is_total).map((row) => [row.user_id, row]));
  return {
    own: toUse(team.own_monthly_usd, byPerson.get(userId)),
    team: toUse(
      team.monthly_usd,
      rows.find(({ is_total }) => is_total),
    ),
    members: members.map(({ user_id, monthly_usd }) => ({
      user_id,
      ...toUse(usd.nullable().parse(monthly_usd) ?? team.member_monthly_usd ?? null, byPerson.get(user_id)),
      is_default: monthly_usd === null,
    })),
  };
}

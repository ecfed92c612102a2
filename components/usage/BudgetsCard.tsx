import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import type { UsageBudgets } from "@/lib/usage/types";
import { formatMoney } from "@/lib/vault-usage/money";
import { pageHref } from "@/lib/workspace/href";
import { BudgetMeter } from "./BudgetMeter";
import { formatMonth } from "./budgets";

const USED_UP = {
  team: "The budget is used up. Runs on the team's key are refused until next month or until an admin raises it.",
  own: "Your budget is used up. Ask an admin to raise it, or use your own key.",
  member: "Used up.",
};

/** What was spent of a team's budgets this month: all of it for an admin, a member's own for them. */
export function BudgetsCard({ budgets, teamId }: { budgets: UsageBudgets; teamId: string }) {
  const { month, own, team, members = [], others_usd = 0 } = budgets;
  return (
    <Card aria-labelledby="budgets-title">
      <CardHeader>
        <CardTitle id="budgets-title">Budget for {formatMonth(month)}</CardTitle>
        <CardDescription>
          Runs on the team's key this month (UTC), regardless of the period above.{" "}
          {team && (
            <a href={pageHref("team", teamId)} className="underline underline-offset-4 hover:text-foreground">
              Change budgets
            </a>
          )}
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-5">
        {team ? (
          <BudgetMeter name="Spent this month" use={team} usedUp={USED_UP.team} />
        ) : (
          <BudgetMeter name="You spent this month" use={own} usedUp={USED_UP.own} />
        )}
        {team && (
          <ul aria-label="Spent by member" className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
            {members.map(({ member, ...use }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two accounts may have the same name, and nothing moves
              <li key={index} className="min-w-0">
                <BudgetMeter name={member || "No e-mail address"} use={use} usedUp={USED_UP.member} />
              </li>
            ))}
            {others_usd > 0 && (
              <li className="text-sm">People who have left the team: {formatMoney(others_usd)}</li>
            )}
          </ul>
        )}
      </CardContent>
    </Card>
  );
}

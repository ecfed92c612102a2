"use client";

import { type FormEvent, useId, useState } from "react";
import { toast } from "sonner";
import { Failure } from "@/components/shared/Failure";
import { SubmitButton } from "@/components/shared/SubmitButton";
import { useTeamChange } from "@/components/shared/useTeamChange";
import { BudgetMeter } from "@/components/usage/BudgetMeter";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/vault/ui/card";
import { useEarlyInput } from "@/components/vault/useEarlyInput";
import { BUDGET_RULE, budgetText, parseBudget } from "@/lib/teams/budget";
import type { BudgetUse, TeamBudgets, TeamSummary } from "@/lib/teams/types";
import { type ApiError, callApi } from "@/lib/vault/http/client";
import { formatMoney } from "@/lib/vault-usage/money";
import { BudgetField } from "./BudgetField";

/** How much of the team's key may be spent in a month: admins decide, members read. */
export function BudgetCard({ team, budgets }: { team: TeamSummary; budgets: TeamBudgets }) {
  const id = useId();
  return (
    <Card aria-labelledby={`${id}-title`}>
      <CardHeader>
        <CardTitle id={`${id}-title`}>Budget</CardTitle>
        <CardDescription>
          The most that runs on the team's key can cost per month (UTC).{" "}
          {budgets.team ? "Runs on personal keys don't count." : "The team's admins set it."}
        </CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-4">
        {budgets.team ? (
          <>
            <BudgetMeter
              name="Spent this month"
              use={budgets.team}
              usedUp="The budget is used up. Runs on the team's key are refused until next month or until an admin raises it."
            />
            <BudgetForm team={team} use={budgets.team} />
          </>
        ) : (
          <>
            <p className="text-sm">
              {team.monthly_usd === null
                ? "The team has no budget."
                : `The team's budget is ${formatMoney(team.monthly_usd)} a month.`}
            </p>
            <BudgetMeter
              name="You spent this month"
              use={budgets.own}
              usedUp="Your budget is used up. Ask an admin to raise it, or use your own key."
            />
          </>
        )}
      </CardContent>
    </Card>
  );
}

/** What is typed is about the budget that it was to replace: once that is another one, it shows. */
function useBudgetText(present: number | null) {
  const [draft, setDraft] = useState<{ instead: number | null; text: string } | null>(null);
  const text = draft?.instead === present ? draft.text : budgetText(present);
  const setText = (typed: string) => setDraft({ instead: present, text: typed });
  return { text, setText, field: useEarlyInput(text, setText) };
}

function BudgetForm({ team, use }: { team: TeamSummary; use: BudgetUse }) {
  const id = useId();
  const { run, busy } = useTeamChange();
  const present = { monthly_usd: team.monthly_usd, member_monthly_usd: team.member_monthly_usd ?? null };
  const ofTeam = useBudgetText(present.monthly_usd);
  const ofMember = useBudgetText(present.member_monthly_usd);
  const [wrong, setWrong] = useState<"team" | "member" | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const wanted = parseBudget(ofTeam.text);
  // Of the present budget, the meter above says it.
  const isBelow = typeof wanted === "number" && wanted !== present.monthly_usd && wanted < use.spent_usd;

  async function save(event: FormEvent) {
    event.preventDefault();
    const member = parseBudget(ofMember.text);
    setFailure(null);
    const invalid = wanted === undefined ? "team" : member === undefined ? "member" : null;
    setWrong(invalid);
    if (invalid) return document.getElementById(`${id}-${invalid}`)?.focus();
    // Only what differs, so that somebody else's change of the rest stays.
    const change = {
      ...(wanted !== present.monthly_usd && { monthly_usd: wanted }),
      ...(member !== present.member_monthly_usd && { member_monthly_usd: member }),
    };
    setFailure(
      await run(async () => {
        // The page is reloaded all the same: someone else may have changed them.
        if (Object.keys(change).length === 0) return void toast.info("No changes to save");
        await callApi("PATCH", `/api/teams/${team.id}`, change);
        toast.success("Budgets saved. They apply to new runs.");
      }),
    );
  }

  return (
    <form onSubmit={save} noValidate className="flex flex-col gap-4">
      <BudgetField
        name={`${id}-team`}
        label="Monthly team budget"
        placeholder="No budget"
        ref={ofTeam.field}
        value={ofTeam.text}
        onChange={(text) => {
          setWrong(null);
          ofTeam.setText(text);
        }}
        complaint={wrong === "team" ? BUDGET_RULE : undefined}
        hint={
          isBelow
            ? "Less than what's already spent: runs on the team's key are refused until next month or until you raise it."
            : "Leave empty for no budget."
        }
      />
      <BudgetField
        name={`${id}-member`}
        label="Default for each member"
        placeholder="No budget"
        ref={ofMember.field}
        value={ofMember.text}
        onChange={(text) => {
          setWrong(null);
          ofMember.setText(text);
        }}
        complaint={wrong === "member" ? BUDGET_RULE : undefined}
        hint="For members without their own budget. Leave empty for no budget."
      />
      <Failure failure={failure} />
      <SubmitButton variant="outline" className="self-start" busy={busy}>
        {busy ? "Saving…" : "Save"}
        <span className="sr-only"> the budgets</span>
      </SubmitButton>
    </form>
  );
}

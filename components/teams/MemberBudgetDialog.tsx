"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { toast } from "sonner";
import { Failure } from "@/components/shared/Failure";
import { FormDialog } from "@/components/shared/FormDialog";
import { useTeamChange } from "@/components/shared/useTeamChange";
import { Button } from "@/components/vault/ui/button";
import { budgetText, MEMBER_BUDGET_RULE, parseBudget } from "@/lib/teams/budget";
import type { MemberBudget, TeamSummary } from "@/lib/teams/types";
import { type ApiError, callApi } from "@/lib/vault/http/client";
import { formatMoney } from "@/lib/vault-usage/money";
import { BudgetField } from "./BudgetField";

interface MemberBudgetDialogProps {
  team: TeamSummary;
  budget: MemberBudget;
  /** How the member is called. */
  name: string;
  onClose: () => void;
}

/** Sets one member's own budget, or gives them the team's default again. */
export function MemberBudgetDialog({ team, budget, name, onClose }: MemberBudgetDialogProps) {
  const id = useId();
  const { run, busy } = useTeamChange();
  const [text, setText] = useState(budget.is_default ? "" : budgetText(budget.monthly_usd));
  const [isWrong, setIsWrong] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const wanted = parseBudget(text);
  const fallback = team.member_monthly_usd ?? null;
  const inWords = fallback === null ? "no budget" : formatMoney(fallback);
  const isBelow = typeof wanted === "number" && wanted < budget.spent_usd;

  async function save(monthly_usd: number | null) {
    setFailure(null);
    const refused = await run(async () => {
      await callApi("PATCH", `/api/teams/${team.id}/members/${budget.user_id}`, { monthly_usd });
      toast.success(
        monthly_usd === null
          ? `Budget for ${name} set to the team's default (${inWords})`
          : `Budget for ${name} set to ${formatMoney(monthly_usd)} a month`,
      );
    });
    if (refused) setFailure(refused);
    else onClose();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setIsWrong(wanted === undefined);
    if (wanted === undefined) field.current?.focus();
    else void save(wanted);
  }

  return (
    <FormDialog
      title={`Budget for ${name}`}
      description="The most that this person's runs on the team's key can cost per month (UTC). The team's budget applies too."
      busy={busy}
      onSubmit={submit}
      onClose={onClose}
      action={
        !budget.is_default && (
          <Button
            variant="outline"
            className="sm:mr-auto"
            aria-disabled={busy}
            onClick={() => !busy && void save(null)}
          >
            Use the team's default
          </Button>
        )
      }
    >
      <BudgetField
        ref={field}
        name={`${id}-budget`}
        label="Monthly budget"
        placeholder={`The team's default: ${inWords}`}
        value={text}
        onChange={(typed) => {
          setIsWrong(false);
          setText(typed);
        }}
        complaint={isWrong ? MEMBER_BUDGET_RULE : undefined}
        hint={
          isBelow
            ? "Less than they've already spent: their runs on the team's key are refused until next month or until you raise it."
            : `Leave empty for the team's default: ${inWords}.`
        }
      />
      <Failure failure={failure} />
    </FormDialog>
  );
}

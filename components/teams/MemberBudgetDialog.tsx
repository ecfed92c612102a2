"use client";

import { type FormEvent, useId, useRef, useState } from "react";
import { toast } from "sonner";
import { Failure } from "@/components/shared/Failure";
import { Button } from "@/components/vault/ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/vault/ui/dialog";
import { budgetText, MEMBER_BUDGET_RULE, parseBudget } from "@/lib/teams/budget";
import type { MemberBudget, TeamSummary } from "@/lib/teams/types";
import { formatMoney } from "@/lib/usage/money";
import { type ApiError, callApi } from "@/lib/vault/http/client";
import { BudgetField } from "./BudgetField";
import { useTeamChange } from "./useTeamChange";

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
  const opener = useRef(document.activeElement as HTMLElement | null);
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
          ? `The team's default counts for ${name}: ${inWords}.`
          : `The budget of ${name} is ${formatMoney(monthly_usd)} a month.`,
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
    <Dialog open onOpenChange={(open) => !open && !busy && onClose()}>
      <DialogContent
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          opener.current?.focus();
        }}
      >
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">Budget of {name}</DialogTitle>
          <DialogDescription>
            What this person's runs on the team's key may cost in a month (UTC). The team's budget counts as
            well.
          </DialogDescription>
        </DialogHeader>
        <form onSubmit={submit} noValidate className="flex flex-col gap-4">
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
                ? "Less than what they have spent: their runs on the team's key are refused until next month or a raise."
                : `Empty: the team's default, ${inWords}.`
            }
          />
          <Failure failure={failure} />
          <DialogFooter>
            {!budget.is_default && (
              <Button
                variant="outline"
                className="sm:mr-auto"
                aria-disabled={busy}
                onClick={() => !busy && void save(null)}
              >
                Use the team's default
              </Button>
            )}
            <DialogClose asChild>
              <Button variant="outline">Cancel</Button>
            </DialogClose>
            <Button type="submit" aria-disabled={busy}>
              {busy ? "Saving…" : "Save"}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

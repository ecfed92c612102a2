import type { BudgetUse } from "@/lib/teams/types";
import { formatMoney } from "@/lib/vault-usage/money";
import { describeShare, standingOf } from "./budgets";
import { MeterBar } from "./MeterBar";

interface BudgetMeterProps {
  /** Whose, or of what, e.g. "Spent this month". */
  name: string;
  use: BudgetUse;
  /** What follows from a budget that is used up. */
  usedUp: string;
}

/** What was spent of a budget: as text, and as a bar where there is a budget. */
export function BudgetMeter({ name, use, usedUp }: BudgetMeterProps) {
  const { monthly_usd } = use;
  return (
    <div className="flex min-w-0 flex-col gap-1.5 text-sm">
      <p className="[overflow-wrap:anywhere]">
        {name}: <span className="font-medium tabular-nums">{describeShare(use)}</span>
      </p>
      {monthly_usd !== null && (
        <MeterBar name={name} text={describeShare(use)} use={{ ...use, monthly_usd }} />
      )}
      {use.held_usd > 0 && (
        <p className="text-muted-foreground">Runs in progress may cost up to {formatMoney(use.held_usd)}.</p>
      )}
      {standingOf(use) === "used" && <p className="text-muted-foreground">{usedUp}</p>}
    </div>
  );
}

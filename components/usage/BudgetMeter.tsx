import { cn } from "@/components/vault/ui/cn";
import type { BudgetUse } from "@/lib/teams/types";
import { formatMoney } from "@/lib/usage/money";
import { describeShare, percentSpent, standingOf } from "./budgets";

/** A bar's color by how much of it is used. */
export const METER_COLORS = { fine: "bg-primary", nearly: "bg-warning-foreground", used: "bg-destructive" };

interface BudgetMeterProps {
  /** Whose, or of what, e.g. "Spent this month". */
  name: string;
  use: BudgetUse;
  /** What follows from a budget that is used up. */
  usedUp: string;
}

/** What was spent of a budget: as text, and as a bar where there is a budget. */
export function BudgetMeter({ name, use, usedUp }: BudgetMeterProps) {
  const percent = percentSpent(use);
  const standing = standingOf(use);
  return (
    <div className="flex min-w-0 flex-col gap-1.5 text-sm">
      <p className="[overflow-wrap:anywhere]">
        {name}: <span className="font-medium tabular-nums">{describeShare(use)}</span>
      </p>
      {percent !== null && (
        // biome-ignore lint/a11y/useSemanticElements: each browser draws a <meter> in its own colours
        <div
          role="meter"
          aria-label={name}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.min(100, percent)}
          aria-valuetext={describeShare(use)}
          className="h-2 overflow-hidden rounded-full border bg-muted"
        >
          <div
            className={cn("h-full forced-color-adjust-none", METER_COLORS[standing])}
            style={{ width: `${Math.min(100, percent)}%` }}
          />
        </div>
      )}
      {use.held_usd > 0 && (
        <p className="text-muted-foreground">Runs under way may cost up to {formatMoney(use.held_usd)}.</p>
      )}
      {standing === "used" && <p className="text-muted-foreground">{usedUp}</p>}
    </div>
  );
}

import { percentUsed } from "@/lib/teams/budget";
import type { BudgetUse } from "@/lib/teams/types";
import { standingOf } from "./budgets";

const COLORS = { fine: "bg-primary", nearly: "bg-warning-foreground", used: "bg-destructive" };

interface MeterBarProps {
  /** Of what, for screen readers. */
  name: string;
  /** The same in words. */
  text: string;
  use: BudgetUse & { monthly_usd: number };
}

/** How much of a limit is spent, and how much of it runs under way hold. */
export function MeterBar({ name, text, use }: MeterBarProps) {
  const { monthly_usd: limit, spent_usd, held_usd } = use;
  const percent = (usd: number) => Math.min(100, percentUsed(usd, limit));
  const [spent, all] = [percent(spent_usd), percent(spent_usd + held_usd)];
  return (
    // biome-ignore lint/a11y/useSemanticElements: each browser draws a <meter> in its own colors, with one bar
    <div
      role="meter"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={spent}
      aria-valuetext={text}
      className="flex h-2 overflow-hidden rounded-full border border-input bg-muted forced-color-adjust-none"
    >
      <span className={COLORS[standingOf(use)]} style={{ width: `${spent}%` }} />
      <span className="bg-primary/40" style={{ width: `${all - spent}%` }} />
    </div>
  );
}

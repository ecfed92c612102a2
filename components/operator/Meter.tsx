import { METER_COLORS } from "@/components/usage/BudgetMeter";
import { standingOf } from "@/components/usage/budgets";
import type { Spending } from "@/lib/operator/types";
import { formatMoney } from "@/lib/usage/money";

/** How much of a limit is spent, and how much of it runs under way hold. */
export function Meter({ name, spent, held, limit }: Spending & { name: string; limit: number }) {
  const percent = (usd: number) => (limit > 0 ? Math.min(100, (usd / limit) * 100) : 100);
  const [used, all] = [percent(spent), percent(spent + held)];
  const standing = standingOf({ monthly_usd: limit, spent_usd: spent, held_usd: held });
  return (
    // biome-ignore lint/a11y/useSemanticElements: the browser's own has one bar, and this one has two
    <div
      role="meter"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={limit}
      aria-valuenow={Math.min(limit, spent + held)}
      aria-valuetext={`${formatMoney(spent)} spent and ${formatMoney(held)} held of ${formatMoney(limit)}`}
      className="my-2 flex h-2 overflow-hidden rounded-full border border-input bg-muted forced-color-adjust-none"
    >
      <span className={METER_COLORS[standing]} style={{ width: `${used}%` }} />
      <span className="bg-primary/40" style={{ width: `${all - used}%` }} />
    </div>
  );
}

import type { Spending } from "@/lib/operator/types";
import { formatMoney } from "@/lib/usage/money";

/** How much of a limit is spent, and how much of it runs under way hold. */
export function Meter({ name, spent, held, limit }: Spending & { name: string; limit: number }) {
  const percent = (usd: number) => (limit > 0 ? Math.min(100, (usd / limit) * 100) : 100);
  const [used, all] = [percent(spent), percent(spent + held)];
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
      <span className={used >= 80 ? "bg-destructive" : "bg-primary"} style={{ width: `${used}%` }} />
      <span className="bg-primary/40" style={{ width: `${all - used}%` }} />
    </div>
  );
}

import type { ReactNode } from "react";

/** One number of a summary, within a `dl`. */
export function Tile({ name, value, detail }: { name: string; value: ReactNode; detail: ReactNode }) {
  return (
    <div className="min-w-0 rounded-xl border bg-card px-4 py-3 shadow-xs [overflow-wrap:anywhere]">
      <dt className="text-sm text-muted-foreground">{name}</dt>
      <dd className="mt-0.5 text-2xl font-semibold tracking-tight tabular-nums">{value}</dd>
      <dd className="text-xs text-muted-foreground">{detail}</dd>
    </div>
  );
}

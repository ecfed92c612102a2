import { formatCount } from "@/components/reveal/words";
import type { UsageReport } from "@/lib/usage/types";
import { allTokens, sentTokens } from "@/lib/vault-usage/tokens";
import { Tile } from "./Tile";
import { describeCost, describeRuns, SOURCE_LABELS } from "./words";

/** The totals, and what each source paid of them. */
export function UsageSummary({ scope, total, sources }: UsageReport) {
  const sent = sentTokens(total);
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid gap-3 sm:grid-cols-3">
        <Tile
          name="Tokens"
          value={formatCount(allTokens(total))}
          detail={`${formatCount(sent)} in, ${formatCount(total.output_tokens)} out`}
        />
        <Tile name="Estimated cost" value={describeCost(total)} detail="At list prices" />
        <Tile name="Runs" value={formatCount(total.runs)} detail="Including failed and stopped runs" />
      </dl>
      <ul aria-label="By key billed" className="grid gap-x-6 gap-y-3 sm:grid-cols-3">
        {sources.map(({ source, ...sum }) => (
          <li key={source} className="min-w-0 px-4 text-sm">
            <p className="font-medium">{SOURCE_LABELS[scope][source]}</p>
            <p className="text-muted-foreground">
              {formatCount(allTokens(sum))} tokens · {describeCost(sum)} · {describeRuns(sum.runs)}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

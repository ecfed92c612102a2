import { formatCount } from "@/components/reveal/words";
import { MeterBar } from "@/components/usage/MeterBar";
import { Tile } from "@/components/usage/Tile";
import { describeCost, describeRuns } from "@/components/usage/words";
import type { OperatorReport, Spending } from "@/lib/operator/types";
import { formatMoney } from "@/lib/vault-usage/money";
import { allTokens } from "@/lib/vault-usage/tokens";
import { describePeople } from "./words";

/** What was spent, against the limits. */
export function SpendingTiles({ today, month, under_way, total, people_count }: OperatorReport) {
  return (
    <dl className="grid grid-cols-1 gap-3 sm:grid-cols-2 xl:grid-cols-4">
      <SpendingTile name="Today (UTC)" {...today} unlimited="No daily limit (PLATFORM_DAILY_USD)" />
      <SpendingTile name="This month (UTC)" {...month} unlimited="No monthly limit (PLATFORM_MONTHLY_USD)" />
      <Tile
        name="Last 30 days"
        value={describeCost(total)}
        detail={`${formatCount(allTokens(total))} tokens · ${describeRuns(total.runs)} · ${describePeople(people_count)}`}
      />
      <Tile
        name="In progress"
        value={describeRuns(under_way)}
        detail={under_way === 0 ? "Nothing held" : `Up to ${formatMoney(month.held)} held until they finish`}
      />
    </dl>
  );
}

function SpendingTile({ name, unlimited, ...spending }: Spending & { name: string; unlimited: string }) {
  const { spent, held, limit } = spending;
  const isFull = limit !== null && spent + held >= limit;
  return (
    <Tile
      name={name}
      value={
        <>
          {formatMoney(spent)}
          {limit !== null && (
            <span className="text-base font-normal text-muted-foreground"> of {formatMoney(limit)}</span>
          )}
        </>
      }
      detail={
        limit === null ? (
          unlimited
        ) : (
          <>
            <div className="my-2">
              <MeterBar
                name={name}
                text={`${formatMoney(spent)} spent and ${formatMoney(held)} held of ${formatMoney(limit)}`}
                use={{ monthly_usd: limit, spent_usd: spent, held_usd: held }}
              />
            </div>
            {isFull
              ? "Nothing left"
              : `${formatMoney(limit - spent - held)} left${held > 0 ? `; ${formatMoney(held)} held` : ""}`}
          </>
        )
      }
    />
  );
}

import type { UsageReport } from "@/lib/usage/types";
import { describeRuns, formatFullDay } from "./words";

/** What the numbers are, and are not. */
export function UsageNotes({
  total,
  unpriced_models,
  prices,
}: Pick<UsageReport, "total" | "unpriced_models" | "prices">) {
  return (
    <div className="flex flex-col gap-1 text-xs text-muted-foreground">
      <p>
        Costs are the providers' list prices on the day of each run, before discounts and taxes; see{" "}
        <a
          href={prices.source}
          rel="noreferrer"
          className="underline underline-offset-4 hover:text-foreground"
        >
          Anthropic's list prices
        </a>
        . An invoice may differ.
        {prices.lists.map(({ name, date, models }) => (
          <span key={name} className="break-words">
            {" "}
            Today's price for {models.join(", ")} is from {name}, dated {formatFullDay(date)}.
          </span>
        ))}
      </p>
      {total.inexact > 0 && (
        <p>
          {total.inexact === 1 ? "The cost of 1 run is" : `The costs of ${describeRuns(total.inexact)} are`}{" "}
          not exact: the provider didn't report all usage, or it charges a different price for part of it.
        </p>
      )}
      {unpriced_models.length > 0 && (
        <p className="break-words">
          No price is known for {unpriced_models.join(", ")}. Those runs show tokens only and aren't included
          in the costs.
        </p>
      )}
    </div>
  );
}

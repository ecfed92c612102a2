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
        Costs are by{" "}
        <a
          href={prices.source}
          rel="noreferrer"
          className="underline underline-offset-4 hover:text-foreground"
        >
          Anthropic's list prices
        </a>{" "}
        on the day of each run, without discounts or taxes; the bill comes from Anthropic.
        {prices.lists.map(({ name, date, models }) => (
          <span key={name} className="break-words">
            {" "}
            Today's price of {models.join(", ")} is from {name} of {formatFullDay(date)}.
          </span>
        ))}
      </p>
      {total.inexact > 0 && (
        <p>
          {total.inexact === 1 ? "The cost of 1 run is" : `The costs of ${describeRuns(total.inexact)} are`}{" "}
          not exact: Anthropic did not count all that was used, or it charges another price for a part of it.
        </p>
      )}
      {unpriced_models.length > 0 && (
        <p className="break-words">
          No price is known for {unpriced_models.join(", ")}. Those runs show tokens only, and costs are
          without them.
        </p>
      )}
    </div>
  );
}

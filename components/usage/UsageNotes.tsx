import type { UsageReport } from "@/lib/usage/types";
import { formatFullDay } from "./words";

/** What the numbers are, and are not. */
export function UsageNotes({ unpriced_models, tiered_models, prices }: UsageReport) {
  return (
    <div className="flex flex-col gap-1 text-xs text-muted-foreground">
      <p>
        Costs are estimated by{" "}
        <a
          href={prices.source}
          rel="noreferrer"
          className="underline underline-offset-4 hover:text-foreground"
        >
          Anthropic's list prices
        </a>{" "}
        of {formatFullDay(prices.date)}, without discounts or taxes; the bill comes from Anthropic. What a
        stopped run used is an estimate as well.
      </p>
      {unpriced_models.length > 0 && (
        <p className="break-words">
          No price is known for {unpriced_models.join(", ")}. Those runs show tokens only, and costs are
          without them.
        </p>
      )}
      {tiered_models.length > 0 && (
        <p className="break-words">
          Long prompts cost more with {tiered_models.join(", ")}. Sums do not show how long each one was, so
          they use the lower price.
        </p>
      )}
    </div>
  );
}

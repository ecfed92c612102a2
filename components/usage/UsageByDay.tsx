"use client";

import { useState } from "react";
import { formatCount } from "@/components/reveal/words";
import { Skeleton } from "@/components/ui/skeleton";
import { later } from "@/components/vault/ui/later";
import { useEarlyInput } from "@/components/vault/useEarlyInput";
import { add, NOTHING } from "@/lib/usage/sums";
import type { Sum, UsageReport } from "@/lib/usage/types";
import { formatMoney } from "@/lib/vault-usage/money";
import { allTokens } from "@/lib/vault-usage/tokens";
import { Swatch } from "./Swatch";
import { colourOf, SOURCE_COLOURS } from "./sources";
import { Cell, DataTable, HeadCell, RowHead } from "./table";
import { describeCost, formatDay, formatFullDay, SOURCE_LABELS } from "./words";

const HEIGHT = "h-64 sm:h-72";

// Only this page needs the chart's library, and only after everything else is there.
const UsageChart = later(
  () => import("./UsageChart").then(({ UsageChart }) => UsageChart),
  ChartMissing,
  () => <Skeleton className={`${HEIGHT} w-full`} />,
);

/** In place of a chart that did not arrive: the rest of the page is worth having without it. */
function ChartMissing() {
  return (
    <p className="grid h-full place-items-center rounded-lg border border-dashed p-4 text-center text-sm text-muted-foreground">
      The chart couldn't be loaded. The table below has the same numbers.
    </p>
  );
}

const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

const MEASURES = { tokens: "Tokens", cost: "Estimated cost" } as const;
type Measure = keyof typeof MEASURES;

/** Each day's tokens or cost by whose key paid: as a chart, and as a table with the same numbers. */
export function UsageByDay({
  scope,
  period,
  sources,
  days,
  total,
}: Pick<UsageReport, "scope" | "period" | "sources" | "days" | "total">) {
  const [measure, setMeasure] = useState<Measure>("tokens");
  const choices = useEarlyInput<HTMLFieldSetElement>(measure, (name) =>
    setMeasure(name === "cost" ? "cost" : "tokens"),
  );
  const labels = SOURCE_LABELS[scope];
  const present = sources.map(({ source }) => source);
  const sumsOn = (day: string) => days.filter((sum) => sum.day === day);
  const inWords = (sum: Sum) => (measure === "tokens" ? formatCount(allTokens(sum)) : describeCost(sum));
  const points = daysOf(period).map((day) => {
    const point = { day, user: 0, team: 0, env: 0 };
    for (const sum of sumsOn(day))
      point[sum.source] = measure === "tokens" ? allTokens(sum) : (sum.cost ?? 0);
    return point;
  });

  return (
    <div className="flex flex-col gap-4" style={SOURCE_COLOURS}>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <ul aria-label="Colors" className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {present.map((source) => (
            <li key={source} className="flex gap-2">
              <Swatch colour={colourOf(source)} />
              {labels[source]}
            </li>
          ))}
        </ul>
        <fieldset ref={choices} className="inline-flex h-9 rounded-lg bg-muted p-[3px] text-sm">
          <legend className="sr-only">Show</legend>
          {(Object.keys(MEASURES) as Measure[]).map((name) => (
            <label
              key={name}
              className="flex cursor-pointer items-center rounded-md border border-transparent px-3 font-medium text-muted-foreground transition-colors has-checked:border-border has-checked:bg-background has-checked:text-foreground has-checked:shadow-xs has-focus-visible:outline-hidden has-focus-visible:ring-[3px] has-focus-visible:ring-ring/60 has-disabled:cursor-not-allowed"
            >
              <input
                type="radio"
                name="measure"
                value={name}
                className="sr-only"
                checked={measure === name}
                disabled={name === "cost" && total.cost === null}
                onChange={() => setMeasure(name)}
              />
              {MEASURES[name]}
            </label>
          ))}
        </fieldset>
      </div>

      <figure className="min-w-0">
        <figcaption className="mb-2 text-xs text-muted-foreground">
          {measure === "tokens" ? "Tokens" : "Estimated cost in US dollars"} per day, {formatDay(period.from)}{" "}
          to {formatDay(period.to)} (UTC)
        </figcaption>
        <div className={HEIGHT}>
          <UsageChart
            points={points}
            series={present.map((source) => ({ source, name: labels[source] }))}
            name={`${MEASURES[measure]} by day and key billed. The table below has the same numbers.`}
            format={measure === "tokens" ? formatCount : formatMoney}
            formatTick={measure === "tokens" ? (count) => COMPACT.format(count) : formatMoney}
          />
        </div>
      </figure>

      <details className="text-sm">
        <summary className="w-fit rounded-sm py-1 font-medium underline-offset-4 focus-visible:outline-hidden hover:underline focus-visible:ring-[3px] focus-visible:ring-ring/60">
          Show as a table
        </summary>
        <DataTable caption={`${MEASURES[measure]} by day (UTC) and key billed`}>
          <thead>
            <tr>
              <HeadCell text>Day</HeadCell>
              {present.map((source) => (
                <HeadCell key={source}>{labels[source]}</HeadCell>
              ))}
              {present.length > 1 && <HeadCell>Total</HeadCell>}
              <HeadCell>Runs</HeadCell>
            </tr>
          </thead>
          <tbody>
            {[...Map.groupBy(days, ({ day }) => day)].reverse().map(([day, sums]) => {
              const ofDay = sums.reduce<Sum>(add, NOTHING);
              return (
                <tr key={day} className="border-t">
                  <RowHead>{formatFullDay(day)}</RowHead>
                  {present.map((source) => {
                    const sum = sums.find((each) => each.source === source);
                    return <Cell key={source}>{sum ? inWords(sum) : "–"}</Cell>;
                  })}
                  {present.length > 1 && <Cell>{inWords(ofDay)}</Cell>}
                  <Cell>{formatCount(ofDay.runs)}</Cell>
                </tr>
              );
            })}
          </tbody>
        </DataTable>
      </details>
    </div>
  );
}

/** All days of the period, those without runs too. */
function daysOf({ from, to }: UsageReport["period"]): string[] {
  const days: string[] = [];
  for (const day = new Date(from); ; day.setUTCDate(day.getUTCDate() + 1)) {
    const text = day.toISOString().slice(0, 10);
    if (text > to) return days;
    days.push(text);
  }
}

"use client";

import {
  Bar,
  BarChart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from "recharts";
import type { SecretSource } from "@/lib/vault/types";
import { Swatch } from "./Swatch";
import { colourOf } from "./sources";
import { formatDay, formatFullDay } from "./words";

interface UsageChartProps {
  /** One for each day, oldest first. */
  points: ({ day: string } & Record<SecretSource, number>)[];
  /** What is stacked, from the axis on, with its name. */
  series: { source: SecretSource; name: string }[];
  /** For screen readers. */
  name: string;
  format: (value: number) => string;
  /** The same, shorter, for the axis. */
  formatTick: (value: number) => string;
}

const TICK = { fill: "var(--muted-foreground)", fontSize: 12 };

/** A bar for each day, stacked by whose key paid. The arrow keys go from day to day. */
export function UsageChart({ points, series, name, format, formatTick }: UsageChartProps) {
  // Bars of a phone's pixel or two would else be gaps more than colours.
  const isDense = points.length > 45;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={points}
        barCategoryGap={isDense ? "0%" : "10%"}
        margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
        aria-label={name}
        className="[&_.recharts-surface]:rounded-md [&_.recharts-surface:focus-visible]:outline-hidden [&_.recharts-surface:focus-visible]:ring-[3px] [&_.recharts-surface:focus-visible]:ring-ring/60"
      >
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis
          dataKey="day"
          tickFormatter={formatDay}
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: "var(--input)" }}
          interval="equidistantPreserveStart"
          minTickGap={24}
        />
        <YAxis width="auto" tick={TICK} tickFormatter={formatTick} tickLine={false} axisLine={false} />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: "var(--muted)" }}
          content={(props) => <DayTooltip {...props} series={series} format={format} />}
        />
        {series.map(({ source, name: label }) => (
          <Bar
            key={source}
            dataKey={source}
            name={label}
            stackId="day"
            fill={colourOf(source)}
            // The card shows between two parts, so that they differ by more than their colors.
            stroke="var(--card)"
            strokeWidth={isDense ? 0.5 : 1}
            maxBarSize={36}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

type DayTooltipProps = TooltipContentProps & Pick<UsageChartProps, "series" | "format">;

/** The numbers of the day that is pointed at. */
function DayTooltip({ active, payload, series, format }: DayTooltipProps) {
  const point: UsageChartProps["points"][number] | undefined = payload?.[0]?.payload;
  if (!active || !point) return null;
  return (
    <div className="rounded-md border bg-popover px-3 py-2 text-xs text-popover-foreground shadow-md">
      <p className="mb-1 font-medium">{formatFullDay(point.day)}</p>
      <ul className="flex flex-col gap-0.5">
        {series.map(({ source, name }) => (
          <li key={source} className="flex items-start gap-2">
            <Swatch colour={colourOf(source)} />
            <span className="mr-4 flex-1 leading-5">{name}</span>
            <span className="tabular-nums leading-5">{format(point[source])}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

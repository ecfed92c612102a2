"use client";

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/**
 * How long ago a moment was, in words.
 *
 * @param seconds in the past; small negative ones, from clocks that differ, count as now
 */
export function describeAge(seconds: number): string {
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit ? format.format(-Math.floor(seconds / unit[1]), unit[0]) : "just now";
}

/** A moment as its age, with the exact time on hover and for screen readers. */
export function RelativeTime({ iso }: { iso: string }) {
  const moment = new Date(iso);
  const exact = moment.toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
  // The browser's clock and time zone differ from the server's; the browser's are right.
  return (
    <time dateTime={iso} title={exact} suppressHydrationWarning>
      {describeAge((Date.now() - moment.getTime()) / 1000)}
      <span className="sr-only" suppressHydrationWarning>
        {" "}
        ({exact})
      </span>
    </time>
  );
}

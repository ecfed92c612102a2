"use client";

import { useClock } from "./useClock";

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const inZone = new Intl.DateTimeFormat("en", {
  ...{ year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" },
  timeZoneName: "long",
});

/**
 * How long ago a moment was, in words.
 *
 * @param seconds in the past; small negative ones, from clocks that differ, count as now
 */
export function describeAge(seconds: number): string {
  const unit = UNITS.find(([, length]) => seconds >= length);
  return unit ? format.format(-Math.floor(seconds / unit[1]), unit[0]) : "just now";
}

/**
 * A moment to the minute, in the same characters on every server and in every browser, and about as long as an age.
 *
 * @example "2026-03-05 12:00 UTC"
 */
export function formatUtc(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

interface RelativeTimeProps {
  /** ISO 8601. */
  iso: string;
  /** What is said of the moment, by how many seconds it is in the past; its age if left out. */
  inWords?: (seconds: number) => string;
}

/**
 * A moment as its age, by the browser's clock, with the exact time in the browser's zone on hover and for screen
 * readers. Until scripts run, it is the exact time in UTC.
 */
export function RelativeTime({ iso, inWords = describeAge }: RelativeTimeProps) {
  const moment = Date.parse(iso);
  const words = useClock((now) => inWords((now - moment) / 1000));
  if (Number.isNaN(moment)) return "at an unknown time";
  if (words === null) return <time dateTime={iso}>{formatUtc(iso)}</time>;
  const exact = inZone.format(moment);
  return (
    <time dateTime={iso} title={exact}>
      {words}
      <span className="sr-only"> ({exact})</span>
    </time>
  );
}

const format = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/**
 * How long something is still valid, in words.
 *
 * @param seconds since it has ended; before that, they are negative
 * @example "in 7 days", "in 3 hours", "in 5 minutes", "now"
 */
export function describeTimeLeft(seconds: number): string {
  const minutes = -seconds / 60;
  if (minutes <= 0) return "now";
  if (minutes > 36 * 60) return format.format(Math.round(minutes / 60 / 24), "day");
  if (minutes >= 60) return format.format(Math.round(minutes / 60), "hour");
  return format.format(Math.ceil(minutes), "minute");
}

const format = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/**
 * How long something still holds, in words.
 *
 * @param iso when it ends
 * @param now milliseconds since 1970
 * @example "in 7 days", "in 3 hours"
 */
export function describeTimeLeft(iso: string, now = Date.now()): string {
  const hours = (Date.parse(iso) - now) / 3_600_000;
  if (hours > 36) return format.format(Math.round(hours / 24), "day");
  return format.format(Math.max(1, Math.round(hours)), "hour");
}

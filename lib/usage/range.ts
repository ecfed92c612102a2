// Which days a usage report is about. All times are UTC.

/** The ranges to choose from, as `?range=` names them. */
export const RANGES = ["this-month", "last-month", "30-days", "90-days"] as const;
export type UsageRange = (typeof RANGES)[number];

export const DEFAULT_RANGE: UsageRange = "30-days";

/** The range that a text names; undefined for none, and for anything else. */
export const rangeNamed = (text: unknown): UsageRange | undefined => RANGES.find((range) => range === text);

/** The first and the last day, both included, e.g. "2026-11-23". */
export interface Period {
  from: string;
  to: string;
}

/**
 * The days of a range, up to today at most.
 *
 * @param now in any time zone; its day in UTC counts
 */
export function periodOf(range: UsageRange, now: Date): Period {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (range) {
    case "this-month":
      return { from: dayOf(year, month, 1), to: dayOf(year, month, day) };
    case "last-month":
      return { from: dayOf(year, month - 1, 1), to: dayOf(year, month, 0) };
    case "30-days":
      return { from: dayOf(year, month, day - 29), to: dayOf(year, month, day) };
    case "90-days":
      return { from: dayOf(year, month, day - 89), to: dayOf(year, month, day) };
  }
}

/** The moment at which the period is over: the midnight after its last day. */
export function endOf({ to }: Period): Date {
  const end = new Date(to);
  end.setUTCDate(end.getUTCDate() + 1);
  return end;
}

/** Months and days may be beyond their ends: the 0th is the last day of the month before. */
const dayOf = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

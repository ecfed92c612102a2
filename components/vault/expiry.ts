// Dates as a date field has them: the day in the person's own time zone.

/**
 * The day of a moment.
 *
 * @param time in ISO 8601; null for none
 * @returns "2026-03-05", or "" for none
 */
export function dayOf(time: string | null): string {
  if (time === null) return "";
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/**
 * The last second of a day, when what expires on it is gone.
 *
 * @param day as {@link dayOf} returns it
 * @returns ISO 8601 in UTC; null for no day
 */
export function endOf(day: string): string | null {
  return day === "" ? null : new Date(`${day}T23:59:59`).toISOString();
}

/** Whether a moment, in ISO 8601, has passed. */
export const isPast = (time: string): boolean => Date.parse(time) < Date.now();

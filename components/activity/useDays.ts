import { useClock } from "@/components/vault/ui/useClock";
import type { VaultEvent } from "@/lib/activity/events";

interface Day {
  /** "Today", "Yesterday", or the date in words. */
  name: string;
  events: VaultEvent[];
}

/**
 * Events by the day on which they were, where the person is. The server knows neither the time zone nor the browser's
 * clock, so until scripts run these are days in UTC, and say so.
 */
export function useDays(events: readonly VaultEvent[]): Day[] {
  const today = useClock((now) => new Date(now).setHours(0, 0, 0, 0));
  const days = Map.groupBy(events, ({ created_at }) => describeDay(new Date(created_at), today));
  return [...days].map(([name, ofDay]) => ({ name, events: ofDay }));
}

const dateOf = (moment: Date, timeZone?: string) =>
  moment.toLocaleDateString("en", { dateStyle: "full", timeZone });

/** @param today when it began; null where that is not known */
function describeDay(moment: Date, today: number | null): string {
  if (today === null) return `${dateOf(moment, "UTC")} (UTC)`;
  const yesterday = new Date(today);
  // Not 24 hours before, since a day can have 23 or 25 of them.
  yesterday.setDate(yesterday.getDate() - 1);
  const name = dateOf(moment);
  if (name === dateOf(new Date(today))) return "Today";
  return name === dateOf(yesterday) ? "Yesterday" : name;
}

import { useSyncExternalStore } from "react";
import type { VaultEvent } from "@/lib/activity/events";

interface Day {
  /** "Today", "Yesterday", or the date in words. */
  name: string;
  events: VaultEvent[];
}

/** Events by the day on which they were, where the person is. */
export function useDays(events: readonly VaultEvent[]): Day[] {
  // The server knows neither the time zone nor the browser's clock, and what it sends has to be what React finds
  // there. So both begin with dates in UTC, and the browser's own follow at once.
  const isBrowser = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
  const days = Map.groupBy(events, ({ created_at }) => describeDay(new Date(created_at), isBrowser));
  return [...days].map(([name, ofDay]) => ({ name, events: ofDay }));
}

const DAY_MS = 86_400_000;

function describeDay(moment: Date, local: boolean): string {
  const date = (time: Date | number) =>
    new Date(time).toLocaleDateString("en", { dateStyle: "full", ...(!local && { timeZone: "UTC" }) });
  const name = date(moment);
  if (local && name === date(Date.now())) return "Today";
  if (local && name === date(Date.now() - DAY_MS)) return "Yesterday";
  return name;
}

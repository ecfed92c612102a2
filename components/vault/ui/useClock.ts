"use client";

import { useSyncExternalStore } from "react";

const TICK_MS = 10_000;
const readers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  for (const read of readers) read();
}

/** One timer for everything that shows a time. A page that was hidden, or was kept, is late until it is looked at. */
function subscribe(read: () => void): () => void {
  if (readers.size === 0) {
    timer = setInterval(tick, TICK_MS);
    document.addEventListener("visibilitychange", tick);
    window.addEventListener("pageshow", tick);
  }
  readers.add(read);
  return () => {
    readers.delete(read);
    if (readers.size > 0) return;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
    window.removeEventListener("pageshow", tick);
  };
}

/**
 * Something that depends on the browser's clock or time zone, and is rendered anew when it changes. On the server, and
 * until the page's scripts run, nobody knows it: then it is null.
 *
 * @param read is given the milliseconds since 1970; what it returns is compared, so it is a text or the like
 */
export function useClock<Reading extends string | number | boolean>(
  read: (now: number) => Reading,
): Reading | null {
  return useSyncExternalStore<Reading | null>(
    subscribe,
    () => read(Date.now()),
    () => null,
  );
}

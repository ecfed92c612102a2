"use client";

import { useCallback, useSyncExternalStore } from "react";
import { CATEGORIES } from "@/lib/vault/types";

const storageKey = (place: string) => `vault-closed ${place}`;

/** The categories that were closed, of which only names that exist count: anybody may write into a browser's storage. */
function readClosed(place: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey(place)) ?? "[]");
    return Array.isArray(kept) ? CATEGORIES.filter((category) => kept.includes(category)) : [];
  } catch {
    return [];
  }
}

function writeClosed(place: string, closed: readonly string[]): void {
  try {
    if (closed.length === 0) localStorage.removeItem(storageKey(place));
    else localStorage.setItem(storageKey(place), JSON.stringify(closed));
  } catch {
    // A full or forbidden storage: then they are open next time.
  }
}

// As this page knows them, also where the storage is full or forbidden.
const known = new Map<string, readonly string[]>();
const readers = new Set<() => void>();
const NONE: readonly string[] = [];

function subscribe(read: () => void): () => void {
  readers.add(read);
  return () => {
    readers.delete(read);
    // The next panel asks the storage again, which other tabs write into.
    if (readers.size === 0) known.clear();
  };
}

function closedIn(place: string): readonly string[] {
  const closed = known.get(place) ?? readClosed(place);
  known.set(place, closed);
  return closed;
}

/**
 * Which categories are open, remembered in this browser. All of them are until one is closed.
 *
 * @param place names the person and the workspace
 */
export function useOpenCategories(place: string) {
  const closed = useSyncExternalStore(
    subscribe,
    () => closedIn(place),
    () => NONE,
  );
  const change = useCallback(
    (next: (closed: readonly string[]) => readonly string[]) => {
      const changed = next(closedIn(place));
      known.set(place, changed);
      writeClosed(place, changed);
      for (const read of readers) read();
    },
    [place],
  );
  return {
    isOpen: (category: string) => !closed.includes(category),
    toggle: (category: string) =>
      change((closed) =>
        closed.includes(category) ? closed.filter((other) => other !== category) : [...closed, category],
      ),
    open: (categories: readonly string[]) =>
      change((closed) => closed.filter((other) => !categories.includes(other))),
  };
}

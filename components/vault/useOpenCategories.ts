"use client";

import { useCallback, useLayoutEffect, useState } from "react";
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

/**
 * Which categories are open, remembered in this browser. All of them are until one is closed.
 *
 * @param place names the person and the workspace
 */
export function useOpenCategories(place: string) {
  const [closed, setClosed] = useState<readonly string[]>([]);
  // Before the browser paints, and not in the first render, which is to be like the server's.
  useLayoutEffect(() => setClosed(readClosed(place)), [place]);

  const change = useCallback(
    (next: (closed: readonly string[]) => readonly string[]) =>
      setClosed((current) => {
        const changed = next(current);
        writeClosed(place, changed);
        return changed;
      }),
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

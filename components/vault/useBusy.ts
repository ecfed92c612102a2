"use client";

import { useCallback, useRef, useState } from "react";

/**
 * Keeps track of what is under way.
 *
 * @returns the ids of what is, and a function that runs something once at a time for each id
 */
export function useBusy() {
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const running = useRef(new Set<string>());

  const whileBusy = useCallback(async (id: string, work: () => Promise<void>) => {
    if (running.current.has(id)) return;
    running.current.add(id);
    setBusy(new Set(running.current));
    try {
      await work();
    } finally {
      running.current.delete(id);
      setBusy(new Set(running.current));
    }
  }, []);

  return { busy, whileBusy };
}

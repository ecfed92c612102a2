"use client";

import { useCallback, useEffect, useState } from "react";
import { useLatest } from "@/components/vault/ui/useLatest";

const ASK_AGAIN_MS = 5_000;

/**
 * Looks again at keys whose state could not be learned: when the network is back, and every few seconds.
 *
 * @param look resolves to whether the state is known now
 * @returns a function that adds a key
 */
export function useRecheck(look: (key: string) => Promise<boolean>): (key: string) => void {
  const [unknown, setUnknown] = useState<ReadonlySet<string>>(new Set());
  const latestLook = useLatest(look);

  useEffect(() => {
    if (unknown.size === 0) return;
    const lookAgain = async () => {
      const answers = await Promise.all(
        [...unknown].map(async (key) => ((await latestLook.current(key)) ? key : null)),
      );
      const known = answers.filter((key) => key !== null);
      if (known.length > 0) setUnknown((keys) => new Set([...keys].filter((key) => !known.includes(key))));
    };
    const timer = setInterval(lookAgain, ASK_AGAIN_MS);
    window.addEventListener("online", lookAgain);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", lookAgain);
    };
  }, [unknown, latestLook]);

  return useCallback((key) => setUnknown((keys) => new Set(keys).add(key)), []);
}

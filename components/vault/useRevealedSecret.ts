"use client";

import { useCallback, useEffect, useRef, useState } from "react";

const SHOWN_FOR_MS = 30_000;

/**
 * The one value that is on the screen, if any. It is fetched when asked for, and forgotten after 30 seconds,
 * when the window loses focus or is hidden, when the page is left, and when the panel goes away.
 *
 * @param fetchValue asks the server; the same function in every render
 * @param onHide is called when a value that was shown is no longer
 */
export function useRevealedSecret(fetchValue: (key: string) => Promise<string>, onHide: () => void) {
  const [revealed, setRevealed] = useState<{ key: string; value: string } | null>(null);
  const [loadingKey, setLoadingKey] = useState<string | null>(null);
  // Of several requests only the last one asked for may show its answer, and none after a hide.
  const request = useRef(0);

  const hide = useCallback(() => {
    request.current += 1;
    setLoadingKey(null);
    setRevealed(null);
  }, []);

  /** Resolves to whether the value is shown now; rejects with an ApiError. */
  const reveal = useCallback(
    async (key: string): Promise<boolean> => {
      request.current += 1;
      const mine = request.current;
      setRevealed(null);
      setLoadingKey(key);
      try {
        const value = await fetchValue(key);
        // Hidden windows do not lose focus again, so nothing would hide it there.
        if (mine !== request.current || document.visibilityState === "hidden") return false;
        setRevealed({ key, value });
        return true;
      } finally {
        if (mine === request.current) setLoadingKey(null);
      }
    },
    [fetchValue],
  );

  const isShown = revealed !== null;
  const hidden = useRef(onHide);
  hidden.current = onHide;
  useEffect(() => {
    if (!isShown) return;
    return () => hidden.current();
  }, [isShown]);

  useEffect(() => {
    if (!revealed && !loadingKey) return;
    const timer = revealed ? setTimeout(hide, SHOWN_FOR_MS) : undefined;
    const hideWhenHidden = () => document.visibilityState === "hidden" && hide();
    window.addEventListener("blur", hide);
    // Before the page enters the back-forward cache, which would keep the value otherwise.
    window.addEventListener("pagehide", hide);
    document.addEventListener("visibilitychange", hideWhenHidden);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("blur", hide);
      window.removeEventListener("pagehide", hide);
      document.removeEventListener("visibilitychange", hideWhenHidden);
    };
  }, [revealed, loadingKey, hide]);

  return { revealed, loadingKey, reveal, hide };
}

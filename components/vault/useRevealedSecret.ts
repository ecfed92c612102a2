"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useLatest } from "@/components/vault/ui/useLatest";

const SHOWN_FOR_MS = 30_000;

/**
 * The one value that is on the screen, if any. It is fetched when asked for, and forgotten after 30 seconds,
 * when the window loses focus or is hidden, when the page is left, and when the panel goes away. While it is fetched,
 * the window may lose focus: the person may have to get a password from another one first.
 *
 * @param fetchValue asks the server; the same function in every render
 * @param onHide is called when a value that was shown is no longer
 */
export function useRevealedSecret(fetchValue: (key: string) => Promise<string>, onHide: () => void) {
  const [revealed, setRevealed] = useState<{ key: string; value: string; hidesAt: number } | null>(null);
  const [loadingKey, setLoadingKey] = useState<string | null>(null);
  // Of several requests only the last one asked for may show its answer, and none after a hide.
  const request = useRef(0);
  const isAway = useRef(false);

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
      isAway.current = false;
      setRevealed(null);
      setLoadingKey(key);
      try {
        const value = await fetchValue(key);
        // Windows without focus do not lose it again, so nothing would hide it there.
        const isSeen = !isAway.current && document.visibilityState !== "hidden";
        if (mine !== request.current || !isSeen) return false;
        setRevealed({ key, value, hidesAt: Date.now() + SHOWN_FOR_MS });
        return true;
      } finally {
        if (mine === request.current) setLoadingKey(null);
      }
    },
    [fetchValue],
  );

  const isShown = revealed !== null;
  const hidden = useLatest(onHide);
  useEffect(() => {
    if (!isShown) return;
    const tell = () => hidden.current();
    return tell;
  }, [isShown, hidden]);

  useEffect(() => {
    if (!loadingKey) return;
    const noteFocus = (event: Event) => {
      isAway.current = event.type === "blur";
    };
    window.addEventListener("blur", noteFocus);
    window.addEventListener("focus", noteFocus);
    window.addEventListener("pagehide", hide);
    return () => {
      window.removeEventListener("blur", noteFocus);
      window.removeEventListener("focus", noteFocus);
      window.removeEventListener("pagehide", hide);
    };
  }, [loadingKey, hide]);

  useEffect(() => {
    if (!revealed) return;
    const timer = setTimeout(hide, SHOWN_FOR_MS);
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
  }, [revealed, hide]);

  return { revealed, loadingKey, reveal, hide };
}

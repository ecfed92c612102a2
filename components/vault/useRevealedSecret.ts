"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { callApi } from "@/lib/http/client";

const SHOWN_FOR_MS = 30_000;

/**
 * The one value that is on the screen, if any. It is fetched when asked for, and forgotten after 30 seconds,
 * when the window loses focus or is hidden, when the page is left, and when the panel goes away.
 */
export function useRevealedSecret(onHide: () => void) {
  const [revealed, setRevealed] = useState<{ key: string; value: string } | null>(null);
  const [loadingKey, setLoadingKey] = useState<string | null>(null);
  // Of several requests only the last one asked for may show its answer, and none after a hide.
  const request = useRef(0);
  const announce = useRef(onHide);
  announce.current = onHide;

  const hide = useCallback(() => {
    request.current += 1;
    setLoadingKey(null);
    setRevealed((shown) => {
      if (shown) announce.current();
      return null;
    });
  }, []);

  const reveal = useCallback(async (key: string): Promise<boolean> => {
    request.current += 1;
    const mine = request.current;
    setRevealed(null);
    setLoadingKey(key);
    try {
      const reply = await callApi<{ value: string }>("GET", `/api/vault?key=${key}&reveal=true`);
      if (mine !== request.current) return false;
      setRevealed({ key, value: reply.value });
      return true;
    } finally {
      if (mine === request.current) setLoadingKey(null);
    }
  }, []);

  useEffect(() => {
    if (!revealed) return;
    const timer = setTimeout(hide, SHOWN_FOR_MS);
    const hideWhenHidden = () => document.visibilityState === "hidden" && hide();
    window.addEventListener("blur", hide);
    // pagehide comes before the page enters the back-forward cache, which would keep the value otherwise.
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

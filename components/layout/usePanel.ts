"use client";

import { useEffect, useSyncExternalStore } from "react";
import { PANEL_COOKIE, type Panel, panelNamed } from "@/lib/panel";

const ONE_YEAR_SECONDS = 31_536_000;

/**
 * The panel that a small window shows: the one that the address names, as the browser's `:target` has it, or else the
 * given one. A panel that the address names is remembered in this browser.
 */
export function usePanel(otherwise: Panel, present: readonly Panel[]): Panel {
  const named = panelNamed(useSyncExternalStore(watchAddress, fragment, () => ""));
  const opened = named && present.includes(named) ? named : undefined;
  useEffect(() => {
    if (opened) remember(opened);
  }, [opened]);
  return opened ?? otherwise;
}

function watchAddress(onChange: () => void): () => void {
  const follow = () => {
    // Next does not notice a plain link to a fragment, and would write the address without it at its next update.
    window.history.replaceState(window.history.state, "", window.location.href);
    onChange();
  };
  // A link that was clicked while Next started is written over already, but is still the browser's target.
  const target = panelNamed(document.querySelector(":target")?.id);
  if (target) window.history.replaceState(window.history.state, "", `#${target}`);
  window.addEventListener("hashchange", follow);
  return () => window.removeEventListener("hashchange", follow);
}

const fragment = () => window.location.hash.slice(1);

function remember(panel: Panel): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
  document.cookie = `${PANEL_COOKIE}=${panel}; path=/dashboard; max-age=${ONE_YEAR_SECONDS}; samesite=lax`;
}

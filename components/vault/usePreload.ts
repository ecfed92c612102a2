"use client";

import { useEffect } from "react";
import { loadParts } from "./lateParts";
import { preloadDialogs } from "./VaultDialogs";

const PRELOAD_AFTER_MS = 500;

/**
 * Loads what the panel does not need at first, once the page is there.
 *
 * @param canManage whether the person has any use for the dialogs
 */
export function usePreload(canManage: boolean): void {
  useEffect(() => {
    const preload = setTimeout(() => {
      void loadParts().catch(() => {});
      if (canManage) void preloadDialogs();
    }, PRELOAD_AFTER_MS);
    return () => clearTimeout(preload);
  }, [canManage]);
}

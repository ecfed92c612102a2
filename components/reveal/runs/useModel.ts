"use client";

import { useEffect, useState } from "react";
import type { RevealModel } from "@/lib/reveal/types";
import { PREFIX, storageOf } from "./forget";

const STORAGE_KEY = `${PREFIX}model`;

export interface ModelChoice {
  /** Those that can be chosen, the default first. */
  models: readonly RevealModel[];
  /** Undefined where none is known to be allowed; then the server takes its default. */
  chosen: RevealModel | undefined;
  choose: (id: string) => void;
}

/**
 * The model of the next run. What was chosen is remembered in this browser, and counts as long as it is allowed.
 *
 * @param models those that are allowed, the default first
 */
export function useModel(models: readonly RevealModel[]): ModelChoice {
  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => setWanted((now) => now ?? remembered()), []);

  return {
    models,
    chosen: models.find(({ id }) => id === wanted) ?? models[0],
    choose(id) {
      setWanted(id);
      try {
        storageOf("local")?.setItem(STORAGE_KEY, id);
      } catch {
        // Then it is chosen again next time.
      }
    },
  };
}

function remembered(): string | null {
  try {
    return storageOf("local")?.getItem(STORAGE_KEY) ?? null;
  } catch {
    return null;
  }
}

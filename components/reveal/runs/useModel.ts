"use client";

import { useEffect, useState } from "react";
import type { RevealModel } from "@/lib/reveal/types";
import { PREFIX, storageOf } from "./forget";
import type { RevealState } from "./state";

const STORAGE_KEY = `${PREFIX}model`;

export interface ModelChoice {
  /** Those that can be chosen, the default first. */
  models: readonly RevealModel[];
  /** Undefined where none is known to be allowed; then the server takes its default. */
  chosen: RevealModel | undefined;
  choose: (id: string) => void;
}

/**
 * The model of the next run. What was chosen is remembered in this browser, as long as it is allowed.
 *
 * @param allowed the default first
 * @param state in which the server may have said that one is not allowed after all
 */
export function useModel(allowed: readonly RevealModel[], state: RevealState): ModelChoice {
  const [wanted, setWanted] = useState<string | null>(null);
  const [refused, setRefused] = useState<readonly string[]>([]);
  useEffect(() => setWanted((now) => now ?? remembered()), []);

  const errors = [state.run, state.analyze];
  const wrong = errors.find(({ error }) => error?.code === "model_not_allowed")?.empty?.model;
  useEffect(() => {
    if (wrong) setRefused((models) => (models.includes(wrong) ? models : [...models, wrong]));
  }, [wrong]);

  const models = allowed.filter(({ id }) => !refused.includes(id));
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

"use client";

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { RunKind, RunOutcome } from "@/lib/reveal/types";
import type { TeamSummary } from "@/lib/teams/types";
import { type ApiError, offline } from "@/lib/vault/http/client";
import type { Choice, RevealEngine } from "./engine";
import { RunActions, RunContent, RunList } from "./late";
import { NOTHING_YET, type RevealState } from "./state";

export interface Reveal {
  state: RevealState;
  /** Null until it is loaded. */
  engine: RevealEngine | null;
  /** Runs a prompt, or analyzes a text. */
  send: (kind: RunKind, text: string, choice: Choice) => void;
  /** Why nothing can be run at all; null as long as that is not known. */
  failure: ApiError | null;
}

const watchNothing = () => () => {};

/**
 * Reveal's runs of one person in one workspace. What runs and keeps them is loaded once the page is there.
 *
 * @param userId UUID
 * @param onRun learns how each run ended
 */
export function useReveal(
  userId: string,
  team: TeamSummary | null,
  onRun: (outcome: RunOutcome) => void,
): Reveal {
  const [engine, setEngine] = useState<RevealEngine | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const loading = useRef<Promise<RevealEngine>>(null);
  const latestOnRun = useRef(onRun);
  latestOnRun.current = onRun;

  const load = useCallback(() => {
    // With what shows an answer, because a connection may be gone by then.
    loading.current ??= Promise.all([import("./engine"), RunContent.preload()]).then(([{ RevealEngine }]) => {
      const loaded = new RevealEngine({ userId, team, onRun: (outcome) => latestOnRun.current(outcome) });
      setEngine(loaded);
      // What goes with an answer, and may be missing.
      for (const part of [RunActions, RunList]) part.preload().catch(() => {});
      return loaded;
    });
    return loading.current;
  }, [userId, team]);

  useEffect(() => {
    // A run before it is there, or after it could not be loaded, waits for it again.
    load().catch(() => {
      loading.current = null;
    });
    return () => {
      loading.current?.then((loaded) => loaded.close()).catch(() => {});
      loading.current = null;
    };
  }, [load]);

  const send = useCallback(
    (kind: RunKind, text: string, choice: Choice) => {
      setFailure(null);
      load().then(
        (loaded) => void loaded.send(kind, text, choice),
        () => {
          loading.current = null;
          setFailure(offline());
        },
      );
    },
    [load],
  );

  const state = useSyncExternalStore(
    engine?.subscribe ?? watchNothing,
    engine?.read ?? (() => NOTHING_YET),
    () => NOTHING_YET,
  );
  return { state, engine, send, failure };
}

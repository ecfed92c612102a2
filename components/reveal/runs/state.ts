import type { RunKind } from "@/lib/reveal/types";
import type { ApiError } from "@/lib/vault/http/client";
import type { PageRun } from "./run";

/** What one of the two forms shows. */
interface FormState {
  /** The run whose answer is shown: the one under way, or the last one that had an answer. */
  shown: PageRun | null;
  isRunning: boolean;
  /** Why the last run did not work; null where it did. */
  error: ApiError | null;
  /** The last run, where it brought nothing to show. */
  empty: PageRun | null;
}

/** What the panel shows. */
export interface RevealState extends Record<RunKind, FormState> {
  /** Those that are over, newest first. */
  ended: readonly PageRun[];
  /** Whether they outlive this tab. */
  isKept: boolean;
}

const EMPTY: FormState = { shown: null, isRunning: false, error: null, empty: null };

/** Before anything was loaded. */
export const NOTHING_YET: RevealState = { run: EMPTY, analyze: EMPTY, ended: [], isKept: false };

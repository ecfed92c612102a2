import { Problem } from "../vault/http/problem";
import { revealProblem } from "./errors";

/** For a whole provider call; below the routes' `maxDuration` of 300 s, so that the error is ours. */
export const DEADLINE_MS = 280_000;

/** What ends a provider call early: the person leaving, or the time running out. */
export interface Limits {
  /** For the SDK. */
  signal: AbortSignal;
  /**
   * Ends the call where nothing else has: the provider, if it is still connected, is hung up on.
   *
   * @param milliseconds from now; immediately if missing
   */
  end(milliseconds?: number): void;
  /** Why the call was ended, undefined if nothing ended it. */
  interruption(): Problem | undefined;
}

/**
 * @param left aborts when the person has left, or with the Problem that ends the call
 * @param milliseconds for the whole call
 */
export function limitsOf(left: AbortSignal, milliseconds = DEADLINE_MS): Limits {
  const deadline = AbortSignal.timeout(milliseconds);
  const over = new AbortController();
  return {
    signal: AbortSignal.any([left, deadline, over.signal]),
    end: (milliseconds) => {
      if (milliseconds === undefined) over.abort();
      else setTimeout(() => over.abort(), milliseconds).unref();
    },
    interruption: () => {
      if (left.aborted) return left.reason instanceof Problem ? left.reason : revealProblem("cancelled");
      return deadline.aborted ? revealProblem("provider_timeout") : undefined;
    },
  };
}

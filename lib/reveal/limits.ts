import type { Problem } from "../vault/http/problem";
import { interruptionOf } from "../vault-usage/interruption";

/** What ends a provider call early: whatever ends its run, or its own end, which not every gateway sends. */
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

/** @param ended the run's own signal */
export function limitsOf(ended: AbortSignal): Limits {
  const over = new AbortController();
  return {
    signal: AbortSignal.any([ended, over.signal]),
    end: (milliseconds) => {
      if (milliseconds === undefined) over.abort();
      else setTimeout(() => over.abort(), milliseconds).unref();
    },
    interruption: () => interruptionOf(ended),
  };
}

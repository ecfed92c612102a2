import type { ResolvedSecret, SecretSource } from "../vault/types";
import type { Meter, Reading } from "./meter";

// What the ledger and the app around it tell each other of a call, from its entry to its end.

/** A call that is about to be made: for which feature, on whose key. */
export interface Entry {
  /** Lower-case letters, digits, and hyphens, at most 40. */
  feature: string;
  /** The name of the key, e.g. "OPENAI_API_KEY". */
  key: string;
  /** UUID from the session; null for a job that nobody waits for. A job can use only a team's key, or the platform's. */
  userId: string | null;
  /** UUID from the request, which counts only while the person is in that team; null to leave teams out. */
  teamId: string | null;
  /** The one layer whose key is to pay, because the person said so; undefined for the usual order. */
  only?: SecretSource | undefined;
  /** The caller's own name for the call, a fresh UUID. A request that arrives twice is then run once. */
  id?: string | undefined;
}

/** What the database says of a call that it has entered. */
export interface Entered {
  id: string;
  /** Whose key pays. */
  source: SecretSource;
  /**
   * Decrypts the key.
   *
   * @throws Problem secret_unreadable or vault_unavailable, with the source that failed
   */
  openKey(): Promise<ResolvedSecret>;
  /** Whether a limit in USD counts for it. */
  isLimited: boolean;
}

export interface OpenRun {
  /**
   * Decrypts the key that pays. The run is entered in the step that finds the key: one that cannot be read ends the run,
   * and never makes another one pay.
   *
   * @throws Problem secret_unreadable or vault_unavailable, with the source that failed
   */
  openKey: Entered["openKey"];
  /** For the code that makes the call; its `signal` ends that. */
  meter: Meter;
  /** Whether a limit in USD counts for it. */
  isLimited: boolean;
  /** Ends the entry: an `Ending`, or the code of what ended the call. Only the first call counts. */
  finish(status: string): void;
  /** Resolves once the ending is stored, or that has failed for good. */
  finished: Promise<RunEnding>;
}

/** A run that is over, as its row has it. */
export interface RunEnding extends Reading {
  id: string;
  /** Null for a job's. */
  user_id: string | null;
  team_id: string | null;
  /** The feature's name. */
  kind: string;
  key: string;
  source: SecretSource;
  /** An `Ending`, or the code of what ended it. */
  status: string;
  duration_ms: number;
}

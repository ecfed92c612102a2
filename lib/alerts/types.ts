import type { Database } from "../../types/database";

/** What has a limit in USD. */
export type Cap = Database["public"]["Tables"]["spending_alerts"]["Row"]["cap"];

/** The run that an alert follows, as the ledger has it. */
export interface SpendingRun {
  /** Null for a job's. */
  userId: string | null;
  teamId: string | null;
  /** Whose key pays. */
  source: "user" | "team" | "env";
}

/** A run that a cap had no room for. */
export interface FullCap {
  cap: Cap;
  /** The most that the shortest run may cost, in USD. */
  leastCost: number;
}

/** An alert that is this caller's to send. */
export interface Alert {
  cap: Cap;
  percent: 80 | 100;
  /** By runs that are over, in USD. */
  spentUsd: number;
  limitUsd: number;
  /** The first day of the period in UTC, e.g. "2026-11-01". */
  periodStart: string;
  /** Null for the platform's caps. */
  teamId: string | null;
  /** For a member's cap alone. */
  userId: string | null;
}

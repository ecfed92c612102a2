import type { Usage } from "../reveal/types";
import type { SecretSource } from "../vault/types";

// What the browser and the server both need to know of usage.

/** Nearest first, as everywhere. */
export const SOURCES = ["user", "team", "env"] as const satisfies SecretSource[];

/**
 * Whose runs a report is about: everything that the person ran ("personal"), everything in a team, for its admins
 * ("team"), or only what the person ran in a team ("own").
 */
export type UsageScope = "personal" | "team" | "own";

/** Several runs together. */
export interface Sum extends Usage {
  runs: number;
  /** Estimated, in USD; null where no model of these has a known price. */
  cost: number | null;
  /** False where a part of them has no known price, or could have a higher one: then `cost` is "at least". */
  cost_complete: boolean;
}

/** What one key's owner paid on one day. */
interface DaySum extends Sum {
  /** In UTC, e.g. "2026-11-23". */
  day: string;
  source: SecretSource;
}

/** The finest sums: a line of the CSV file. */
export interface UsageRow extends DaySum {
  model: string;
  /** Whose runs, by e-mail address; only in reports for a team's admins. */
  member?: string;
}

/** The reply of `GET /api/usage`. */
export interface UsageReport {
  scope: UsageScope;
  /** The first and the last day, both included, in UTC. */
  period: { from: string; to: string };
  total: Sum;
  /** By whose key paid; those with runs only. */
  sources: (Sum & { source: SecretSource })[];
  /** By day and by whose key paid, oldest first; those with runs only. */
  days: DaySum[];
  /** For a team's admins only. */
  members?: (Sum & { member: string })[];
  /** Models of these runs without a known price. */
  unpriced_models: string[];
  /** Models that cost more for long prompts, and may have had some: their cost is by the lower price. */
  tiered_models: string[];
  prices: { date: string; source: string };
}

/** One call to the provider, as lists show it. */
export interface Run extends Usage {
  id: string;
  /** ISO 8601 in UTC. */
  created_at: string;
  kind: "run" | "analyze";
  model: string;
  source: SecretSource;
  /** started, completed, unfinished (the server was stopped before the end), or the code of what ended it. */
  status: string;
  duration_ms: number | null;
  /** Estimated, in USD; null for a model without a known price. */
  cost: number | null;
  /** Who ran it, by e-mail address; only in lists for a team's admins. */
  member?: string;
}

/** The reply of `GET /api/usage/runs`. */
export interface RunsPage {
  /** Newest first. */
  runs: Run[];
  /** What to give as `before` for the next ones; null after the last. */
  next: string | null;
}

import type { BudgetUse, MemberBudget } from "../teams/types";
import type { SecretSource } from "../vault/types";
import type { StopReason, Usage, UsageDetails } from "../vault-usage/types";
import type { Period, UsageRange } from "./range";

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
  /** In USD, by the list prices of their days; null where none of them has a known price. */
  cost: number | null;
  /** How many used tokens whose price is not known. Where there are some, `cost` is "at least". */
  unpriced: number;
  /** How many of the costs are estimates. Where there are some, `cost` is "about". */
  inexact: number;
}

/** What one key's owner paid on one day. */
interface DaySum extends Sum {
  /** In UTC, e.g. "2026-11-23". */
  day: string;
  source: SecretSource;
}

/** The finest sums: a line of the CSV file. */
export interface UsageRow extends DaySum {
  /** Empty where calls had none, or nobody knows it. */
  model: string;
  /** The feature's name, e.g. "run"; the operator's rows are not by feature. */
  feature?: string;
  /** Whose runs, by e-mail address; only in reports for a team's admins. */
  member?: string;
}

interface PriceListUse {
  name: string;
  /** When it was made, e.g. "2026-11-12". */
  date: string;
  models: string[];
}

/** The reply of `GET /api/usage`. */
export interface UsageReport {
  scope: UsageScope;
  range: UsageRange;
  /** In UTC. */
  period: Period;
  total: Sum;
  /** By whose key paid; those with runs only. */
  sources: (Sum & { source: SecretSource })[];
  /** By day and by whose key paid, oldest first; those with runs only. */
  days: DaySum[];
  /** By feature, by its name; what cost most first. */
  features: (Sum & { feature: string })[];
  /** For a team's admins only. */
  members?: (Sum & { member: string })[];
  /** Models of these runs without a known price. */
  unpriced_models: string[];
  prices: {
    /** The provider's page of list prices. */
    source: string;
    /** Whose copies of that page count today, for which models of these runs. */
    lists: PriceListUse[];
  };
}

/** What was spent of a team's budgets this month, as `GET /api/usage` adds it for a team. */
export interface UsageBudgets {
  /** In UTC, e.g. "2026-11". */
  month: string;
  own: BudgetUse;
  /** For admins only, as what follows. */
  team?: BudgetUse;
  /** Those who are in the team, by e-mail address, who spent most first. */
  members?: (Omit<MemberBudget, "user_id"> & { member: string })[];
  /** What people spent who have left, in US dollars. */
  others_usd?: number;
}

/** One call to the provider, as lists show it. */
export interface Run extends Usage {
  id: string;
  /** ISO 8601 in UTC. */
  created_at: string;
  /** The feature's name, e.g. "run". */
  kind: string;
  /** The name of the key that paid. */
  key: string;
  /** Empty where the call had none, or nobody knows it. */
  model: string;
  source: SecretSource;
  /** started, completed, unfinished (the server was stopped before the end), or the code of what ended it. */
  status: string;
  /** Why the model stopped; null where it did not say. */
  stop_reason: StopReason | null;
  duration_ms: number | null;
  /** Whether the provider counted all of it; otherwise the tokens are an estimate. */
  is_counted: boolean;
  /** In USD, by the list price of its day; null for a model without a known price. */
  cost: number | null;
  /** Whether it was counted, and every part of it has a known price. */
  cost_exact: boolean;
  /** What else the provider said of its usage. */
  details: UsageDetails;
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

import type { Sum, UsageReport } from "../usage/types";

// What the browser and the server both need to know of the operator's page.

/** How many of a long list the page gets. */
export const MOST_SHOWN = 100;

export const OPERATOR_ACTIONS = ["stopped", "resumed", "limit_set", "limit_removed"] as const;

/** The largest number of tokens that a limit can be. */
export const MAX_DAILY_TOKENS = 1_000_000_000;

/** What the platform's key has cost over a time, in USD. */
export interface Spending {
  /** By runs that are over. */
  spent: number;
  /** What runs under way may still cost. */
  held: number;
  /** Null: no limit. */
  limit: number | null;
}

/** Whether runs may begin on the platform's key, and who decided that last. */
export interface KeyState {
  /** Whether the server has such a key, and it is not switched off in its environment. */
  is_configured: boolean;
  is_stopped: boolean;
  /** Null where no operator has ever changed it. */
  changed: { by: Actor; at: string } | null;
}

export interface Actor {
  /** Null once the account is deleted. */
  email: string | null;
  is_you: boolean;
}

/** A person, for those who may see all. */
export interface Person {
  /** Null for accounts that are deleted, which are one together. */
  user_id: string | null;
  /** Null once the account is deleted; empty for one without an address. */
  email: string | null;
  /** Their own limit in tokens a day; null for the usual one. */
  own_limit: OwnLimit | null;
}

export interface OwnLimit {
  /** Null: as many as the platform's total allows. 0: none. */
  daily_tokens: number | null;
}

interface Refusals {
  /** Most often first. */
  reasons: { reason: string; times: number; people: number }[];
  /** At most {@link MOST_SHOWN}, most often first. */
  people: (Person & { reason: string; times: number; last_day: string })[];
}

/** An account that was created within the period and has used the platform's key. Times are ISO 8601 in UTC. */
interface Newcomer extends Person, Sum {
  signed_up_at: string;
  first_run_at: string;
}

/** The reply of `GET /api/operator/usage`: sums of what ran on the platform's key; days are UTC's. */
export interface OperatorReport {
  platform_key: KeyState;
  today: Spending;
  month: Spending;
  /** How many runs are under way. */
  under_way: number;
  /** Tokens that a person without a limit of their own may use a day. */
  usual_daily_tokens: number;
  /** The first and the last day, both included. */
  period: UsageReport["period"];
  total: Sum;
  /** Those with runs only, oldest first. */
  days: (Sum & { day: string })[];
  /** At most {@link MOST_SHOWN}, highest cost first. */
  people: (Person & Sum)[];
  /** How many people there are, deleted accounts as one. */
  people_count: number;
  /** At most {@link MOST_SHOWN}, highest cost first. */
  models: (Sum & { model: string })[];
  refusals: Refusals;
  /** At most 20, newest first. */
  newcomers: Newcomer[];
  /** People with a limit of their own: at most {@link MOST_SHOWN}, newest first. */
  limits: (Person & { since: string })[];
  unpriced_models: UsageReport["unpriced_models"];
  prices: UsageReport["prices"];
}

/** Something that an operator did. */
export interface OperatorEvent {
  id: string;
  action: (typeof OPERATOR_ACTIONS)[number];
  actor: Actor;
  /** Whose limit it is; null for the key itself. */
  subject: { email: string | null } | null;
  /** The limit that was set; null for none. */
  daily_tokens: number | null;
  /** ISO 8601 in UTC. */
  created_at: string;
}

/** The reply of `GET /api/operator/events`. */
export interface OperatorEventPage {
  /** Newest first. */
  events: OperatorEvent[];
  /** What to give as `before` for the next ones; null after the last. */
  next: string | null;
}

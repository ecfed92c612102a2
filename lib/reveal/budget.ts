import "server-only";
import { env } from "../env";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { revealProblem } from "./errors";
import type { Budget } from "./types";

/** What a run that is under way counts for, above what it sends: about the longest answer. */
const RESERVED_TOKENS = 8_192;
const DAY_MS = 86_400_000;

/**
 * How much of a person's daily tokens at the platform's expense is left. Days are UTC.
 *
 * @throws Problem vault_unavailable
 */
export async function readBudget(userId: string, now = Date.now()): Promise<Budget> {
  const today = new Date(now - (now % DAY_MS)).toISOString();
  const { data, error } = await adminClient().rpc("reveal_usage", {
    for_user: userId,
    for_team: null,
    since: today,
  });
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  const used = data
    .filter(({ source }) => source === "env")
    .flatMap((row) => [
      row.input_tokens,
      row.output_tokens,
      row.cache_creation_input_tokens,
      row.cache_read_input_tokens,
      (row.under_way ?? 0) * RESERVED_TOKENS,
    ])
    .reduce<number>((sum, tokens) => sum + (tokens ?? 0), 0);
  const limit = env().platformDailyTokens;
  return { limit, left: Math.max(0, limit - used) };
}

/**
 * Lets a run on the platform's key begin, or says why not. Runs that are under way count with what they may
 * come to, so many at once do not get far beyond the limit: by what runs that begin in the same moment use.
 *
 * @throws Problem platform_budget_spent, vault_unavailable
 */
export async function requireBudget(userId: string, now = Date.now()): Promise<void> {
  const { limit, left } = await readBudget(userId, now);
  if (left > 0) return;
  const tokens = limit.toLocaleString("en-US");
  throw revealProblem("platform_budget_spent", {
    source: "env",
    retryAfter: Math.ceil((DAY_MS - (now % DAY_MS)) / 1000),
    detail:
      limit === 0
        ? "Whoever runs this site does not let runs use the platform's key. Add your own ANTHROPIC_API_KEY to your vault, or ask them."
        : `Your ${tokens} tokens a day on the platform's key are used up, or kept for runs under way. Add your own ANTHROPIC_API_KEY to your vault, wait until midnight (UTC), or ask whoever runs this site for more.`,
  });
}

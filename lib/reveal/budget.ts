import "server-only";
import { env } from "../env";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import type { Budget } from "./types";

/**
 * How much of a person's daily tokens at the platform's expense is left. Days are UTC. A run that is under way
 * counts with the longest answer that it may get. The database keeps the budget (lib/vault-usage/run.ts).
 *
 * @returns null while the operator has stopped the platform's key, or lets this person use none of it
 * @throws Problem vault_unavailable
 */
export async function readBudget(userId: string): Promise<Budget | null> {
  const { data, error } = await adminClient()
    .rpc("platform_budget", { for_user: userId, daily_tokens: env().platformDailyTokens })
    .single();
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  const { is_stopped, allowed, used } = data;
  if (is_stopped || allowed === 0) return null;
  return { limit: allowed, left: allowed === null ? null : Math.max(0, allowed - (used ?? 0)) };
}

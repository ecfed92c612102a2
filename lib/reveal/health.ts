import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import type { KeyUse, Owner } from "../vault/types";
import { KEY_RESULTS } from "../vault-usage/types";
import { REVEAL_KEY } from "./types";

const LOOK_BACK_MS = 30 * 86_400_000;

/**
 * How an owner's key for Reveal did when it was last really used, within 30 days; null if it was not. From the ledger:
 * no provider is asked.
 *
 * @throws Problem vault_unavailable
 */
export async function readLastUse(owner: Owner): Promise<KeyUse | null> {
  const { data, error } = await adminClient()
    .from("reveal_runs")
    .select("status, created_at")
    .eq(owner.type === "user" ? "user_id" : "team_id", owner.id)
    .eq("source", owner.type)
    .eq("key", REVEAL_KEY)
    .in("status", [...KEY_RESULTS.keys()])
    .gte("created_at", new Date(Date.now() - LOOK_BACK_MS).toISOString())
    .order("created_at", { ascending: false })
    .order("id", { ascending: false })
    .limit(1)
    .maybeSingle();
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  const result = data && KEY_RESULTS.get(data.status);
  return result ? { result, at: new Date(data.created_at).toISOString() } : null;
}

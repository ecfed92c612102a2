import "server-only";
import type { SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod/v4";
import { vaultProblem } from "@/lib/vault/errors";
import { adminClient } from "@/lib/vault/host";

const usage = z.object({
  /** As `withKey` was given it. */
  feature: z.string(),
  /** The name of the key. */
  key: z.string(),
  /** Whose key paid. */
  source: z.enum(["user", "team", "env"]),
  calls: z.number(),
  /** Sent and written. */
  tokens: z.number(),
  /** In USD, by the list price of each day; null if no call has a known price. */
  cost: z.number().nullable(),
  /** How many calls used something whose price isn't known. */
  unpriced: z.number(),
});
/** What a person's calls used, for one feature on one key. */
export type FeatureUsage = z.infer<typeof usage>;

/**
 * What a person's calls used, by feature, key, and whose key it was. Calls in progress count with an estimate.
 *
 * @param userId from the session
 * @throws Problem vault_unavailable
 */
export async function readUsage(userId: string, since: Date): Promise<FeatureUsage[]> {
  // Whatever types your own client has.
  const database: SupabaseClient = adminClient();
  const { data, error } = await database.rpc("sum_usage", { for_user: userId, since: since.toISOString() });
  const rows = z.array(usage).safeParse(data);
  if (error || !rows.success) throw vaultProblem("vault_unavailable", { cause: error ?? rows.error });
  return rows.data;
}

import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { KEY_RESULTS } from "../vault-usage/types";

const ANSWERED = [...KEY_RESULTS].filter(([, result]) => result === "worked").map(([status]) => status);

/**
 * Whether a person has ever had an answer, in whatever workspace and on whose key it was.
 *
 * @param userId UUID
 * @throws Problem vault_unavailable
 */
export async function hasHadAnswer(userId: string): Promise<boolean> {
  const { data, error } = await adminClient()
    .from("reveal_runs")
    .select("id")
    .eq("user_id", userId)
    .in("status", ANSWERED)
    .limit(1);
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return data.length > 0;
}

import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import { operatorProblem } from "./errors";
import type { LimitChange } from "./schema";
import type { OwnLimit } from "./types";

// What operators change. Whoever calls has asked whether that is one. The database writes the event in the statement
// that makes the change.

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const FOREIGN_KEY_VIOLATION = "23503";

/**
 * Stops the platform's key for every run that has not begun yet, or lets runs begin again.
 *
 * @throws Problem vault_unavailable
 */
export async function setStopped(operatorId: string, isStopped: boolean): Promise<void> {
  const { error } = await adminClient().rpc("set_platform_stop", { actor: operatorId, stop: isStopped });
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
}

/**
 * Sets what one person may use a day on the platform's key.
 *
 * @returns whose limit it is, and what it is now: null for the usual one
 * @throws Problem person_not_found, vault_unavailable
 */
export async function setLimit(
  operatorId: string,
  { user_id, email, daily_tokens }: LimitChange,
): Promise<{ user_id: string; own_limit: OwnLimit | null }> {
  const userId = user_id ?? (await findPerson(email ?? ""));
  const isUsual = daily_tokens === "usual";
  const own_limit = isUsual ? null : { daily_tokens };
  const { error } = await adminClient().rpc("set_platform_limit", {
    actor: operatorId,
    for_user: userId,
    daily_tokens: own_limit?.daily_tokens ?? null,
    is_default: isUsual,
  });
  if (error?.code === FOREIGN_KEY_VIOLATION) throw operatorProblem("person_not_found");
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  return { user_id: userId, own_limit };
}

/** Whose address this is, as the auth server keeps addresses: in lower case. */
async function findPerson(email: string): Promise<string> {
  const { data, error } = await adminClient()
    .from("profiles")
    .select("user_id")
    .eq("email", email.toLowerCase())
    .limit(1);
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  if (!data[0]) throw operatorProblem("person_not_found");
  return data[0].user_id;
}

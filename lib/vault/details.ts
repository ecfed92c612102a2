import "server-only";
import { vaultProblem } from "./errors";
import { adminClient } from "./host";
import type { CheckFacts, CheckResult, Owner } from "./types";

// What happens to a value after it is stored, beside the value. It counts for the value that was read: one that replaces it
// starts without any.

/** What a provider said about a value. */
export interface EnteredCheck {
  result: CheckResult;
  facts: CheckFacts;
  /** When the provider says that the value expires, ISO 8601; null where it does not say. */
  expiresAt: string | null;
}

/**
 * Enters what a provider said.
 *
 * @param readAt when the value was about to be read
 * @throws Problem vault_unavailable
 */
export async function enterCheck(
  owner: Owner,
  key: string,
  readAt: Date,
  check: EnteredCheck,
): Promise<void> {
  const { error } = await adminClient().rpc("enter_check", {
    for_type: owner.type,
    for_owner: owner.id,
    for_key: key,
    read_at: readAt.toISOString(),
    result: check.result,
    facts: check.facts as Record<string, string>,
    learned_expiry: check.expiresAt,
  });
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
}

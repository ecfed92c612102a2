import "server-only";
import { after } from "next/server";
import { vaultProblem } from "./errors";
import { adminClient } from "./host";
import { hourly } from "./hourly";
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

const uses = hourly();

/**
 * Enters that a value is used, once the request that uses it is answered: at most once an hour for each value. Never throws
 * and says nothing of a failure, because the value was used all the same.
 *
 * @param ciphertext of the value, by which a new one begins again
 */
export function noteUse(owner: Owner, key: string, ciphertext: string): void {
  const name = [owner.type, owner.id, key, ciphertext.slice(-32)].join();
  if (!uses.isDue(name)) return;
  const enter = async () => {
    try {
      const use = { for_type: owner.type, for_owner: owner.id, for_key: key };
      const { error } = await adminClient().rpc("enter_use", use);
      if (error) uses.forget(name);
    } catch {
      uses.forget(name);
    }
  };
  try {
    after(enter);
  } catch {
    // There is no request, as in a script.
    void enter();
  }
}

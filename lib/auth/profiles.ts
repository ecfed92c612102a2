import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";

/** So many ids fit into the address of one request to the database. */
const IDS_AT_ONCE = 100;

/** Ids, each once, in parts that fit into one request to the database. */
export function slicesOf(given: readonly string[]): string[][] {
  const ids = [...new Set(given)];
  return Array.from({ length: Math.ceil(ids.length / IDS_AT_ONCE) }, (_, index) =>
    ids.slice(index * IDS_AT_ONCE, (index + 1) * IDS_AT_ONCE),
  );
}

/**
 * People's e-mail addresses by id, for those who may know them: who shares a team, and operators. A deleted account has
 * none.
 *
 * @param userIds UUIDs from the database
 * @throws Problem vault_unavailable
 */
export async function readEmails(userIds: readonly string[]): Promise<Map<string, string>> {
  const replies = await Promise.all(
    slicesOf(userIds).map((slice) =>
      adminClient().from("profiles").select("user_id, email").in("user_id", slice),
    ),
  );
  const emails = new Map<string, string>();
  for (const { data, error } of replies) {
    if (error) throw vaultProblem("vault_unavailable", { cause: error });
    for (const { user_id, email } of data) emails.set(user_id, email);
  }
  return emails;
}

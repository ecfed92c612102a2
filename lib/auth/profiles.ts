import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";

/** So many ids fit into the address of one request to the database. */
const IDS_AT_ONCE = 100;

/**
 * People's e-mail addresses by id, for those who may know them: who shares a team. A deleted account has none.
 *
 * @param userIds UUIDs from the database
 * @throws Problem vault_unavailable
 */
export async function readEmails(userIds: readonly string[]): Promise<Map<string, string>> {
  const ids = [...new Set(userIds)];
  const slices = Array.from({ length: Math.ceil(ids.length / IDS_AT_ONCE) }, (_, index) =>
    ids.slice(index * IDS_AT_ONCE, (index + 1) * IDS_AT_ONCE),
  );
  const replies = await Promise.all(
    slices.map((slice) => adminClient().from("profiles").select("user_id, email").in("user_id", slice)),
  );
  const emails = new Map<string, string>();
  for (const { data, error } of replies) {
    if (error) throw vaultProblem("vault_unavailable", { cause: error });
    for (const { user_id, email } of data) emails.set(user_id, email);
  }
  return emails;
}

import "server-only";
import { adminClient } from "../supabase/admin";
import { vaultProblem } from "../vault/errors";
import type { Owner } from "../vault/types";

/** The keys and the people of a log, each once, by name: what it can be looked up by. */
export interface ActivityTopics {
  keys: string[];
  people: {
    id: string;
    /** Null once the account is deleted, where nobody else has it. */
    email: string | null;
  }[];
}

/**
 * What an owner's log is about. Of more than a thousand keys and people, a thousand.
 *
 * @throws Problem vault_unavailable
 */
export async function listTopics(owner: Owner): Promise<ActivityTopics> {
  const { data, error } = await adminClient().rpc("activity_topics", {
    for_type: owner.type,
    for_owner: owner.id,
  });
  if (error) throw vaultProblem("vault_unavailable", { cause: error });
  const byName = (a: string, b: string) => a.localeCompare(b, "en");
  return {
    keys: data.flatMap(({ key }) => key ?? []).sort(byName),
    people: data
      .flatMap(({ person_id, email }) => (person_id ? { id: person_id, email } : []))
      // Those without an address last.
      .sort((a, b) => byName(a.email ?? "\uffff", b.email ?? "\uffff")),
  };
}

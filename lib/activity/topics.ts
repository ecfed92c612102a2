import "server-only";
import { adminClient } from "../supabase/admin";
import { allRows } from "../supabase/all-rows";
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
 * What an owner's log is about.
 *
 * @throws Problem vault_unavailable
 */
export async function listTopics(owner: Owner): Promise<ActivityTopics> {
  const rows = await allRows(
    (from, to) =>
      adminClient()
        .rpc("activity_topics", { for_type: owner.type, for_owner: owner.id })
        .order("key")
        .order("person_id")
        .range(from, to),
    (row) => [row.key, row.person_id].join(),
  );
  const byName = (a: string, b: string) => a.localeCompare(b, "en");
  return {
    keys: rows.flatMap(({ key }) => key ?? []).sort(byName),
    people: rows
      .flatMap(({ person_id, email }) => (person_id ? { id: person_id, email } : []))
      // Those without an address last.
      .sort((a, b) => byName(a.email ?? "\uffff", b.email ?? "\uffff")),
  };
}

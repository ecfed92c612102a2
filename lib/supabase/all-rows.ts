import "server-only";
import type { PostgrestError } from "@supabase/supabase-js";
import { vaultProblem } from "../vault/errors";

/** The REST API hands out no more at once. */
const MAX_ROWS = 1000;

/**
 * All rows of a query, which are more than one reply holds. A change between two replies may move a row from one into the
 * next: it is returned once, as it was last.
 *
 * @param ask for the rows at these places, both included, in an order in which no two rows are equal
 * @param keyOf what tells a row from the others
 * @throws Problem vault_unavailable
 */
export async function allRows<Row>(
  ask: (from: number, to: number) => PromiseLike<{ data: Row[] | null; error: PostgrestError | null }>,
  keyOf: (row: Row) => string,
): Promise<Row[]> {
  const rows = new Map<string, Row>();
  for (let from = 0; ; from += MAX_ROWS) {
    const { data, error } = await ask(from, from + MAX_ROWS - 1);
    if (error || data === null) throw vaultProblem("vault_unavailable", { cause: error });
    for (const row of data) rows.set(keyOf(row), row);
    if (data.length < MAX_ROWS) return [...rows.values()];
  }
}

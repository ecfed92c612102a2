import "server-only";
import type { PostgrestError } from "@supabase/supabase-js";
import { vaultProblem } from "../vault/errors";

/** The REST API hands out no more at once. */
const MAX_ROWS = 1000;

/**
 * All rows of a query whose order is fixed. A change between two parts may move a row from one into the next, so that it
 * comes twice.
 *
 * @param ask for the rows of these places, both included
 * @throws Problem vault_unavailable
 */
export async function allRows<Row>(
  ask: (from: number, to: number) => PromiseLike<{ data: Row[] | null; error: PostgrestError | null }>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const { data, error } = await ask(rows.length, rows.length + MAX_ROWS - 1);
    if (error || data === null) throw vaultProblem("vault_unavailable", { cause: error });
    rows.push(...data);
    if (data.length < MAX_ROWS) return rows;
  }
}

import { roundUsd } from "../vault-usage/money";
import type { Sum } from "./types";

/** No runs. */
export const NOTHING: Sum = {
  runs: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cost: null,
  unpriced: 0,
  inexact: 0,
};

/** Two sums as one. */
export function add(a: Sum, b: Sum): Sum {
  return {
    runs: a.runs + b.runs,
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    cache_creation_input_tokens: a.cache_creation_input_tokens + b.cache_creation_input_tokens,
    cache_read_input_tokens: a.cache_read_input_tokens + b.cache_read_input_tokens,
    cost: a.cost === null && b.cost === null ? null : roundUsd((a.cost ?? 0) + (b.cost ?? 0)),
    unpriced: a.unpriced + b.unpriced,
    inexact: a.inexact + b.inexact,
  };
}

/**
 * Sums by whatever `keyOf` tells apart, in the order in which they first come.
 *
 * @returns by key
 */
export function addUpBy<Key, Row extends Sum>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Sum> {
  const sums = new Map<Key, Sum>();
  for (const row of rows) sums.set(keyOf(row), add(sums.get(keyOf(row)) ?? NOTHING, row));
  return sums;
}

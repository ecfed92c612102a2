import type { Usage } from "../reveal/types";
import { estimateSum } from "./prices";
import { allTokens } from "./tokens";
import type { Sum } from "./types";

/** No runs. */
export const NOTHING: Sum = {
  runs: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cost: null,
  cost_complete: true,
};

/** The sum of several runs on one model, with what it cost. */
export function priced(model: string, { runs, ...usage }: Usage & { runs: number }): Sum {
  const estimate = estimateSum(model, usage);
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage;
  return {
    runs,
    input_tokens,
    output_tokens,
    cache_creation_input_tokens,
    cache_read_input_tokens,
    cost: estimate && roundUsd(estimate.cost),
    // Runs that used nothing cost nothing, whatever the price.
    cost_complete: estimate ? estimate.exact : allTokens(usage) === 0,
  };
}

/** Two sums as one. */
export function add(a: Sum, b: Sum): Sum {
  return {
    runs: a.runs + b.runs,
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    cache_creation_input_tokens: a.cache_creation_input_tokens + b.cache_creation_input_tokens,
    cache_read_input_tokens: a.cache_read_input_tokens + b.cache_read_input_tokens,
    cost: a.cost === null && b.cost === null ? null : roundUsd((a.cost ?? 0) + (b.cost ?? 0)),
    cost_complete: a.cost_complete && b.cost_complete,
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

/** Without the last digits of binary fractions: a single token costs at least 1e-8 USD. */
export const roundUsd = (usd: number) => Math.round(usd * 1e10) / 1e10;

import { csvHeaders, csvLine } from "../csv";
import type { UsageRow } from "./types";

/**
 * The rows as a CSV file (RFC 4180) with a header line: one line for each day, source, model
 * and feature, and for each member, where rows name them. The cost is in USD, empty where it is not known.
 */
export function usageCsv(
  rows: readonly UsageRow[],
  { feature = false, member = false }: { feature?: boolean; member?: boolean } = {},
): string {
  const header = [
    "day",
    "source",
    "model",
    ...(feature ? ["feature"] : []),
    ...(member ? ["member"] : []),
    "runs",
    "input_tokens",
    "output_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "estimated_cost_usd",
    "unpriced_runs",
    "inexact_runs",
  ];
  const lines = rows.map((row) => [
    row.day,
    row.source,
    row.model,
    ...(feature ? [row.feature ?? ""] : []),
    ...(member ? [row.member ?? ""] : []),
    row.runs,
    row.input_tokens,
    row.output_tokens,
    row.cache_creation_input_tokens,
    row.cache_read_input_tokens,
    row.cost === null ? "" : plainNumber(row.cost),
    row.unpriced,
    row.inexact,
  ]);
  return [header, ...lines].map(csvLine).join("");
}

/** A CSV file as a reply that a browser saves. */
export function csvReply(content: string, filename: string): Response {
  return new Response(content, { headers: csvHeaders(filename) });
}

/** Never 1e-7, which not every reader of the file takes for a number. */
const plainNumber = (value: number) => value.toFixed(10).replace(/\.?0+$/, "");

import type { UsageRow } from "./types";

/**
 * The rows as a CSV file (RFC 4180) with a header line: one line for each day, source and model, and for each
 * member where rows name them. The cost is in USD, empty where it is not known.
 */
export function usageCsv(rows: readonly UsageRow[], withMembers: boolean): string {
  const header = [
    "day",
    "source",
    "model",
    ...(withMembers ? ["member"] : []),
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
    ...(withMembers ? [row.member ?? ""] : []),
    row.runs,
    row.input_tokens,
    row.output_tokens,
    row.cache_creation_input_tokens,
    row.cache_read_input_tokens,
    row.cost === null ? "" : plainNumber(row.cost),
    row.unpriced,
    row.inexact,
  ]);
  return [header, ...lines].map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

/** A CSV file as a reply that a browser saves. */
export function csvReply(content: string, filename: string): Response {
  return new Response(content, {
    headers: {
      "Cache-Control": "private, no-store",
      "Content-Type": "text/csv; charset=utf-8; header=present",
      "Content-Disposition": `attachment; filename="${filename}"`,
    },
  });
}

/** Never 1e-7, which not every reader of the file takes for a number. */
const plainNumber = (value: number) => value.toFixed(10).replace(/\.?0+$/, "");

function cell(value: string | number): string {
  // Some spreadsheets separate by semicolons, and all of them would run a text that begins so as a formula, some with the
  // full-width forms as well; an apostrophe makes it text. https://owasp.org/www-community/attacks/CSV_Injection
  const text = String(value).replace(/^[=+\-@＝＋－＠\t\r\n]/, "'$&");
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

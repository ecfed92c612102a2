import { styleText } from "node:util";
import type { Result, Verdict } from "./check.ts";

const MARKS = { ok: "✓", warning: "!", failure: "✗", skipped: "–", look: "?" } satisfies Record<
  Verdict,
  string
>;
const COLORS = { ok: "green", warning: "yellow", failure: "red", skipped: "gray", look: "cyan" } as const;

/** Wide enough to read, if the terminal is wider. */
const MOST_COLUMNS = 100;

/**
 * The report as lines of text: a line for each finding with its remedy below, what was skipped in one line for each reason,
 * and at the end what to look at by hand, and the sum.
 *
 * @param columns the terminal's; undefined where it's none, and then nothing is wrapped or colored
 */
export function report(results: readonly Result[], columns: number | undefined): string {
  const found = results.filter(({ verdict }) => verdict !== "skipped" && verdict !== "look");
  const look = results.filter(({ verdict }) => verdict === "look");
  const lines = [
    ...found.flatMap((result) => linesOf(result, columns)),
    ...skipped(results).flatMap((result) => linesOf(result, columns)),
    ...(look.length > 0 ? ["", "Supabase's API doesn't say, so look in its dashboard:"] : []),
    ...look.flatMap((result) => linesOf(result, columns)),
    "",
    sum(found),
  ];
  return `${lines.join("\n")}\n`;
}

function skipped(results: readonly Result[]): Pick<Result, "verdict" | "says">[] {
  const byReason = Map.groupBy(
    results.filter(({ verdict }) => verdict === "skipped"),
    ({ says }) => says,
  );
  return [...byReason].map(([reason, checks]) => ({
    verdict: "skipped",
    says: `${reason}: ${checks.map(({ title }) => title).join("; ")}`,
  }));
}

function linesOf(
  { verdict, says, remedy }: Pick<Result, "verdict" | "says" | "remedy">,
  columns: number | undefined,
): string[] {
  const mark = columns === undefined ? MARKS[verdict] : styleText(COLORS[verdict], MARKS[verdict]);
  return [
    ...wrapped(says, columns, "  ").map((line, index) => (index === 0 ? `${mark} ${line}` : `  ${line}`)),
    ...(remedy
      ? wrapped(remedy, columns, "    ").map((line, index) => (index === 0 ? `  → ${line}` : `    ${line}`))
      : []),
  ];
}

/** Breaks at spaces, but for words that don't fit. */
function wrapped(text: string, columns: number | undefined, indent: string): string[] {
  if (columns === undefined) return [text];
  const width = Math.max(20, Math.min(columns, MOST_COLUMNS) - indent.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line];
}

function sum(found: readonly Result[]): string {
  const count = (wanted: Verdict) => found.filter(({ verdict }) => verdict === wanted).length;
  const many = (number: number, one: string) => `${number} ${one}${number === 1 ? "" : "s"}`;
  const [failures, warnings] = [count("failure"), count("warning")];
  if (failures === 0 && warnings === 0) return "Everything is as the app needs it.";
  if (failures === 0) return `Nothing has to be fixed. ${many(warnings, "warning")}.`;
  return `${many(failures, "problem")} to fix${warnings > 0 ? `, ${many(warnings, "warning")}` : ""}.`;
}

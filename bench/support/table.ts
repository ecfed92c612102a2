/** A cell of a table: text, or a number with the digits after its point that it is worth. */
type Cell = string | { value: number; digits: number };

/** One of the bench's results. Printed, it is a table in Markdown; with `--json`, itself. */
export interface Table {
  title: string;
  /** What was done, in a sentence or two. */
  text: string;
  columns: string[];
  rows: Cell[][];
  /** What was promised of it, and whether that is so. */
  bounds: Bound[];
}

interface Bound {
  what: string;
  value: number;
  /** At least, or at most. */
  at: "least" | "most";
  limit: number;
}

export const number = (value: number, digits = 0): Cell => ({ value, digits });
export const times = (value: number): Cell => ({ value, digits: 2 });

const holds = ({ value, at, limit }: Bound) => (at === "least" ? value >= limit : value <= limit);

/** @returns Markdown */
export function print({ title, text, columns, rows, bounds }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    `### ${title}`,
    "",
    text,
    "",
    line(columns),
    line(columns.map((_, index) => (index === 0 ? "---" : "--:"))),
    ...rows.map((row) => line(row.map(show))),
    "",
    ...bounds.map(
      (bound) =>
        `- ${holds(bound) ? "✓" : "✗"} ${bound.what}: ${bound.value.toFixed(2)}, at ${bound.at} ${bound.limit}`,
    ),
    "",
  ].join("\n");
}

function show(cell: Cell): string {
  if (typeof cell === "string") return cell;
  return cell.value.toLocaleString("en", {
    minimumFractionDigits: cell.digits,
    maximumFractionDigits: cell.digits,
  });
}

// Parsing takes time that grows with the square of some of these, and a person cannot read what is above them. Each
// keeps the worst that was found below it to about 0.6 s on two busy cores.

const MAX_CHARS = 20_000;
const MAX_LINES = 1_000;
/** Quotes and lists inside each other, by their marks at the beginning of one line. */
const MAX_NESTING = 20;
/** Columns before the mark of a list's item: lists nest by indentation, too. */
const MAX_INDENT = 60;
/** Marks of emphasis, code, links and HTML in one paragraph. */
const MAX_MARKS = 1_000;
/** Every row of a table has as many cells as its head, however short it is written. */
const MAX_CELLS = 2_000;

const PREFIX = /^[ \t>*+\-\d.)]*/;
const NESTING = />|(?:[-+*]|\d[.)])(?=[ \t]|$)/g;
const MARKS = /[*~`]+|[[<&\\]|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu;
const DELIMITER_ROW = /^[ \t>|:-]*-[ \t>|:-]*$/;

/** Whether this Markdown takes too long to parse, and is to be shown as plain text. Itself, it takes little. */
export function isTooMuch(markdown: string): boolean {
  if (markdown.length > MAX_CHARS) return true;
  const lines = markdown.split("\n");
  if (lines.length > MAX_LINES) return true;
  let marks = 0;
  let columns = 0;
  let cells = 0;
  for (const line of lines) {
    const prefix = PREFIX.exec(line)?.[0] ?? "";
    const nesting = count(prefix, NESTING);
    if (nesting > MAX_NESTING || (nesting > 0 && prefix.search(/\S/) > MAX_INDENT)) return true;
    if (line.trim() === "") columns = 0;
    else if (line.includes("|") && DELIMITER_ROW.test(line))
      columns = Math.max(columns, count(line, /\|/g) + 1);
    cells += columns;
    // A paragraph ends at a blank line, and where a list begins or goes on.
    if (/^(?:[ \t]*$| {0,3}[-+*][ \t]+\S)/.test(line)) marks = 0;
    marks += count(line, MARKS);
    if (marks > MAX_MARKS || cells > MAX_CELLS) return true;
  }
  return false;
}

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

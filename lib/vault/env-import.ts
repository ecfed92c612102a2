import { findDoubt } from "./doubts";
import { findCategory } from "./env/category";
import { Comments } from "./env/comments";
import { type Assigned, readJson } from "./env/json";
import { lineEnd, type ReadValue, readValue } from "./env/values";
import { COMMAND, checkValue, explainKeyName, KEY_NAME } from "./rules";
import { type Category, MAX_ENV_FILE_BYTES, MAX_SECRETS } from "./types";

// The parsers on npm read files and environments too, and bring Node's modules into the page; none of them
// says where a comment belongs or that a name is there twice. So this one is our own.

/** One secret that a .env file holds. `key` is different in each row. */
export interface EnvRow {
  key: string;
  /** As it is stored. */
  value: string;
  category: Category;
  /** What the comments at the assignment say: one line, at most 500 characters, perhaps empty. */
  comment: string;
  /** Why the row cannot be stored. Never holds the value. */
  problem?: string | undefined;
  /** A doubt that does not keep it from being stored. Never holds the value. */
  warning?: string | undefined;
  /** The value is surely not what is meant. */
  isBroken?: boolean | undefined;
  /** The name in the file, if it had to be changed to be a key name. */
  renamedFrom?: string | undefined;
}

/** Of rows that cannot be stored; a copy of something else can have thousands. */
const MAX_BAD_ROWS = 50;

/** What a text holds: a row for each name, and what else is to be said about it, in sentences without values. */
export interface EnvFile {
  rows: EnvRow[];
  problems: string[];
}

/**
 * Reads the text of a .env file.
 *
 * Understood are `NAME=value`, also after `export` and the commands of other shells, and `NAME: value`; values in
 * single, double and back quotes (also over several lines, with `\n` in double quotes standing for a line break), PEM
 * and JSON texts without quotes, comments, CRLF and a byte order mark.
 * The comment lines directly above an assignment, or else the comment after it, are given with it. JSON as other
 * secret managers write it is read as well, see {@link readJson}.
 *
 * @returns does not throw
 * @example
 * parseEnvFile('# For the bot\nexport groq-key="gsk_…"').rows
 * // [{ key: "GROQ_KEY", value: "gsk_…", category: "LLM", comment: "For the bot", renamedFrom: "groq-key" }]
 */
export function parseEnvFile(text: string): EnvFile {
  if (text.length > MAX_ENV_FILE_BYTES || new TextEncoder().encode(text).length > MAX_ENV_FILE_BYTES) {
    return { rows: [], problems: ["The text is larger than 256 KiB."] };
  }
  const file = text.replace(/^\ufeff/, "");
  return /^\s*(?:\{|\[\s*[[{"\]])/.test(file)
    ? parseJson(file)
    : parseLines(file.replace(/\r\n?/g, "\n"), file.includes("\r"));
}

function parseJson(text: string): EnvFile {
  const read = readJson(text);
  if (!read)
    return { rows: [], problems: ["The text starts like JSON but can't be read as names and values."] };
  // Names in small letters are those of a key file, such as a Google service account's.
  if (!read.some(({ name }) => KEY_NAME.test(name))) {
    return {
      rows: [],
      problems: [
        "None of the names in this JSON is a key name. To store all of it as one secret, add a secret and paste it as the value.",
      ],
    };
  }
  const rows = new Rows();
  for (const item of read) rows.add({ ...item, comment: asComment(item.comment ?? "") });
  return rows.asFile([]);
}

function parseLines(file: string, hadCarriageReturns: boolean): EnvFile {
  // The last line of a key may end in "=", and a line before its code in a name and a colon.
  if (/^\s*-----BEGIN /.test(file)) {
    return {
      rows: [],
      problems: ["This is a key, not a .env file. Add a secret and paste the key as its value."],
    };
  }
  const rows = new Rows();
  const unread: number[] = [];
  let comments = new Comments();
  let lineNumber = 0;
  let spansLines = false;
  let above: EnvRow | undefined;
  let lineAbove = "";

  for (let at = 0, end = 0; at < file.length; at = end + 1) {
    end = lineEnd(file, at);
    lineNumber++;
    const line = file.slice(at, end);
    if (/^\s*#/.test(line)) {
      comments.add(line);
      above = undefined;
      continue;
    }
    const assignment = ASSIGNMENT.exec(line);
    const name = assignment?.[1] ?? assignment?.[2];
    if (assignment && name !== undefined) {
      const read = readValue(toKey(name), file, at + assignment[0].length);
      above = rows.add({ name, ...read, comment: comments.text || asComment(read.comment) });
      // As in YAML, under "environment:".
      if (/^\s*(?:export\s+)?[\w.-]+:\s*$/.test(lineAbove)) {
        above.warning ??= "Next reads this line as the value of the name above it.";
      }
      const lines = file.slice(end, read.end).split("\n").length - 1;
      spansLines ||= lines > 0;
      lineNumber += lines;
      end = read.end;
    } else if (line.trim() !== "") {
      unread.push(lineNumber);
      if (above)
        above.warning ??=
          "The line below isn't an assignment. If it belongs to the value, put the value in quotes.";
      above = undefined;
    } else {
      above = undefined;
    }
    lineAbove = line;
    comments = new Comments();
  }

  const problems: string[] = [];
  if (unread.length === 1) problems.push(`Line ${unread[0]} isn't an assignment and was skipped.`);
  if (unread.length > 1) problems.push(`Lines ${list(unread)} aren't assignments and were skipped.`);
  if (/^kind:\s*Secret\s*$/m.test(file) && /^data:/m.test(file)) {
    problems.push("This is a Kubernetes secret. Its values are base64-encoded: decode them first.");
  }
  if (hadCarriageReturns && spansLines) {
    problems.push("Windows line breaks (CRLF) inside values are stored as LF, as Next reads them.");
  }
  return rows.asFile(problems);
}

function asComment(text: string): string {
  const comments = new Comments();
  for (const line of text.split("\n")) comments.add(line);
  return comments.text;
}

/**
 * `NAME=`, with a command before it or the sign of a list; or `NAME: `, as Next reads it too, where the
 * name is written as names are, and not like the first word of a sentence.
 */
const ASSIGNMENT = new RegExp(
  `^\\s*(?:[-*•]\\s+)?${COMMAND}?(?:([\\p{L}\\p{N}_.-]+)\\s*=(?!=+\\s*$)|([A-Z][A-Z0-9_]*):(?=\\s))\\s*`,
  "u",
);

const toKey = (name: string) => name.toUpperCase().replace(/[.-]/g, "_");

/** A name and its value as they are read. */
type Found = Assigned & Pick<ReadValue, "problem" | "note">;

/** The rows of a file as they are found. */
class Rows {
  readonly #rows = new Map<string, EnvRow>();
  readonly #twice = new Set<string>();

  add(found: Found): EnvRow {
    const row = toRow(found);
    if (this.#rows.has(row.key)) this.#twice.add(row.key);
    this.#rows.set(row.key, row);
    return row;
  }

  asFile(problems: string[]): EnvFile {
    const rows = [...this.#rows.values()];
    if (rows.length === 0) return { rows, problems: ["It contains no assignment such as NAME=value."] };
    const bad = rows.filter(({ problem }) => problem !== undefined);
    const good = rows.length - bad.length;
    if (good > MAX_SECRETS) {
      const problem = `It contains ${good} keys, but an import can have at most ${MAX_SECRETS}. Leave out what isn't secret.`;
      return { rows: [], problems: [problem] };
    }
    const twice = [...this.#twice];
    if (twice.length > 0) {
      problems.unshift(
        `${list(twice)} ${twice.length === 1 ? "appears" : "appear"} more than once. The last one counts.`,
      );
    }
    const hidden = new Set(bad.slice(MAX_BAD_ROWS));
    if (hidden.size > 0) problems.push(`${hidden.size} more rows can't be stored and aren't shown.`);
    return { rows: rows.filter((row) => !hidden.has(row)), problems };
  }
}

function toRow({ name, comment = "", ...read }: Found): EnvRow {
  const key = toKey(name);
  const { value = "" } = read;
  const row = { value, category: findCategory(key), comment };
  const problem = explainKeyName(key);
  if (problem) return { key: name, ...row, problem };
  const renamedFrom = key === name ? undefined : name;
  if (read.value === undefined) {
    return { key, ...row, problem: "The value isn't text. Put it in quotes.", renamedFrom };
  }
  const checked = read.problem ? { problem: read.problem } : checkValue(key, value);
  if ("problem" in checked) return { key, ...row, problem: checked.problem, renamedFrom };
  const doubt = findDoubt(key, checked.value, value);
  const warnings = [read.note, doubt?.warning].filter(Boolean);
  return {
    key,
    ...row,
    value: checked.value,
    problem: undefined,
    warning: warnings.join(" ") || undefined,
    isBroken: doubt?.isBroken,
    renamedFrom,
  };
}

/** @example list([1, 2, 3]) // "1, 2 and 3" */
function list(items: readonly (string | number)[]): string {
  const shown = items.length > 5 ? [...items.slice(0, 4), `${items.length - 4} more`] : items;
  return shown.join(", ").replace(/, ([^,]*)$/, " and $1");
}

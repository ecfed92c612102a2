import { CATALOG, detectProvider, findCatalogEntry } from "./catalog";
import { cleanPasted } from "./clean";
import { judgeValue, KEY_NAME, KEY_NAME_RULE, MAX_DESCRIPTION_LENGTH, MAX_VALUE_BYTES } from "./rules";
import { type Category, MAX_ENV_FILE_BYTES } from "./types";

// The parsers on npm read files and environments too, and bring Node's modules into the page; none of them
// says where a comment belongs or that a name is there twice. So this one is our own. A value is what dotenv
// makes of it, since that is what has read the file until now, and a test compares the two. Only where dotenv
// silently keeps a mistake (`"abc";`, a name that is there twice on a line, an invisible character at the end,
// a PEM key without quotes) or drops a line is this on purpose unlike it: it mends as the form does, or says so.

/** One secret that a .env file holds. `key` is different in each row. */
export interface EnvRow {
  key: string;
  value: string;
  category: Category;
  /** From the comments at the assignment: one line, at most 500 characters, perhaps empty. */
  description: string;
  /** Why the row cannot be stored. Never holds the value. */
  problem?: string | undefined;
  /** A doubt that does not keep it from being stored. Never holds the value. */
  warning?: string | undefined;
  /** The name in the file, if it had to be changed to be a key name. */
  renamedFrom?: string | undefined;
}

const MAX_ROWS = 200;

/**
 * Reads the text of a .env file.
 *
 * Understood are `export`, values in single, double and back quotes (also over several lines, with `\n` in
 * double quotes standing for a line break), a PEM block without quotes, comments, CRLF and a byte order mark.
 * The comment lines directly above an assignment become its description, or else the comment after it.
 *
 * @returns a row for each name, and what else is to be said about the file, in sentences without values. Does
 * not throw.
 * @example
 * parseEnvFile('# For the bot\nexport groq-key="gsk_…"').rows
 * // [{ key: "GROQ_KEY", value: "gsk_…", category: "LLM", description: "For the bot", renamedFrom: "groq-key" }]
 */
export function parseEnvFile(text: string): { rows: EnvRow[]; problems: string[] } {
  if (text.length > MAX_ENV_FILE_BYTES || new TextEncoder().encode(text).length > MAX_ENV_FILE_BYTES) {
    return { rows: [], problems: ["The text is larger than 256 KiB."] };
  }
  const file = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const rows = new Map<string, EnvRow>();
  const twice = new Set<string>();
  const unread: number[] = [];
  let comments = new Comments();
  let lineNumber = 0;

  for (let at = 0, end = 0; at < file.length; at = end + 1) {
    end = lineEnd(file, at);
    lineNumber++;
    const line = file.slice(at, end);
    if (/^\s*#/.test(line)) {
      comments.add(line);
      continue;
    }
    const assignment = /^\s*(?:export\s+)?([\p{L}\p{N}_.-]+)\s*=(?!=+\s*$)\s*/u.exec(line);
    if (assignment?.[1] !== undefined) {
      const name = assignment[1];
      const key = name.toUpperCase().replace(/[.-]/g, "_");
      const read = readValue(key, file, at + assignment[0].length);
      const row = toRow(key, name, read, comments.text);
      if (rows.has(row.key)) twice.add(row.key);
      rows.set(row.key, row);
      lineNumber += file.slice(end, read.end).split("\n").length - 1;
      end = read.end;
    } else if (line.trim() !== "") {
      unread.push(lineNumber);
    }
    comments = new Comments();
  }

  if (rows.size === 0) return { rows: [], problems: ["There is no assignment such as NAME=value in it."] };
  if (rows.size > MAX_ROWS) {
    return { rows: [], problems: [`There are more than ${MAX_ROWS} keys in it. Import it in parts.`] };
  }
  const problems: string[] = [];
  if (twice.size > 0) {
    problems.push(
      `${list([...twice])} ${twice.size === 1 ? "is" : "are"} in it more than once. The last one counts.`,
    );
  }
  if (unread.length === 1) problems.push(`Line ${unread[0]} is no assignment, and is left out.`);
  if (unread.length > 1) problems.push(`Lines ${list(unread)} are no assignments, and are left out.`);
  return { rows: [...rows.values()], problems };
}

interface ReadValue {
  value: string;
  /** The comment after the value; empty if there is none. */
  comment: string;
  /** Where its last line ends in the file. */
  end: number;
  problem?: string | undefined;
  warning?: string | undefined;
}

/** RFC 7468. Legacy headers within may hold dashes, but not five of them. */
const PEM_BLOCK = /^-----BEGIN .*-----\n(?:(?!-----)[\s\S])+-----END .*-----[ \t]*(?=\n|$)/;

/** @param at where the value begins in the file: after the "=" and the white space that follows it */
function readValue(key: string, file: string, at: number): ReadValue {
  const begins = (text: string) => file.startsWith(text, at);
  // No further than a value may be long, because a file could begin very many blocks and end none.
  const block = begins("-----BEGIN ") && PEM_BLOCK.exec(file.slice(at, at + MAX_VALUE_BYTES));
  if (block) return { value: block[0].trimEnd(), comment: "", end: lineEnd(file, at + block[0].length) };
  const plain = readPlain(key, file, at);
  if (!begins('"') && !begins("'") && !begins("`")) return plain;
  const quoted = readQuoted(file, at);
  if (quoted || !/^["'`]/.test(plain.value)) return quoted ?? plain;
  return { ...plain, problem: "The value begins with a quote that does not end it. Mend the quotes." };
}

/** dotenv's rule: a quote closes the value if nothing but a comment follows it on its line. */
function readQuoted(file: string, at: number): ReadValue | undefined {
  const quote = file.charAt(at);
  let found: ReadValue | undefined;
  let end = at;
  for (let close = file.indexOf(quote, at + 1); close >= 0; close = file.indexOf(quote, close + 1)) {
    if (close > end) end = lineEnd(file, close);
    const after = /^\s*(?:#([\s\S]*))?$/u.exec(file.slice(close + 1, end));
    if (after) {
      const inside = file.slice(at + 1, close);
      const value = quote === '"' ? inside.replace(/\\n/g, "\n").replace(/\\r/g, "\r") : inside;
      found = { value, comment: after[1] ?? "", end };
    }
    // After a backslash it may be part of the value, as in "{\"a\":1}", or close it, as in "C:\temp\".
    if (file.charAt(close - 1) !== "\\") break;
  }
  return found;
}

function readPlain(key: string, file: string, at: number): ReadValue {
  const end = lineEnd(file, at);
  const line = file.slice(at, end);
  const hash = line.indexOf("#");
  const value = cleanPasted(key, hash < 0 ? line : line.slice(0, hash)).value;
  if (hash < 0) return { value, comment: "", end };
  if (hash === 0 || /\s/.test(line.charAt(hash - 1))) return { value, comment: line.slice(hash), end };
  // What follows may be the rest of the secret, and a description is not encrypted.
  const warning = 'The value ends before a "#". If it goes on after that, put it in quotes.';
  return { value, comment: "", end, warning };
}

function lineEnd(file: string, at: number): number {
  const end = file.indexOf("\n", at);
  return end < 0 ? file.length : end;
}

function toRow(key: string, name: string, read: ReadValue, above: string): EnvRow {
  const inline = new Comments();
  inline.add(read.comment);
  const row = { value: read.value, category: findCategory(key), description: above || inline.text };
  if (!KEY_NAME.test(key)) return { key: name, ...row, problem: KEY_NAME_RULE };
  const judgement = { problem: undefined, warning: undefined, ...judgeValue(key, read.value) };
  return {
    key,
    ...row,
    problem: read.problem ?? judgement.problem,
    warning: read.warning ?? judgement.warning,
    renamedFrom: key === name ? undefined : name,
  };
}

/**
 * Comment lines on their way to a description. Descriptions are stored as plain text, so whatever could be a
 * secret is left out: assignments that were commented out, with all their lines, and lines with a long code.
 */
class Comments {
  #lines: string[] = [];
  /** What ends the value of a commented-out assignment that goes on over several lines. */
  #until: string | undefined;

  add(line: string): void {
    const comment = line.replace(/^[\s#]+/, "").trim();
    if (this.#until !== undefined) {
      if (comment.includes(this.#until)) this.#until = undefined;
      return;
    }
    const value = /^(?:export\s+)?[\p{L}\p{N}_.-]+\s*=\s*([\s\S]*)$/u.exec(comment)?.[1];
    if (value !== undefined) {
      this.#until = findContinuation(value);
    } else if (/[\p{L}\p{N}]/u.test(comment) && !comment.split(/\s+/).some(maySecret)) {
      this.#lines.push(comment);
    }
  }

  get text(): string {
    const text = this.#lines
      .join(" ")
      .replace(/[\p{Cc}\s]+/gu, " ")
      .toWellFormed();
    // A cut may leave half of a pair.
    return text
      .slice(0, MAX_DESCRIPTION_LENGTH)
      .replace(/[\ud800-\udbff]$/, "")
      .trim();
  }
}

/** What the last line of a value holds, if the value goes on after its first line. */
function findContinuation(value: string): string | undefined {
  if (/^["'`]?-----BEGIN /.test(value)) return value.includes("-----END ") ? undefined : "-----END ";
  const quote = /^["'`]/.exec(value)?.[0];
  return quote && !value.includes(quote, 1) ? quote : undefined;
}

/** Whether a word of a comment could be a secret: a long one of letters and digits that is no plain address. */
function maySecret(word: string): boolean {
  if (word.startsWith("-----BEGIN")) return true;
  if (word.length < 20 || /^https?:\/\/[^@?#]*$/.test(word)) return false;
  return detectProvider(word) !== undefined || /[@?=]/.test(word) || (/\d/.test(word) && /[a-z]/i.test(word));
}

/** Categories of the catalogue's providers, by the first word of their keys; null where they differ. */
const BY_FIRST_WORD = new Map<string, Category | null>();
for (const { key, category } of CATALOG) {
  const word = firstWord(key);
  const seen = BY_FIRST_WORD.get(word);
  BY_FIRST_WORD.set(word, seen === undefined || seen === category ? category : null);
}

const BY_WORD: readonly [RegExp, Category][] = [
  [/(^|_)(E?MAIL|SMTP|IMAP)(_|$)/, "Email"],
  [/(^|_)(LLM|GPT)(_|$)/, "LLM"],
  [/(^|_)(DB|PG|POSTGRES|MYSQL|MONGO|MONGODB|REDIS|S3|R2)(_|$)/, "Infrastructure"],
];

function findCategory(key: string): Category {
  return (
    findCatalogEntry(key)?.category ??
    BY_WORD.find(([word]) => word.test(key))?.[1] ??
    BY_FIRST_WORD.get(firstWord(key)) ??
    "General"
  );
}

function firstWord(key: string): string {
  return key.split("_", 1)[0] ?? key;
}

/** @example list([1, 2, 3]) // "1, 2 and 3" */
function list(items: readonly (string | number)[]): string {
  const shown = items.length > 5 ? [...items.slice(0, 4), `${items.length - 4} more`] : items;
  return shown.join(", ").replace(/, ([^,]*)$/, " and $1");
}

import { cleanAssigned } from "../clean";
import { MAX_VALUE_BYTES } from "../rules";
import { isJson } from "./json";

// A value is what Next and dotenv make of it, since they have read the file until now, and a test compares them.
// Only what dotenv is sure to get wrong (a text of several lines without quotes, `"abc";`, an invisible character at
// the end) is read as it is meant. Where a value is not what Next would read, it has a note that says so.

/** What stands after "NAME=" in a .env file. */
export interface ReadValue {
  value: string;
  /** The comment after the value; empty if there is none. */
  comment: string;
  /** Where its last line ends in the file. */
  end: number;
  /** Why there is no value to be read. */
  problem?: string;
  /** How the value differs from what Next reads. Never holds the value. */
  note?: string | undefined;
}

/** @param at where the value begins in the file: after the "=" and the white space that follows it */
export function readValue(key: string, file: string, at: number): ReadValue {
  // Where nothing follows the name on its line, dotenv takes a quoted text from the next ones.
  const blank = /\s*/y;
  blank.lastIndex = at;
  const start = at + (blank.exec(file)?.[0].length ?? 0);
  const isQuoted = /["'`]/.test(file.charAt(start));
  const read = isQuoted ? readQuoted(file, start) : readBlock(file, at);
  if (read) return asNextExpands(read);
  const plain = readPlain(key, file, at);
  if (!/^["'`]/.test(plain.value)) return asNextExpands(plain);
  return {
    ...plain,
    problem: "The value starts with a quote that isn't closed at its end. Correct the quotes.",
  };
}

/** What dotenv-expand, which Next runs afterwards, makes of "$" and "\$", whatever the quotes. */
function asNextExpands(read: ReadValue): ReadValue {
  if (/(?<!\\)\$\{?\w/.test(read.value)) {
    // A reference is said to be one anyway.
    if (/\$\{[^}\n]*\}/.test(read.value)) return read;
    return withNote(read, "Next replaces $NAME with another variable. It's stored as written.");
  }
  if (!read.value.includes("\\$")) return read;
  const value = read.value.replaceAll("\\$", "$");
  return withNote({ ...read, value }, 'Next reads "\\$" as "$", and it is stored that way.');
}

const withNote = (read: ReadValue, note: string): ReadValue => ({
  ...read,
  note: [read.note, note].filter(Boolean).join(" "),
});

/** RFC 7468. Legacy headers within may hold dashes, but not five of them. */
const PEM_BLOCK = "-----BEGIN .*-----\\n(?:(?!-----)[\\s\\S])+-----END .*-----[ \\t]*";
/** One block after another, as in a chain of certificates, perhaps with comments between them. */
const PEM_BLOCKS = new RegExp(`^${PEM_BLOCK}(?:\\n+(?:#.*\\n+)*${PEM_BLOCK})*(?=\\n|$)`);

/** A PEM text, or a JSON text of several lines, without quotes. No longer than a value may be. */
function readBlock(file: string, at: number): ReadValue | undefined {
  const text = file.slice(at, at + MAX_VALUE_BYTES);
  const pem = text.startsWith("-----BEGIN ") ? PEM_BLOCKS.exec(text)?.[0] : undefined;
  if (pem !== undefined) {
    const end = lineEnd(file, at + pem.length);
    // OpenSSH does not read a key without its last line break.
    const value = pem.trimEnd() + (end < file.length ? "\n" : "");
    return { value, comment: "", end, note: allLines(pem) };
  }
  const json = /^[{[]/.test(text) ? findJson(text) : undefined;
  if (json === undefined) return undefined;
  return { value: json, comment: "", end: lineEnd(file, at + json.length), note: allLines(json) };
}

const allLines = (text: string) =>
  `Without quotes, Next reads only its first line. All ${text.split("\n").length} lines are stored.`;

/** The JSON object or list of several lines at the beginning of a text, if it ends with a line. */
function findJson(text: string): string | undefined {
  let depth = 0;
  // A string, in which brackets mean nothing; a bracket; or where a further line is an assignment.
  for (const { 0: part, index } of text.matchAll(
    /"(?:[^"\\\n]|\\.)*"|[{}[\]]|\n\s*(?:export\s+)?[\w.-]+\s*=/g,
  )) {
    if (part.startsWith("\n")) return undefined;
    if (part === "{" || part === "[") depth++;
    if (part === "}" || part === "]") depth--;
    if (depth > 0) continue;
    const block = text.slice(0, index + part.length);
    const isWhole = block.includes("\n") && /^[ \t]*(?:\n|$)/.test(text.slice(block.length)) && isJson(block);
    return isWhole ? block : undefined;
  }
  return undefined;
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
      // One quote that was forgotten makes a value of all lines up to the next one.
      const note = /\n\s*(?:export\s+)?[A-Z_][A-Z0-9_]*=/.test(inside)
        ? "It contains more assignments: a quote may be missing."
        : undefined;
      found = { value, comment: after[1] ?? "", end, note };
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
  const text = hash < 0 ? line : line.slice(0, hash);
  const { value, removed } = cleanAssigned(key, text);
  // dotenv takes off white space alone, which needs no word.
  const note = value === text.trim() ? undefined : `Removed: ${removed.join(", ")}.`;
  if (hash < 0) return { value, comment: "", end, note };
  if (hash === 0 || /\s/.test(line.charAt(hash - 1))) return { value, comment: line.slice(hash), end, note };
  // What follows may be the rest of the secret, and a description is not encrypted.
  const cut = 'The value ends before a "#". If it continues after that, put it in quotes.';
  return withNote({ value, comment: "", end, note }, cut);
}

/** Where the line ends that `at` is in. */
export function lineEnd(file: string, at: number): number {
  const end = file.indexOf("\n", at);
  return end < 0 ? file.length : end;
}

import { findCatalogEntry } from "./catalog";
import { COMMAND, KEY_NAME, MAX_VALUE_BYTES } from "./rules";

/** A value without what came along when it was copied. */
export interface Cleaned {
  value: string;
  /** What was taken off, in words for display, each once. Empty if the value is as it was pasted. */
  removed: string[];
  /** The key name that stood before the value; only if none was chosen yet. */
  name?: string;
}

/** Nothing that long can be stored. It is left as it is, and the rules say so. */
const MAX_LENGTH = 4 * MAX_VALUE_BYTES;

/** As in code and shells, and as word processors and chats write them. */
const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", "`": "`", "“": "”", "‘": "’" };

/**
 * Takes off a pasted value what is around it: `export` and `NAME=`, a pair of quotes, and a semicolon, comma or comment
 * after them; and with any of these, or around a token, white space and invisible characters at the ends. Around every
 * other value white space stays, because it may be a part of it.
 *
 * `NAME=` goes only if it is certain to be no part of the value: NAME is `key`; or no key is chosen, and NAME
 * is written as names are (in capitals, after `export`, or a known key). Another name than `key` stays, for
 * the rules to point at. So does everything if there are several assignments: that is a .env file.
 *
 * @param key the key that the value is for, empty if none is chosen yet
 * @returns does not throw
 * @example cleanPasted("A_KEY", ' "abc"; ') // { value: "abc", removed: ["surrounding whitespace", "quotes", …] }
 * @example cleanPasted("", "export A_KEY=abc") // { value: "abc", removed: ["export", "A_KEY="], name: "A_KEY" }
 * @example cleanPasted("A_KEY", "abc\n") // { value: "abc\n", removed: [] }
 */
export function cleanPasted(key: string, pasted: string): Cleaned {
  if (pasted.length > MAX_LENGTH) return { value: pasted, removed: [] };
  if (findCatalogEntry(key)?.isToken) return cleanAssigned(key, pasted);
  const removed = new Set<string>();
  const inner = withoutMargins(pasted, removed);
  const assignment = readAssignment(key, inner);
  if (assignment) {
    const { name, parts } = assignment;
    const rest = cleanAssigned(name, assignment.value);
    // What is left reads like NAME=… again, so either may be the value: a person has to say.
    if (key === "" && readAssignment("", rest.value)) return { value: pasted, removed: [] };
    const all = [...new Set([...removed, ...parts, ...rest.removed])];
    return { value: keepLastBreak(rest.value, pasted), removed: all, ...(key === "" && { name }) };
  }
  const cleaned = withoutQuotes(inner, removed);
  return cleaned === inner ? { value: pasted, removed: [] } : { value: cleaned, removed: [...removed] };
}

/**
 * The same for what follows `NAME=`, where white space at the ends is never a part of the value, as dotenv reads it.
 *
 * @param key the name before it
 */
export function cleanAssigned(key: string, text: string): Cleaned {
  const removed = new Set<string>();
  let value = text;
  if (text.length > MAX_LENGTH) return { value, removed: [] };
  for (;;) {
    const before = value;
    const line = withoutComment(withoutMargins(value, removed), removed);
    value = withoutQuotes(withoutMargins(line, removed), removed);
    const again = readAssignment(key, value);
    for (const part of again?.parts ?? []) removed.add(part);
    if (again) value = again.value;
    // A token has no quotes, white space or comments inside, so they come off until nothing changes.
    else if (value === before || !findCatalogEntry(key)?.isToken) break;
  }
  return { value: keepLastBreak(value, text), removed: [...removed] };
}

/** OpenSSH does not read a key without its last line break. */
function keepLastBreak(value: string, text: string): string {
  return value.startsWith("-----BEGIN ") && text.endsWith("\n") ? `${value}\n` : value;
}

/**
 * A text without white space and invisible characters at its ends. By hand and not with a regular expression, which
 * would be slow on long runs of white space inside.
 *
 * @param removed is given what was taken off, in words
 */
export function withoutMargins(text: string, removed = new Set<string>()): string {
  let start = 0;
  let end = text.length;
  while (start < end && isMargin(text.charAt(start), removed)) start++;
  while (start < end && isMargin(text.charAt(end - 1), removed)) end--;
  return text.slice(start, end);
}

function isMargin(character: string, removed: Set<string>): boolean {
  // The byte order mark is white space to JavaScript, and a format character (Cf) like the zero-width ones.
  if (character === "\ufeff") removed.add("a byte order mark");
  else if (/\s/.test(character)) removed.add("surrounding whitespace");
  else if (/\p{Cf}/u.test(character)) removed.add("invisible characters");
  else return false;
  return true;
}

/** A text of one line without quotes ends before its comment, as in a .env file. */
function withoutComment(text: string, removed: Set<string>): string {
  if (/\n|^["'`“‘]/.test(text)) return text;
  for (let hash = text.indexOf("#"); hash >= 0; hash = text.indexOf("#", hash + 1)) {
    if (!/\s/.test(text.charAt(hash - 1))) continue;
    removed.add("a comment");
    return text.slice(0, hash);
  }
  return text;
}

/** A text without its outer pair of quotes, and what follows them. */
function withoutQuotes(text: string, removed: Set<string>): string {
  const closing = CLOSING[text.charAt(0)];
  // The first one, so that "a", "b" is not taken for a quoted value.
  const end = closing ? text.indexOf(closing, 1) : -1;
  const after = end < 0 ? null : /^\s*(?:([;,])\s*)?((?:#|\/\/).*)?$/.exec(text.slice(end + 1));
  if (!after) return text;
  removed.add("quotes");
  if (after[1]) removed.add(after[1] === ";" ? "a semicolon" : "a comma");
  if (after[2]) removed.add("a comment");
  return text.slice(1, end);
}

interface Assignment {
  name: string;
  value: string;
  /** What stands before the value, and after it, in words. */
  parts: string[];
}

const ASSIGNMENT = new RegExp(`^(${COMMAND})?([A-Za-z_]\\w*)[ \\t]*=`);

/** The assignment that the text as a whole is, if its name is no part of the value. */
function readAssignment(key: string, text: string): Assignment | undefined {
  const above = /^(?:#.*\n\s*)*/.exec(text)?.[0] ?? "";
  const line = text.slice(above.length);
  const [all, command, written] = ASSIGNMENT.exec(line) ?? [];
  if (!all || !written) return undefined;
  const name = written.toUpperCase();
  let value = line.slice(all.length);
  if (isEnvFile(value)) return undefined;
  if (key !== "" && name !== key) return undefined;
  if (key === "") {
    const isName = command || written === name || findCatalogEntry(name);
    // Base64 ends in "=", or in two of them, and can be all capitals.
    if (!isName || !KEY_NAME.test(name) || /^[=\s]*$/.test(value)) return undefined;
  }
  const parts = command ? [command.trim(), `${name}=`] : [`${name}=`];
  if (command && /^[^\s;"'`]+;$/.test(value)) {
    value = value.slice(0, -1);
    parts.push("a semicolon");
  }
  if (above) parts.push("a comment");
  return { name, value, parts };
}

/** Whether a later line is an assignment as well. The last line of a PEM key, which may end in "=", is none. */
function isEnvFile(text: string): boolean {
  return /\n[ \t]*(?:export[ \t]+)?[A-Za-z_]\w*[ \t]*=[ \t]*[^=\s]/.test(text);
}

import { type CatalogEntry, findCatalogEntry } from "./catalog";
import { isMask } from "./masks";

// What a key name and a value have to be. Without dependencies, because the form uses it as well. What is only
// unlikely, and may be stored all the same, is in doubts.ts.

/** A key name, as an environment variable would be called. */
export const KEY_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;
export const KEY_NAME_RULE =
  "A key name has 1 to 64 characters: capital letters, digits, and underscores, starting with a letter.";

export const MAX_DESCRIPTION_LENGTH = 500;
export const MAX_VALUE_BYTES = 8192;

/** Printable ASCII without spaces: what can be sent as an HTTP header. The error of a header that is none quotes it. */
export const HEADER_VALUE = /^[\x21-\x7e]+$/;

/** Why a value cannot be stored under a key, and what to do. The text never repeats the value. */
export interface Refusal {
  problem: string;
  /** The key that the value belongs to, where that is the mistake. */
  rightKey?: string;
}

/** Why a text is no key name, in one sentence; undefined if it is one. */
export function explainKeyName(name: string): string | undefined {
  if (KEY_NAME.test(name)) return undefined;
  const unfit = /[^A-Z0-9_]/u.exec(name)?.[0];
  if (unfit) return `A key name can have only capital letters, digits, and underscores, not ${quote(unfit)}.`;
  if (name.length > 64) return `The name has ${name.length} characters. A key name can have at most 64.`;
  return name === ""
    ? KEY_NAME_RULE
    : `A key name must start with a capital letter, not ${quote(name.charAt(0))}.`;
}

/**
 * Checks a value before it is stored under `key`. Used by the form, to answer immediately, and by the server,
 * which decides. Refuses only what cannot work.
 *
 * @returns the value as it is stored, or why it is refused. Only a {@link isToken token} is stored without the white
 * space around it; every other value is stored as it is
 * @example checkValue("OPENAI_API_KEY", " sk-proj-… ") // { value: "sk-proj-…" }
 * @example checkValue("DEPLOY_KEY", "-----BEGIN …\n") // { value: "-----BEGIN …\n" }
 * @example checkValue("OPENAI_API_KEY", "sk-ant…abc") // { problem: "…" }
 */
export function checkValue(key: string, input: string): { value: string } | Refusal {
  const known = findCatalogEntry(key);
  const value = known?.isToken ? input.trim() : input;
  const otherLine = known?.isToken ? findOtherLine(known, value) : undefined;
  if (otherLine) return otherLine;
  const problem = findMistake(value) ?? (known?.isToken ? findTokenMistake(key, value) : undefined);
  return problem ? { problem } : { value };
}

/** What no value can be. */
function findMistake(value: string): string | undefined {
  if (value.trim() === "") return "The value is empty. Paste the key itself.";
  if (/\p{Cs}/u.test(value)) return "The value contains broken characters. Copy it again from its source.";
  if (new TextEncoder().encode(value).length > MAX_VALUE_BYTES) {
    return "The value is longer than 8,192 bytes.";
  }
  if (isMask(value.trim(), false)) return MASKED;
  // Tabs and line breaks stay, for PEM and JSON keys.
  if (/[^\P{Cc}\t\r\n]/u.test(value)) return "The value contains control characters. Copy it again.";
  return undefined;
}

const MASKED = "This is a mask, not the key itself. Copy the key from its provider.";

/** What no key of a known provider can be. */
function findTokenMistake(key: string, value: string): string | undefined {
  if (isMask(value, true)) return MASKED;
  if (assignedName(value) === key) {
    return `This is a whole line of a .env file. Leave out everything up to the first "=".`;
  }
  if (/^export\s/.test(value)) return 'This is a shell command. Leave out "export" and the name.';
  if (isQuoted(value)) return "There are quotes around the value. Leave them out.";
  if (/[\r\n]/.test(value)) return `${key} is one line, but the value has line breaks.`;
  if (HEADER_VALUE.test(value)) return undefined;
  const invisible = findInvisible(value);
  return invisible
    ? `The value contains a character that ${key} never has: ${invisible}. Copy it again from its provider.`
    : `${key} can't contain spaces or special characters. Copy it again from its provider.`;
}

/** The line of a .env file for another known key. */
export function findOtherLine(known: CatalogEntry, value: string): Refusal | undefined {
  const named = findCatalogEntry(assignedName(value) ?? "");
  if (!named || named.key === known.key) return undefined;
  const problem = `This line of a .env file is for ${named.key}. Store what follows the "=" there.`;
  return { problem, rightKey: named.key };
}

/** The source of a pattern: what stands before NAME=… in shells, in PowerShell and in a Dockerfile. */
export const COMMAND = String.raw`(?:(?:(?:export|set|declare|typeset)(?:[ \t]+-\w+)*|setx|ENV|ARG)[ \t]+|\$[Ee]nv:)`;
const ASSIGNED_NAME = new RegExp(`^\\s*${COMMAND}?([A-Za-z_]\\w*)\\s*=`);

/** The name in capitals that a line such as `export NAME=…` gives a value to. */
function assignedName(value: string): string | undefined {
  return ASSIGNED_NAME.exec(value)?.[1]?.toUpperCase();
}

/** Whether there are quotes around a value, with nothing like them in between. */
export const isQuoted = (value: string): boolean => /^(["'`])(?:(?!\1)[\s\S])*\1$/.test(value);

const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2011\u2028\u2029\u2800]|(?! )\p{Zs}/u;
const NAMES: Readonly<Record<string, string>> = {
  "\u00a0": "non-breaking space",
  "\u00ad": "soft hyphen",
  "\u200b": "zero-width space",
  "\u2011": "non-breaking hyphen",
  "\ufeff": "byte order mark",
};

/**
 * The first character that cannot be seen, or looks like a common one and is another, in words.
 *
 * @example findInvisible("ab\u200bc") // "zero-width space (U+200B)"
 */
export function findInvisible(text: string): string | undefined {
  const character = INVISIBLE.exec(text)?.[0];
  if (character === undefined) return undefined;
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return `${NAMES[character] ?? "invisible character"} (${code})`;
}

function quote(character: string): string {
  const invisible = findInvisible(character);
  if (invisible) return `${invisible.startsWith("i") ? "an" : "a"} ${invisible}`;
  return character === " " ? "a space" : `“${character}”`;
}

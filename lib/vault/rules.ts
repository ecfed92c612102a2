import { type CatalogEntry, detectProvider, findCatalogEntry, providerOf } from "./catalog";

// What a key name and a value may be. Without dependencies, because the form uses it as well.

/** A key name, as an environment variable would be called. */
export const KEY_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;
export const KEY_NAME_RULE =
  "A key name has 1 to 64 characters: capital letters, digits and underscores, starting with a letter.";

export const MAX_DESCRIPTION_LENGTH = 500;
export const MAX_VALUE_BYTES = 8192;

/** Printable ASCII without spaces: what can be sent as an HTTP header. The error of a header that is none quotes it. */
export const HEADER_VALUE = /^[\x21-\x7e]+$/;

/** Why a value cannot be stored under a key, and how to mend it. The text never repeats the value. */
export interface Refusal {
  problem: string;
  /** The key that the value belongs to, where that is the mistake. */
  rightKey?: string;
}

/**
 * Checks a value before it is stored under `key`. Used by the form, to answer at once, and by the server,
 * which decides.
 *
 * @returns the value without surrounding white space, or why it is refused
 * @example checkValue("OPENAI_API_KEY", " sk-proj-… ") // { value: "sk-proj-…" }
 * @example checkValue("OPENAI_API_KEY", "sk-ant-…") // { problem: "…", rightKey: "ANTHROPIC_API_KEY" }
 */
export function checkValue(key: string, input: string): { value: string } | Refusal {
  const value = input.trim();
  return findRefusal(key, value) ?? { value };
}

/**
 * What to say in the form about a value for `key`: what the server would refuse, or a doubt that a person
 * may set aside.
 *
 * @returns null if there is nothing to say
 * @example judgeValue("OPENAI_API_KEY", "proj-…") // { warning: "A value for OPENAI_API_KEY usually …" }
 */
export function judgeValue(key: string, input: string): Refusal | { warning: string } | null {
  const checked = checkValue(key, input);
  if ("problem" in checked) return checked;
  const warning = findWarning(key, checked.value);
  return warning ? { warning } : null;
}

function findRefusal(key: string, value: string): Refusal | undefined {
  const known = findCatalogEntry(key);
  const otherLine = known && findOtherLine(known, value);
  if (otherLine) return otherLine;
  const problem = findMistake(key, known, value);
  if (problem) return { problem };
  return known && findMisplaced(known, value);
}

/** The line of a .env file for another known key. Under a name of one's own a whole file may be the secret. */
function findOtherLine(known: CatalogEntry, value: string): Refusal | undefined {
  const named = findCatalogEntry(assignedName(value) ?? "");
  if (!named || named.key === known.key) return undefined;
  const problem = `This is the line of a .env file for ${named.key}. Store what follows the "=" there.`;
  return { problem, rightKey: named.key };
}

/** What no value of this key can be. */
function findMistake(key: string, known: CatalogEntry | undefined, value: string): string | undefined {
  if (value === "") return "The value is empty. Paste the key itself.";
  if (!value.isWellFormed()) return "The value holds broken characters. Copy it again from where you got it.";
  if (new TextEncoder().encode(value).length > MAX_VALUE_BYTES)
    return "The value is longer than 8,192 bytes.";
  if (/^[•*●∙·]+$/u.test(value) || /[•●]{4}|\*{4}/u.test(value)) {
    return "This is a mask and not the key itself. Copy the key from its provider.";
  }
  if (assignedName(value) === key) {
    return `This is a whole line of a .env file. Leave out everything up to the first "=".`;
  }
  if (/^export\s/.test(value)) return 'This is a shell command. Leave out "export" and the name.';
  if (/^(["'`])[\s\S]*\1$/.test(value)) return "There are quotes around the value. Leave them out.";
  if (known?.singleLine) {
    if (/[\r\n]/.test(value)) return `${key} is one line, and the value has line breaks.`;
    if (!HEADER_VALUE.test(value)) {
      return `${key} has no spaces or special characters. Copy it again from its provider.`;
    }
  }
  // Tabs and line breaks stay, for PEM and JSON keys.
  if (/[^\P{Cc}\t\r\n]/u.test(value)) return "The value holds control characters. Copy it again.";
  return undefined;
}

/**
 * A value that belongs to another known key. Told only where there is no doubt: the key has a documented
 * format that the value lacks, and the value begins as one provider's values alone do.
 */
function findMisplaced(known: CatalogEntry, value: string): Refusal | undefined {
  if (!known.format || known.format.test(value)) return undefined;
  const right = detectProvider(value, true);
  if (!right) return undefined;
  return { problem: `${looksLike(right, known)} Store it as ${right.key}.`, rightKey: right.key };
}

/** What a value is unlikely to be, although it may be right. */
function findWarning(key: string, value: string): string | undefined {
  if (/^<.+>$|x{8}|your[-_ ]|change[-_]?me|(\.{3}|…)$/i.test(value)) {
    return "This looks like a placeholder and not like the key itself.";
  }
  const known = findCatalogEntry(key);
  if (!known) return undefined;
  if (known.format) {
    if (known.format.test(value)) return undefined;
    const usual = `A value for ${key} usually ${known.formatHint}.`.replace(/\.\.$/, ".");
    return `${usual} Check that you copied all of it.`;
  }
  const right = detectProvider(value, true);
  if (!right || known.prefixes.some((prefix) => value.startsWith(prefix))) return undefined;
  return `${looksLike(right, known)} It would be stored as ${right.key}.`;
}

function looksLike(right: CatalogEntry, known: CatalogEntry): string {
  const provider = providerOf(right);
  const article = /^([AEIOU]|xAI|npm)/.test(provider) ? "an" : "a";
  return `This looks like ${provider === providerOf(known) ? "another" : article} ${provider} key.`;
}

/** The name in capitals that a line such as `export NAME=…` gives a value to. */
function assignedName(value: string): string | undefined {
  return /^(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(value)?.[1]?.toUpperCase();
}

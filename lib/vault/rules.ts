import { findCatalogEntry } from "./catalog.ts";

// What a key name and a value may be. Without dependencies, because the form uses it as well.

/** A key name, as an environment variable would be called. */
export const KEY_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;
export const KEY_NAME_RULE =
  "A key name has 1 to 64 characters: capital letters, digits and underscores, starting with a letter.";

export const MAX_DESCRIPTION_LENGTH = 500;
export const MAX_VALUE_BYTES = 8192;

/** What hides a value on the screen: of constant length, so that it tells nothing about the value. */
export const MASK = "•".repeat(12);

/**
 * Checks a value before it is stored under `key`. Used by the form, to answer at once, and by the server,
 * which decides.
 *
 * @returns the value without surrounding white space, or one sentence that says how to mend it; the
 * sentence never repeats the value
 */
export function checkValue(key: string, input: string): { value: string } | { problem: string } {
  const value = input.trim();
  const problem = findProblem(key, value);
  return problem ? { problem } : { value };
}

function findProblem(key: string, value: string): string | undefined {
  if (value === "") return "The value is empty. Paste the key itself.";
  if (!value.isWellFormed()) return "The value holds broken characters. Copy it again from where you got it.";
  if (new TextEncoder().encode(value).length > MAX_VALUE_BYTES)
    return "The value is longer than 8,192 bytes.";
  if (/^[•*●∙·]+$/u.test(value) || /[•●]{4}|\*{4}/u.test(value)) {
    return "This is a mask and not the key itself. Copy the key from its provider.";
  }
  if (/^(export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=/.test(value) && value.split("=", 1)[0]?.includes(key)) {
    return `This is a whole line of a .env file. Leave out everything up to the first "=".`;
  }
  if (/^export\s/.test(value)) return 'This is a shell command. Leave out "export" and the name.';
  if (/^(["'`])[\s\S]*\1$/.test(value)) return "There are quotes around the value. Leave them out.";
  if (findCatalogEntry(key)?.singleLine) {
    if (/[\r\n]/.test(value)) return `${key} is one line, and the value has line breaks.`;
    if (!/^[\x21-\x7e]+$/.test(value)) {
      return `${key} has no spaces or special characters. Copy it again from its provider.`;
    }
  }
  // Tabs and line breaks stay, for PEM and JSON keys.
  if (/[^\P{Cc}\t\r\n]/u.test(value)) return "The value holds control characters. Copy it again.";
  return undefined;
}

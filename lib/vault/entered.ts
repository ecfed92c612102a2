import { detectProvider } from "./catalog";
import { type Cleaned, cleanAssigned, cleanPasted } from "./clean";
import { parseEnvFile } from "./env-import";

// What a text is that comes into the form for one secret as a whole: pasted, dropped or from a file.

export type Entered =
  | { kind: "env-file" }
  | { kind: "name"; name: string }
  /** `notes` say in sentences what was understood; empty if the text is the value as it is. */
  | { kind: "value"; value: string; name?: string; notes: string[] };

interface Place {
  /** The field that it was put into. */
  field: "name" | "value";
  /** The key that is chosen; empty if there is none yet. */
  key: string;
  /** Whether a text with several assignments is a file to import, or a value like any other. */
  canImport: boolean;
}

/**
 * Says what an entered text is. It changes a value only at its ends, and says so.
 *
 * @example readEntered('A_KEY="abc"', { field: "name", key: "", canImport: true })
 * // { kind: "value", name: "A_KEY", value: "abc", notes: ["The name and the value were taken apart.", "Removed …"] }
 */
export function readEntered(text: string, { field, key, canImport }: Place): Entered {
  if (canImport && isEnvFile(text)) return { kind: "env-file" };
  // A field of a page holds no other line breaks.
  const lines = text.replace(/\r\n?/g, "\n");
  const { value, removed, name } = field === "name" ? takeApart(lines) : cleanPasted(key, lines);
  const notes = [
    lines !== text && "Its Windows line breaks (CRLF) are line feeds (LF) now.",
    removed.length > 0 && `Removed from it: ${removed.join(", ")}.`,
  ].filter((note) => note !== false);
  if (field === "value") return { kind: "value", value, notes, ...(key === "" && name && { name }) };
  if (name)
    return { kind: "value", name, value, notes: ["The name and the value were taken apart.", ...notes] };

  const provider = detectProvider(value.trim());
  if (!provider && !LIKE_A_VALUE.test(value.trim())) return { kind: "name", name: toKeyName(value) };
  // In the name it could be read by everybody, and would be stored as one.
  const moved = "Moved here from the key name, because it looks like a value.";
  return {
    kind: "value",
    value,
    notes: [moved, ...notes],
    ...(key === "" && provider && { name: provider.key }),
  };
}

/** No name of a key has a "=", so what is before one is the name, however it is written. Base64 alone ends in it. */
function takeApart(text: string): Cleaned {
  const [, name, value] = /^\s*(?:export\s+)?([\w.-]+)\s*=([\s\S]*[^=\s][\s\S]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) return cleanPasted("", text);
  return { name: toKeyName(name), ...cleanAssigned(toKeyName(name), value) };
}

/** Several lines; an address; or long, without spaces, and with small letters and digits: no name of a key. */
const LIKE_A_VALUE = /\n|:\/\/|^(?=.*[a-z])(?=.*\d)\S{20,}$/;

/** Several assignments; a PEM or JSON key is none. */
function isEnvFile(text: string): boolean {
  return (
    !/^\s*[{[]/.test(text) && /^\s*(export\s+)?[\w.-]+\s*=/m.test(text) && parseEnvFile(text).rows.length > 1
  );
}

/**
 * A text as the name of a key: in capitals, without what cannot be seen at its ends, and with underscores for spaces,
 * dots and dashes. What is no name even so is left for the rules to explain.
 *
 * @example toKeyName(" openai api-key ") // "OPENAI_API_KEY"
 */
export function toKeyName(text: string): string {
  return text
    .replace(/^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu, "")
    .toUpperCase()
    .replace(/[\s.-]+/g, "_");
}

/** The same while it is being typed, when a space at the end may become an underscore with the next letter. */
export function toTypedName(text: string): string {
  const name = toKeyName(text);
  return name !== "" && /\s$/.test(text) ? `${name} ` : name;
}

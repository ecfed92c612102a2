import { detectProvider } from "./catalog";
import { type Cleaned, cleanAssigned, cleanPasted, withoutMargins } from "./clean";
import { parseEnvFile } from "./env-import";
import { COMMAND } from "./rules";

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
 * // { kind: "value", name: "A_KEY", value: "abc", notes: ["The name and the value were separated.", "Removed …"] }
 */
export function readEntered(text: string, { field, key, canImport }: Place): Entered {
  if (canImport && isEnvFile(text)) return { kind: "env-file" };
  // A field of a page holds no other line breaks.
  const lines = text.replace(/\r\n?/g, "\n");
  const { value, removed, name } = field === "name" ? takeApart(lines) : cleanPasted(key, lines);
  const notes = [
    lines !== text && "Windows line breaks (CRLF) were changed to LF.",
    removed.length > 0 && `Removed: ${removed.join(", ")}.`,
  ].filter((note) => note !== false);
  if (field === "value") return { kind: "value", value, notes, ...(key === "" && name && { name }) };
  if (name)
    return { kind: "value", name, value, notes: ["The name and the value were separated.", ...notes] };

  const inner = value.trim();
  const provider = detectProvider(inner);
  const isValue = provider ? !NAME_IN_WORDS.test(inner) : LIKE_A_VALUE.test(inner);
  if (!isValue) return { kind: "name", name: toKeyName(value) };
  // In the name it could be read by everybody, and would be stored as one.
  const moved = "Moved here from the key name because it looks like a value.";
  return {
    kind: "value",
    value,
    notes: [moved, ...notes],
    ...(key === "" && provider && { name: provider.key }),
  };
}

/** No name of a key has a "=", or a colon and a space, so whatever is before one is the name. Base64 alone ends in it. */
function takeApart(text: string): Cleaned {
  const [, name, separator, value] = NAME_AND_VALUE.exec(text) ?? [];
  if (name === undefined || value === undefined || PARAMETERS.test(text)) return cleanPasted("", text);
  // Two words may be one name, and a file of several lines may begin with a colon after its first word.
  const isLine = !/\n/.test(value.trim());
  const isApart =
    separator?.trim() === "=" ||
    (isLine && (separator?.startsWith(":") || LONG.test(value.trim()) || detectProvider(value, true)));
  return isApart
    ? { name: toKeyName(name), ...cleanAssigned(toKeyName(name), value) }
    : cleanPasted("", text);
}

const NAME_AND_VALUE = new RegExp(
  `^\\s*${COMMAND}?["']?([\\p{L}\\p{N}_.-]+)["']?([ \\t]*=|:?[ \\t]+(?![ \\t]))([\\s\\S]*[^=\\s][\\s\\S]*)$`,
  "u",
);
/** A connection string such as `Server=…;Password=…`, in which the first name is a parameter's. */
const PARAMETERS = /;\s*[A-Za-z][\w ]*=/;

/** Without spaces, and with small letters and digits. */
const LONG = /^(?=.*[a-z])(?=.*\d)\S{20,}$/;
/** No name of a key: several lines, an address, an assignment, a PEM or JSON text, or long. */
const LIKE_A_VALUE = new RegExp(
  `\\n|^[a-z][a-z\\d+.-]*:\\/\\/|^-----BEGIN |^[{[]|=\\s*[^=\\s]|${LONG.source}`,
);
/** A name in small letters that begins as some provider's keys do, such as hf_token. */
const NAME_IN_WORDS = /^(?=.{1,24}$)[a-z]+_[a-z]+(?:_[a-z]+)*$/;

/** Several assignments. A PEM or JSON key is none, and neither is what OpenSSL and PuTTY write around one. */
function isEnvFile(text: string): boolean {
  if (/^\s*(?:[{[]|-----BEGIN |Bag Attributes\b|PuTTY-User-Key-File)/.test(text)) return false;
  return ASSIGNMENT_LINE.test(text) && parseEnvFile(text).rows.length > 1;
}

const ASSIGNMENT_LINE = new RegExp(`^[ \\t]*(?:[-*•][ \\t]+)?${COMMAND}?[\\w.-]+(?:[ \\t]*=|:[ \\t])`, "m");

/**
 * A text as the name of a key: in capitals, without what cannot be seen at its ends, and with underscores for spaces,
 * dots and dashes. What is no name even so is left for the rules to explain.
 *
 * @example toKeyName(" openai api-key ") // "OPENAI_API_KEY"
 */
export function toKeyName(text: string): string {
  return withoutMargins(text)
    .toUpperCase()
    .replace(/[\s.-]+/g, "_");
}

/** The same while it is being typed, when a space at the end may become an underscore with the next letter. */
export function toTypedName(text: string): string {
  const name = toKeyName(text);
  return name !== "" && /\s$/.test(text) ? `${name} ` : name;
}

import { MAX_ENV_FILE_BYTES } from "./types";

const SAVE_AS = 'Save it as "UTF-8" in your editor, then choose it again.';

/** Byte order marks, https://www.unicode.org/faq/utf_bom.html#bom4. That of UTF-32 begins like UTF-16's. */
const MARKS: readonly [encoding: string, mark: readonly number[]][] = [
  ["utf-32", [0xff, 0xfe, 0, 0]],
  ["utf-32", [0, 0, 0xfe, 0xff]],
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/**
 * Decodes a text file: UTF-8, or what its byte order mark says. Nothing is replaced: a file in another encoding would
 * lose characters of its values.
 *
 * @returns the text without the mark, or why it cannot be read, in one sentence
 * @example decodeText(new Uint8Array([0xff, 0xfe, 0x41, 0])) // { text: "A" }
 * @example decodeText(new Uint8Array([0x67, 0xfc])) // { problem: "The file isn't UTF-8 text. …" }
 */
export function decodeText(bytes: Uint8Array): { text: string } | { problem: string } {
  const marked = MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  const [encoding, mark] = marked ?? ["utf-8", []];
  if (encoding === "utf-32") return { problem: `The file is UTF-32 text. ${SAVE_AS}` };
  try {
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    const text = decoder.decode(bytes.subarray(mark.length));
    // Text holds none: UTF-16 without its mark, or no text at all.
    if (text.includes("\0")) return { problem: `The file isn't UTF-8 text. ${SAVE_AS}` };
    return { text };
  } catch {
    const name = encoding === "utf-8" ? "UTF-8" : "UTF-16";
    return { problem: `The file isn't ${name} text. ${SAVE_AS}` };
  }
}

/**
 * Reads the one file that somebody chose or dropped.
 *
 * @returns see {@link decodeText}; does not throw
 */
export async function readTextFile(files: ArrayLike<File>): Promise<{ text: string } | { problem: string }> {
  const [file] = Array.from(files);
  if (!file) return { problem: "There's no file in it." };
  if (files.length > 1) return { problem: `You chose ${files.length} files. Choose one at a time.` };
  if (file.size > MAX_ENV_FILE_BYTES) return { problem: "The file is larger than 256 KiB." };
  try {
    return decodeText(new Uint8Array(await file.arrayBuffer()));
  } catch {
    // A folder, or a file that was moved in the meantime.
    return { problem: "The file can't be read." };
  }
}

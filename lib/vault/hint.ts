/** A shorter value would be told too much of, by four characters and a list of likely values. */
const MIN_LENGTH = 24;
const SHOWN = 4;

/**
 * The last four characters of a long value of one line, by which people tell two keys apart.
 *
 * @returns null for values that are shorter than 24 characters or of several lines
 */
export function hintOf(value: string): string | null {
  const characters = [...value];
  return characters.length < MIN_LENGTH || /[\r\n]/.test(value) ? null : characters.slice(-SHOWN).join("");
}

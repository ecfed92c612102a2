// Between the words of a key's name and of what somebody looks for.
const SEPARATORS = /[\s_.-]+/u;

/**
 * A text as it is compared in a search: without case, accents and the forms that Unicode has for one letter. What
 * follows another text follows it here too, so that a beginning is found.
 *
 * @example fold("İstanbul") === fold("istanbul"), fold("Schlüssel") === fold("schlussel")
 */
export function fold(text: string): string {
  // In capitals at last: the small sigma at the end of a word is another letter, and the capital one is not.
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().toUpperCase();
}

const wordsOf = (text: string) => fold(text).split(SEPARATORS).filter(Boolean);

/**
 * Makes a search of what somebody typed.
 *
 * @returns a function that says whether all of its words are in a text; null if there is no word in it
 */
export function searchFor(query: string): ((text: string) => boolean) | null {
  const words = wordsOf(query);
  if (words.length === 0) return null;
  return (text) => {
    const searched = wordsOf(text).join(" ");
    return words.every((word) => searched.includes(word));
  };
}

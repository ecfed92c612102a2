import type { Analysis } from "./types";

/**
 * Leaves out the findings whose quote is not in the text: a passage that nobody wrote must not be shown as
 * one, and the other findings are still worth reading. White space does not count, because models write a
 * line break inside a sentence as a space. Nor does it count how a character is encoded, because the text of
 * a PDF may have "e" and an accent where a model writes "é": what is canonically equivalent (UAX #15) is the
 * same. A quote begins and ends with whole characters as readers see them (UAX #29): "e" is not in "é".
 *
 * @returns the analysis with the findings that are left, their quotes as the text spells them, and how many are gone
 */
export function keepQuoted(analysis: Analysis, text: string): { result: Analysis; dropped: number } {
  const find = passagesOf(text);
  const findings = analysis.findings.flatMap((finding) => {
    const quote = find(finding.quote);
    return quote === null ? [] : [{ ...finding, quote }];
  });
  return { result: { ...analysis, findings }, dropped: analysis.findings.length - findings.length };
}

const collapse = (text: string) => text.replace(/\s+/g, " ").trim();

const CHARACTERS = new Intl.Segmenter("en", { granularity: "grapheme" });
/** UTF-16 code units. No writing has longer characters, and to sort the marks of one takes the square of its length. */
const MAX_CANONICAL = 100;

/** @returns finds a quote in the text, and gives the first passage that is equivalent to it, or null */
function passagesOf(text: string): (quote: string) => string | null {
  const source = collapse(text);
  const numberOf = numbering();
  const numbers: number[] = [];
  const starts: number[] = [];
  for (const { segment, index } of CHARACTERS.segment(source)) {
    numbers.push(numberOf(segment));
    starts.push(index);
  }
  return (quote) => {
    const wanted = Array.from(CHARACTERS.segment(collapse(quote)), ({ segment }) => numberOf(segment));
    const at = wanted.length === 0 ? -1 : indexOfRun(numbers, wanted);
    return at === -1 ? null : source.slice(starts[at], starts[at + wanted.length]);
  };
}

/** Numbers characters, so that equivalent ones have the same number. */
function numbering(): (character: string) => number {
  const known = new Map<string, number>();
  return (character) => {
    let number = known.get(character);
    if (number === undefined) {
      const canonical = character.length > MAX_CANONICAL ? character : character.normalize("NFD");
      number = known.get(canonical) ?? known.size;
      known.set(canonical, number).set(character, number);
    }
    return number;
  };
}

/**
 * Where `part` first occurs in `whole`; -1 if nowhere. In linear time for every text (Knuth, Morris and Pratt, 1977),
 * which `String.prototype.indexOf` does not promise.
 *
 * @param part not empty
 */
function indexOfRun(whole: readonly number[], part: readonly number[]): number {
  // For each place in `part`: how much of its beginning ends there.
  const beginnings = [0];
  let matched = 0;
  const next = (number: number | undefined) => {
    while (matched > 0 && part[matched] !== number) matched = beginnings[matched - 1] ?? 0;
    if (part[matched] === number) matched += 1;
  };
  for (const number of part.slice(1)) {
    next(number);
    beginnings.push(matched);
  }
  matched = 0;
  const end = whole.findIndex((number) => {
    next(number);
    return matched === part.length;
  });
  return end === -1 ? -1 : end + 1 - part.length;
}

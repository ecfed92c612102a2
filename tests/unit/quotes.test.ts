import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepQuoted } from "../../lib/reveal/quotes.ts";
import type { Analysis } from "../../lib/reveal/types.ts";

const withQuotes = (...quotes: string[]): Analysis => ({
  title: "t",
  summary: "s",
  findings: quotes.map((quote) => ({ title: "f", explanation: "e", quote })),
  open_questions: [],
});

/** The quotes that stay, as they are shown. */
const kept = (text: string, ...quotes: string[]) =>
  keepQuoted(withQuotes(...quotes), text).result.findings.map(({ quote }) => quote);

const FORMS = ["NFC", "NFD"] as const;
const collapse = (text: string) => text.replace(/\s+/g, " ").trim();

describe("quotes", () => {
  it("stay when they are in the text, whatever its line breaks", () => {
    const text = "First line\r\n  goes on here.\u00a0Second.";
    const quotes = ["line goes on here. Second", "Second.", " First\nline "];
    expect(kept(text, ...quotes)).toEqual(["line goes on here. Second", "Second.", "First line"]);
    expect(keepQuoted(withQuotes(...quotes), text).dropped).toBe(0);
  });

  it("are dropped and counted when a word differs, or nothing is quoted", () => {
    const { result, dropped } = keepQuoted(
      withQuotes("the Sky is green", " ", "", "the sky is blue", "the sky is blue."),
      "the sky is blue",
    );
    expect(result.findings.map(({ quote }) => quote)).toEqual(["the sky is blue"]);
    expect(dropped).toBe(4);
  });

  it.each([
    ["accents", "Le café décoré de Noël"],
    ["Vietnamese", "Tiếng Việt được viết bằng chữ Quốc ngữ"],
    ["marks in another order", "xa\u0323\u0302y and a\u0302\u0323"],
    ["Hangul", "대한민국의 각 도시"],
    ["the sign of Angstrom", "100 \u212b thick, 5 \u2126"],
    ["supplementary characters", "𝄞 \u{1109a} 𠮷野家 \u{2f800}"],
    ["emoji", "Done 👩🏽‍💻, ❤️ and 🇩🇪🇫🇷!"],
    ["Hindi and Thai", "हिन्दी में लिखा है ภาษาไทยน้ำ"],
  ])("are found in any normal form, and shown as the text spells them: %s", (_, sentence) => {
    for (const text of [sentence, ...FORMS.map((form) => sentence.normalize(form))]) {
      const quotes = [sentence, ...FORMS.map((form) => sentence.normalize(form))];
      expect(kept(`Before. ${text} After.`, ...quotes)).toEqual(quotes.map(() => collapse(text)));
    }
  });

  it.each([
    ["cafe\u0301", "cafe"],
    ["café", "cafe"],
    ["o\u0323\u0301", "o\u0323"],
    ["ọ́", "ọ"],
    ["각", "가"],
    ["\u1100\u1161\u11a8", "가"],
    ["\u1100\u1161\u11a8", "\u1161\u11a8"],
    ["e\u0301t", "\u0301t"],
    ["😀", "\ud83d"],
    ["👩‍💻", "👩"],
  ])("do not begin or end inside of a character: %j has no %j", (text, quote) => {
    for (const form of FORMS) expect(kept(`${text}`.normalize(form), quote)).toEqual([]);
  });

  it("are found behind a character that only seems to begin them", () => {
    expect(kept("cafe\u0301, cafe", "cafe")).toEqual(["cafe"]);
    expect(kept("aab aaab", "aaab")).toEqual(["aaab"]);
    expect(kept("abacababacabac", "abacabac")).toEqual(["abacabac"]);
  });

  it("are passages of the text: any of any text is found, in any normal form", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "e\u0301",
        "ệ",
        "a\u0323\u0302",
        "a\u0302\u0323",
        "각",
        "\u1100\u1161",
        "\u11a8",
        "\u212b",
      ),
      fc.constantFrom(" ", "\n\n", "\u00a0", "\u2000", "👩🏽‍💻", "🇩🇪", "\u200d", "\ufe0f", "\u0301", "aa"),
    );
    const form = fc.constantFrom(...FORMS, undefined);
    const formed = (text: string, as: (typeof FORMS)[number] | undefined) => (as ? text.normalize(as) : text);
    const texts = fc
      .array(fc.tuple(piece, form), { maxLength: 40 })
      .map((pieces) => pieces.map(([text, as]) => formed(text, as)).join(""));
    const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(), form, (text, a, b, as) => {
        const source = collapse(text);
        const characters = Array.from(segmenter.segment(source), ({ segment }) => segment);
        const [one, other] = [a % (characters.length + 1), b % (characters.length + 1)];
        const from = Math.min(one, other);
        const passage = characters.slice(from, Math.max(one, other)).join("");
        // White space at its beginning does not count. Where that carries a mark, nothing whole is left.
        fc.pre(collapse(passage) !== "" && !/^\s./su.test(characters[from] ?? ""));
        const [found] = kept(text, formed(passage, as));
        expect(found?.normalize("NFC")).toBe(collapse(passage).normalize("NFC"));
        expect(source).toContain(found);
      }),
      { numRuns: 1000 },
    );
  });

  it("are found for every character that has more than one spelling", () => {
    const spelled: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      if (character.normalize("NFD") !== character && !/\s/.test(character)) spelled.push(`x${character}y`);
    }
    expect(spelled.length).toBeGreaterThan(13_000);
    const text = spelled.join(" ");
    for (const [source, other] of [
      [text, text.normalize("NFD")],
      [text.normalize("NFD"), text],
    ] as const) {
      expect(kept(source, other)).toEqual([collapse(source)]);
    }
  });

  it("take no longer for texts that are made to be slow", () => {
    const long = 200_000;
    // Each would be compared again from each place of the text.
    expect(kept("a".repeat(long), `${"a".repeat(long / 2)}b`)).toEqual([]);
    expect(kept("á".normalize("NFD").repeat(long / 2), `${"á".repeat(long / 4)}a`)).toEqual([]);
    expect(kept("ab".repeat(long / 2), `${"ab".repeat(long / 4)}a`)).toHaveLength(1);
    // One character, whose marks are in the wrong order: it would take a minute to sort them.
    const stacked = `a${"\u0301\u0323".repeat(long / 2)}`;
    expect(kept(`${stacked} is one`, `${stacked} is`, "is one")).toEqual([`${stacked} is`, "is one"]);
    // So it is found as it is spelled, and not in another order.
    expect(kept(`a${"\u0301\u0323".repeat(100)}`, `a${"\u0323\u0301".repeat(100)}`)).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, searchFor } from "../../components/vault/search";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  // What differs by its place, by the language, or by the form.
  fc.string({ unit: fc.constantFrom(..."İıiISßẞΣσςﬁK\u0130\u0301\u0308éÅ한ー①") }),
);

describe("a folded text", () => {
  it("is the same in every form of Unicode", () => {
    fc.assert(
      fc.property(text, (original) => {
        for (const form of ["NFC", "NFD", "NFKC", "NFKD"]) {
          expect(fold(original.normalize(form))).toBe(fold(original));
        }
      }),
    );
  });

  it("is the same in capitals and in small letters", () => {
    fc.assert(
      fc.property(text, (original) => {
        expect(fold(fold(original).toLowerCase())).toBe(fold(original));
        expect(fold(fold(original))).toBe(fold(original));
      }),
    );
  });

  it("follows what was folded before it, so that every part of a text is found in it", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(fold(before + after)).toBe(fold(before) + fold(after));
      }),
    );
  });
});

describe("a search", () => {
  it.each([
    ["schlüssel", "Der Schlu\u0308ssel"],
    ["schlu\u0308ssel", "Der Schlüssel"],
    ["SCHLÜSSEL", "schlüssel"],
    ["schlussel", "Schlüssel"],
    ["istanbul", "İstanbul"],
    ["İSTANBUL", "istanbul"],
    ["ıstanbul", "ISTANBUL"],
    ["strasse", "Straße"],
    ["STRASSE", "straße"],
    ["οδος", "ΟΔΟΣΑ"],
    ["café", "CAFE\u0301"],
    ["ﬁle", "file"],
    ["ＡＰＩ", "MY_API_KEY"],
    ["api key", "MY_API_KEY"],
    ["key my", "MY_API_KEY"],
    ["my-api.key", "MY_API_KEY"],
  ])("for %j finds %j", (query, found) => {
    expect(searchFor(query)?.(found)).toBe(true);
  });

  it.each([
    ["istanbul", "Ankara"],
    ["api kex", "MY_API_KEY"],
  ])("for %j does not find %j", (query, other) => {
    expect(searchFor(query)?.(other)).toBe(false);
  });

  it.each(["", " ", "_", " .- ", "\u0301"])("for %j is none", (query) => {
    expect(searchFor(query)).toBeNull();
  });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { finder, piecesOf } from "../support/needles.ts";

it("finds a needle exactly where the bytes have one", () => {
  const bytes = (options: { minLength?: number; maxLength: number }) =>
    fc.array(fc.constantFrom(0, 1, 2, 255), options).map((list) => Buffer.from(list));
  fc.assert(
    fc.property(
      bytes({ maxLength: 60 }),
      fc.array(bytes({ minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
      (haystack, needles) => {
        const found = finder(needles)(haystack);
        expect(found !== undefined).toBe(needles.some((needle) => haystack.includes(needle)));
        if (found) expect(haystack.includes(found)).toBe(true);
      },
    ),
  );
});

it("finds every five characters of a secret in each encoding, and not four", () => {
  const find = finder(piecesOf("a~b!c~d", 5));
  for (const text of ["xa~b!cx", "b!c~d", "617e622163", "617E622163", "a%7Eb%21c"]) {
    expect(find(Buffer.from(text)), text).toBeDefined();
  }
  expect(find(Buffer.from("b!c~d", "utf16le"))).toBeDefined();
  for (const text of ["", "a", "a~b!", "!c~d", "a~b-!c~d", "A~B!C"]) {
    expect(find(Buffer.from(text)), text).toBeUndefined();
  }
});

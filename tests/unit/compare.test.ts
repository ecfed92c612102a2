import crypto from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";

// ESM bindings of Node's own modules cannot be spied on; a copy of them can.
const compared = vi.hoisted(() => [] as [ArrayBufferView, ArrayBufferView][]);
vi.mock("node:crypto", async (importOriginal) => {
  const real = await importOriginal<typeof crypto>();
  const timingSafeEqual: typeof real.timingSafeEqual = (one, other) => {
    compared.push([one as ArrayBufferView, other as ArrayBufferView]);
    return real.timingSafeEqual(one, other);
  };
  return { ...real, default: real, timingSafeEqual };
});
const { isSameText } = await import("../../lib/vault/compare.ts");

const sha256 = (text: string) => crypto.createHash("sha256").update(text, "utf8").digest();

describe("isSameText", () => {
  afterEach(() => {
    compared.length = 0;
  });

  it("compares digests of equal length, however long the texts are", () => {
    for (const [one, other] of [
      ["", "x"],
      ["sk-test-1", "sk-test-1"],
      ["short", "long".repeat(2048)],
    ] as const) {
      expect(isSameText(one, other)).toBe(one === other);
      expect(compared.pop()).toEqual([sha256(one), sha256(other)]);
    }
    expect(compared).toEqual([]);
  });

  it("says what === says of any two well-formed texts", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(isSameText(one, one)).toBe(true);
        expect(isSameText(one, other)).toBe(one === other);
        expect(isSameText(one, `${one}\0`)).toBe(false);
        expect(isSameText(one, one.normalize("NFD"))).toBe(one === one.normalize("NFD"));
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utcTime } from "@/lib/vault/schema";

describe("utcTime", () => {
  it.each([
    ["2026-03-05 12:00:00.123456+00", "2026-03-05T12:00:00.123456Z"],
    ["2026-03-05T12:00:00.123+00:00", "2026-03-05T12:00:00.123000Z"],
    ["2026-03-05T12:00:00+00:00", "2026-03-05T12:00:00.000000Z"],
    ["2026-03-05T12:00:00.12Z", "2026-03-05T12:00:00.120000Z"],
    ["2026-03-05T12:00:00.123456Z", "2026-03-05T12:00:00.123456Z"],
  ])("writes %s as %s", (text, expected) => {
    expect(utcTime.parse(text)).toBe(expected);
  });

  // Regression: "…00.123Z" came after "…00.123001Z", so two changes within a millisecond were in the wrong order.
  it("keeps the order of times in the order of their texts", () => {
    const microseconds = fc.integer({ min: 0, max: 4_000_000 });
    const written = (time: number) => {
      const fraction = String(time % 1_000_000)
        .padStart(6, "0")
        .replace(/0+$/, "");
      return utcTime.parse(
        `2026-03-05T12:00:0${Math.floor(time / 1_000_000)}${fraction && `.${fraction}`}+00:00`,
      );
    };
    fc.assert(
      fc.property(microseconds, fc.oneof(microseconds, fc.constantFrom(1, 10, 1_000)), (first, later) => {
        const [a, b] = [written(first), written(first + later)];
        expect(a < b).toBe(later > 0);
      }),
      { numRuns: 1000 },
    );
  });
});

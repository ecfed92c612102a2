import { describe, expect, it } from "vitest";
import { takeTurn } from "../../lib/vault/check/limit.ts";

describe("how often a person may check", () => {
  it("six times in any minute, each person for themselves", () => {
    for (const second of [0, 1, 2, 3, 4, 5]) takeTurn("ann", second * 1_000);
    for (const [second, retryAfter] of [
      [6, 54],
      [59.5, 1],
    ] as const) {
      expect(() => takeTurn("ann", second * 1_000)).toThrow(
        expect.objectContaining({ code: "check_rate_limited", status: 429, retryAfter }),
      );
    }
    takeTurn("ben", 6_000);
    // The first has left the minute, and the refused ones did not count.
    takeTurn("ann", 60_000);
    expect(() => takeTurn("ann", 60_500)).toThrow(expect.objectContaining({ retryAfter: 1 }));
  });
});

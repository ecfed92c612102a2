import { describe, expect, it } from "vitest";
import { limitTurns } from "../../lib/vault/http/turns.ts";
import { takeTurn } from "../../lib/webhooks/limit.ts";

/** The seconds that a refusal names; null if the turn was taken. */
function refusal(turn: () => void): number | null {
  try {
    turn();
    return null;
  } catch (error) {
    return Number((error as Error).message);
  }
}

const limit = (most: number) => limitTurns(most, (retryAfter) => new Error(String(retryAfter)));

describe("turns", () => {
  it("are so many within any minute, each person for themselves", () => {
    const take = limit(2);
    take("ann", 0);
    take("ann", 30_000);
    expect(refusal(() => take("ann", 30_001))).toBe(30);
    expect(refusal(() => take("ann", 59_999))).toBe(1);
    expect(refusal(() => take("ben", 59_999))).toBeNull();
    // The first has left the minute, and those that were refused did not count.
    expect(refusal(() => take("ann", 60_000))).toBeNull();
    expect(refusal(() => take("ann", 60_001))).toBe(30);
  });

  it("are counted for each limit by itself", () => {
    const [take, other] = [limit(1), limit(1)];
    take("ann", 0);
    expect(refusal(() => other("ann", 0))).toBeNull();
    expect(refusal(() => take("ann", 0))).toBe(60);
  });

  it("are forgotten of the most idle people when there are too many", () => {
    const take = limit(1);
    take("first", 0);
    for (let person = 0; person < 9_999; person += 1) take(`person ${person}`, 1);
    expect(refusal(() => take("first", 2))).toBe(60);
    take("one more", 3);
    expect(refusal(() => take("first", 4))).toBeNull();
    expect(refusal(() => take("one more", 5))).toBe(60);
  });

  it("of somebody who comes back are not forgotten for those of somebody who does not", () => {
    const take = limit(2);
    take("first", 0);
    for (let person = 0; person < 9_999; person += 1) take(`person ${person}`, 1);
    take("first", 2);
    take("one more", 3);
    expect(refusal(() => take("first", 4))).toBe(60);
  });

  it("at addresses that a person chose are 20 within a minute", () => {
    for (let second = 0; second < 20; second += 1) takeTurn("ann", second * 1_000);
    expect(() => takeTurn("ann", 20_000)).toThrow(
      expect.objectContaining({ code: "webhook_rate_limited", status: 429, retryAfter: 40 }),
    );
    takeTurn("ann", 60_000);
  });
});

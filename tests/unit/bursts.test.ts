import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { combineBursts } from "../../lib/vault/http/bursts.ts";

type Entry = { of: string; by?: string };

let written: [Entry, number][];
let take: (of: string, by: string) => void;
const A_MINUTE = 60_000;
const total = (lines = written) => lines.reduce((sum, [, count]) => sum + count, 0);

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  const combine = combineBursts<Entry>((entry, count) => void written.push([entry, count]));
  take = (of, by) => combine(of, { of, by }, { of });
});

afterEach(() => {
  // Until nothing is waited for, so that no test leaves a listener behind.
  vi.runAllTimers();
  vi.useRealTimers();
});

describe("entries of one kind", () => {
  it("are written at once, and then once a minute with their number", () => {
    for (let i = 0; i < 1_000; i++) take("refused", "ann");
    expect(written).toEqual([[{ of: "refused", by: "ann" }, 1]]);
    vi.advanceTimersByTime(A_MINUTE);
    expect(written.slice(1)).toEqual([[{ of: "refused", by: "ann" }, 999]]);
  });

  it("are one line a minute for as long as they go on", () => {
    for (let second = 0; second < 600; second++) {
      take("refused", "ann");
      vi.advanceTimersByTime(1_000);
    }
    expect(written).toHaveLength(11);
    expect(total()).toBe(600);
  });

  it("are written at once again after a minute without any, and nothing is kept of them", () => {
    take("refused", "ann");
    vi.advanceTimersByTime(A_MINUTE);
    expect(vi.getTimerCount()).toBe(0);
    take("refused", "ann");
    expect(written).toEqual([
      [{ of: "refused", by: "ann" }, 1],
      [{ of: "refused", by: "ann" }, 1],
    ]);
  });

  it("are written when the process ends", () => {
    const others = process.listeners("exit");
    take("refused", "ann");
    take("refused", "ann");
    const [end, ...more] = process.listeners("exit").filter((listener) => !others.includes(listener));
    expect(more).toEqual([]);
    end?.(0);
    expect(written.at(-1)).toEqual([{ of: "refused", by: "ann" }, 1]);
    expect(total()).toBe(2);
    vi.runAllTimers();
    expect(process.listeners("exit")).toEqual(others);
  });
});

describe("a flood", () => {
  it("of many kinds is 100 of them, and one line for all others", () => {
    for (let i = 0; i < 50_000; i++) take("refused", `client ${i % 5_000}`);
    expect(written).toHaveLength(101);
    expect(written.at(-1)).toEqual([{ of: "refused" }, 1]);
    vi.advanceTimersByTime(A_MINUTE);
    expect(written).toHaveLength(202);
    expect(total()).toBe(50_000);
  });

  it("hides nothing of another group", () => {
    for (let i = 0; i < 5_000; i++) take("refused", `client ${i}`);
    take("failed", "ann");
    expect(written.at(-1)).toEqual([{ of: "failed", by: "ann" }, 1]);
  });

  it("whatever its order and its pace, loses no count, and is few lines a minute", () => {
    const event = fc.record({
      of: fc.constantFrom("a", "b", "c"),
      by: fc.integer({ min: 0, max: 400 }),
      times: fc.integer({ min: 1, max: 20 }),
      pause: fc.constantFrom(0, 0, 0, 1, 30_000, A_MINUTE),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 400 }), (events) => {
        written = [];
        let sent = 0;
        const from = Date.now();
        for (const { of, by, times, pause } of events) {
          for (let i = 0; i < times; i++) take(of, String(by));
          sent += times;
          vi.advanceTimersByTime(pause);
        }
        const minutes = (Date.now() - from) / A_MINUTE + 1;
        // Of three groups: the first of each kind, and the numbers.
        expect(written.length).toBeLessThanOrEqual(minutes * 3 * 101 * 2);
        vi.runAllTimers();
        expect(total()).toBe(sent);
        expect(vi.getTimerCount()).toBe(0);
      }),
    );
  });
});

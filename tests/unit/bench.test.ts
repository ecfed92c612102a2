import { describe, expect, it } from "vitest";
import { interleave, median, ratio, spread } from "../../bench/support/measure";
import { cpuSeconds, memoryOf, proportionalMB, residentMB } from "../../bench/support/processes";
import { number, print, times } from "../../bench/support/table";

// What the bench computes; what it measures is no test's business.

describe("a series of rounds", () => {
  it("has the middle one as its median, or the mean of the two in the middle", () => {
    expect(median([30, 1, 2])).toBe(2);
    expect(median([1, 2, 4, 100])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it("has half the width of its middle half as its spread, in per cent of the median", () => {
    expect(spread([10, 10, 10, 10])).toBe(0);
    expect(spread([80, 90, 100, 110, 120])).toBe(10);
  });

  it("is compared round by round, because the machine may change between them", () => {
    // Twice as slow from the second round on, both of them: medians of each would say 1.
    expect(ratio([10, 20, 20], [5, 10, 20])).toBe(2);
  });
});

it("candidates take turns, in the opposite order every second round, and warm up uncounted", async () => {
  const order: string[] = [];
  const measured = await interleave(["a", "b"], { rounds: 2, warmUp: 1 }, async (name) => order.push(name));
  expect(order.join("")).toBe("baabba");
  expect(Object.fromEntries(measured)).toEqual({ a: [3, 6], b: [4, 5] });
});

it("a table is Markdown, and says which bounds hold", () => {
  const bounds = [
    { what: "fast", value: 1.204, at: "least", limit: 1 },
    { what: "slow", value: 1.204, at: "most", limit: 1.2 },
  ] as const;
  const table = { title: "T", text: "Text.", columns: ["", "n", "×"], rows: [], bounds: [...bounds] };
  expect(print({ ...table, rows: [["row", number(12_345.6), times(0.5)]] })).toBe(
    [
      "### T\n\nText.\n",
      "|  | n | × |",
      "| --- | --: | --: |",
      "| row | 12,346 | 0.50 |\n",
      "- ✓ fast: 1.20, at least 1",
      "- ✗ slow: 1.20, at most 1.2\n",
    ].join("\n"),
  );
});

it("of the memory that the kernel lists, what counts is the proportional share", () => {
  const rollup = [
    "558df3a8b000-7ffec1bd2000 ---p 00000000 00:00 0                          [rollup]",
    "Rss:               51200 kB",
    "Pss:               10240 kB",
    "Pss_Dirty:          2048 kB",
    "SwapPss:               4 kB",
  ].join("\n");
  expect(proportionalMB(rollup)).toBe(10);
  expect(proportionalMB("")).toBeNaN();
});

it.skipIf(process.platform !== "linux")("CPU time and memory are those of the process that is meant", () => {
  const mine = () => cpuSeconds(({ pid }) => pid === process.pid);
  const before = mine();
  const { user, system } = process.cpuUsage();
  // The kernel counts in hundredths.
  expect(Math.abs(before - (user + system) / 1e6)).toBeLessThan(0.5);
  expect(cpuSeconds(() => true)).toBeGreaterThanOrEqual(before);
  expect(cpuSeconds(() => false)).toBeNaN();
  expect(residentMB(process.pid)).toBeGreaterThan(10);
  expect(residentMB(undefined)).toBeNaN();
  const { processes, MB } = memoryOf(({ pid }) => pid === process.pid);
  expect(processes).toBe(1);
  expect(MB).toBeGreaterThan(10);
  expect(memoryOf(() => false)).toEqual({ processes: 0, MB: Number.NaN });
});

import { describe, expect, it } from "vitest";
import { describePeriod, describeReport } from "../../components/usage/words.ts";
import { endOf, periodOf, RANGES, rangeNamed } from "../../lib/usage/range.ts";
import { usageQuery } from "../../lib/usage/schema.ts";
import { usageHref } from "../../lib/workspace/href.ts";

describe("a range", () => {
  it.each([
    ["this-month", "2026-11-29T23:59:59.999Z", "2026-11-01", "2026-11-29"],
    ["this-month", "2026-11-01T00:00:00Z", "2026-11-01", "2026-11-01"],
    // Still October, in UTC.
    ["this-month", "2026-11-01T01:30:00+02:00", "2026-10-01", "2026-10-31"],
    ["last-month", "2026-11-29T12:00:00Z", "2026-10-01", "2026-10-31"],
    ["last-month", "2026-03-31T12:00:00Z", "2026-02-01", "2026-02-28"],
    ["last-month", "2028-03-31T12:00:00Z", "2028-02-01", "2028-02-29"],
    ["last-month", "2026-01-15T12:00:00Z", "2025-12-01", "2025-12-31"],
    ["30-days", "2026-03-01T12:00:00Z", "2026-01-31", "2026-03-01"],
    ["90-days", "2026-11-29T12:00:00Z", "2026-09-01", "2026-11-29"],
    ["90-days", "2026-01-05T00:00:00Z", "2025-10-08", "2026-01-05"],
  ] as const)("%s at %s is %s to %s", (range, now, from, to) => {
    expect(periodOf(range, new Date(now))).toEqual({ from, to });
  });

  it("ends at the midnight after its last day", () => {
    expect(endOf({ from: "2026-12-01", to: "2026-12-31" }).toISOString()).toBe("2027-01-01T00:00:00.000Z");
    expect(endOf({ from: "2028-02-01", to: "2028-02-28" }).toISOString()).toBe("2028-02-29T00:00:00.000Z");
  });

  it("is known by its name alone", () => {
    expect(RANGES.map(rangeNamed)).toEqual(RANGES);
    for (const other of ["", "7-days", "This-month", "toString", ["30-days"], undefined, null])
      expect(rangeNamed(other)).toBeUndefined();
    expect(usageQuery.parse({ range: "90-days" })).toEqual({ range: "90-days" });
    expect(usageQuery.safeParse({ range: "7-days" }).error?.issues.map(({ message }) => message)).toEqual([
      "range must be one of this-month, last-month, 30-days, 90-days.",
    ]);
  });

  it("stays in the address, unless it is the usual one", () => {
    expect(usageHref(null, "30-days")).toBe("/usage");
    expect(usageHref(null, "this-month")).toBe("/usage?range=this-month");
    expect(usageHref("a-team", "90-days")).toBe("/usage?team=a-team&range=90-days");
  });

  it("is said in words", () => {
    expect(describeReport("personal", "30-days")).toBe(
      "Everything you ran in the last 30 days, in every workspace.",
    );
    expect(describeReport("team", "last-month")).toBe("All runs in this team last month, by member.");
    expect(describeReport("own", "this-month")).toMatch(/^Your runs in this team this month\. /);
    expect(describePeriod({ from: "2026-10-31", to: "2026-11-29" })).toBe("Oct 31 to Nov 29, 2026 (UTC)");
    expect(describePeriod({ from: "2025-12-07", to: "2026-01-05" })).toBe("Dec 7, 2025 to Jan 5, 2026 (UTC)");
  });
});

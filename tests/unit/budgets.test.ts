import { describe, expect, it } from "vitest";
import { describeTeamBudget } from "../../components/reveal/words.ts";
import { describeShare, formatMonth, standingOf } from "../../components/usage/budgets.ts";
import { budgetText, parseBudget, percentUsed } from "../../lib/teams/budget.ts";
import { changeMemberBody, changeTeamBody } from "../../lib/teams/schema.ts";

describe("a budget that is typed", () => {
  it.each([
    ["20", 20],
    [" $20.5 ", 20.5],
    ["$ 1,250.50", 1250.5],
    ["0", 0],
    ["999,999.99", 999_999.99],
    ["0.1", 0.1],
    ["", null],
    ["  ", null],
  ])("%j is %j dollars", (text, usd) => {
    expect(parseBudget(text)).toBe(usd);
  });

  it.each(["-1", "1000000", "0.001", "12,30", "1,2345", "1e3", "ten", "€5", "1.", "NaN", "0x10", "Infinity"])(
    "%j is none",
    (text) => {
      expect(parseBudget(text)).toBeUndefined();
    },
  );

  it.each([null, 0, 20, 20.5, 1250.05, 999_999.99])("%j comes back as it was", (usd) => {
    expect(parseBudget(budgetText(usd))).toBe(usd);
  });
});

describe("a budget in a request", () => {
  const RULE =
    "A budget is an amount in US dollars from 0 to 999,999.99 with at most two decimals, or null for none.";
  const BODIES = [
    [changeTeamBody, "monthly_usd"],
    [changeTeamBody, "member_monthly_usd"],
    [changeMemberBody, "monthly_usd"],
  ] as const;

  it.each([0, 0.01, 0.29, 1.1, 20, 123_456.78, 999_999.99, null])("may be %j", (usd) => {
    for (const [body, name] of BODIES) expect(body.parse({ [name]: usd })).toEqual({ [name]: usd });
  });

  it.each([-0.01, 0.001, 1_000_000, Number.NaN, Number.POSITIVE_INFINITY, "20", true, []])(
    "is not %j, and one sentence says why",
    (usd) => {
      for (const [body, name] of BODIES) {
        const { error } = body.safeParse({ [name]: usd });
        expect(error?.issues.map(({ message }) => message)).toEqual([RULE]);
      }
    },
  );

  it("is a change by itself, and nothing is none", () => {
    expect(changeTeamBody.safeParse({}).error?.issues[0]?.message).toMatch(/^There's nothing to change: /);
    expect(changeMemberBody.safeParse({}).error?.issues[0]?.message).toMatch(/^There's nothing to change: /);
    expect(changeMemberBody.parse({ role: "admin" })).toEqual({ role: "admin" });
  });
});

describe("what is used of a budget", () => {
  it.each([
    [0, 10, 0],
    [3.3, 10, 33],
    [12.3, 50, 24],
    [9.999_999_999_9, 10, 99],
    [10, 10, 100],
    [12.3, 5, 246],
    [0, 0, 100],
    [5, 0, 100],
  ])("%d of %d dollars are %d %%", (used, budget, percent) => {
    expect(percentUsed(used, budget)).toBe(percent);
  });

  it.each([
    [{ monthly_usd: 50, spent_usd: 12.3, held_usd: 0 }, "$12.30 of $50.00 (24%)", "fine"],
    [{ monthly_usd: 20, spent_usd: 16, held_usd: 4 }, "$16.00 of $20.00 (80%)", "nearly"],
    [{ monthly_usd: 20, spent_usd: 25, held_usd: 0 }, "$25.00 of $20.00 (125%)", "used"],
    [{ monthly_usd: 0, spent_usd: 0, held_usd: 0 }, "$0.00 of $0.00 (100%)", "used"],
    [{ monthly_usd: null, spent_usd: 3, held_usd: 1 }, "$3.00, no budget", "fine"],
  ] as const)("%j is said", (use, words, standing) => {
    expect(describeShare(use)).toBe(words);
    expect(standingOf(use)).toBe(standing);
  });

  it.each([
    [
      { of: "member", limit: 20, percent: 25, is_used_up: false },
      "25% of your $20.00 budget for this month is used.",
    ],
    [
      { of: "team", limit: 50, percent: 80, is_used_up: false },
      "80% of the team's $50.00 budget for this month is used.",
    ],
    [
      { of: "team", limit: null, percent: 80, is_used_up: false },
      "80% of the team's budget for this month is used.",
    ],
    // By what runs under way may cost.
    [
      { of: "member", limit: 20, percent: 100, is_used_up: false },
      "100% of your $20.00 budget for this month is used.",
    ],
    [
      { of: "team", limit: 50, percent: 99, is_used_up: true },
      "Not enough of the team's budget for this month is left for a run.",
    ],
    [
      { of: "team", limit: null, percent: 100, is_used_up: true },
      "The team's budget for this month is used up.",
    ],
    [
      { of: "member", limit: 0, percent: 100, is_used_up: true },
      "Your budget in this team for this month is used up.",
    ],
  ] as const)("%j is said before a run", (budget, words) => {
    expect(describeTeamBudget(budget)).toBe(words);
  });

  it("is of a month in UTC", () => {
    expect(formatMonth("2026-11")).toBe("November 2026");
  });
});

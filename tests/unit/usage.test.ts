import { describe, expect, it } from "vitest";
import {
  describeCost,
  describeStatus,
  describeTokens,
  formatDay,
  formatDuration,
  formatFullDay,
} from "../../components/usage/words.ts";
import { REVEAL_PROBLEMS } from "../../lib/reveal/errors.ts";
import { formatMoney } from "../../lib/usage/money.ts";
import { runsQuery, usageQuery } from "../../lib/usage/schema.ts";
import { add, addUpBy, NOTHING, priced } from "../../lib/usage/sums.ts";
import type { Run, Sum } from "../../lib/usage/types.ts";

const ID = "0f5ea887-f9a2-4bf2-a35a-0f5ab5715420";
const TOKENS = {
  input_tokens: 100,
  output_tokens: 10,
  cache_creation_input_tokens: 4,
  cache_read_input_tokens: 1000,
};

describe("the words", () => {
  it.each([
    [0, "$0.00"],
    [0.00000001, "less than $0.0001"],
    [0.0001, "$0.0001"],
    [0.0042, "$0.0042"],
    [0.042, "$0.0420"],
    [0.5, "$0.50"],
    [0.99999, "$1.00"],
    [1.234, "$1.23"],
    [12_345.6, "$12,345.60"],
  ])("%d USD is %s", (usd, text) => {
    expect(formatMoney(usd)).toBe(text);
  });

  it.each([
    [{ cost: 1.5, cost_complete: true }, "$1.50"],
    [{ cost: 1.5, cost_complete: false }, "at least $1.50"],
    [{ cost: 0.00000001, cost_complete: false }, "less than $0.0001"],
    [{ cost: null, cost_complete: false }, "not known"],
    [{ cost: null, cost_complete: true }, "$0.00"],
  ])("a cost of %j is %s", (sum, text) => {
    expect(describeCost(sum)).toBe(text);
  });

  it.each([
    [0, "0.0 s"],
    [3249, "3.2 s"],
    [59_960, "1 min 0 s"],
    [125_000, "2 min 5 s"],
  ])("%d ms are %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("days are those of UTC", () => {
    expect([formatDay("2026-03-01"), formatFullDay("2026-03-01")]).toEqual(["Mar 1", "Mar 1, 2026"]);
  });

  it("there are some for the status of every run that reached the provider", () => {
    const codes = Object.keys(REVEAL_PROBLEMS).filter((code) => /^provider_|^cancelled$/.test(code));
    for (const code of ["started", "completed", "unfinished", ...codes]) {
      expect(describeStatus(code), code).not.toBe("Failed");
    }
    expect(describeStatus("something_new")).toBe("Failed");
    expect(describeStatus("constructor")).toBe("Failed");
  });

  it("tokens count what was sent in any way, and estimates say that they are", () => {
    const run = { ...TOKENS, status: "completed" } as Run;
    expect(describeTokens(run)).toBe("1,104 tokens in, 10 out");
    expect(describeTokens({ ...run, status: "cancelled" })).toBe("1,104 tokens in, about 10 out");
    expect(describeTokens({ ...run, ...NOTHING, status: "provider_refused_key" })).toBe("no tokens");
    expect(describeTokens({ ...run, ...NOTHING, status: "started" })).toBe("not counted yet");
  });
});

describe("sums", () => {
  const sonnet = priced("claude-sonnet-5-5", { runs: 1, ...TOKENS });
  const unknown = priced("a-new-model", { runs: 2, ...TOKENS });

  it("add tokens and runs, and the costs that are known", () => {
    expect(sonnet).toEqual({ runs: 1, ...TOKENS, cost: 0.00041, cost_complete: true });
    expect(unknown).toMatchObject({ runs: 2, cost: null, cost_complete: false });
    expect(add(sonnet, unknown)).toMatchObject({
      runs: 3,
      input_tokens: 200,
      output_tokens: 20,
      cache_creation_input_tokens: 8,
      cache_read_input_tokens: 2000,
      cost: 0.00041,
      cost_complete: false,
    });
    expect(add(NOTHING, sonnet)).toEqual(sonnet);
  });

  it("know that what used nothing cost nothing", () => {
    expect(priced("a-new-model", { ...NOTHING, runs: 1 })).toMatchObject({ cost: null, cost_complete: true });
  });

  it("do not gather the errors of binary fractions", () => {
    const tenth: Sum = { ...NOTHING, cost: 0.1 };
    expect([tenth, tenth, tenth].reduce(add).cost).toBe(0.3);
  });

  it("are kept apart by any key", () => {
    const sums = addUpBy([sonnet, unknown, sonnet], ({ cost_complete }) => cost_complete);
    expect([...sums].map(([key, { runs }]) => [key, runs])).toEqual([
      [true, 2],
      [false, 2],
    ]);
  });
});

describe("the cursor", () => {
  const parse = (before: string) => runsQuery.safeParse({ before });

  it.each(["2026-11-23T10:00:00Z", "2026-11-23T10:00:00.1Z", "2026-11-23T10:00:00.123456Z"])(
    "holds the time %s as it is",
    (time) => {
      expect(parse(`${time}_${ID.toUpperCase()}`).data).toEqual({ before: { created_at: time, id: ID } });
    },
  );

  it.each([
    "",
    "_",
    ID,
    `_${ID}`,
    "2026-11-23T10:00:00Z",
    "2026-11-23T10:00:00Z_",
    `2026-11-23_${ID}`,
    `2026-11-23T10:00:00_${ID}`,
    `2026-02-30T10:00:00Z_${ID}`,
    `2026-11-23T25:00:00Z_${ID}`,
    `2026-11-23T10:00:00.1234567Z_${ID}`,
    `2026-11-23T10:00:00+00:00_${ID}`,
    `0000-11-23T10:00:00Z_${ID}`,
    `2026-11-23T10:00:00Z_${ID}_`,
    `2026-11-23T10:00:00Z_${ID},id.gt.0`,
    `2026-11-23T10:00:00Z",id.neq.0)_${ID}`,
    `2026-11-23T10:00:00Z_${ID}\n`,
  ])("is not %j", (before) => {
    const { error } = parse(before);
    expect(error?.issues.map(({ message }) => message)).toEqual([
      "before is what an earlier reply gave as next.",
    ]);
  });
});

it("a report is asked for as JSON or as CSV, and with nothing else", () => {
  expect(usageQuery.safeParse({ format: "csv", team_id: ID }).success).toBe(true);
  for (const query of [{ format: "xml" }, { team_id: "x" }, { user_id: ID }, { since: "2026-01-01" }]) {
    expect(usageQuery.safeParse(query).success, JSON.stringify(query)).toBe(false);
  }
});

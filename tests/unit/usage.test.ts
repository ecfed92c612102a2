import { describe, expect, it } from "vitest";
import { formatDuration } from "../../components/reveal/words.ts";
import {
  describeCost,
  describeDetails,
  describeRunCost,
  describeStatus,
  describeStop,
  describeTokens,
  formatDay,
  formatFullDay,
} from "../../components/usage/words.ts";
import { runsQuery, usageQuery } from "../../lib/usage/schema.ts";
import { add, addUpBy, NOTHING } from "../../lib/usage/sums.ts";
import type { Run, Sum } from "../../lib/usage/types.ts";
import { USAGE_PROBLEMS } from "../../lib/vault-usage/errors.ts";
import { formatMoney } from "../../lib/vault-usage/money.ts";
import { STOP_REASONS } from "../../lib/vault-usage/types.ts";

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
    [{ cost: 1.5, unpriced: 0, inexact: 0 }, "$1.50"],
    [{ cost: 1.5, unpriced: 1, inexact: 0 }, "at least $1.50"],
    [{ cost: 1.5, unpriced: 0, inexact: 2 }, "about $1.50"],
    [{ cost: 1.5, unpriced: 1, inexact: 2 }, "at least $1.50"],
    [{ cost: 0.00000001, unpriced: 1, inexact: 1 }, "less than $0.0001"],
    [{ cost: null, unpriced: 1, inexact: 0 }, "unknown"],
    [{ cost: null, unpriced: 0, inexact: 0 }, "$0.00"],
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
    const codes = Object.keys(USAGE_PROBLEMS).filter((code) => /^provider_|^cancelled$/.test(code));
    expect(codes.length).toBeGreaterThan(8);
    const words = ["started", "completed", "unfinished", ...codes].map(describeStatus);
    expect(words).not.toContain("Failed");
    expect(describeStatus("something_new")).toBe("Failed");
    expect(describeStatus("constructor")).toBe("Failed");
  });

  it("say why an answer stopped where it did not come to its end, whatever the reason", () => {
    const silent = STOP_REASONS.filter((stop_reason) => describeStop({ stop_reason }) === null);
    expect(silent).toEqual(["end_turn", "stop_sequence", "refusal"]);
    expect(describeStop({ stop_reason: null })).toBeNull();
  });

  it("tokens count what was sent in any way, and estimates say that they are", () => {
    const run = { ...TOKENS, status: "completed", is_counted: true, details: {} } as Run;
    expect(describeTokens(run)).toBe("1,104 tokens in, 10 out");
    for (const status of ["cancelled", "unfinished", "completed"])
      expect(describeTokens({ ...run, status, is_counted: false })).toBe(
        "about 1,104 tokens in, about 10 out",
      );
    expect(describeTokens({ ...run, details: { thinking_tokens: 6 } })).toBe(
      "1,104 tokens in, 10 out, 6 of them thinking",
    );
    expect(describeTokens({ ...run, ...NOTHING, status: "provider_refused_key" })).toBe("no tokens");
    expect(describeTokens({ ...run, status: "started" })).toBe("not counted yet");
  });

  it("name what else a price depends on", () => {
    expect(describeDetails({ details: {} })).toEqual([]);
    expect(describeDetails({ details: { thinking_tokens: 6, web_search_requests: 1 } })).toEqual([
      "1 web search",
    ]);
    const details = {
      cache_creation_1h_input_tokens: 2000,
      web_search_requests: 3,
      web_fetch_requests: 2,
      service_tier: "priority",
      speed: "fast",
      inference_geo: "us",
    };
    expect(describeDetails({ details })).toEqual([
      "2,000 cached for an hour",
      "3 web searches",
      "2 web fetches",
      "priority tier",
      "fast mode",
      "US region",
    ]);
    const other = { service_tier: "other", speed: "other", inference_geo: "other" };
    expect(describeDetails({ details: other })).toEqual(["other tier", "other mode", "other region"]);
  });

  it.each([
    [{ status: "completed", cost: 0.02, cost_exact: true }, "$0.02"],
    [{ status: "completed", cost: 0.02, cost_exact: false }, "about $0.02"],
    [{ status: "completed", cost: 0.00000001, cost_exact: false }, "less than $0.0001"],
    [{ status: "completed", cost: null, cost_exact: false }, "price unknown"],
    [{ status: "started", cost: 0.02, cost_exact: false }, "price pending"],
  ])("the cost of %j is %s", (run, text) => {
    expect(describeRunCost(run)).toBe(text);
  });
});

describe("sums", () => {
  const sonnet: Sum = { ...TOKENS, runs: 1, cost: 0.00041, unpriced: 0, inexact: 1 };
  const unknown: Sum = { ...TOKENS, runs: 2, cost: null, unpriced: 2, inexact: 0 };

  it("add tokens and runs, and the costs that are known", () => {
    expect(add(sonnet, unknown)).toEqual({
      runs: 3,
      input_tokens: 200,
      output_tokens: 20,
      cache_creation_input_tokens: 8,
      cache_read_input_tokens: 2000,
      cost: 0.00041,
      unpriced: 2,
      inexact: 1,
    });
    expect(add(NOTHING, sonnet)).toEqual(sonnet);
    expect(add(unknown, unknown).cost).toBeNull();
  });

  it("do not gather the errors of binary fractions", () => {
    const tenth: Sum = { ...NOTHING, cost: 0.1 };
    expect([tenth, tenth, tenth].reduce(add).cost).toBe(0.3);
  });

  it("are kept apart by any key", () => {
    const sums = addUpBy([sonnet, unknown, sonnet], ({ unpriced }) => unpriced > 0);
    expect([...sums].map(([key, { runs }]) => [key, runs])).toEqual([
      [false, 2],
      [true, 2],
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
      "before must be the next value of an earlier reply.",
    ]);
  });
});

it("a report is asked for as JSON or as CSV, and with nothing else", () => {
  expect(usageQuery.safeParse({ format: "csv", team_id: ID }).success).toBe(true);
  for (const query of [{ format: "xml" }, { team_id: "x" }, { user_id: ID }, { since: "2026-01-01" }]) {
    expect(usageQuery.safeParse(query).success, JSON.stringify(query)).toBe(false);
  }
});

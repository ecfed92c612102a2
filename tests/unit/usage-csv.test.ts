import { describe, expect, it } from "vitest";
import { usageCsv } from "../../lib/usage/csv.ts";
import type { UsageRow } from "../../lib/usage/types.ts";

const ROW: UsageRow = {
  day: "2026-11-23",
  source: "user",
  model: "claude-sonnet-5-5",
  runs: 2,
  input_tokens: 1000,
  output_tokens: 200,
  cache_creation_input_tokens: 30,
  cache_read_input_tokens: 4,
  cost: 0.0040754,
  unpriced: 0,
  inexact: 0,
};

/** The cells of the one line, read as RFC 4180 says. */
function read(csv: string): string[] {
  const line = csv.slice(csv.indexOf("\r\n") + 2, -2);
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}

describe("usageCsv", () => {
  it("is a header and a line for each row, each ended by CR LF", () => {
    expect(usageCsv([ROW, { ...ROW, source: "env", model: "gpt-6", cost: null, unpriced: 2 }])).toBe(
      [
        "day,source,model,runs,input_tokens,output_tokens,cache_creation_input_tokens,cache_read_input_tokens,estimated_cost_usd,unpriced_runs,inexact_runs",
        "2026-11-23,user,claude-sonnet-5-5,2,1000,200,30,4,0.0040754,0,0",
        "2026-11-23,env,gpt-6,2,1000,200,30,4,,2,0",
        "",
      ].join("\r\n"),
    );
  });

  it("is the header alone without rows", () => {
    expect(usageCsv([], { member: true }).split("\r\n")).toEqual([
      expect.stringMatching(/^day,source,model,member,/),
      "",
    ]);
  });

  it("names members where it is asked to, and nowhere else", () => {
    const rows = [{ ...ROW, member: "sam@example.com" }];
    expect(read(usageCsv(rows, { member: true }))[3]).toBe("sam@example.com");
    expect(usageCsv(rows)).not.toContain("sam@example.com");
  });

  it.each(["a,b", 'a "b"', "a\nb", "a\r\nb", "ü,€,😀", ""])(
    "quotes %j so that it reads the same",
    (member) => {
      const cells = read(usageCsv([{ ...ROW, member }], { member: true }));
      expect(cells).toHaveLength(12);
      expect(cells[3]).toBe(member);
    },
  );

  it.each([
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＠SUM(A1)",
    '=HYPERLINK("http://x","y")',
  ])("does not let %j run as a formula", (text) => {
    expect(read(usageCsv([{ ...ROW, model: text, member: text }], { member: true })).slice(2, 4)).toEqual([
      `'${text}`,
      `'${text}`,
    ]);
  });

  it("leaves nothing for spreadsheets that separate by semicolons", () => {
    expect(usageCsv([{ ...ROW, member: "a;=1+1" }], { member: true })).toContain('"a;=1+1"');
  });

  it("writes small amounts without an exponent", () => {
    const cost = (amount: number) => read(usageCsv([{ ...ROW, cost: amount }])).at(-3);
    expect([cost(1e-8), cost(0), cost(120), cost(0.1)]).toEqual(["0.00000001", "0", "120", "0.1"]);
  });
});

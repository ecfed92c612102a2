import { describe, expect, it } from "vitest";
import { describeExpiry, describeStaleness } from "../../components/vault/dates";
import {
  arrange,
  arrangePlatform,
  countFilters,
  type ListedSecret,
  type ListView,
  WHOLE_LIST,
} from "../../components/vault/list-view";
import { isFailing, verdictOf } from "../../components/vault/verdict";
import type { KeyUse, SecretDetails, SecretMetadata } from "../../lib/vault/types";

const NOW = Date.parse("2026-04-10T12:00:00Z");
const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(NOW - days * DAY_MS).toISOString();

const DETAILS: SecretDetails = {
  ...{ hint: null, use_only: false, expires_at: null, added_by: null, last_used_at: null },
  ...{ checked_at: null, check_result: null, check_facts: null },
};

interface Given extends Partial<Omit<SecretMetadata, "details">> {
  details?: Partial<SecretDetails> | null;
  standing?: ListedSecret["standing"];
  use?: KeyUse;
  addedBy?: string;
}

function listed(key: string, given: Given = {}): ListedSecret {
  const { details = {}, standing = null, use, addedBy, ...rest } = given;
  const secret: SecretMetadata = {
    ...{ id: key, owner_type: "user", owner_id: "me", key, category: "General", description: "" },
    ...{ last_rotated_at: daysAgo(1), created_at: daysAgo(1), updated_at: daysAgo(1) },
    ...rest,
    details: details && { ...DETAILS, ...details },
  };
  return { secret, standing, verdict: verdictOf(secret, undefined), use, addedBy };
}

const keysOf = (rows: readonly ListedSecret[]) => rows.map(({ secret }) => secret.key);
const show = (rows: readonly ListedSecret[], view: Partial<ListView>) =>
  keysOf(arrange(rows, { ...WHOLE_LIST, ...view }, NOW));

describe("the order of the rows", () => {
  const rows = [
    listed("B_KEY", { last_rotated_at: daysAgo(3), details: { last_used_at: daysAgo(1) } }),
    listed("A_KEY", { last_rotated_at: daysAgo(2) }),
    listed("C_KEY", { last_rotated_at: daysAgo(1), details: { last_used_at: daysAgo(0.5) } }),
    listed("D_KEY", { last_rotated_at: daysAgo(1), details: null }),
  ];

  it.each<[ListView["sort"], string[]]>([
    ["name", ["A_KEY", "B_KEY", "C_KEY", "D_KEY"]],
    ["newest", ["C_KEY", "D_KEY", "A_KEY", "B_KEY"]],
    ["oldest", ["B_KEY", "A_KEY", "C_KEY", "D_KEY"]],
    ["used", ["C_KEY", "B_KEY", "A_KEY", "D_KEY"]],
  ])("by %s is %j, and what is never used comes last", (sort, keys) => {
    expect(show(rows, { sort })).toEqual(keys);
  });

  it("leaves the list that it was given alone", () => {
    const before = keysOf(rows);
    show(rows, { sort: "newest" });
    expect(keysOf(rows)).toEqual(before);
  });
});

describe("what is shown", () => {
  const inUse = { label: "In use", detail: "" } as const;
  const rows = [
    listed("USED_KEY", { standing: inUse, category: "LLM" }),
    listed("OVER_KEY", { standing: { label: "Overridden by yours", detail: "" } }),
    listed("EXPIRING_KEY", { details: { expires_at: daysAgo(-10) } }),
    listed("LATER_KEY", { details: { expires_at: daysAgo(-40) } }),
    listed("REFUSED_KEY", { details: { checked_at: daysAgo(0.1), check_result: "refused" } }),
    listed("BROKE_KEY", { use: { result: "no_credit", at: daysAgo(0.1) } }),
    listed("OLD_KEY", { last_rotated_at: daysAgo(91), details: { last_used_at: daysAgo(1) } }),
    listed("LOCKED_KEY", { details: { use_only: true } }),
  ];

  it.each<[Partial<ListView>, string[]]>([
    [{ state: "used" }, ["USED_KEY"]],
    [{ state: "overlap" }, ["OVER_KEY"]],
    [{ state: "expiring" }, ["EXPIRING_KEY"]],
    [{ state: "failing" }, ["BROKE_KEY", "REFUSED_KEY"]],
    [{ state: "stale" }, ["OLD_KEY"]],
    [{ state: "useOnly" }, ["LOCKED_KEY"]],
    [{ category: "LLM" }, ["USED_KEY"]],
    [{ category: "LLM", state: "stale" }, []],
    [{ source: "platform" }, []],
    [{ source: "vault", query: "old" }, ["OLD_KEY"]],
  ])("with %j is %j", (view, keys) => {
    expect(show(rows, view)).toEqual(keys);
  });

  it.each([
    ["abcd", "HINT_KEY"],
    ["robin@example.com", "ADDED_KEY"],
    ["acme", "FACTS_KEY"],
    ["weekly", "DESCRIBED_KEY"],
    ["anthropic", "ANTHROPIC_API_KEY"],
  ])("a search for %s finds %s", (query, key) => {
    const facts = { account: "Acme Inc.", credit: "$12.34 left" };
    const rows = [
      listed("HINT_KEY", { details: { hint: "AbCd" } }),
      listed("ADDED_KEY", { addedBy: "robin@example.com" }),
      listed("FACTS_KEY", {
        details: { checked_at: daysAgo(1), check_result: "works", check_facts: facts },
      }),
      listed("DESCRIBED_KEY", { description: "Weekly report" }),
      listed("ANTHROPIC_API_KEY"),
    ];
    expect(show(rows, { query })).toEqual([key]);
  });

  it("has the platform's keys, which have a category and no state", () => {
    const platform = [{ key: "ANTHROPIC_API_KEY" }];
    const shown = (view: Partial<ListView>) => arrangePlatform(platform, { ...WHOLE_LIST, ...view });
    for (const view of [{}, { category: "LLM" }, { source: "platform" }, { query: "platform" }] as const) {
      expect(shown(view)).toEqual(platform);
    }
    for (const view of [
      { category: "Email" },
      { source: "vault" },
      { state: "used" },
      { query: "groq" },
    ] as const) {
      expect(shown(view)).toEqual([]);
    }
  });

  it("counts filters, and not the search or the order", () => {
    expect(countFilters({ ...WHOLE_LIST, query: "x", sort: "used" })).toBe(0);
    expect(countFilters({ ...WHOLE_LIST, category: "LLM", state: "used" })).toBe(2);
  });
});

describe("dates", () => {
  it.each<[number, string, string]>([
    [-14, "soon", "Expires in 14 days"],
    [-3.5, "soon", "Expires in 4 days"],
    [-3, "urgent", "Expires in 3 days"],
    [-1, "urgent", "Expires in 1 day"],
    [-0.25, "urgent", "Expires in 6 hours"],
    [-1 / 1440, "urgent", "Expires in 1 minute"],
    [0, "expired", "Expired just now"],
    [2, "expired", "Expired 2 days ago"],
  ])("%d days after its expiry a value is %s: %s", (days, level, words) => {
    expect(describeExpiry(daysAgo(days), NOW)).toEqual({ level, words });
  });

  it.each([daysAgo(-14.1), null, undefined, "not a date"])("of %s nothing is said", (iso) => {
    expect(describeExpiry(iso, NOW)).toBeNull();
  });

  it.each<[Given, string | null]>([
    [{}, null],
    [{ last_rotated_at: daysAgo(90) }, null],
    [{ last_rotated_at: daysAgo(91), details: { last_used_at: daysAgo(3) } }, "Over 90 days old"],
    [{ last_rotated_at: daysAgo(91), details: null }, "Over 90 days old"],
    [{ last_rotated_at: daysAgo(91) }, "Over 90 days old"],
    [{ last_rotated_at: daysAgo(91), details: { added_by: "me" } }, "Over 90 days old, not used in 90 days"],
    [
      { last_rotated_at: daysAgo(200), details: { last_used_at: daysAgo(100) } },
      "Over 90 days old, not used in 90 days",
    ],
  ])("of %j is said: %s", (given, words) => {
    expect(describeStaleness(listed("KEY", given).secret, NOW)).toBe(words);
  });
});

describe("a verdict", () => {
  const stored = listed("KEY", {
    details: {
      checked_at: daysAgo(2),
      check_result: "works",
      check_facts: { limit: "100 a day", account: "Acme" },
    },
  });

  it("is the stored one, with its facts in order, until there is one of this page", () => {
    expect(stored.verdict).toEqual({
      ...{ result: "works", words: "Works", at: daysAgo(2), detail: undefined },
      facts: ["Acme", "100 a day"],
    });
    const reply = {
      result: "unreachable",
      detail: "Acme does not answer.",
      checked_at: daysAgo(0),
      facts: {},
      expires_at: null,
    } as const;
    expect(verdictOf(stored.secret, reply)).toMatchObject({
      ...{ words: "Couldn't check", detail: "Acme does not answer.", facts: [] },
    });
  });

  it.each<[KeyUse | undefined, ListedSecret, boolean]>([
    [
      { result: "worked", at: daysAgo(1) },
      listed("KEY", { details: { checked_at: daysAgo(2), check_result: "refused" } }),
      false,
    ],
    [
      { result: "worked", at: daysAgo(3) },
      listed("KEY", { details: { checked_at: daysAgo(2), check_result: "refused" } }),
      true,
    ],
    [{ result: "refused", at: daysAgo(1) }, stored, true],
    [{ result: "refused", at: daysAgo(3) }, stored, false],
    [undefined, listed("KEY"), false],
  ])("the newest of use and check counts (%#)", (use, { verdict }, failing) => {
    expect(isFailing(use, verdict)).toBe(failing);
  });
});

import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { checkKey } from "../../lib/vault/check/check-key.ts";
import { learnedFrom, money } from "../../lib/vault/check/facts.ts";
import { PROVIDERS } from "../../lib/vault/check/providers.ts";

// What is kept of an answer apart from its verdict, which is check-verdict.test.ts's.

beforeEach(() => {
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:9");
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "publishable");
  vi.stubEnv("SUPABASE_SECRET_KEY", "sb_secret_of_the_environment");
  vi.stubEnv("VAULT_MASTER_KEY", "f".repeat(64));
});

const VALUE = "test-key-EXAMPLE-NOT-REAL-0123456789";
const NOTHING = { facts: {}, expiresAt: null };

type Headers = Record<string, string>;
const check = (key: string, body: BodyInit | null, headers: Headers = {}, status = 200, value = VALUE) =>
  checkKey(key, value, {
    fetch: async () =>
      new Response(body, { status, headers: { "Content-Type": "application/json", ...headers } }),
  });

/** Answers as their documentation shows them, with members that are not asked for. */
const ROWS: [key: string, body: object, headers: Headers, facts: object, expiresAt?: string][] = [
  [
    "ANTHROPIC_API_KEY",
    { data: [] },
    { "anthropic-organization-id": "3d38b4dc-4eb7-4785-ae26-c3fa8997ffc7" },
    { account: "3d38b4dc-4eb7-4785-ae26-c3fa8997ffc7" },
  ],
  ["ANTHROPIC_API_KEY", { data: [] }, {}, {}],
  ["OPENAI_API_KEY", { data: [] }, { "openai-organization": "acme-inc" }, { account: "acme-inc" }],
  ["GEMINI_API_KEY", { models: [] }, {}, {}],
  ["MISTRAL_API_KEY", { data: [] }, {}, {}],
  ["GROQ_API_KEY", { data: [] }, {}, {}],
  [
    "OPENROUTER_API_KEY",
    {
      data: {
        ...{
          label: `${VALUE.slice(0, 12)}...890`,
          limit: 100,
          limit_remaining: 74.5,
          limit_reset: "monthly",
        },
        ...{ usage: 25.5, is_free_tier: false, expires_at: "2027-12-31T23:59:59Z" },
      },
    },
    {},
    { credit: "$74.50 of $100.00 left", limit: "$100.00 per month" },
    "2027-12-31T23:59:59.000Z",
  ],
  [
    "OPENROUTER_API_KEY",
    { data: { limit: 5, limit_remaining: 0.5, limit_reset: null, expires_at: null } },
    {},
    { credit: "$0.50 of $5.00 left", limit: "$5.00" },
  ],
  ["OPENROUTER_API_KEY", { data: { limit: null, limit_remaining: null, usage: 3 } }, {}, {}],
  [
    "DEEPSEEK_API_KEY",
    { is_available: true, balance_infos: [{ currency: "CNY", total_balance: "110.00" }] },
    {},
    { credit: "CN¥110.00 left" },
  ],
  [
    "DEEPSEEK_API_KEY",
    {
      is_available: true,
      balance_infos: [
        { currency: "CNY", total_balance: "0.00", granted_balance: "0.00" },
        { currency: "USD", total_balance: "12.34" },
      ],
    },
    {},
    { credit: "CN¥0.00 and $12.34 left" },
  ],
  ["DEEPSEEK_API_KEY", { is_available: true, balance_infos: [] }, {}, {}],
  [
    "HF_TOKEN",
    {
      ...{ type: "user", name: "ada", fullname: "Ada L", email: "ada@example.com", orgs: [{ name: "acme" }] },
      auth: {
        type: "access_token",
        accessToken: { displayName: "x", expiration: "2027-05-06T00:00:00.000Z" },
      },
    },
    {},
    { account: "ada" },
    "2027-05-06T00:00:00.000Z",
  ],
  [
    "XAI_API_KEY",
    { redacted_api_key: "xai-...b14o", name: "My API Key", team_id: "5ea6f6bd", team_blocked: false },
    {},
    { account: "My API Key" },
  ],
  ["REPLICATE_API_TOKEN", { type: "organization", username: "acme", name: "Acme" }, {}, { account: "acme" }],
  ["AI_GATEWAY_API_KEY", { balance: "95.50", total_used: "4.50" }, {}, { credit: "$95.50 left" }],
  [
    "CLOUDFLARE_API_TOKEN",
    { result: { id: "f267e341", status: "active", expires_on: "2027-01-01T00:00:00Z" }, success: true },
    {},
    {},
    "2027-01-01T00:00:00.000Z",
  ],
  [
    "GITHUB_TOKEN",
    { login: "octocat", id: 1, email: "octocat@example.com" },
    { "GitHub-Authentication-Token-Expiration": "2027-10-07 19:07:53 UTC" },
    { account: "octocat" },
    "2027-10-07T19:07:53.000Z",
  ],
  [
    "GITHUB_TOKEN",
    { login: "octocat" },
    { "GitHub-Authentication-Token-Expiration": "2027-10-07 19:07:53 -0800" },
    { account: "octocat" },
    "2027-10-08T03:07:53.000Z",
  ],
  ["STRIPE_SECRET_KEY", { object: "balance", livemode: false }, {}, { account: "Test mode" }],
  ["STRIPE_SECRET_KEY", { object: "balance", livemode: true }, {}, { account: "Live mode" }],
  ["VERCEL_TOKEN", { user: { username: "ada", email: "ada@example.com" } }, {}, { account: "ada" }],
  ["NETLIFY_AUTH_TOKEN", { full_name: "Ada L", email: "ada@example.com" }, {}, { account: "Ada L" }],
  ["RESEND_API_KEY", { data: [] }, {}, {}],
  ["SENDGRID_API_KEY", { scopes: [] }, {}, {}],
  ["POSTMARK_SERVER_TOKEN", { ID: 1, Name: "Staging", ApiTokens: [VALUE] }, {}, { account: "Staging" }],
  ["SLACK_BOT_TOKEN", { ok: true, team: "Acme", user: "bot" }, {}, { account: "Acme (bot)" }],
  ["SLACK_USER_TOKEN", { ok: true, team: "Acme" }, {}, { account: "Acme" }],
  ["NOTION_API_KEY", { name: "Sync", bot: { workspace_name: "Acme" } }, {}, { account: "Acme" }],
  ["NOTION_API_KEY", { name: "Sync", bot: { workspace_name: null } }, {}, { account: "Sync" }],
];

describe("what an answer says apart from its verdict", () => {
  it("is known here for each provider", () => {
    expect(new Set(ROWS.map(([key]) => key))).toEqual(new Set(PROVIDERS.map(({ key }) => key)));
  });

  it.each(ROWS)("%s: %j", async (key, body, headers, facts, expiresAt = null as never) => {
    expect(await check(key, JSON.stringify(body), headers)).toEqual({
      result: "works",
      detail: expect.any(String),
      facts,
      expiresAt,
    });
  });

  it("is kept of a key without credit too, and of no error", async () => {
    const empty = { data: { limit: 5, limit_remaining: 0 } };
    expect(await check("OPENROUTER_API_KEY", JSON.stringify(empty))).toMatchObject({
      result: "no_credit",
      facts: { credit: "$0.00 of $5.00 left", limit: "$5.00" },
    });
    const login = JSON.stringify({ message: "Bad credentials", login: "octocat" });
    expect(await check("GITHUB_TOKEN", login, {}, 401)).toMatchObject({ result: "refused", ...NOTHING });
  });
});

describe("an answer that is not as documented", () => {
  const strange = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      ...["", " ", "\u202Eadmin", "a\nb", "x".repeat(121), "x".repeat(5_000), VALUE, VALUE.slice(-9)],
      ...["2027-13-45T99:99:99Z", "9999-12-31T00:00:00Z", "-1", "1e999", "NaN", "\ud800"],
      ...[Number.MAX_VALUE, -1, 0, null, true, [], {}, [[]]],
    ),
    fc.string({ unit: "binary", maxLength: 200 }),
  );
  const names = [
    ...["data", "limit", "limit_remaining", "limit_reset", "expires_at", "balance_infos", "currency"],
    ...["total_balance", "name", "auth", "accessToken", "expiration", "username", "balance", "result"],
    ...["expires_on", "login", "livemode", "user", "full_name", "Name", "team", "bot", "workspace_name"],
  ];
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      strange,
      fc.dictionary(fc.constantFrom(...names), tie("node"), { maxKeys: 8 }),
      fc.array(tie("node"), { maxLength: 3 }),
    ),
  })).node;

  it("never changes the verdict, and leaves only short plain lines that do not quote the key", async () => {
    // Without these, the verdict is what the same answer means to a provider without facts.
    const silent = PROVIDERS.filter(({ successes, refine }) => !successes && !refine).map(({ key }) => key);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PROVIDERS.map(({ key }) => key)), tree, async (key, body) => {
        const { result, facts, expiresAt } = await check(key, JSON.stringify(body));
        if (silent.includes(key)) expect(result).toBe("works");
        for (const [name, fact] of Object.entries(facts)) {
          expect(["account", "credit", "limit"]).toContain(name);
          expect([...fact].length).toBeLessThanOrEqual(120);
          expect(fact).not.toMatch(/\p{C}|[\r\n\u2028\u2029]|^\s|\s$/u);
          expect(fact).not.toBe("");
          for (let start = 0; start + 5 <= fact.length; start += 1) {
            expect(VALUE.toLowerCase()).not.toContain(fact.slice(start, start + 5).toLowerCase());
          }
        }
        if (expiresAt !== null) expect(new Date(expiresAt).toISOString()).toBe(expiresAt);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(PROVIDERS.map(({ key }) => key))(
    "%s: a body that never ends, or breaks off, is no fact",
    async (key) => {
      const begun = key.startsWith("SLACK_")
        ? '{"ok":true,'
        : key.startsWith("CLOUD")
          ? '{"result":{"status":"active"},'
          : "{";
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode(begun)),
        pull: (controller) => controller.error(new Error("reset")),
      });
      const { facts, expiresAt } = await check(key, body);
      expect({ facts, expiresAt }).toEqual(NOTHING);
      const long = JSON.stringify({ name: "ada", padding: "x".repeat(9_000) });
      expect((await check(key, long)).facts).toEqual({});
    },
  );

  it("a success is still one where its facts come too late", async () => {
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) });
    const late = checkKey("REPLICATE_API_TOKEN", VALUE, {
      timeout: 100,
      async fetch(_, init) {
        const { signal } = init ?? {};
        const aborted = new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
        const cut = body.pipeThrough(
          new TransformStream({
            start: (controller) => void aborted.then(() => controller.error(signal?.reason)),
          }),
        );
        return new Response(cut, { headers: { "Content-Type": "application/json" } });
      },
    });
    expect(await late).toEqual({ result: "works", detail: "Replicate accepts this key.", ...NOTHING });
  });
});

describe("learnedFrom", () => {
  const account = (text: unknown, value = VALUE) => learnedFrom({ account: text }, value).facts.account;

  it("makes one plain line of a text", () => {
    expect(account(" Ada\t\u202E\u0007 L\r\n ")).toBe("Ada L");
    expect(account("Zoë 鍵 \u{1F511}")).toBe("Zoë 鍵 \u{1F511}");
    expect(account("x".repeat(120))).toBe("x".repeat(120));
    for (const none of ["x".repeat(121), "", " ", "\u200B", 1, null, undefined, {}, ["a"]]) {
      expect(account(none)).toBeUndefined();
    }
  });

  it("drops a text with five characters in a row of the key, in capitals or with something between them", () => {
    expect(account("key 01234", VALUE)).toBeUndefined();
    expect(account("REAL-", VALUE)).toBeUndefined();
    expect(account("real-", VALUE)).toBeUndefined();
    expect(account("0\u200B1\u200B2\u200B3\u200B4", VALUE)).toBeUndefined();
    expect(account("0123 4567", VALUE)).toBe("0123 4567");
    expect(account("abc", "abc")).toBeUndefined();
    expect(account("Ada", "")).toBe("Ada");
  });

  it("takes a time of this millennium with its zone, and nothing else", () => {
    const expiry = (expires: unknown) => learnedFrom({ expires }, VALUE).expiresAt;
    expect(expiry("2027-01-02T03:04:05.678901Z")).toBe("2027-01-02T03:04:05.678Z");
    expect(expiry("2027-01-02T03:04:05+05:30")).toBe("2027-01-01T21:34:05.000Z");
    for (const none of [
      ...["", "never", "2027-01-02", "2027-01-02T03:04:05", "1999-01-01T00:00:00Z", "12027-01-01T00:00:00Z"],
      ...[
        "2027-13-01T00:00:00Z",
        "2027-01-01 00:00:00 PST",
        " 2027-01-01T00:00:00Z",
        1_800_000_000,
        null,
        {},
      ],
    ]) {
      expect(expiry(none), String(none)).toBeNull();
    }
  });
});

it("money is a number or its digits, in a currency", () => {
  expect(money(12.345)).toBe("$12.35");
  expect(money("1234.5")).toBe("$1,234.50");
  expect(money(-1)).toBe("-$1.00");
  for (const none of ["", "1e3", "12,5", "Infinity", Number.NaN, 1e12, null, {}, [1]]) {
    expect(money(none)).toBeUndefined();
  }
  for (const none of ["usd", "US", 5, null]) expect(money(1, none)).toBeUndefined();
});

import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ANTHROPIC_ERRORS } from "../../lib/vault/check/anthropic.ts";
import { checkKey } from "../../lib/vault/check/check-key.ts";
import { PROVIDERS } from "../../lib/vault/check/providers.ts";
import { verdictOf } from "../../lib/vault/check/verdict.ts";
import { MEANS, ROWS } from "./check-answers.ts";

// What answers mean for a key, by the documented codes of each provider. How they arrive is check-key.test.ts's.

beforeEach(() => {
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_URL", "http://127.0.0.1:9");
  vi.stubEnv("NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY", "publishable");
  vi.stubEnv("SUPABASE_SECRET_KEY", "sb_secret_of_the_environment");
  vi.stubEnv("VAULT_MASTER_KEY", "f".repeat(64));
});

const VALUE = "cfut_0123456789abcdef";

/** What is said of a key whose provider answers this. */
const check = (key: string, status: number, body: string) =>
  checkKey(key, VALUE, {
    fetch: async () => new Response(body, { status, headers: { "Content-Type": "application/json" } }),
  });

describe("the documented answers", () => {
  it.each(ROWS)("%s: %i with %j means: %s", async (key, status, body, meaning) => {
    const { result, detail } = await check(key, status, JSON.stringify(body));
    const [expected, sentence] = MEANS[meaning];
    expect(result).toBe(expected);
    expect(detail).toMatch(sentence);
    expect(detail).toMatch(/^\S[^\n]*this key[^\n]*\.$/);
  });

  it("have a refusal for every provider", () => {
    const refusing = new Set(ROWS.filter(([, , , meaning]) => meaning === "refused").map(([key]) => key));
    expect(PROVIDERS.map(({ key }) => key).filter((key) => !refusing.has(key))).toEqual([]);
  });

  it("of Anthropic are read without an HTTP status as well, as in a stream that turns into an error", () => {
    expect(verdictOf({ type: "error", error: { type: "authentication_error" } }, ANTHROPIC_ERRORS)).toBe(
      "refused",
    );
    expect(verdictOf({ type: "error", error: { type: "forbidden" } }, ANTHROPIC_ERRORS)).toBe("place");
    expect(verdictOf({ type: "error", error: { type: "new_error" } }, ANTHROPIC_ERRORS)).toBeUndefined();
  });

  it.each(["OPENROUTER_API_KEY", "DEEPSEEK_API_KEY", "XAI_API_KEY"])(
    "%s: a success is nothing where it cannot be read",
    async (key) => {
      expect(await check(key, 200, '{"is_available": tr')).toMatchObject({ result: "unreachable" });
      expect(await check(key, 200, "{}")).toMatchObject({ result: "works" });
    },
  );

  it("count as a refusal last, where one holds several codes", async () => {
    const both = { error: { details: [{ reason: "API_KEY_INVALID" }, { reason: "SERVICE_DISABLED" }] } };
    expect(await check("GEMINI_API_KEY", 403, JSON.stringify(both))).toMatchObject({ result: "unreachable" });
  });
});

/** All that may refuse a key, written down a second time: what is added to a table must be added here. */
const REFUSALS: Record<string, RegExp> = {
  ANTHROPIC_API_KEY: /^authentication_error$/,
  OPENAI_API_KEY: /^(invalid_api_key|account_deactivated)$/,
  GEMINI_API_KEY: /^API_KEY_INVALID$/,
  MISTRAL_API_KEY: /^(Unauthorized|authentication_error)$/,
  GROQ_API_KEY: /^invalid_api_key$/,
  OPENROUTER_API_KEY: /^401$/,
  DEEPSEEK_API_KEY: /^authentication_error$/,
  HF_TOKEN: /^(Invalid credentials in|Invalid username or|User Access Token )/,
  XAI_API_KEY: /^(Incorrect( |%20)API|true$)/,
  REPLICATE_API_TOKEN: /^Unauthenticated$/,
  AI_GATEWAY_API_KEY: /^authentication_error$/,
  CLOUDFLARE_API_TOKEN: /^(1000|disabled|expired)$/,
  GITHUB_TOKEN: /^Bad credentials$/,
  STRIPE_SECRET_KEY: /^(Invalid API Key provided|(platform_)?api_key_expired$|secret_key_required$)/,
  VERCEL_TOKEN: /^true$/,
  NETLIFY_AUTH_TOKEN: /^401$/,
  RESEND_API_KEY: /^(invalid_api_key$|API key is invalid)/,
  SENDGRID_API_KEY: /^The provided authorization grant is invalid/,
  POSTMARK_SERVER_TOKEN: /^10$/,
  SLACK_BOT_TOKEN: /^(account_inactive|token_expired|token_revoked)$/,
  SLACK_USER_TOKEN: /^(account_inactive|token_expired|token_revoked)$/,
  NOTION_API_KEY: /^unauthorized$/,
};

/** The values at the ends of JSON. */
const leaves = (json: unknown): unknown[] =>
  typeof json === "object" && json !== null ? Object.values(json).flatMap(leaves) : [json];

/** The same JSON with other values at its ends. */
const replaceLeaves = (json: unknown, replace: (leaf: unknown) => unknown): unknown => {
  if (Array.isArray(json)) return json.map((item) => replaceLeaves(item, replace));
  if (typeof json !== "object" || json === null) return replace(json);
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, replaceLeaves(value, replace)]),
  );
};

describe("what is almost a refusal", () => {
  it.each(ROWS.filter(([, , , meaning]) => meaning === "refused"))(
    "%s: %i with %j, changed",
    async (key, status, body) => {
      const code = REFUSALS[key] ?? /^$/;
      const others: ((leaf: unknown) => unknown)[] = [
        (leaf) => `not ${leaf}`,
        (leaf) => (code.test(`${leaf}_`) ? "" : `${leaf}_`),
        (leaf) => (typeof leaf === "string" ? leaf.toUpperCase().replaceAll("_", "-") : String(leaf)),
        (leaf) => [leaf],
        (leaf) => ({ code: leaf }),
        () => null,
        () => 1,
      ];
      for (const other of others) {
        const changed = replaceLeaves(body, (leaf) => (code.test(String(leaf)) ? other(leaf) : leaf));
        const shown = JSON.stringify(changed);
        expect((await check(key, status, shown)).result, shown).not.toBe("refused");
      }
      expect((await check(key, 503, JSON.stringify(body))).result).not.toBe("refused");
    },
  );
});

// Bodies of the shapes that errors have, with everybody's codes in everybody's members.
const members = [
  ...new Set(
    PROVIDERS.flatMap(({ errors, successes }) => Object.keys({ ...errors, ...successes }))
      .flatMap((path) => path.split("."))
      .filter((name) => name !== "*"),
  ),
];
const codes = [...new Set(ROWS.flatMap(([, , body]) => leaves(body)))];
const { body } = fc.letrec<{ body: unknown }>((tie) => ({
  body: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom(...codes),
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...members, "__proto__", "constructor"), tie("body"), { maxKeys: 5 }),
    fc.array(tie("body"), { maxLength: 3 }),
  ),
}));
const status = fc.oneof(
  fc.constantFrom(200, 400, 401, 402, 403, 404, 422, 429, 451, 500, 503, 529),
  fc.integer({ min: 206, max: 599 }).filter((code) => code !== 304),
);

describe.each(PROVIDERS.map(({ key }) => key))("%s, whatever it is answered", (key) => {
  it("is refused only for a listed code, outside of an outage, and something is always said", async () => {
    await fc.assert(
      fc.asyncProperty(status, body, async (code, json) => {
        const { result, detail } = await check(key, code, JSON.stringify(json));
        expect(detail).toMatch(/\.$/);
        if (result !== "refused") return;
        expect(code).toBeLessThan(500);
        expect(leaves(json).some((leaf) => REFUSALS[key]?.test(String(leaf)))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("is not refused by text that is no JSON, or too much of it", async () => {
    const [, , refusal] = ROWS.find(([row, , , meaning]) => row === key && meaning === "refused") ?? [];
    const long = JSON.stringify({ ...(refusal as object), padding: " ".repeat(9_000) });
    const texts = fc.oneof(fc.string(), fc.constant(`${JSON.stringify(refusal)}<br>`), fc.constant(long));
    await fc.assert(
      fc.asyncProperty(status, texts, async (code, text) => {
        expect((await check(key, code, text)).result).not.toBe("refused");
      }),
      { numRuns: 100 },
    );
  });
});

import { describe, expect, it } from "vitest";
import {
  CATALOG,
  type CatalogEntry,
  detectProvider,
  findCatalogEntry,
  providerOf,
} from "../../lib/vault/catalog.ts";
import { KEY_NAME } from "../../lib/vault/rules.ts";
import { CATEGORIES } from "../../lib/vault/types.ts";

describe("the catalogue", () => {
  it("has valid, unique key names", () => {
    for (const { key } of CATALOG) expect(key).toMatch(KEY_NAME);
    expect(new Set(CATALOG.map(({ key }) => key)).size).toBe(CATALOG.length);
  });
  it("lets only ANTHROPIC_API_KEY fall back to the platform", () => {
    expect(CATALOG.filter((entry) => entry.mayFallBackToEnv).map(({ key }) => key)).toEqual([
      "ANTHROPIC_API_KEY",
    ]);
  });
  it("links to pages over https", () => {
    for (const { url } of CATALOG) expect(new URL(url).protocol).toBe("https:");
  });
  it("has some keys in each category", () => {
    for (const name of CATEGORIES) {
      expect(CATALOG.filter(({ category }) => category === name).length).toBeGreaterThan(3);
    }
  });
  it("says every format in words", () => {
    for (const { format, formatHint } of CATALOG) {
      expect(formatHint === undefined).toBe(format === undefined);
      if (formatHint) expect(formatHint).toMatch(/^(begins with|is) \S/);
    }
  });
  it("takes line breaks only where a value has them, or a space", () => {
    expect(CATALOG.filter(({ isToken }) => !isToken).map(({ key }) => key)).toEqual([
      "GOOGLE_APPLICATION_CREDENTIALS_JSON",
      "GITHUB_APP_PRIVATE_KEY",
      "DATABASE_URL",
      "FLY_API_TOKEN",
    ]);
  });
  // Whoever changes an entry changes it here as well (vitest -u), and sees what else has changed with it.
  it("is what is written down", async () => {
    const lines = CATALOG.map(({ key, category, label, url, isToken, mayFallBackToEnv, ...known }) =>
      [
        key,
        `${category}; ${label}; ${providerOf({ label } as CatalogEntry)}; ${url}`,
        `${isToken ? "one line" : "lines"}${mayFallBackToEnv ? ", or the platform's" : ""}`,
        `prefixes ${known.prefixes.join(" ") || "none"}`,
        `format ${known.format ?? "none"}${known.formatHint ? `: ${known.formatHint}` : ""}`,
      ].join("\n  "),
    );
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("catalog.txt");
  });
  it("finds no entry for a name that is none", () => {
    expect(findCatalogEntry("constructor")).toBeUndefined();
  });
});

// Made up, and of no account.
describe("the format of a key", () => {
  it.each([
    ["ANTHROPIC_API_KEY", "sk-ant-api03-test"],
    ["OPENAI_API_KEY", "sk-proj-test"],
    ["OPENAI_API_KEY", "sk-test"],
    ["GEMINI_API_KEY", "AIzaTest"],
    ["GEMINI_API_KEY", "AQ.Test"],
    ["SUPABASE_SECRET_KEY", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"],
    ["AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"],
    ["GOOGLE_APPLICATION_CREDENTIALS_JSON", '{\n "type": "service_account"\n}'],
    ["GITHUB_APP_PRIVATE_KEY", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"],
    ["GITHUB_TOKEN", "github_pat_test"],
    ["STRIPE_SECRET_KEY", "rk_test_test"],
    ["DATABASE_URL", "postgresql://u:p@db.example.com:5432/app"],
    ["DATABASE_URL", "file:./dev.db"],
    ["SENDGRID_API_KEY", "SG.test.test"],
    ["TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"],
    ["TELEGRAM_BOT_TOKEN", "123456:ABC-DEF_ghi"],
  ])("%s may be %s", (key, value) => {
    expect(findCatalogEntry(key)?.format?.test(value)).toBe(true);
  });
  it.each([
    ["OPENAI_API_KEY", "sk-ant-test"],
    ["OPENAI_API_KEY", "sk-or-v1-test"],
    ["SENDGRID_API_KEY", "SGXtest"],
    ["GEMINI_API_KEY", "AQXtest"],
    ["AWS_ACCESS_KEY_ID", "AKIASHORT"],
    ["GITHUB_TOKEN", "x ghp_test"],
  ])("%s is hardly %s", (key, value) => {
    expect(findCatalogEntry(key)?.format?.test(value)).toBe(false);
  });
});

describe("detectProvider", () => {
  it.each([
    ["sk-ant-test", "ANTHROPIC_API_KEY"],
    ["sk-or-v1-test", "OPENROUTER_API_KEY"],
    ["sk-proj-test", "OPENAI_API_KEY"],
    ["sk-svcacct-test", "OPENAI_API_KEY"],
    ["sk_live_test", "STRIPE_SECRET_KEY"],
    ["sb_secret_test", "SUPABASE_SECRET_KEY"],
    ["sb_publishable_test", "SUPABASE_PUBLISHABLE_KEY"],
    ["github_pat_test", "GITHUB_TOKEN"],
    ["vcp_test", "VERCEL_TOKEN"],
    ["vck_test", "AI_GATEWAY_API_KEY"],
    ["xoxb-test", "SLACK_BOT_TOKEN"],
    ["AKIAIOSFODNN7EXAMPLE", "AWS_ACCESS_KEY_ID"],
  ])("knows %s for certain as %s", (value, key) => {
    expect(detectProvider(value, true)?.key).toBe(key);
    expect(detectProvider(value)?.key).toBe(key);
  });
  it.each([
    ["sk-1234", "OPENAI_API_KEY"],
    ["secret_test", "NOTION_API_KEY"],
    ["whsec_test", "STRIPE_WEBHOOK_SECRET"],
  ])("takes %s for %s, but not for certain", (value, key) => {
    expect(detectProvider(value)?.key).toBe(key);
    expect(detectProvider(value, true)).toBeUndefined();
  });
  it.each(["", "hello", "SK-ANT-TEST", " sk-ant-test", "AKIASHORT", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"])(
    "does not know %j",
    (value) => {
      expect(detectProvider(value)).toBeUndefined();
    },
  );
  it("knows every prefix in the catalogue as a key of its entry", () => {
    for (const { key, prefixes, format } of CATALOG) {
      for (const prefix of prefixes) {
        const value = `${prefix}IOSFODNN7EXAMPLE`;
        expect(format?.test(value) ?? true).toBe(true);
        expect(detectProvider(value)?.key).toBe(key);
      }
    }
  });
});

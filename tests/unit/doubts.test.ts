import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeValue } from "../../lib/vault/doubts.ts";
import { checkValue } from "../../lib/vault/rules.ts";
import { setSecretBody } from "../../lib/vault/schema.ts";

// A hard refusal is for what cannot work. Everything else is a doubt, which a person sets aside with "Save anyway".

const misplaced: [value: string, key: string, rightKey: string, looksLike: string][] = [
  ["sk-ant-test", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "an Anthropic key"],
  ["sk-or-v1-test", "OPENAI_API_KEY", "OPENROUTER_API_KEY", "an OpenRouter key"],
  // With ANTHROPIC_BASE_URL, a gateway takes its own keys.
  ["vck_test", "ANTHROPIC_API_KEY", "AI_GATEWAY_API_KEY", "a Vercel key"],
  ["sk-or-v1-test", "ANTHROPIC_API_KEY", "OPENROUTER_API_KEY", "an OpenRouter key"],
  ["sk-proj-test", "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "an OpenAI key"],
  ["xai-test", "GROQ_API_KEY", "XAI_API_KEY", "an xAI key"],
  ["gsk_test", "XAI_API_KEY", "GROQ_API_KEY", "a Groq key"],
  ["ghp_test", "DATABASE_URL", "GITHUB_TOKEN", "a GitHub key"],
  ["npm_test", "GROQ_API_KEY", "NPM_TOKEN", "an npm key"],
  ["dop_v1_test", "GROQ_API_KEY", "DIGITALOCEAN_ACCESS_TOKEN", "a DigitalOcean key"],
  ["sk-ant-test", "MISTRAL_API_KEY", "ANTHROPIC_API_KEY", "an Anthropic key"],
  ["xoxp-test", "SLACK_BOT_TOKEN", "SLACK_USER_TOKEN", "another Slack key"],
  ["sb_publishable_test", "SUPABASE_SECRET_KEY", "SUPABASE_PUBLISHABLE_KEY", "another Supabase key"],
];

describe("a value that seems to belong to another key", () => {
  it.each(misplaced)("%s under %s may be stored, and %s is named", (value, key, rightKey, what) => {
    expect(checkValue(key, value)).toEqual({ value });
    expect(setSecretBody.safeParse({ key, value }).success).toBe(true);
    expect(judgeValue(key, value)).toEqual({
      warning: `This looks like ${what}. Its usual name is ${rightKey}.`,
      rightKey,
    });
  });
});

it("a value that seems to belong to another key may be surely none as well", () => {
  expect(judgeValue("GROQ_API_KEY", "xai-your-key-here")).toEqual({
    warning: "This looks like an xAI key. Its usual name is XAI_API_KEY.",
    rightKey: "XAI_API_KEY",
    isBroken: true,
  });
});

describe("values that a rule for HTTP headers has nothing to do with", () => {
  it.each([
    ["DATABASE_URL", "sqlserver://h:1433;initial catalog=shop"],
    ["DATABASE_URL", "host=localhost dbname=shop"],
    ["DATABASE_URL", "Server=tcp:h,1433;Initial Catalog=shop"],
    ["DATABASE_URL", "file:C:/My Data/dev.db"],
    ["DATABASE_URL", "postgresql://u:p@db/app?application_name=my app"],
    ["DATABASE_URL", "postgresql://u:é@db/app"],
    ["FLY_API_TOKEN", "FlyV1 fm2_test,fm2_test"],
    ["GITHUB_APP_PRIVATE_KEY", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n"],
    ["CORS_ORIGIN", "*"],
    ["GLOB", "**"],
    ["CRON", "0 * * * *"],
    ["PHRASE", "hold your horses, correct horse"],
  ])("%s takes %s without a word", (key, value) => {
    expect(checkValue(key, value)).toEqual({ value });
    expect(judgeValue(key, value)).toBeNull();
  });
});

const REFERENCE = "This looks like a reference to a value stored elsewhere, or an encrypted value.";

describe("a text that is surely not the value", () => {
  it.each([
    ["op://Private/db/password", REFERENCE],
    ["bw://item/field", REFERENCE],
    ["ref+vault://secret/db#password", REFERENCE],
    [
      "encrypted:BE9Y7LKANx77X1pv1HnEoil93fPa5c9rpL/1ps48uaRT9zM8VR6mHx9yM+HktKdsPGIZELuZ7rr2mn1gScsmWitppAgE",
      REFERENCE,
    ],
    ["secretref:db-password", REFERENCE],
    ["vault:secret/data/db#password", REFERENCE],
    ["ENC[AES256_GCM,data:dGVzdA==,iv:dGVzdA==,tag:dGVzdA==,type:str]", REFERENCE],
    ["@Microsoft.KeyVault(SecretUri=https://v.example/secrets/db)", REFERENCE],
    ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:db", REFERENCE],
    ["projects/123/secrets/db/versions/latest", REFERENCE],
    [`$\{DB_PASSWORD}`, REFERENCE],
    [`postgres://$\{DB_USER}:$\{DB_PASS}@db/app`, REFERENCE],
    [`$\{{ secrets.DB_PASSWORD }}`, REFERENCE],
    ["{{ resolve:secretsmanager:db }}", REFERENCE],
    ["$(op read op://a/b/c)", REFERENCE],
    ["$DB_PASSWORD", REFERENCE],
    ["%DB_PASSWORD%", REFERENCE],
    ["process.env.DB_PASSWORD", REFERENCE],
    ["SOME_KEY=sk-test", "This is a whole line of a .env file:"],
    ["SOME_KEY = sk-test", "This is a whole line of a .env file:"],
    ["export  SOME_KEY=sk-test", "This is a whole line of a .env file:"],
    ["export A B", "This looks like a shell command:"],
    ["set -gx SOME_KEY abc", "This looks like a shell command:"],
    ["setx OTHER abc", "This looks like a shell command:"],
    ["SOME_KEY: abc", "This is a whole line of a .env file:"],
    ['"SOME_KEY": "abc",', "This is a whole line of a .env file:"],
    ['$env:SOME_KEY="abc"', "This is a whole line of a .env file:"],
    ["- SOME_KEY=abc", "This is a whole line of a .env file:"],
    ["--env SOME_KEY=abc", "This is a whole line of a .env file:"],
    ["abc \\", "The value ends with the backslash of a shell command."],
    ['"sk-test"', "There are quotes around the value."],
    ["'sk-test'", "There are quotes around the value."],
    ["`sk test`", "There are quotes around the value."],
    ["gr\ufffdn", "The value contains characters that were lost"],
    ["-----BEGIN PRIVATE KEY-----", "The PEM text is cut off"],
    ["-----BEGIN PRIVATE KEY-----\nMIIE", "The PEM text is cut off"],
    ["-----BEGIN A-----\nMIIE\n-----END A-----\n-----BEGIN A-----\nMIIE", "The PEM text is cut off"],
    ["-----BEGIN PRIVATE KEY----- MIIE -----END PRIVATE KEY-----", "The PEM text has lost its line breaks."],
    ["{", "The JSON text is cut off"],
    ['{"type":"service', "The JSON text is cut off"],
    ["[", "The JSON text is cut off"],
    ["|", "This is only the start of a multi-line text."],
    [">-", "This is only the start of a multi-line text."],
    ["<<EOF", "This is only the start of a multi-line text."],
    ["<your key>", "This looks like a placeholder"],
    [`postgresql://u:${"[YOUR-PASSWORD]"}@db.example.com:5432/app`, "This looks like a placeholder"],
    [`postgresql://u:${"<password>"}@db/app`, "This looks like a placeholder"],
    ["your_api_key_here", "This looks like a placeholder"],
  ])("is doubted: %s", (value, beginning) => {
    const judged = judgeValue("SOME_KEY", value);
    expect(judged).toMatchObject({ isBroken: true });
    expect(judged && "warning" in judged && judged.warning).toMatch(
      new RegExp(`^${beginning.replace(/[.]/g, "\\.")}`),
    );
    // The server does not refuse what a person may mean.
    expect(checkValue("SOME_KEY", value)).toEqual({ value });
  });

  it.each([
    "$2b$10$abcdefghijklmnopqrstuv",
    "a$b",
    "pa$$word",
    "https://example.com/secrets/1",
    "file:./dev.db",
    "redis://default:test@h:6379",
    "exported",
    "a.b.c",
    "[1,2]",
    '{"a":{"b":1}}',
    "correct horse battery staple",
    "set my heart on fire",
    "know your identity",
    "<EntityDescriptor><X509Certificate>abc</X509Certificate></EntityDescriptor>",
    "-----BEGIN A-----\nMIIE\n-----END A-----\n# the end",
  ])("is not seen in %s", (value) => {
    expect(judgeValue("SOME_KEY", value)).toBeNull();
  });
});

describe("what is odd about a value, and stored with it", () => {
  it.each([
    ["abcd\u200bef12", "The value contains a character that's hard to see: zero-width space (U+200B)."],
    ["ab\u00a0cd", "The value contains a character that's hard to see: non-breaking space (U+00A0)."],
    ["ab\u2011cd", "The value contains a character that's hard to see: non-breaking hyphen (U+2011)."],
    ["ab\u00adcd", "The value contains a character that's hard to see: soft hyphen (U+00AD)."],
    ["\ufeffabcd", "The value contains a character that's hard to see: byte order mark (U+FEFF)."],
    ["ab\u3000cd", "The value contains a character that's hard to see: invisible character (U+3000)."],
    ["ab\u{e0041}cd", "The value contains a character that's hard to see: invisible character (U+E0041)."],
    [" abc", "There's whitespace around the value."],
    ["abc\n", "There's whitespace around the value."],
    ["a\nb\n\n", "There's whitespace around the value."],
    ["-----BEGIN A-----\\nMIIE\\n-----END A-----", 'Its line breaks are written as "\\n"'],
    // As private_key in the JSON key of a service account.
    ["-----BEGIN A-----\\nMIIE\\n-----END A-----\\n", 'Its line breaks are written as "\\n"'],
    ['{\\"type\\": \\"x\\"}', "This looks like JSON, but isn't valid JSON."],
    ["{“type”: “x”}", "This looks like JSON, but isn't valid JSON."],
    ['{"a":1,}', "This looks like JSON, but isn't valid JSON."],
  ])("%j has a warning", (value, beginning) => {
    const judged = judgeValue("SOME_KEY", value);
    expect(judged).not.toHaveProperty("isBroken");
    expect(judged && "warning" in judged && judged.warning.slice(0, beginning.length)).toBe(beginning);
    expect(checkValue("SOME_KEY", value)).toEqual({ value });
  });
  it("is white space that could be left out only where there is some around it", () => {
    expect(judgeValue("SOME_KEY", "abc\n")).toMatchObject({ isPadded: true });
    expect(judgeValue("SOME_KEY", "ab\u200bc")).not.toHaveProperty("isPadded");
  });
  it("the last line break of a text of several lines is not odd", () => {
    expect(judgeValue("SOME_KEY", "a\nb\n")).toBeNull();
  });
  it("white space around a token is left out, and said to be", () => {
    expect(judgeValue("GROQ_API_KEY", " gsk_test\n")).toEqual({
      warning: "The surrounding whitespace is removed.",
    });
  });
});

describe("whatever the value, a doubt", () => {
  it("is found without an error, whatever is typed as the key", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (key, value) => void judgeValue(key, value)));
    expect(() => judgeValue("MY(KEY", "abc")).not.toThrow();
  });
  it.each([
    "_",
    "a_",
    "your_",
    "your_a_",
    " ",
    "${",
    "-",
    "://a:",
    "://:<",
    "a.",
    "*",
    '{"',
    "-----BEGIN A-----\n",
  ])("is found in time in proportion to its length if it is made of %j", (part) => {
    const start = process.threadCpuUsage();
    for (const before of ["", "your_", "://a:"])
      judgeValue("SOME_KEY", `${before}${part.repeat(8_000 / part.length)}!`);
    // Of CPU time, in microseconds, which other work on this machine doesn't add to.
    expect(process.threadCpuUsage(start).user).toBeLessThan(10_000_000);
  });

  it("never repeats it", () => {
    const secret = fc
      .stringMatching(/^[a-z0-9]{16,20}$/)
      .filter((text) => /\d/.test(text) && /[a-z]/.test(text));
    const around = fc.constantFrom(
      ["", ""],
      ["op://", "/x"],
      [`$\{`, "}"],
      ["SOME_KEY=", ""],
      ['"', '"'],
      ["-----BEGIN ", ""],
      ['{"', ""],
      [" ", "\u200b"],
      ["***", ""],
      ["sk-ant-", ""],
    );
    fc.assert(
      fc.property(
        fc.constantFrom("SOME_KEY", "OPENAI_API_KEY", "DATABASE_URL"),
        secret,
        around,
        (key, text, [a, b]) => {
          expect(JSON.stringify(judgeValue(key, a + text + b))).not.toContain(text);
        },
      ),
    );
  });
});

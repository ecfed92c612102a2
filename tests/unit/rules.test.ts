import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeValue } from "../../lib/vault/doubts.ts";
import { checkValue, explainKeyName, KEY_NAME, KEY_NAME_RULE } from "../../lib/vault/rules.ts";
import { setSecretBody } from "../../lib/vault/schema.ts";

const PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----";

const MASKED = "This is a mask, not the key itself.";
const LINE = "This is a whole line of a .env file.";
const QUOTES = "There are quotes around the value.";

describe("checkValue", () => {
  it.each([
    ["a plain key", "OPENAI_API_KEY", "sk-test-not-real"],
    ["a value with = inside", "AWS_SECRET_ACCESS_KEY", "abc/def+ghi=="],
    ["a PEM key", "DEPLOY_KEY", PEM],
    ["a JSON key", "SERVICE_ACCOUNT", '{"type":"service_account",\n\t"id":"1"}'],
    ["a quote inside", "SOME_KEY", `it"s`],
    ["quotes inside", "SOME_KEY", 'a"b"'],
    ["quotes at its beginning alone", "SOME_KEY", '"a"b'],
    ["a mask's character here and there", "SOME_KEY", "*a•b*"],
    ["another one at its end", "SOME_KEY", "a∙"],
    ["another one at its beginning", "SOME_KEY", "∙a"],
    ["the word export", "SOME_KEY", "no export here"],
    ["a word that begins so", "SOME_KEY", "exported"],
    ["its own name later on", "SOME_KEY", "see SOME_KEY=1"],
    ["text of any language", "SOME_KEY", "schlüssel-鍵"],
    ["8,192 bytes", "SOME_KEY", "a".repeat(8192)],
    ["a connection string", "DATABASE_URL", "postgresql://u:p@db.example.com:5432/app?sslmode=require"],
    ["an assignment of another name", "SOME_KEY", "user=me"],
    ["an assignment whose name holds the key's", "KEY", "MONKEY=banana"],
    ["a .env file under a name of one's own", "DOT_ENV", "OPENAI_API_KEY=sk-test\nA=1"],
    ["a key of a known provider under a name of one's own", "MY_KEY", "sk-ant-test"],
    ["a key that a proxy made up", "ANTHROPIC_API_KEY", "sk-1234"],
    ["another format than the documented one", "STRIPE_SECRET_KEY", "sandbox-key"],
    ["a legacy key of the same provider", "SUPABASE_SECRET_KEY", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"],
    ["another provider's key where no format is known", "MISTRAL_API_KEY", "sk-ant-test"],
  ])("accepts %s", (_, key, value) => {
    expect(checkValue(key, value)).toEqual({ value });
  });

  it("takes white space off around a token alone", () => {
    expect(checkValue("OPENAI_API_KEY", "\n  sk-test-not-real \r\n")).toEqual({ value: "sk-test-not-real" });
    for (const key of ["SOME_KEY", "DATABASE_URL", "GITHUB_APP_PRIVATE_KEY"]) {
      expect(checkValue(key, "\n  test \r\n")).toEqual({ value: "\n  test \r\n" });
    }
  });

  it.each([
    ["nothing", "SOME_KEY", "", "The value is empty."],
    ["white space", "SOME_KEY", " \n\t ", "The value is empty."],
    ["a mask of dots", "SOME_KEY", "••••••••••••", MASKED],
    ["a mask of other dots", "SOME_KEY", "∙∙∙", MASKED],
    ["a mask of asterisks", "SOME_KEY", "********", MASKED],
    ["a mask with the last characters", "SOME_KEY", "sk-ant-••••••wxyz", MASKED],
    ["a shortened mask", "OPENAI_API_KEY", "sk-****abcd", MASKED],
    ["a line of a .env file", "OPENAI_API_KEY", "OPENAI_API_KEY=sk-test", LINE],
    ["one with spaces", "OPENAI_API_KEY", "OPENAI_API_KEY = sk-test", LINE],
    ["an export with spaces", "OPENAI_API_KEY", "export  OPENAI_API_KEY=sk-test", LINE],
    ["an export of two names", "OPENAI_API_KEY", "export A B", "This is a shell command."],
    ["double quotes", "OPENAI_API_KEY", '"sk-test"', QUOTES],
    ["single quotes", "OPENAI_API_KEY", "'sk-test'", QUOTES],
    ["back quotes", "OPENAI_API_KEY", "`sk-test`", QUOTES],
    ["an export", "OPENAI_API_KEY", "export OPENAI_API_KEY=sk-test", LINE],
    ["an export of another name", "OPENAI_API_KEY", "export OTHER=sk-test", "This is a shell command."],
    ["line breaks in a header", "OPENAI_API_KEY", "sk-test\nsk-test", "OPENAI_API_KEY is one line,"],
    [
      "an invisible character",
      "OPENAI_API_KEY",
      "sk-\u200btest",
      "The value contains a character that OPENAI_API_KEY never has: zero-width space (U+200B).",
    ],
    [
      "a non-breaking space",
      "OPENAI_API_KEY",
      "sk-\u00a0test",
      "The value contains a character that OPENAI_API_KEY never has: non-breaking space (U+00A0).",
    ],
    ["a space in a header", "ANTHROPIC_API_KEY", "sk ant", "ANTHROPIC_API_KEY can't contain spaces"],
    [
      "letters that no header has",
      "ANTHROPIC_API_KEY",
      "sk-ant-ключ",
      "ANTHROPIC_API_KEY can't contain spaces",
    ],
    ["a NUL", "SOME_KEY", "a\0b", "The value contains control characters."],
    ["an escape character", "SOME_KEY", "a\u001bb", "The value contains control characters."],
    ["a C1 control character", "SOME_KEY", "a\u0085b", "The value contains control characters."],
    ["a lone surrogate", "SOME_KEY", "a\ud800b", "The value contains broken characters."],
    ["8,193 bytes", "SOME_KEY", "a".repeat(8193), "The value is longer than 8,192 bytes."],
    [
      "fewer characters but more bytes",
      "SOME_KEY",
      "鍵".repeat(2731),
      "The value is longer than 8,192 bytes.",
    ],
  ])("refuses %s with one sentence that does not repeat it", (_, key, value, beginning) => {
    const checked = checkValue(key, value);
    if (!("problem" in checked)) return expect.unreachable();
    expect(checked.problem.slice(0, beginning.length)).toBe(beginning);
    expect(checked.problem).toMatch(/^[A-Z].*\.$/);
    expect(checked).not.toHaveProperty("rightKey");
    if (value.trim().length > 4) expect(checked.problem).not.toContain(value.trim());
  });

  it("never throws, whatever the text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void checkValue("SOME_KEY", text)));
  });
});

describe("a line of a .env file for another known key", () => {
  it("is refused where the key is a token, and named", () => {
    const problem = 'This line of a .env file is for GROQ_API_KEY. Store what follows the "=" there.';
    const value = "export GROQ_API_KEY=gsk_test";
    expect(checkValue("MISTRAL_API_KEY", value)).toEqual({ problem, rightKey: "GROQ_API_KEY" });
    expect(judgeValue("MISTRAL_API_KEY", value)).toEqual({ problem, rightKey: "GROQ_API_KEY" });
    expect(setSecretBody.safeParse({ key: "MISTRAL_API_KEY", value }).error?.issues[0]?.message).toBe(
      problem,
    );
    expect(judgeValue("DATABASE_URL", value)).toEqual({
      warning: problem,
      rightKey: "GROQ_API_KEY",
      isBroken: true,
    });
  });
});

describe("explainKeyName", () => {
  it.each(["A", "A1_", "A".repeat(64)])("has nothing to say about %s", (name) => {
    expect(explainKeyName(name)).toBeUndefined();
  });
  it.each([
    ["", KEY_NAME_RULE],
    ["A".repeat(65), "The name has 65 characters. A key name can have at most 64."],
    ["_KEY", "A key name must start with a capital letter, not “_”."],
    ["1KEY", "A key name must start with a capital letter, not “1”."],
    ["MY KEY", "A key name can have only capital letters, digits, and underscores, not a space."],
    ["MY_KEY=", "A key name can have only capital letters, digits, and underscores, not “=”."],
    [
      "MY_\u200bKEY",
      "A key name can have only capital letters, digits, and underscores, not a zero-width space (U+200B).",
    ],
    ["SCHLÜSSEL", "A key name can have only capital letters, digits, and underscores, not “Ü”."],
    ["A😀", "A key name can have only capital letters, digits, and underscores, not “😀”."],
  ])("says what is wrong with %j", (name, sentence) => {
    expect(explainKeyName(name)).toBe(sentence);
  });
  it("has something to say exactly where the server refuses the name", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[A-Z0-9_]{0,66}$/)), (name) => {
        expect(explainKeyName(name) === undefined).toBe(KEY_NAME.test(name));
      }),
    );
  });
});

describe("judgeValue", () => {
  it.each([
    ["a value that looks right", "OPENAI_API_KEY", "sk-proj-test"],
    ["a key of its own, of which nothing is known", "MY_KEY", "anything"],
    ["a known key without a documented format", "MISTRAL_API_KEY", "anything"],
    ["an older value without the prefix of today", "VERCEL_TOKEN", "anything"],
    ["a known beginning without a documented format", "PERPLEXITY_API_KEY", "pplx-test"],
    ["a beginning that several providers use", "MISTRAL_API_KEY", "sk-1234"],
    ["brackets at its end alone", "SOME_KEY", "a<b>"],
    ["brackets at its beginning alone", "SOME_KEY", "<a>b"],
    ["dots inside", "SOME_KEY", "a...b"],
    ["one dot at its end", "SOME_KEY", "a."],
  ])("has nothing to say about %s", (_, key, value) => {
    expect(judgeValue(key, value)).toBeNull();
  });

  it.each([
    ["OPENAI_API_KEY", "proj-test", "usually begins with sk-."],
    ["GEMINI_API_KEY", "test", "usually begins with AIza or AQ."],
    ["GITHUB_TOKEN", "test", "usually begins with ghp_, github_pat_, gho_, ghu_ or ghs_."],
    ["ANTHROPIC_API_KEY", "sk-1234", "usually begins with sk-ant-."],
    ["AWS_ACCESS_KEY_ID", "AKIASHORT", "usually is AKIA or ASIA and 16 capital letters and digits."],
    ["GOOGLE_APPLICATION_CREDENTIALS_JSON", "service_account", "usually is a JSON object, from { to }."],
  ])("doubts a value for %s of another format, and lets it pass", (key, value, doubt) => {
    expect(judgeValue(key, value)).toEqual({
      warning: `A value for ${key} ${doubt} Make sure you copied all of it.`,
    });
    expect(checkValue(key, value)).toEqual({ value });
  });

  it.each([
    "<key>",
    "sk-your-key-here",
    "your key",
    "sk-xxxxxxxxxxxx",
    "changeme",
    "change-me",
    "CHANGE_ME",
    "sk-...",
    "sk-…",
  ])("doubts the placeholder %s", (value) => {
    expect(judgeValue("SOME_KEY", value)).toEqual({
      warning: "This looks like a placeholder, not the key itself.",
      isBroken: true,
    });
  });

  it("doubts another provider's key where no format would refuse it", () => {
    expect(judgeValue("AWS_SECRET_ACCESS_KEY", "AKIAIOSFODNN7EXAMPLE")).toEqual({
      warning: "This looks like another AWS key. Its usual name is AWS_ACCESS_KEY_ID.",
      rightKey: "AWS_ACCESS_KEY_ID",
    });
  });

  it("refuses exactly what the server refuses, and never throws", () => {
    const keys = fc.constantFrom("SOME_KEY", "OPENAI_API_KEY", "GITHUB_APP_PRIVATE_KEY");
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("sk-ant-test", "export GROQ_API_KEY=gsk_test", "[REDACTED]", '"a"', "op://a/b"),
    );
    fc.assert(
      fc.property(keys, texts, (key, text) => {
        const checked = checkValue(key, text);
        const judged = judgeValue(key, text);
        expect(judged !== null && "problem" in judged).toBe("problem" in checked);
      }),
    );
  });
});

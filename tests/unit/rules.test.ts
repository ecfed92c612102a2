import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkValue, judgeValue } from "../../lib/vault/rules.ts";
import { setSecretBody } from "../../lib/vault/schema.ts";

const PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----";

const MASKED = "This is a mask and not the key itself.";
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

  it("trims white space around the value", () => {
    expect(checkValue("OPENAI_API_KEY", "\n  sk-test-not-real \r\n")).toEqual({ value: "sk-test-not-real" });
  });

  it.each([
    ["nothing", "SOME_KEY", "", "The value is empty."],
    ["white space", "SOME_KEY", " \n\t ", "The value is empty."],
    ["a mask of dots", "SOME_KEY", "••••••••••••", MASKED],
    ["a mask of other dots", "SOME_KEY", "∙∙∙", MASKED],
    ["a mask of asterisks", "SOME_KEY", "********", MASKED],
    ["a mask with the last characters", "SOME_KEY", "sk-ant-••••••wxyz", MASKED],
    ["a shortened mask", "SOME_KEY", "sk-****abcd", MASKED],
    ["a line of a .env file", "OPENAI_API_KEY", "OPENAI_API_KEY=sk-test", LINE],
    ["one with spaces", "SOME_KEY", "SOME_KEY = sk-test", LINE],
    ["an export", "OPENAI_API_KEY", "export OPENAI_API_KEY=sk-test", LINE],
    ["an export with spaces", "SOME_KEY", "export  SOME_KEY=sk-test", LINE],
    ["an export of another name", "OPENAI_API_KEY", "export OTHER=sk-test", "This is a shell command."],
    ["an export of two names", "SOME_KEY", "export A B", "This is a shell command."],
    ["double quotes", "SOME_KEY", '"sk-test"', QUOTES],
    ["single quotes", "SOME_KEY", "'sk-test'", QUOTES],
    ["quotes around two words", "SOME_KEY", "`sk test`", QUOTES],
    ["line breaks in a header", "OPENAI_API_KEY", "sk-test\nsk-test", "OPENAI_API_KEY is one line,"],
    ["a space in a header", "ANTHROPIC_API_KEY", "sk ant", "ANTHROPIC_API_KEY has no spaces"],
    ["letters that no header has", "ANTHROPIC_API_KEY", "sk-ant-ключ", "ANTHROPIC_API_KEY has no spaces"],
    ["a NUL", "SOME_KEY", "a\0b", "The value holds control characters."],
    ["an escape character", "SOME_KEY", "a\u001bb", "The value holds control characters."],
    ["a C1 control character", "SOME_KEY", "a\u0085b", "The value holds control characters."],
    ["a lone surrogate", "SOME_KEY", "a\ud800b", "The value holds broken characters."],
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

const misplaced: [value: string, key: string, rightKey: string, problem: string][] = [
  [
    "sk-ant-test",
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "This looks like an Anthropic key. Store it as ANTHROPIC_API_KEY.",
  ],
  [
    "sk-or-v1-test",
    "OPENAI_API_KEY",
    "OPENROUTER_API_KEY",
    "This looks like an OpenRouter key. Store it as OPENROUTER_API_KEY.",
  ],
  [
    "sk-proj-test",
    "ANTHROPIC_API_KEY",
    "OPENAI_API_KEY",
    "This looks like an OpenAI key. Store it as OPENAI_API_KEY.",
  ],
  ["xai-test", "GROQ_API_KEY", "XAI_API_KEY", "This looks like an xAI key. Store it as XAI_API_KEY."],
  ["gsk_test", "XAI_API_KEY", "GROQ_API_KEY", "This looks like a Groq key. Store it as GROQ_API_KEY."],
  ["ghp_test", "DATABASE_URL", "GITHUB_TOKEN", "This looks like a GitHub key. Store it as GITHUB_TOKEN."],
  ["npm_test", "GROQ_API_KEY", "NPM_TOKEN", "This looks like an npm key. Store it as NPM_TOKEN."],
  [
    "dop_v1_test",
    "GROQ_API_KEY",
    "DIGITALOCEAN_ACCESS_TOKEN",
    "This looks like a DigitalOcean key. Store it as DIGITALOCEAN_ACCESS_TOKEN.",
  ],
  [
    "xoxp-test",
    "SLACK_BOT_TOKEN",
    "SLACK_USER_TOKEN",
    "This looks like another Slack key. Store it as SLACK_USER_TOKEN.",
  ],
  [
    "sb_publishable_test",
    "SUPABASE_SECRET_KEY",
    "SUPABASE_PUBLISHABLE_KEY",
    "This looks like another Supabase key. Store it as SUPABASE_PUBLISHABLE_KEY.",
  ],
  [
    "export GROQ_API_KEY=gsk_test",
    "MISTRAL_API_KEY",
    "GROQ_API_KEY",
    'This is the line of a .env file for GROQ_API_KEY. Store what follows the "=" there.',
  ],
];

describe("a value that belongs to another key", () => {
  it.each(misplaced)("%s under %s is refused, with %s as the mend", (value, key, rightKey, problem) => {
    expect(checkValue(key, value)).toEqual({ problem, rightKey });
    expect(judgeValue(key, value)).toEqual({ problem, rightKey });
    expect(setSecretBody.safeParse({ key, value }).error?.issues[0]?.message).toBe(problem);
  });
});

describe("judgeValue", () => {
  it.each([
    ["a value that looks right", "OPENAI_API_KEY", "sk-proj-test"],
    ["a key of its own, of which nothing is known", "MY_KEY", "anything"],
    ["a known key without a documented format", "MISTRAL_API_KEY", "anything"],
    ["an older value without the prefix of today", "VERCEL_TOKEN", "anything"],
    ["white space, which is taken off", "GROQ_API_KEY", " gsk_test\n"],
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
    ["GOOGLE_APPLICATION_CREDENTIALS_JSON", '{"type":"service', "usually is a JSON object, from { to }."],
  ])("doubts a value for %s of another format, and lets it pass", (key, value, doubt) => {
    expect(judgeValue(key, value)).toEqual({
      warning: `A value for ${key} ${doubt} Check that you copied all of it.`,
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
      warning: "This looks like a placeholder and not like the key itself.",
    });
  });

  it("doubts another provider's key where no format would refuse it", () => {
    expect(judgeValue("AWS_SECRET_ACCESS_KEY", "AKIAIOSFODNN7EXAMPLE")).toEqual({
      warning: "This looks like another AWS key. It would be stored as AWS_ACCESS_KEY_ID.",
    });
  });

  it("refuses exactly what the server refuses, and never throws", () => {
    const keys = fc.constantFrom("SOME_KEY", "OPENAI_API_KEY", "GITHUB_APP_PRIVATE_KEY");
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(...misplaced.map(([value]) => value)),
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

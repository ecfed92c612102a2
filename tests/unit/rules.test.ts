import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATALOG } from "../../lib/vault/catalog.ts";
import { checkValue, KEY_NAME } from "../../lib/vault/rules.ts";
import { secretQuery, setSecretBody } from "../../lib/vault/schema.ts";

const PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----";

describe("checkValue", () => {
  it.each([
    ["a plain key", "OPENAI_API_KEY", "sk-test-not-real"],
    ["a value with = inside", "AWS_SECRET_ACCESS_KEY", "abc/def+ghi=="],
    ["a PEM key", "DEPLOY_KEY", PEM],
    ["a JSON key", "SERVICE_ACCOUNT", '{"type":"service_account",\n\t"id":"1"}'],
    ["a quote inside", "SOME_KEY", `it"s`],
    ["text of any language", "SOME_KEY", "schlüssel-鍵"],
    ["8,192 bytes", "SOME_KEY", "a".repeat(8192)],
    ["a connection string", "DATABASE_URL", "postgresql://u:p@db.example.com:5432/app?sslmode=require"],
    ["an assignment of another name", "SOME_KEY", "user=me"],
  ])("accepts %s", (_, key, value) => {
    expect(checkValue(key, value)).toEqual({ value });
  });

  it("trims white space around the value", () => {
    expect(checkValue("OPENAI_API_KEY", "\n  sk-test-not-real \r\n")).toEqual({ value: "sk-test-not-real" });
  });

  it.each([
    ["nothing", "SOME_KEY", ""],
    ["white space", "SOME_KEY", " \n\t "],
    ["a mask of dots", "SOME_KEY", "••••••••••••"],
    ["a mask of asterisks", "SOME_KEY", "********"],
    ["a mask with the last characters", "SOME_KEY", "sk-ant-••••••wxyz"],
    ["a shortened mask", "SOME_KEY", "sk-****abcd"],
    ["a line of a .env file", "OPENAI_API_KEY", "OPENAI_API_KEY=sk-test"],
    ["an export", "OPENAI_API_KEY", "export OPENAI_API_KEY=sk-test"],
    ["an export of another name", "OPENAI_API_KEY", "export OTHER=sk-test"],
    ["double quotes", "SOME_KEY", '"sk-test"'],
    ["single quotes", "SOME_KEY", "'sk-test'"],
    ["line breaks in a header", "OPENAI_API_KEY", "sk-test\nsk-test"],
    ["a space in a header", "ANTHROPIC_API_KEY", "sk ant"],
    ["letters that no header has", "ANTHROPIC_API_KEY", "sk-ant-ключ"],
    ["a NUL", "SOME_KEY", "a\0b"],
    ["an escape character", "SOME_KEY", "a\u001bb"],
    ["a C1 control character", "SOME_KEY", "a\u0085b"],
    ["a lone surrogate", "SOME_KEY", "a\ud800b"],
    ["8,193 bytes", "SOME_KEY", "a".repeat(8193)],
    ["fewer characters but more bytes", "SOME_KEY", "鍵".repeat(2731)],
  ])("refuses %s with one sentence that does not repeat it", (_, key, value) => {
    const checked = checkValue(key, value);
    if (!("problem" in checked)) return expect.unreachable();
    expect(checked.problem).toMatch(/^[A-Z].*\.$/);
    if (value.trim().length > 4) expect(checked.problem).not.toContain(value.trim());
  });

  it("never throws, whatever the text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void checkValue("SOME_KEY", text)));
  });
});

describe("the shape of a change", () => {
  const valid = { key: "OPENAI_API_KEY", value: "sk-test-not-real" };
  it("takes a key and a value", () => {
    expect(setSecretBody.parse(valid)).toEqual(valid);
  });
  it("takes a team's id in lower case, because sealed secrets are compared with it", () => {
    const team_id = "AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA";
    expect(setSecretBody.parse({ ...valid, team_id }).team_id).toBe(team_id.toLowerCase());
  });
  it.each([
    ["an unknown member", { ...valid, user_id: "11111111-1111-4111-8111-111111111111" }],
    ["__proto__", JSON.parse('{"key":"A","value":"b","__proto__":{"x":1}}')],
    ["a number as key", { ...valid, key: 1 }],
    ["a list as key", { ...valid, key: ["A"] }],
    ["a null value", { ...valid, value: null }],
    ["a category that does not exist", { ...valid, category: "llm" }],
    ["a long description", { ...valid, description: "a".repeat(501) }],
    ["a description with a line break", { ...valid, description: "a\nb" }],
    ["a team id that is none", { ...valid, team_id: "1" }],
    ["a PostgREST operator as team id", { ...valid, team_id: "eq.1" }],
    ["a time that is none", { ...valid, if_updated_at: "yesterday" }],
    ["nothing to change", { key: "A" }],
    ["a list", [valid]],
    ["null", null],
  ])("refuses %s", (_, body) => {
    expect(setSecretBody.safeParse(body).success).toBe(false);
  });
  it.each(["a", "1A", "A-B", "A B", "A\n", "", "A".repeat(65), "À", "__PROTO__", "A.B", "A,B", "eq.A"])(
    "refuses the key name %j",
    (key) => {
      expect(secretQuery.safeParse({ key }).success).toBe(false);
    },
  );
});

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
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanPasted } from "../../lib/vault/clean.ts";

const KEY = "OPENAI_API_KEY";
const PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----";

describe("cleanPasted", () => {
  it.each([
    ["a byte order mark", "\ufeffsk-test", ["a byte order mark"]],
    ["white space", "\t sk-test \r\n", ["surrounding whitespace"]],
    ["zero-width characters", "\u200bsk-test\u2060\u200d", ["invisible characters"]],
    ["marks of writing direction", "\u202ask-test\u202c", ["invisible characters"]],
    ["a non-breaking space", "\u00a0sk-test", ["surrounding whitespace"]],
    ["double quotes", '"sk-test"', ["quotes"]],
    ["single quotes", "'sk-test'", ["quotes"]],
    ["back quotes", "`sk-test`", ["quotes"]],
    ["quotes of a word processor", "“sk-test”", ["quotes"]],
    ["single quotes of a word processor", "‘sk-test’", ["quotes"]],
    ["quotes in quotes", `"'sk-test'"`, ["quotes"]],
    ["the name", `${KEY}=sk-test`, [`${KEY}=`]],
    ["the name in lower case", "openai_api_key = sk-test", [`${KEY}=`, "surrounding whitespace"]],
    ["an export", `export ${KEY}=sk-test`, ["export", `${KEY}=`]],
    ["an export with a semicolon", `export ${KEY}=sk-test;`, ["export", `${KEY}=`, "a semicolon"]],
    [
      "a whole line",
      `  ${KEY}="sk-test" # mine\n`,
      ["surrounding whitespace", "a comment", `${KEY}=`, "quotes"],
    ],
    ["the comment above it", `# Mine\n\n# of today\n${KEY}=sk-test`, [`${KEY}=`, "a comment"]],
    ["a comment after it", "sk-test # mine", ["a comment", "surrounding whitespace"]],
    ["a set", `set ${KEY}=sk-test`, ["set", `${KEY}=`]],
    ["a declare", `declare -x ${KEY}="sk-test"`, ["declare -x", `${KEY}=`, "quotes"]],
    ["PowerShell", `$env:${KEY} = 'sk-test'`, ["$env:", `${KEY}=`, "surrounding whitespace", "quotes"]],
    ["a Dockerfile's line", `ENV ${KEY}=sk-test`, ["ENV", `${KEY}=`]],
    ["a line of code", "'sk-test', // mine", ["quotes", "a comma", "a comment"]],
    ["a statement", '"sk-test";', ["quotes", "a semicolon"]],
    ["the name twice", `${KEY}=${KEY}=sk-test`, [`${KEY}=`]],
  ])("takes off %s and says so", (_, pasted, removed) => {
    expect(cleanPasted(KEY, pasted)).toEqual({ value: "sk-test", removed });
  });

  it.each([
    ["a plain key", KEY, "sk-test"],
    ["a PEM key", "DEPLOY_KEY", PEM],
    ["a JSON key", "SERVICE_ACCOUNT", '{"a":"b",\n"c":"d"}'],
    ["a list of strings", "SOME_KEY", '"a","b"'],
    ["a quote inside", "SOME_KEY", `it's`],
    ["a single quote", "SOME_KEY", '"'],
    ["escaped quotes", "SOME_KEY", '"{\\"a\\":1}"'],
    ["a semicolon without quotes", "SOME_KEY", "Server=db;Password=p;"],
    ["a number sign without quotes", "SOME_KEY", "pass#word # 1"],
    ["another name than the key", KEY, "ANTHROPIC_API_KEY=sk-ant-test"],
    ["an export of another name", KEY, "export OTHER=sk-test"],
    ["a .env file", KEY, `${KEY}=sk-test\nexport OTHER="x"`],
    ["a .env file with a margin", KEY, `${KEY}=sk-test\n\t OTHER=x`],
    ["a .env file with spaces", KEY, `${KEY}=sk-test\nexport  OTHER = x`],
    ["a .env file, without a key", "", `${KEY}=sk-test\nOTHER=x`],
    ["base64, without a key", "", "QUJDREVGRw=="],
    ["base64 in capitals, without a key", "", "ABCDEFGH=="],
    ["a name without a value, without a key", "", "SOME_KEY="],
    ["a parameter, without a key", "", "user=me"],
    ["an assignment of an assignment, without a key", "", "OPTIONS=HOST=example"],
    ["a connection string, without a key", "", "AccountEndpoint=https://x.example;AccountKey=abc=="],
    ["zero-width characters inside", "SOME_KEY", "a\u200bb"],
    ["white space around what is no token", "SOME_KEY", "  two spaces  "],
    ["a line break after it", "SOME_KEY", "abc\n"],
    ["the last line break of an OpenSSH key", "DEPLOY_KEY", `${PEM}\n`],
    ["zero-width characters around it", "SOME_KEY", "\u200babc\ufeff"],
    ["white space around a connection string", "DATABASE_URL", " host=localhost "],
    ["white space, where no key is chosen", "", " abc\n"],
  ])("leaves %s as it is", (_, key, value) => {
    expect(cleanPasted(key, value)).toEqual({ value, removed: [] });
  });

  it.each([
    ["NAME=", "MY_KEY=abc", "MY_KEY", "abc"],
    ["export", "export my_key=abc", "MY_KEY", "abc"],
    ["export and spaces", "export \t my_key = abc", "MY_KEY", "abc"],
    ["a known key in lower case", "openai_api_key=sk-test", KEY, "sk-test"],
    ["quotes and a comment", "MY_KEY='a b' # mine", "MY_KEY", "a b"],
    ["the name twice", "MY_KEY=MY_KEY=abc", "MY_KEY", "abc"],
    ["a comment after it, as an import reads it", "MY_KEY=a b # mine", "MY_KEY", "a b"],
    ["a number sign in it", "MY_KEY=pass#word", "MY_KEY", "pass#word"],
    ["a number sign in quotes", 'MY_KEY="a # b"', "MY_KEY", "a # b"],
    ["a value that ends in =", "MY_KEY=abc==", "MY_KEY", "abc=="],
    ["a PEM key", `DEPLOY_KEY=${PEM}`, "DEPLOY_KEY", PEM],
  ])("finds the name in a line with %s if no key is chosen", (_, pasted, name, value) => {
    expect(cleanPasted("", pasted)).toMatchObject({ name, value });
  });

  it.each([
    ["inside the quotes", 'MY_KEY="  two spaces  "', "  two spaces  "],
    ["inside quotes in quotes", `MY_KEY="'a'"`, "'a'"],
    ["at the end of a PEM key", `export MY_KEY=${PEM}\n`, `${PEM}\n`],
  ])("leaves what is %s, if it is no token", (_, pasted, value) => {
    expect(cleanPasted("MY_KEY", pasted).value).toBe(value);
    expect(cleanPasted("", pasted)).toMatchObject({ value, name: "MY_KEY" });
  });

  it("takes off the name of the chosen key, however it is written", () => {
    expect(cleanPasted("MY_KEY", "my_key=abc")).toEqual({ value: "abc", removed: ["MY_KEY="] });
  });

  it.each(["a;b", "a;b;", "a b;"])(
    "leaves a semicolon that may be a part of an exported value: %s",
    (value) => {
      expect(cleanPasted("MY_KEY", `export MY_KEY=${value}`)).toEqual({
        value,
        removed: ["export", "MY_KEY="],
      });
    },
  );

  it("leaves what is too long to be stored alone", () => {
    const longest = "a".repeat(4 * 8_192 - 2);
    expect(cleanPasted(KEY, ` ${longest} `).value).toBe(longest);
    const long = ` ${"a".repeat(40_000)} `;
    expect(cleanPasted(KEY, long)).toEqual({ value: long, removed: [] });
  });

  it("empties what is nothing but an empty assignment", () => {
    expect(cleanPasted(KEY, `export ${KEY}=""`).value).toBe("");
  });
});

/** Texts in which much is to be taken off, in any order and depth. */
const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        ..."\"'`“”‘’=;,# \n\t\ufeff\u200b\\aA_1",
        KEY,
        `${KEY}=`,
        "export ",
        "OTHER=",
        "other=",
        "//",
      ),
    )
    .map((parts) => parts.join("")),
);

describe("whatever is pasted, cleanPasted", () => {
  const keys = fc.constantFrom("", KEY, "OTHER");

  it("changes nothing the second time, where it is a token", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { value } = cleanPasted(KEY, text);
        expect(cleanPasted(KEY, value)).toEqual({ value, removed: [] });
      }),
      { numRuns: 2000, examples: [["`_ #`"], [`"'a # b' # c"`], [`"${KEY}='a #'"`]] },
    );
  });

  it("only takes off at the ends, and says so if it does", () => {
    fc.assert(
      fc.property(keys, texts, (key, text) => {
        const { value, removed, name } = cleanPasted(key, text);
        expect(text).toContain(value);
        expect(removed.length > 0).toBe(value !== text);
        expect(new Set(removed).size).toBe(removed.length);
        if (name !== undefined) expect(key).toBe("");
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves ordinary keys alone", () => {
    const ordinary = fc
      .stringMatching(/^[A-Za-z0-9_+/.-]{1,60}={0,2}$/)
      .filter((text) => !text.startsWith("//"));
    fc.assert(
      fc.property(keys, ordinary, (key, value) => {
        fc.pre(!value.startsWith(`${key}=`));
        expect(cleanPasted(key, value)).toEqual({ value, removed: [] });
      }),
    );
  });
});

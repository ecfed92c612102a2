import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEntered, toKeyName, toTypedName } from "../../lib/vault/entered.ts";
import { checkValue, explainKeyName, KEY_NAME } from "../../lib/vault/rules.ts";

const PEM = "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n";
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIabc=\n-----END CERTIFICATE-----\n";
const MOVED = "Moved here from the key name because it looks like a value.";
const APART = "The name and the value were separated.";
const inName = (text: string, key = "") => readEntered(text, { field: "name", key, canImport: true });
const inValue = (text: string, key = "", canImport = true) =>
  readEntered(text, { field: "value", key, canImport });

describe("a text in the field for the name", () => {
  it.each([
    [" ANTHROPIC_API_KEY ", "ANTHROPIC_API_KEY"],
    ["\u200bMY_KEY\ufeff", "MY_KEY"],
    ["my own-key.1", "MY_OWN_KEY_1"],
    ["A".repeat(65), "A".repeat(65)],
    ["my-key-2024", "MY_KEY_2024"],
    ["`OPENAI_API_KEY`", "OPENAI_API_KEY"],
    ['"OPENAI_API_KEY",', "OPENAI_API_KEY"],
    ["hf_token", "HF_TOKEN"],
    ["re_captcha_key", "RE_CAPTCHA_KEY"],
    ["openai api key", "OPENAI_API_KEY"],
  ])("is a name: %j", (text, name) => {
    expect(inName(text)).toEqual({ kind: "name", name });
  });
  it.each([
    ["sk-ant-test", "ANTHROPIC_API_KEY", "sk-ant-test", [MOVED]],
    [" sk-ant-test ", "ANTHROPIC_API_KEY", " sk-ant-test ", [MOVED]],
    ["0123456789abcdefghijk", undefined, "0123456789abcdefghijk", [MOVED]],
    [PEM, undefined, PEM, [MOVED]],
    ['MY_KEY="a b"', "MY_KEY", "a b", [APART, "Removed: quotes."]],
    ["my.key=abc", "MY_KEY", "abc", [APART]],
    ["https://example.com/?key=abc", undefined, "https://example.com/?key=abc", [MOVED]],
    ["QUJDREVGR0hJSktMTU5PUA==", undefined, "QUJDREVGR0hJSktMTU5PUA==", [MOVED]],
    [`GROQ_API_KEY\tgsk_${"a1".repeat(9)}`, "GROQ_API_KEY", `gsk_${"a1".repeat(9)}`, [APART]],
    [`set -x MY_KEY ${"a1".repeat(10)}`, "MY_KEY", "a1".repeat(10), [APART]],
    ["OPENAI_API_KEY: sk-test", "OPENAI_API_KEY", "sk-test", [APART]],
    ['"MY_KEY": "a b"', "MY_KEY", "a b", [APART, "Removed: quotes."]],
    ['$env:MY_KEY="abc"', "MY_KEY", "abc", [APART, "Removed: quotes."]],
    ["set my_key=abc", "MY_KEY", "abc", [APART]],
    ["MY_KEY=abc # mine", "MY_KEY", "abc", [APART, "Removed: a comment, surrounding whitespace."]],
    ["postgresql://u:p@h/db", undefined, "postgresql://u:p@h/db", [MOVED]],
    ["https://h/db?sslmode=require", undefined, "https://h/db?sslmode=require", [MOVED]],
    ["Server=h;Password=p", undefined, "Server=h;Password=p", [MOVED]],
    ['{"type":"x"}', undefined, '{"type":"x"}', [MOVED]],
    ["-----BEGIN A-----\\nM\\n", undefined, "-----BEGIN A-----\\nM\\n", [MOVED]],
    ["kind: Config\nusers: x", undefined, "kind: Config\nusers: x", [MOVED]],
    ["a\r\nb", undefined, "a\nb", [MOVED, "Windows line breaks (CRLF) were changed to LF."]],
  ])("is a value: %j", (text, name, value, notes) => {
    expect(inName(text)).toEqual({ kind: "value", value, notes, ...(name && { name }) });
  });
  it("is a .env file, if several names are given values", () => {
    expect(inName("DB_PASS=hunter2-Prod\nSMTP_PASS=pw-mail-1")).toEqual({ kind: "env-file" });
  });
  it("keeps a name that was chosen before", () => {
    expect(inName("sk-ant-test", "MY_KEY")).toEqual({ kind: "value", value: "sk-ant-test", notes: [MOVED] });
  });
});

describe("a text in the field for the value", () => {
  it.each([
    ["abc\n", "MY_KEY", "abc\n", []],
    [" gsk_test\n", "GROQ_API_KEY", "gsk_test", ["Removed: surrounding whitespace."]],
    [PEM, "MY_KEY", PEM, []],
    ["a\r\nb\r", "MY_KEY", "a\nb\n", ["Windows line breaks (CRLF) were changed to LF."]],
    ['{"A_KEY":"1","B_KEY":"2"}', "MY_KEY", '{"A_KEY":"1","B_KEY":"2"}', []],
  ])("is a value: %j for %s", (text, key, value, notes) => {
    expect(inValue(text, key)).toEqual({ kind: "value", value, notes });
  });
  it.each([
    ["a chain of certificates", CERTIFICATE.repeat(2)],
    [
      "what OpenSSL writes",
      `Bag Attributes\n  localKeyID: 01\nsubject=CN = a\nissuer=CN = b\n${CERTIFICATE}`,
    ],
    ["a key of PuTTY's", "PuTTY-User-Key-File-3: ssh-rsa\nPublic-Lines: 1\nAAA=\nPrivate-Lines: 1\nBBB=\n"],
    ["a key with headers", "-----BEGIN A-----\nVERSION: 1\nCOMMENT: 2\n\nabc=\n-----END A-----\n"],
  ])("is a value, if it is %s with lines like assignments", (_, text) => {
    expect(inValue(text)).toEqual({ kind: "value", value: text, notes: [] });
  });
  it.each(["A: 1\nB: 2", "$env:A='1'\n$env:B='2'", "declare -x A=1\ndeclare -x B=2", " - A=1\n - B=2"])(
    "is a .env file in another notation: %j",
    (text) => {
      expect(inValue(text)).toEqual({ kind: "env-file" });
    },
  );
  it("is a .env file only where one can be imported", () => {
    expect(inValue("A=1\nB=2")).toEqual({ kind: "env-file" });
    expect(inValue("A=1\nB=2", "", false)).toEqual({ kind: "value", value: "A=1\nB=2", notes: [] });
  });
});

describe("whatever the text", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom("A", "b", "=", '"', " ", "\n", "\r\n", "\u200b", "7", ";"))
      .map((parts) => parts.join("")),
  );
  it("a value loses nothing without a note, and nothing from its middle", () => {
    fc.assert(
      fc.property(texts, fc.constantFrom("", "MY_KEY", "GROQ_API_KEY"), (text, key) => {
        const entered = inValue(text, key);
        if (entered.kind !== "value") return;
        if (entered.notes.length === 0) expect(entered.value).toBe(text);
        expect(text.replace(/\r\n?/g, "\n")).toContain(entered.value);
      }),
      { numRuns: 2000 },
    );
  });
  it.each(["\n", " ", "\t", "a ", "=", "a=", "#", "# \n", "set ", "-x "])(
    "it is read in time in proportion to its length if it is made of %j",
    (part) => {
      const text = part.repeat(250_000 / part.length);
      const start = process.threadCpuUsage();
      for (const whole of [text, `sk-${text}a`, `A=${text}a`, `set${text}a`]) {
        inName(whole);
        inValue(whole);
      }
      // Of CPU time, in microseconds, which other work on this machine doesn't add to.
      expect(process.threadCpuUsage(start).user).toBeLessThan(10_000_000);
    },
  );
  it("a value with another name than a token's is stored as it was shown", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const checked = checkValue("MY_KEY", text);
        if ("value" in checked) expect(checked.value).toBe(text);
      }),
    );
  });
  it("a name is never cut, and is one or is explained", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        const name = toKeyName(text);
        expect(toKeyName(name)).toBe(name);
        expect(KEY_NAME.test(name) || explainKeyName(name) !== undefined).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,79}$/), (text) => {
        expect(toKeyName(`\t${text} `)).toBe(text.toUpperCase());
      }),
    );
  });
  it("a name that is typed letter by letter is the name that is pasted", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^ ?([a-z]{1,3}[ .-]){0,4}[a-z] ?$/), (text) => {
        const typed = [...text].reduce((field, letter) => toTypedName(field + letter), "");
        expect(toKeyName(typed)).toBe(toKeyName(text));
      }),
    );
  });
});

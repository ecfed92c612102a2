import { parse } from "dotenv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEnvFile } from "../../lib/vault/env-import.ts";
import { checkValue, KEY_NAME } from "../../lib/vault/rules.ts";
import { CATEGORIES } from "../../lib/vault/types.ts";
import { valuesOf } from "./env-files.ts";

/** Names and values as they are in files, with everything that means something to a parser. */
const names = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,12}$/);
const pieces = fc.constantFrom(
  "a",
  "B",
  "7",
  " ",
  "=",
  "#",
  "\n",
  "'",
  '"',
  "`",
  "$",
  "\\",
  "é",
  "😀",
  ";",
  "=",
);
const values = fc
  .array(pieces, { minLength: 1, maxLength: 20 })
  .map((parts) => parts.join(""))
  .filter((value) => "value" in checkValue("SOME_KEY", value) && value === value.trim());

describe("whatever the text, parseEnvFile", () => {
  const lines = fc.array(
    fc.constantFrom(
      "A",
      "b-c",
      "=",
      '"',
      "'",
      "`",
      "#",
      " ",
      "\n",
      "\\",
      "\r\n",
      "export ",
      "-----BEGIN ",
      "\n-----END ",
      "x",
    ),
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    lines.map((parts) => parts.join("")),
  );

  it("does not throw, and gives rows that are fit to be shown and sent", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { rows, problems } = parseEnvFile(text);
        expect(rows.length + problems.length).toBeGreaterThan(0);
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
        for (const row of rows) {
          expect(CATEGORIES).toContain(row.category);
          expect(row.comment).toMatch(/^[^\p{Cc}]{0,500}$/u);
          if (row.problem === undefined) expect(checkValue(row.key, row.value)).toHaveProperty("value");
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("gives only keys and values that are in it", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const file = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
        const unescaped = file.replaceAll("\\n", "\n").replaceAll("\\r", "\r");
        for (const { key, value, renamedFrom, problem } of parseEnvFile(text).rows) {
          expect(file).toContain(renamedFrom ?? key);
          expect(file.includes(value) || unescaped.includes(value)).toBe(true);
          if (problem === undefined) expect(key).toMatch(KEY_NAME);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("gives what is the same once it is written and read again", () => {
    fc.assert(
      fc.property(texts, (text) => {
        // In quotes that neither end early nor stand for something else.
        const kept = parseEnvFile(text).rows.filter(
          ({ value, problem }) => problem === undefined && !/['\\\r]/.test(value),
        );
        const written = kept.map(({ key, value }) => `${key}='${value}'`).join("\n");
        expect(valuesOf(written)).toEqual(Object.fromEntries(kept.map(({ key, value }) => [key, value])));
      }),
      { numRuns: 1000 },
    );
  });

  it("never repeats a value outside of it", () => {
    const value = fc
      .stringMatching(/^[a-z0-9]{20,30}$/)
      .filter((text) => /\d/.test(text) && /[a-z]/.test(text));
    const around = fc.constantFrom(
      ["A=", ""],
      ["# A=", "\nA=1"],
      ['# A="', "\nA=1"],
      ["# ", "\nA=1"],
      ["A=x#", ""],
      ["A=x # ", ""],
      ["OPENAI_API_KEY=sk-ant-", ""],
      ['A="', ""],
      ["hello ", "\nA=1"],
      ["A=1\nA=", ""],
    );
    fc.assert(
      fc.property(value, around, (secret, [before, after]) => {
        const { rows, problems } = parseEnvFile(before + secret + after);
        const shown = JSON.stringify([rows.map((row) => ({ ...row, value: "" })), problems]);
        expect(shown).not.toContain(secret);
      }),
    );
  });
});

describe("a map of keys and values", () => {
  const maps = fc.dictionary(names, values, { minKeys: 1, maxKeys: 20, noNullPrototype: true });

  it("comes back from a file with each value in quotes", () => {
    const quotable = maps.filter((map) => Object.values(map).every((value) => !/["\\]/.test(value)));
    fc.assert(
      fc.property(quotable, (map) => {
        const text = Object.entries(map).map(([key, value]) => `${key}="${value}"`);
        expect(valuesOf(text.join("\n"))).toEqual(map);
        expect(valuesOf(text.join("\r\n"))).toEqual(map);
      }),
    );
  });

  it("is read as dotenv reads it", () => {
    const styles: ((value: string) => string | undefined)[] = [
      (value) => (/['\\]/.test(value) ? undefined : `'${value}' # comment`),
      (value) => (/["\\]/.test(value) ? undefined : ` "${value}"`),
      (value) => (/[`\\]/.test(value) ? undefined : `\`${value}\`#comment`),
      (value) => (/^["'`]|[\n#]/.test(value) ? undefined : `  ${value} # comment`),
      (value) => (/^["'`]|[\n#]/.test(value) ? undefined : value),
      (value) => `"${value.replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
    ];
    // A value that begins with its own name is a line pasted whole, of which dotenv knows nothing; and only Next
    // reads "\$" as "$" (next-reads.test.ts).
    const plain = maps
      .filter((map) =>
        Object.entries(map).every(([key, value]) => !new RegExp(`\\b${key}\\s*[=:]`, "i").test(value)),
      )
      .filter((map) => Object.values(map).every((value) => !value.includes("\\$")));
    fc.assert(
      fc.property(plain, fc.infiniteStream(fc.nat(styles.length - 1)), (map, choices) => {
        const text = Object.entries(map).flatMap(([key, value]) => {
          const written = styles[choices.next().value]?.(value);
          return written === undefined ? [] : [`# comment\n${key}=${written}\n\n`];
        });
        const read = parseEnvFile(text.join("")).rows.filter(({ problem }) => problem === undefined);
        const reference = parse(text.join(""));
        // A line inside of quotes that close elsewhere can begin with a name in small letters.
        for (const { key, renamedFrom: name = key, value } of read)
          expect([name, value]).toEqual([name, reference[name]]);
        expect(text.length === 0 || read.length > 0 || Object.keys(reference).length > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

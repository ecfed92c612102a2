import nextEnv from "@next/env";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EnvRow, parseEnvFile } from "../../lib/vault/env-import.ts";

/** What Next makes of a .env file, with nothing else in the environment. */
function readByNext(contents: string): Record<string, string> {
  const before = process.env;
  try {
    process.env = {} as NodeJS.ProcessEnv;
    nextEnv.updateInitialEnv({});
    const [, parsed] = nextEnv.processEnv(
      [{ path: ".env", contents, env: {} }],
      undefined,
      { info() {}, error() {} },
      true,
    );
    return parsed as Record<string, string>;
  } finally {
    process.env = before;
  }
}

const rowOf = (text: string): EnvRow => parseEnvFile(text).rows[0] as EnvRow;
const LINES = '{\n  "type": "x"\n}';
const PEM = "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----";

describe("a row that is not what Next reads", () => {
  it.each([
    [
      `A=postgres://$\{DB_USER}:$\{DB_PASS}@db/app`,
      `postgres://$\{DB_USER}:$\{DB_PASS}@db/app`,
      "This looks like a reference to a value stored elsewhere",
    ],
    ["A=pa$word", "pa$word", "Next replaces $NAME with another variable. It's stored as written."],
    ["A='pa$word'", "pa$word", "Next replaces $NAME with another variable. It's stored as written."],
    ["A=\\$2b\\$10\\$abc", "$2b$10$abc", 'Next reads "\\$" as "$", and it is stored that way.'],
    ["A='\\$2b\\$10\\$abc'", "$2b$10$abc", 'Next reads "\\$" as "$", and it is stored that way.'],
    [`A=${LINES}`, LINES, "Without quotes, Next reads only its first line. All 3 lines are stored."],
    [
      `A=${PEM}\n${PEM}\n`,
      `${PEM}\n${PEM}\n`,
      "Without quotes, Next reads only its first line. All 6 lines are stored.",
    ],
    [
      `A=${PEM}\n# The next one\n${PEM}\n`,
      `${PEM}\n# The next one\n${PEM}\n`,
      "Without quotes, Next reads only its first line. All 7 lines are stored.",
    ],
    ['A="abc";', "abc", "Removed: quotes, a semicolon."],
    ["A=abc\u200b", "abc", "Removed: invisible characters."],
    ["A=A=abc", "abc", "Removed: A=."],
    ["A=abc\nand so on", "abc", "The line below isn't an assignment."],
    ['A="abc\nB=def"', "abc\nB=def", "It contains more assignments: a quote may be missing."],
    ["environment:\n  A: abc", "abc", "Next reads this line as the value of the name above it."],
    ["A=pass#word", "pass", 'The value ends before a "#".'],
  ])("%j is stored as %j, and says so", (text, value, beginning) => {
    const row = rowOf(text);
    expect(row).toMatchObject({ value, problem: undefined });
    expect(row.warning?.slice(0, beginning.length)).toBe(beginning);
  });

  it.each([
    ["a reference", `A=postgres://$\{DB_USER}@db/app`],
    ["the first line of JSON", 'A={\n  "type": oops\n}'],
    ["the first line of JSON in which an assignment follows", 'A={\n "b": 1\nC=2'],
    ["a PEM text without an end", "A=-----BEGIN PRIVATE KEY-----\nMIIE"],
    ["a reference of 1Password's", "A=op://Private/db/password"],
    ["a value that dotenvx encrypted", "A=encrypted:BE9Y7LKANx77X1pv"],
    ["an example's placeholder", "A=your-api-key"],
    ["a shortened key", "A=gsk_...AbCd"],
  ])("is off at first if it is surely broken: %s", (_, text) => {
    expect(rowOf(text)).toMatchObject({ isBroken: true, problem: undefined });
    expect(rowOf(text).warning).toBeTruthy();
  });

  it.each([
    "A=\n'abc'",
    'A= \n\n "a\nb" # c',
    "A: abc",
    "A: 'a b' # c",
    "export A:\tabc",
    "A=abc",
    'A="a b"',
    "A=a # b",
    'A="a\\nb"',
    "A='a\nb'",
    "A=$",
    "A=a$",
    "A=1$ 2",
    "A='a #b'",
  ])("has no warning where it is just that: %j", (text) => {
    expect(rowOf(text)).toMatchObject({
      value: readByNext(text).A,
      warning: undefined,
      problem: undefined,
    });
  });

  it("says that line breaks of Windows inside values are stored as Next reads them", () => {
    const sentence = "Windows line breaks (CRLF) inside values are stored as LF, as Next reads them.";
    expect(parseEnvFile('A="a\r\nb"\r\n')).toMatchObject({ rows: [{ value: "a\nb" }], problems: [sentence] });
    expect(readByNext('A="a\r\nb"\r\n')).toEqual({ A: "a\nb" });
    expect(parseEnvFile("A=1\r\nB=2\r\n").problems).toEqual([]);
  });

  it("has a warning or a problem, whatever the file", () => {
    // No variable refers to another one here: Next never ends where two refer to each other. And no line has the form
    // "NAME:", for which Next takes the whole next line as the value; such a line is reported as left out.
    const parts = fc.constantFrom(
      ...[
        "a",
        "B",
        "7",
        " ",
        "=",
        "#",
        "\n",
        "\r\n",
        "'",
        '"',
        "`",
        "$",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        "é",
        ";",
      ],
      ...[
        "\nK2=",
        "\nexport K3=",
        "\\n",
        "$X",
        "\\$",
        `$\{X}`,
        `$\{X:-c}`,
        "\u200b",
        "\u00a0",
        "\ufeff",
        "-----BEGIN A-----\n",
      ],
      ...["\n-----END A-----", "{\n", '"a": 1', "\n}"],
    );
    const files = fc.array(parts, { maxLength: 25 }).map((list) => `K1=${list.join("")}`);
    fc.assert(
      fc.property(files, (text) => {
        const read = readByNext(text);
        const { rows, problems } = parseEnvFile(text);
        // Of a text of several lines without quotes, Next takes each line for one of the file's, and its row says so.
        if (rows.some((row) => row.warning?.startsWith("Without quotes") && /[='"`]/.test(row.value))) return;
        for (const { key, value, warning, problem, renamedFrom } of rows) {
          if (warning !== undefined || problem !== undefined) continue;
          // A line such as "K2==" may be the last one of base64. It is left out, and that is said.
          const line = new RegExp(`^\\s*(?:export\\s+)?${renamedFrom ?? key}\\s*=+\\s*$`, "m");
          if (
            line.test(text) &&
            problems.some((sentence) => /not (an assignment|assignments) and/.test(sentence))
          ) {
            continue;
          }
          // The last of several that have one name counts, here and there.
          if (problems.some((sentence) => sentence.includes("more than once"))) continue;
          expect([text, value]).toEqual([text, read[renamedFrom ?? key]]);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

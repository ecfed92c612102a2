import { parse } from "dotenv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEnvFile } from "../../lib/vault/env-import.ts";
import { checkValue, explainKeyName, KEY_NAME } from "../../lib/vault/rules.ts";
import { CATEGORIES } from "../../lib/vault/types.ts";

const PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----";

const valuesOf = (text: string) =>
  Object.fromEntries(parseEnvFile(text).rows.map((row) => [row.key, row.value]));

describe("values in a .env file", () => {
  it.each([
    ["plain", "A_KEY=abc", "abc"],
    ["with white space around", "  A_KEY =  abc  ", "abc"],
    ["after export", "export A_KEY=abc", "abc"],
    ["after export and white space", " export \t A_KEY=abc", "abc"],
    ["with = at the beginning", "A_KEY==abc", "=abc"],
    ["with \\r\\n in double quotes", 'A_KEY="a\\r\\nb"', "a\r\nb"],
    ["with a byte order mark inside", "A_KEY=a\ufeffb", "a\ufeffb"],
    ["after an empty line", "\nA_KEY=abc", "abc"],
    ["after a colon", "A_KEY: abc", "abc"],
    ["after a shell's command", 'declare -x A_KEY="abc"', "abc"],
    ["after PowerShell's", "$env:A_KEY = 'abc'", "abc"],
    ["after a Dockerfile's", "ENV A_KEY=abc", "abc"],
    ["as an item of a list", "      - A_KEY=abc", "abc"],
    ["as an item of a list in a chat", "• A_KEY=abc", "abc"],
    ["as a PEM block with a space after it", `A_KEY=${PEM} `, PEM],
    ["as a PEM block and the line break after it", `A_KEY=${PEM} \n`, `${PEM}\n`],
    ["as a chain of PEM blocks", `A_KEY=${PEM}\n${PEM}\n\n${PEM}`, `${PEM}\n${PEM}\n\n${PEM}`],
    ["as JSON of several lines", 'A_KEY={\n "type": "x", "y": ["}"]\n} \n', '{\n "type": "x", "y": ["}"]\n}'],
    ["as a JSON list of several lines", "A_KEY=[\n 1\n]", "[\n 1\n]"],
    ["with escaped dollar signs, as Next", "A_KEY=\\$2b\\$10\\$abc", "$2b$10$abc"],
    ["with white space in quotes", 'A_KEY="  a  "', "  a  "],
    ["with a line break at its end in quotes", `A_KEY="${PEM}\n"`, `${PEM}\n`],
    ["in double quotes", 'A_KEY="a b"', "a b"],
    ["in single quotes", "A_KEY='a \"b\"'", 'a "b"'],
    ["in back quotes", "A_KEY=`a 'b'`", "a 'b'"],
    ["with = inside", "A_KEY=a=b==", "a=b=="],
    ["with # inside quotes", 'A_KEY="a#b # c" # d', "a#b # c"],
    ["with spaces inside", "A_KEY=a b c", "a b c"],
    ["with a comment", "A_KEY=abc # comment", "abc"],
    ["over several lines", `A_KEY="${PEM}"`, PEM],
    ["with \\n in double quotes", `A_KEY="${PEM.replaceAll("\n", "\\n")}"`, PEM],
    ["with \\n in single quotes", "A_KEY='a\\nb'", "a\\nb"],
    ["as a PEM block without quotes", `A_KEY=${PEM}`, PEM],
    ["with escaped quotes", 'A_KEY="{\\"a\\":1}"', '{\\"a\\":1}'],
    ["with a backslash at the end", 'A_KEY="C:\\temp\\"', "C:\\temp\\"],
    ["with a semicolon after the quotes", 'A_KEY="abc";', "abc"],

    ["after a byte order mark", "\ufeffA_KEY=abc", "abc"],
    ["with a zero-width space at the end", "A_KEY=abc\u200b", "abc"],
  ])("are read %s", (_, text, value) => {
    expect(parseEnvFile(text)).toMatchObject({
      rows: [{ key: "A_KEY", value, problem: undefined, renamedFrom: undefined }],
      problems: [],
    });
  });

  it("go on after one over several lines", () => {
    expect(valuesOf(`A=-----BEGIN X-----\nB=${PEM}`)).toEqual({ A: "-----BEGIN X-----", B: PEM });
    expect(valuesOf('A={\n "b": 1\nC=2')).toEqual({ A: "{", C: "2" });
    expect(valuesOf("A=1\rB=2\r\nC=3")).toEqual({ A: "1", B: "2", C: "3" });
    expect(valuesOf(`A='1\n2'\nB=${PEM}\nC="3" # d\nD=4`)).toEqual({
      A: "1\n2",
      B: `${PEM}\n`,
      C: "3",
      D: "4",
    });
  });

  it.each([
    ["an empty one", "A_KEY=", "The value is empty. Paste the key itself."],
    ["one of quotes only", 'A_KEY=""', "The value is empty. Paste the key itself."],
    ["one with a comment only", "A_KEY= # later", "The value is empty. Paste the key itself."],
    ["a mask", "A_KEY=********", "This is a mask, not the key itself. Copy the key from its provider."],
    [
      "an open quote",
      'A_KEY="abc',
      "The value starts with a quote that isn't closed at its end. Correct the quotes.",
    ],
    [
      "text after the quote",
      "A_KEY='a' b",
      "The value starts with a quote that isn't closed at its end. Correct the quotes.",
    ],
    ["spaces in a header", "OPENAI_API_KEY=sk test", expect.stringContaining("can't contain spaces")],
  ])("have a problem: %s", (_, text, problem) => {
    expect(parseEnvFile(text).rows).toMatchObject([{ problem }]);
  });

  it.each([
    ["another format", "OPENAI_API_KEY=test", expect.stringContaining("usually begins with sk-.")],
    [
      "another provider's",
      "OPENAI_API_KEY=sk-ant-test",
      "This looks like an Anthropic key. Its usual name is ANTHROPIC_API_KEY.",
    ],
    ["a placeholder", "A_KEY=<your key>", expect.stringContaining("placeholder")],
    [
      "an end before #",
      "A_KEY=pass#word",
      'The value ends before a "#". If it continues after that, put it in quotes.',
    ],
  ])("have a warning: %s", (_, text, warning) => {
    expect(parseEnvFile(text).rows).toMatchObject([{ warning, problem: undefined }]);
  });
});

describe("names in a .env file", () => {
  it.each([
    ["openai-api.key", "OPENAI_API_KEY"],
    ["myKey", "MYKEY"],
  ])("are made key names: %s becomes %s", (written, key) => {
    expect(parseEnvFile(`${written}=abc`).rows).toMatchObject([{ key, renamedFrom: written }]);
  });
  it.each(["1PASSWORD", "_KEY", "ключ", "A".repeat(65), "__proto__"])("may be impossible: %s", (name) => {
    expect(parseEnvFile(`${name}=abc`).rows).toMatchObject([
      { key: name, value: "abc", problem: explainKeyName(name.toUpperCase()) },
    ]);
  });
  it("may be in sections, as in a credentials file", () => {
    expect(parseEnvFile("[default]\naws_access_key_id = abc")).toMatchObject({
      rows: [{ key: "AWS_ACCESS_KEY_ID", value: "abc" }],
      problems: ["Line 1 isn't an assignment and was skipped."],
    });
  });
  it("may be in a list of objects", () => {
    expect(parseEnvFile('[{"name":"A","value":"x"}]').rows).toMatchObject([{ key: "A", value: "x" }]);
  });
  it("may be in a Kubernetes secret, which says that its values are encoded", () => {
    expect(parseEnvFile("kind: Secret\ndata:\n  A: YWJj")).toMatchObject({
      rows: [{ key: "A", value: "YWJj" }],
      problems: [
        "Lines 1 and 2 aren't assignments and were skipped.",
        "This is a Kubernetes secret. Its values are base64-encoded: decode them first.",
      ],
    });
  });
  it("that are there twice give one row, with the last value", () => {
    expect(parseEnvFile("A=1\nB=2\na=3")).toMatchObject({
      rows: [
        { key: "A", value: "3", renamedFrom: "a" },
        { key: "B", value: "2" },
      ],
      problems: ["A appears more than once. The last one counts."],
    });
    expect(parseEnvFile("A=1\nA=2\nB=1\nB=2").problems).toEqual([
      "A and B appear more than once. The last one counts.",
    ]);
  });
});

describe("categories", () => {
  it.each([
    ["GROQ_API_KEY", "LLM"],
    ["SENDGRID_API_KEY", "Email"],
    ["OPENAI_ORG_ID", "LLM"],
    ["AWS_REGION", "Infrastructure"],
    ["VERCEL_PROJECT_ID", "Hosting"],
    ["SMTP_PASSWORD", "Email"],
    ["SUPABASE_SMTP_PASS", "Email"],
    ["APP_DB_PASSWORD", "Infrastructure"],
    ["SESSION_SECRET", "General"],
    ["MAILBOX", "General"],
    ["MAIL_HOST", "Email"],
    ["APP_EMAIL", "Email"],
    ["LLM_PROXY", "LLM"],
    ["MY_GPT", "LLM"],
    ["DB_PASSWORD", "Infrastructure"],
    ["MY_DB", "Infrastructure"],
  ])("%s is in %s", (key, category) => {
    expect(parseEnvFile(`${key}=abc`).rows).toMatchObject([{ category }]);
  });
});

describe("comments", () => {
  const describe_ = (text: string) => parseEnvFile(text).rows.map(({ comment }) => comment);
  const SECRET = "sk-ant-api03-0123456789abcdef";

  it.each([
    ["the comment above", "# For the bot\nA=1", ["For the bot"]],
    ["all lines of it", "# For\n#\n## the bot\nA=1", ["For the bot"]],
    ["the comment after", "A=1 # For the bot", ["For the bot"]],
    ["the comment after quotes", 'A="1" # For the bot', ["For the bot"]],
    ["the one above before the one after", "# above\nA=1 # after", ["above"]],
    ["none where there is none", `A="1"\nB='2'\nC=3\nD=${PEM}`, ["", "", "", ""]],
    ["none across a blank line", "# Section\n\nA=1", [""]],
    ["none from the assignment before", "# For A\nA=1\nB=2", ["For A", ""]],
    ["none from a line of dashes", "# -----\n# Keys\n#######\nA=1", ["Keys"]],
    [
      "a link",
      "# See https://console.groq.com/keys/0123456789\nA=1",
      ["See https://console.groq.com/keys/0123456789"],
    ],
    ["tabs as spaces", "# a \t b\nA=1", ["a b"]],
    ["what is written close to its #", "#For the bot\nA=1", ["For the bot"]],
    ["what is written close to its # after quotes", 'A="1" #For the bot', ["For the bot"]],
    ["the comment where no value is", "A= # For the bot", ["For the bot"]],
    ["a sentence with an assignment in it", "# Like A=1\nA=1", ["Like A=1"]],
    ["short words with digits", "# Step 2b\nA=1", ["Step 2b"]],
    ["a long number", "# 01234567890123456789\nA=1", ["01234567890123456789"]],
    ["a link without encryption", "# http://localhost:3000/path/1\nA=1", ["http://localhost:3000/path/1"]],
    ["an emoji", "# 😀 a\nA=1", ["😀 a"]],
    ["what follows a value that is commented out and ends", '# A="x"\n# For the bot\nA=1', ["For the bot"]],
    ["what follows one that only holds what a key begins with", "# A=x-----BEGIN y\n# Hi\nA=1", ["Hi"]],
  ])("take %s", (_, text, descriptions) => {
    expect(describe_(text)).toEqual(descriptions);
  });

  it.each([
    ["an assignment that is commented out", `# Old\n# A=${SECRET}\n# ones\nA=1`, "Old ones"],
    ["one with export", `#export A = ${SECRET}\nA=1`, ""],
    ["one over several lines", `# A="${SECRET}\n# ${SECRET}\n# "\n# end\nA=1`, "end"],
    [
      "a PEM key in one",
      `# A=-----BEGIN PRIVATE KEY-----\n# MII\n# -----END PRIVATE KEY-----\n# end\nA=1`,
      "end",
    ],
    ["a short one", "# KEY=hunter two\nA=1", ""],
    ["a short one with spaces", "# KEY = hunter two\nA=1", ""],
    ["a short one with export and spaces", "# export  KEY=hunter two\nA=1", ""],
    ["a short one over several lines", '# A="hunter\n# two"\n# end\nA=1', "end"],
    [
      "a PEM key in one whose quote is left open",
      '# A="-----BEGIN PRIVATE KEY-----\n# MII\n# -----END PRIVATE KEY-----\n# end\nA=1',
      "end",
    ],
    ["the beginning of a PEM key", "# -----BEGIN PRIVATE KEY-----\nA=1", ""],
    ["a key of a provider", `# was ${SECRET}\nA=1`, ""],
    ["one without digits", "# was sk-ant-abcdefghijklmnop\nA=1", ""],
    ["a password before an address", "# x0123456789012https://example.com\nA=1", ""],
    ["a password of letters in an address", "# me:password@db.example.com\nA=1", ""],
    ["a long code", "# was 0123456789abcdef0123\nA=1", ""],
    ["a link with a password", "# https://me:password@example.com/path\nA=1", ""],
    ["a password that is said", "# the password is swordfish\nA=1", ""],
    ["a password after a colon", "# pwd: swordfish\nA=1", ""],
    ["a number beside its word", "# PIN 4711\nA=1", ""],
    ["an address with a password", "# postgres://u:p@h\nA=1", ""],
    ["a short code that stands alone", "# hunter2-Prod\nA=1", ""],
    ["a short code of a seed", "# MFA seed JBSWY3DP\nA=1", ""],
    ["what follows a # without a space", `A=abc#${SECRET}`, ""],
    ["what follows a # without a space before it", "A=a b# hunter two", ""],
    ["an assignment after a value", `A=abc # A=${SECRET}`, ""],
  ])("leave out %s, which may hold a secret", (_, text, description) => {
    expect(describe_(text)).toEqual([description]);
  });

  it("in JSON are one line as well, and leave out what may hold a secret", () => {
    const read = (comment: string) => describe_(JSON.stringify([{ key: "A", value: "1", comment }]));
    expect(read("For\nthe bot")).toEqual(["For the bot"]);
    expect(read(`was ${SECRET}\nend`)).toEqual(["end"]);
    expect(read("a".repeat(600))).toEqual(["a".repeat(500)]);
  });

  it("have at most 500 characters, whole ones", () => {
    const [description] = describe_(`# ${"a".repeat(499)}😀\nA=1`);
    expect(description).toBe("a".repeat(499));
    expect(describe_(`# ${"a".repeat(499)} b\nA=1`)).toEqual(["a".repeat(499)]);
  });
});

describe("JSON of other secret managers", () => {
  it("is read as Doppler and Phase write it, byte for byte", () => {
    const text = JSON.stringify(
      { A_KEY: " a\nb\r\n", "my-key": "$X \\$", GROQ_API_KEY: " gsk_test " },
      null,
      2,
    );
    expect(parseEnvFile(`\ufeff ${text}\n`)).toMatchObject({
      rows: [
        { key: "A_KEY", value: " a\nb\r\n", problem: undefined },
        { key: "MY_KEY", value: "$X \\$", renamedFrom: "my-key" },
        { key: "GROQ_API_KEY", value: "gsk_test", category: "LLM" },
      ],
      problems: [],
    });
  });
  it("is read as Infisical writes it, with its comments", () => {
    const list = [
      { key: "A_KEY", value: "1", type: "shared", comment: "For\nthe bot" },
      { key: "B_KEY", value: "2", comment: "was hunter2-not-real" },
      { key: "C_KEY", value: "3" },
    ];
    expect(parseEnvFile(JSON.stringify(list)).rows).toMatchObject([
      { key: "A_KEY", value: "1", comment: "For the bot" },
      { key: "B_KEY", value: "2", comment: "" },
      { key: "C_KEY", value: "3", comment: "" },
    ]);
  });
  it.each([1, true, null, ["a"], { a: 1 }])("has a problem where a value is no text: %j", (value) => {
    expect(parseEnvFile(JSON.stringify({ A_KEY: value, B_KEY: "2" })).rows).toMatchObject([
      { key: "A_KEY", value: "", problem: "The value isn't text. Put it in quotes." },
      { key: "B_KEY", problem: undefined },
    ]);
  });
  it.each([
    ['{"A_KEY":', "The text starts like JSON but can't be read as names and values."],
    ['["a"]', "The text starts like JSON but can't be read as names and values."],
    ["[{}]", "The text starts like JSON but can't be read as names and values."],
    [
      '{"type":"service_account","private_key":"x"}',
      "None of the names in this JSON is a key name. To store all of it as one secret, add a secret and paste it as the value.",
    ],
    [
      "{}",
      "None of the names in this JSON is a key name. To store all of it as one secret, add a secret and paste it as the value.",
    ],
  ])("is refused with one sentence: %s", (text, problem) => {
    expect(parseEnvFile(text)).toEqual({ rows: [], problems: [problem] });
  });
});

describe("a .env file as a whole", () => {
  it.each([
    ["nothing", "", "It contains no assignment such as NAME=value."],
    ["prose", "Hello,\nhere are the keys.", "It contains no assignment such as NAME=value."],
    ["a sentence with a colon", "Note: use these", "It contains no assignment such as NAME=value."],
    [
      "a key with lines like assignments",
      "-----BEGIN A-----\nVERSION: 1\n\nMIIabc=\n-----END A-----",
      "This is a key, not a .env file. Add a secret and paste the key as its value.",
    ],
    ["comments", "# A=1", "It contains no assignment such as NAME=value."],
    ["the last line of a key", "MC4CAQAwBQYDK2VwBCIEIA==", "It contains no assignment such as NAME=value."],
    ["one that ends in three =", "MC4CAQ===", "It contains no assignment such as NAME=value."],
    ["one before a space", "MC4CAQ== ", "It contains no assignment such as NAME=value."],
    [
      "201 keys",
      Array.from({ length: 201 }, (_, index) => `A${index}=1`).join("\n"),
      "It contains 201 keys, but an import can have at most 200. Leave out what isn't secret.",
    ],
    ["more than 256 KiB", `A=${"a".repeat(256 * 1024)}`, "The text is larger than 256 KiB."],
    ["more than 256 KiB in bytes", `A=${"鍵".repeat(100_000)}`, "The text is larger than 256 KiB."],
  ])("is refused with one sentence if it holds %s", (_, text, problem) => {
    expect(parseEnvFile(text)).toEqual({ rows: [], problems: [problem] });
  });

  it("may hold 200 keys, or 256 KiB", () => {
    expect(parseEnvFile("A=1\n#".padEnd(256 * 1024, "#")).rows).toHaveLength(1);
    const text = Array.from({ length: 200 }, (_, index) => `A${index}=1`).join("\n");
    expect(parseEnvFile(text).rows).toHaveLength(200);
  });

  it.each([
    ["A=1\nhello", "Line 2 isn't an assignment and was skipped."],
    ['A="1\n2"\n\nhello\nworld', "Lines 4 and 5 aren't assignments and were skipped."],
    ["A=1\na\nb\nc\nd\ne", "Lines 2, 3, 4, 5 and 6 aren't assignments and were skipped."],
    ["A=1\na\nb\nc\nd\ne\nf", "Lines 2, 3, 4, 5 and 2 more aren't assignments and were skipped."],
  ])("tells the lines that it cannot read", (text, problem) => {
    expect(parseEnvFile(text).problems).toEqual([problem]);
  });

  it.each(["\n", " ", 'A="\n', 'A="\\"', "'\"`", "A=-----BEGIN \n", "# A='\n", "=", "A=A=", "# 0\n", "#"])(
    "is read in time in proportion to its length if it is made of %j",
    (part) => {
      // dotenv's own regular expression takes minutes for that many line breaks.
      const text = part.repeat(250_000 / part.length);
      const start = process.threadCpuUsage();
      for (const before of ["A=1\n", 'A="', "# "]) parseEnvFile(before + text);
      // Of CPU time, in microseconds, which other work on this machine doesn't add to.
      expect(process.threadCpuUsage(start).user).toBeLessThan(10_000_000);
    },
  );
});

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

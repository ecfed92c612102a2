import { describe, expect, it } from "vitest";
import { parseEnvFile } from "../../lib/vault/env-import.ts";
import { explainKeyName } from "../../lib/vault/rules.ts";
import { PEM, valuesOf } from "./env-files.ts";

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

import { describe, expect, it } from "vitest";
import { parseEnvFile } from "../../lib/vault/env-import.ts";
import { PEM } from "./env-files.ts";

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

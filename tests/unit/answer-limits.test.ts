import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { cutAnswer } from "../../components/reveal/answer/chunks.ts";
import { LaidOut } from "../../components/reveal/answer/LaidOut.tsx";
import { isTooMuch } from "../../components/reveal/answer/limits.ts";

// What a parser takes seconds or all its stack for is shown as plain text.

const nested = (depth: number, line: (indent: string) => string) =>
  Array.from({ length: depth }, (_, at) => line("  ".repeat(at))).join("\n");

describe("is too much", () => {
  test.each<[string, string]>([
    ["quotes", `${">".repeat(100_000)}a`],
    ["quotes with spaces", `${"> ".repeat(21)}a`],
    ["lists in one line", `${"- ".repeat(100_000)}a`],
    ["numbers in one line", `${"1. ".repeat(21)}a`],
    ["quotes and lists in turn", `${"> - ".repeat(11)}a`],
    ["lists by indentation", nested(100, (indent) => `${indent}- a`)],
    ["brackets", "[".repeat(100_000)],
    ["brackets that close", "[".repeat(1_001) + "]".repeat(1_001)],
    ["pictures", "![".repeat(1_001)],
    ["links", "[a](b) ".repeat(1_001)],
    ["emphasis", "*a ".repeat(1_001)],
    ["two kinds of emphasis", "*a_ ".repeat(600)],
    ["struck out", "~a ~~b ".repeat(600)],
    ["code", "`a``b".repeat(600)],
    ["HTML", "a <!--".repeat(1_001)],
    ["backslashes", "\\".repeat(1_001)],
    ["emphasis over many lines", "*a_ b\n".repeat(600)],
    ["numbers in a paragraph", `a\n${"2. *a_ b\n".repeat(600)}`],
    ["a wide table", `${"|a".repeat(700)}|\n${"|-".repeat(700)}|\n${"|b\n".repeat(3)}`],
    ["a table with short rows", `${"|a".repeat(50)}|\n${"|-".repeat(50)}|\n${"|b\n".repeat(50)}`],
    ["a table in a quote", `> ${"|a".repeat(50)}|\n> ${"|-".repeat(50)}|\n${"> |b\n".repeat(50)}`],
    ["a table without outer lines", `${"a|".repeat(50)}b\n${"-|".repeat(50)}-\n${"c|d\n".repeat(50)}`],
    ["lines", "> a\n".repeat(1_001)],
    ["characters", "word ".repeat(5_000)],
    ["a million backticks", "`".repeat(1_000_000)],
    ["a million characters in a line", "a".repeat(1_000_000)],
  ])("%s", (_, text) => {
    expect(isTooMuch(text)).toBe(true);
  });
});

describe("is not too much", () => {
  test.each<[string, string]>([
    ["nothing", ""],
    ["a long list", "- **Name**: a few words with `code`, and [a link](https://example.com)\n".repeat(250)],
    ["a long numbered list", "1. **Name**: a few words with `code`\n".repeat(200)],
    ["a table", `| a | b | c | d |\n|---|---|---|---|\n${"| one | `two` | three | 4 |\n".repeat(200)}`],
    ["a rule", "-".repeat(200)],
    ["a spaced rule", "- - - - - -"],
    ["names_with_underscores", "a_long_name_with_parts ".repeat(500)],
    ["lists in lists", nested(8, (indent) => `${indent}- a`)],
    ["code in a list", `1. a\n\n   \`\`\`py\n${"   x = items[0].name_of_it\n".repeat(200)}   \`\`\``],
    ["far to the right", `${" ".repeat(100)}a`],
  ])("%s", (_, text) => {
    expect(isTooMuch(text)).toBe(false);
  });
});

test.each<[string, string]>([
  ["a fence of a million characters", `\`\`\`\n${"a".repeat(1_000_000)}`],
  ["a million backticks", "`".repeat(1_000_000)],
  ["a million backticks and another character", `${"`".repeat(1_000_000)}a\`b`],
  ["a million line breaks", "\n".repeat(1_000_000)],
  ["a million spaces", " ".repeat(1_000_000)],
  ["a million quotes", ">".repeat(1_000_000)],
  ["a million dashes", "-".repeat(1_000_000)],
  ["a million beginnings of comments", "<!--".repeat(250_000)],
  ["a million digits", "1".repeat(1_000_000)],
  ["a million hashes", "#".repeat(1_000_000)],
  ["a million brackets with colons", "[a]:".repeat(250_000)],
  ["a million cells", `|a|b|\n|-|-|\n${"|c\n".repeat(333_000)}`],
])("%s is shown, and all of it", (_, text) => {
  const html = renderToStaticMarkup(createElement(LaidOut, { text, isStreaming: false, headingLevel: 3 }));
  expect(html.length).toBeGreaterThan(text.trim().length / 2);
  expect(cutAnswer(text).length).toBeLessThan(1_000);
});

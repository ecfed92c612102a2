import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { cutAnswer } from "../../components/reveal/answer/chunks.ts";
import { LaidOut } from "../../components/reveal/answer/LaidOut.tsx";
import { isTooMuch } from "../../components/reveal/answer/limits.ts";
import { Markdown } from "../../components/reveal/answer/Markdown.tsx";

const WORDS = "Words that fill a paragraph, so that parts are long enough to be cut. ";
const LONG = WORDS.repeat(16).trim();

const html = (element: React.ReactElement) => renderToStaticMarkup(element).replace(/>\s+</g, "><");
const inParts = (text: string) => html(createElement(LaidOut, { text, isStreaming: true, headingLevel: 3 }));
const asOne = (text: string) => html(createElement(Markdown, { text, topHeading: 1, headingLevel: 3 }));
const kinds = (text: string) => cutAnswer(text).map(({ kind }) => kind);

describe("an answer is cut", () => {
  test.each([
    ["between long paragraphs", `${LONG}\n\n${LONG}\n\n${LONG}`, 3],
    ["before a long line", `a\n\n${LONG}`, 2],
    ["before a list and after it", `${LONG}\n\n- a\n- b\n\n${LONG}`, 3],
    ["at a fence, with or without a blank line", "a\n```\nb\n```\nc", 3],
    ["not inside a list", `- ${LONG}\n\n- ${LONG}\n\n  ${LONG}\n\n1. ${LONG}`, 1],
    ["not before what may become one more item", `- ${LONG}\n\n-`, 1],
    ["not before what may become one more number", `1. ${LONG}\n\n12`, 1],
    ["not before what is indented", `${LONG}\n\n    code\n\n\tcode`, 1],
    ["not in a paragraph", `${LONG}\n${LONG}`, 1],
    ["not in an open fence", `\`\`\`\n${LONG}\n\n${LONG}\n\n${LONG}`, 1],
    ["not in an open fence that is indented", `  ~~~\n${LONG}\n\n${LONG}\n\n${LONG}`, 1],
    ["not in HTML that goes on", `<pre>\n${LONG}\n\n${LONG}\n\n${LONG}`, 1],
    ["not in a comment", `<!-- ${LONG}\n\n${LONG}\n\n${LONG}`, 1],
    ["but after it", `<!-- ${LONG}\n\n${LONG} -->\n\n${LONG}`, 2],
    ["and short parts are one", "# a\n\nb\n\n> c\n\nd", 1],
    ["and nothing is nothing", "", 0],
  ])("%s", (_, text, count) => {
    expect(cutAnswer(text)).toHaveLength(count);
  });

  test("into code as it is, until its fence is closed", () => {
    const code = (text: string) => cutAnswer(text).find(({ kind }) => kind === "code");
    expect(code("````ts x\na\n```\n\n b \n`````  \nrest")).toMatchObject({
      text: "a\n```\n\n b ",
      language: "ts",
    });
    for (const open of ["```", "```\n", "```js\n", "~~~ js x`y\n"]) expect(code(open)?.text).toBe("");
    for (const open of ["```\na", "```\na\n", "```\na\n``", "```\na\n~~~"])
      expect(code(open)?.text).toBe(open.replace("```\n", "").replace(/\n$/, ""));
    expect(kinds("```\n```\n```\n```")).toEqual(["code", "code"]);
    expect(kinds("``` a`b\nc")).toEqual(["markdown"]);
    expect(code("```\r\na\r\rb\r\n```")?.text).toBe("a\n\nb");
  });

  test("and above its limit the rest is plain", () => {
    const text = `${LONG}\n\n`.repeat(150);
    const chunks = cutAnswer(text);
    expect(chunks.at(-1)?.kind).toBe("plain");
    expect(chunks.map(({ text }) => text).join("")).toBe(text);
  });
});

const filled = (make: (words: string) => string) =>
  fc.constantFrom(LONG, WORDS.trim(), "word").map((words) => make(words));
// Not indented code: after it, the parser does not see a list that begins with 10.
const block = fc.oneof(
  ...[
    (words: string) => words,
    (words: string) => `${words}\n${words}`,
    (words: string) => `# ${words}`,
    (words: string) => `${words}\n---`,
    (words: string) => `- ${words}\n- ${words}`,
    (words: string) => `* ${words}\n\n  ${words}\n\n* ${words}`,
    (words: string) => `1. ${words}\n   - ${words}\n\n     ${words}\n2. ${words}`,
    (words: string) => `10) ${words}\n\n    \`\`\`js\n    ${words}\n\n    ${words}\n    \`\`\``,
    (words: string) => `- ${words}\n  \`\`\`\n  ${words}\n\n  # ${words}\n  \`\`\`\n  ${words}`,
    (words: string) => `- [ ] ${words}\n- [x] ${words}`,
    (words: string) => `- \`\`\`\n  ${words}`,
    (words: string) => `> ${words}\n> - ${words}\n${words}`,
    (words: string) => `> \`\`\`\n> ${words}`,
    (words: string) => `\`\`\`ts\n${words}\n\n- ${words}\n\n    ${words}\n\`\`\``,
    (words: string) => `~~~~\n~~~\n${words}\n\n\`\`\`\n~~~~`,
    (words: string) => `   \`\`\`\n   ${words}\n\n${words}\n   \`\`\``,
    (words: string) => `| ${words} | b |\n| --- | --: |\n| c | ${words} |`,
    (words: string) => `<div>\n\`\`\`\n${words}\n</div>`,
    (words: string) => `<!-- ${words}\n\n\`\`\`\n${words} -->`,
    (words: string) => `<pre>\n${words}\n\n    ${words}\n</pre>`,
    (words: string) => `<script>\n${words}\n\n${words}`,
    () => "---",
    () => "* * *",
    () => "-",
    () => "\u00a0",
  ].map(filled),
);
const answer = fc
  .array(fc.tuple(block, fc.constantFrom("\n", "\n\n", "\n\n", "\n \t\n\n")), { minLength: 1, maxLength: 12 })
  .map((blocks) => blocks.flat().join(""));

test("the parts of an answer look like the whole of it", () => {
  // Which level the headings have is another matter, and so are blank lines after code whose list ends before it does.
  const compared = (html: string) =>
    html
      .replace(/<h\d[^>]*>|<\/h\d>/g, "<h>")
      .replace(/\n+<\/code>/g, "</code>")
      .replaceAll(LONG, "…");
  // HTML that interrupts a paragraph takes what looks like an item of a list.
  const taken = `a\n</div>\n- b\n  \`\`\`\n  c\n\n  d\n  \`\`\`\n  e\n~~~~\n~~~\n${LONG}\n\n\`\`\`\n~~~~\n${LONG}\n`;
  fc.assert(
    fc.property(answer, (text) => {
      fc.pre(!isTooMuch(text));
      expect(compared(inParts(text))).toBe(compared(asOne(text)));
    }),
    { numRuns: 100, examples: [[taken]] },
  );
});

test("while an answer grows, its parts but the last two stay as they are", () => {
  fc.assert(
    fc.property(answer, fc.array(fc.nat(), { maxLength: 30 }), (text, cuts) => {
      const whole = cutAnswer(text);
      for (const cut of cuts) {
        const sofar = cutAnswer(text.slice(0, cut % (text.length + 1)));
        expect(whole.slice(0, Math.max(0, sofar.length - 2))).toEqual(sofar.slice(0, -2));
      }
    }),
    { numRuns: 100 },
  );
});

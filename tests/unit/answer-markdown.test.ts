import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { LaidOut } from "../../components/reveal/answer/LaidOut.tsx";
import { names, targetOf } from "../../components/reveal/answer/links.ts";

// What a model may put into a page: only what is named here, whatever it writes.

const render = (text: string, { isStreaming = false, headingLevel = 3 } = {}) =>
  renderToStaticMarkup(createElement(LaidOut, { text, isStreaming, headingLevel }));

/** The text that a person sees, without what belongs to the blocks of code. */
const seen = (html: string) =>
  html
    .replace(/<button.*?<\/button>/g, "")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&");

const links = (html: string) => [...html.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => href);

/** Each element that may be in the page, and its attributes: all of our own making. */
const ALLOWED: Record<string, string> = {
  a: "class href rel target",
  bdi: "dir",
  blockquote: "class",
  br: "",
  button: "class data-slot type",
  code: "class",
  del: "",
  div: "aria-label aria-live class role",
  em: "",
  h3: "class",
  h4: "class",
  h5: "class",
  h6: "class",
  hr: "class",
  li: "class",
  ol: "class start",
  p: "class",
  path: "d",
  pre: "class",
  rect: "height rx ry width x y",
  span: "aria-hidden class",
  strong: "class",
  sup: "",
  svg: "aria-hidden class fill height stroke stroke-linecap stroke-linejoin stroke-width viewBox width xmlns",
  table: "class",
  tbody: "class",
  td: "class",
  th: "class scope",
  thead: "class",
  tr: "",
  ul: "class",
};

function expectHarmless(html: string): void {
  for (const [, name = "", attributes = ""] of html.matchAll(/<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/g)) {
    expect(Object.keys(ALLOWED)).toContain(name);
    const rest = attributes.replace(/\s([a-z-]+)="[^"]*"/gi, (_, attribute) => {
      expect(ALLOWED[name]?.split(" "), `${attribute} of ${name}`).toContain(attribute);
      return "";
    });
    expect(rest).toMatch(/^\/?$/);
  }
  for (const href of links(html)) expect(href).toMatch(/^(?:https?:\/\/[^/@]+\/|mailto:[\w.+-]+@[\w.-]+$)/);
  for (const [tag] of html.matchAll(/<a [^>]*>/g))
    expect(tag).toContain('target="_blank" rel="noopener noreferrer nofollow"');
}

describe("HTML is shown as the text that it is", () => {
  test.each([
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js>",
    "Text <img src=x onerror=alert(1)> text",
    "<iframe src='https://evil.example'></iframe>",
    "<form action=/api/vault><input name=key autofocus></form>",
    "<a href=javascript:alert(1) id=vault>x</a>",
    "<svg onload=alert(1)><use href=#x /></svg>",
    "<style>* { display: none }</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<div id=reveal class=sr-only name=x style='position:fixed'>x</div>",
    "<details open ontoggle=alert(1)>",
    "<!-- a comment -->",
    "<?php echo 1 ?>",
    "<![CDATA[ x ]]>",
    "<!DOCTYPE html>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "- <b onclick=alert(1)>in a list</b>",
    "> <video src=x autoplay>",
    "# <marquee>heading</marquee>",
    "| <b>cell</b> |\n| - |\n| <object data=x> |",
    "**<script>alert(1)</script>**",
  ])("%s", (text) => {
    const html = render(text);
    expectHarmless(html);
    for (const tag of text.match(/<[^>]*>/g) ?? []) expect(seen(html)).toContain(tag);
  });
});

describe("no link", () => {
  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java&#x0A;script:alert(1)",
    "&#x6A;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml;base64,AAAA",
    "vbscript:msgbox(1)",
    "blob:https://example.com/1",
    "filesystem:https://example.com/1",
    "file:///etc/passwd",
    "ftp://example.com/",
    "ws://example.com/",
    "about:blank",
    "view-source:https://example.com",
    "tel:+1234567",
    "/api/auth/sign-out",
    "api/auth/sign-out",
    "./x",
    "../x",
    "?x",
    "#vault",
    "",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https:\\\\evil.example",
    "https://",
    "http://[::1",
    "https://example.com@evil.example/",
    "https://example.com:x@evil.example/",
    "https://example.com%2f@evil.example/",
    "https://example.com/\u202egpj.exe",
    "https://example.com/%E2%80%AEgpj.exe",
    "https://example.com/\u2066x\u2069",
    "https://exam\u200bple.com/",
    "https://exam\u00adple.com/",
    "https://example.com/%00",
    "mailto:",
    "mailto:a",
    "mailto:a@example.com,b@example.com",
    "mailto:a@example.com%0ABcc:b@example.com",
    "mailto:%3Cscript%3E@example.com",
  ])("leads to %j", (address) => {
    for (const markdown of [
      `[text](<${address}>)`,
      `![text](<${address}>)`,
      `[![text](<${address}>)](<${address}>)`,
      `[text][1]\n\n[1]: <${address}>`,
    ]) {
      const html = render(markdown);
      expectHarmless(html);
      expect(links(html)).toEqual([]);
      expect(seen(html)).toContain("text");
    }
  });

  test("has no place", () => {
    for (const address of ["javascript:alert(1)", "//evil.example", "/x", "https://a@evil.example"])
      expect(targetOf(address)).toBeNull();
  });
});

describe("a link says where it leads", () => {
  test.each([
    ["[the docs](https://example.com/a?b#c)", "the docs (example.com)"],
    ["[example.com](https://evil.example/example.com)", "example.com (evil.example)"],
    ["[https://example.com](https://evil.example)", "https://example.com (evil.example)"],
    ["[https://example.com@evil.example](https://evil.example)", "example.com@evil.example (evil.example)"],
    ["[example.com](https://example.com.evil.example)", "example.com (example.com.evil.example)"],
    ["[example.com](https://example.com:8443/)", "example.com (example.com:8443)"],
    ["[exаmple.com](https://exаmple.com/)", "(xn--exmple-4nf.com)"],
    ["[**example.com**](https://evil.example)", "example.com (evil.example)"],
    ["[`example.com`](https://evil.example)", "example.com (evil.example)"],
    ["[moc.elpmaxe\u202e](https://evil.example)", "(evil.example)"],
    ["[write](mailto:a@example.com?bcc=b@example.com)", "write (a@example.com)"],
    ["[a@example.com](mailto:b@evil.example)", "a@example.com (b@evil.example)"],
    ["![a picture](https://example.com/track.gif)", "a picture (example.com)"],
    ["![](https://example.com/track.gif)", "Image (example.com)"],
    ["[![inside](https://example.com/x.gif)](https://evil.example)", "inside (evil.example)"],
    ["[x][1]\n\n[1]: https://example.com 'title'", "x (example.com)"],
  ])("%s", (markdown, expected) => {
    const html = render(markdown);
    expectHarmless(html);
    expect(links(html)).toHaveLength(1);
    expect(seen(html)).toContain(expected);
  });

  test.each([
    "https://example.com/a/b",
    "<https://example.com/a>",
    "[example.com](https://example.com/a)",
    "[EXAMPLE.com/a](https://example.com/a)",
    "a@example.com",
  ])("and not twice: %s", (markdown) => {
    expect(links(render(markdown))).toHaveLength(1);
    expect(seen(render(markdown))).not.toContain("(");
  });

  test("names the place by the whole of it", () => {
    const target = { href: "https://example.com/", place: "example.com" };
    for (const text of ["example.com", " https://example.com/x ", "http://EXAMPLE.com?x"])
      expect(names(text, target)).toBe(true);
    for (const text of [
      "",
      "com",
      "example.com.evil",
      "notexample.com",
      "example.com\\",
      "x example.com",
      "example.com\u200b",
    ])
      expect(names(text, target)).toBe(false);
  });
});

describe("the page's outline", () => {
  const levels = (text: string, headingLevel?: number) =>
    [...render(text, { headingLevel: headingLevel ?? 3 }).matchAll(/<h(\d)/g)].map(([, level]) =>
      Number(level),
    );

  test("has an answer's headings below the panel's, without a gap above them", () => {
    expect(levels("# a\n\n## b\n\n### c\n\n#### d\n\n##### e")).toEqual([3, 4, 5, 6, 6]);
    expect(levels("## a\n\n### b\n\n## c")).toEqual([3, 4, 3]);
    expect(levels("###### a")).toEqual([3]);
    expect(levels("a\n=\n\nb\n-")).toEqual([3, 3]);
    expect(levels("# a\n\n## b", 5)).toEqual([5, 6]);
    expect(levels("```\n# no heading\n```\n\n### a")).toEqual([3]);
  });

  test("has no ids, so that nothing is found by them but the page's own parts", () => {
    const html = render("[^vault] [^2]\n\n[^vault]: note\n[^2]: another\n\n## vault\n");
    expectHarmless(html);
    expect(html).not.toMatch(/ id=| name=|href="#/);
    expect(seen(html)).toContain("note");
    expect(seen(html)).not.toContain("↩");
  });
});

test("lines, tasks, tables and code are what they are in the text", () => {
  expect(render("one\ntwo  \nthree")).toMatch(/one<br\/>\s*two<br\/>\s*three/);
  expect(render("one\n\n<div>\n  two\n</div>")).toMatch(
    /<p>one<\/p>\s*<p>&lt;div&gt;<br\/>\s*two<br\/>\s*&lt;\/div&gt;<\/p>/,
  );
  expect(seen(render("- [x] a\n- [ ] b"))).toMatch(/☑Done: a\s+☐To do: b/);
  expect(render("3. a\n4. b")).toContain('<ol start="3"');
  const table = render("| a | b |\n| :-: | -: |\n| 1 | 2 |");
  expect(table).toMatch(
    /role="group" aria-label="Table".*<th scope="col" class="[^"]*text-center">a<.*text-right">2</s,
  );
  const code = "  a <b>\n\n\tc `d`  ";
  for (const markdown of [
    `\`\`\`ts\n${code}\n\`\`\``,
    `- item\n\n  ~~~ts\n${code.replace(/^(?=.)/gm, "  ")}\n  ~~~`,
  ]) {
    expect(/<code>(.*?)<\/code>/s.exec(render(markdown))?.[1]).toBe(
      code.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    );
    expect(render(markdown)).toContain(">ts<");
  }
});

const HOSTILE = [
  ..."<>[]()!*_~`#-+.|:\\/\"'&=@^ \n\t",
  ..."ab1",
  ...[
    "\n\n",
    "  ",
    "    ",
    "> ",
    "- ",
    "1. ",
    "```",
    "~~~",
    "| a | b |\n|---|---|\n",
    "[x]",
    "[^1]",
    "[^1]: ",
  ],
  ...[
    "javascript:",
    "data:",
    "https://",
    "http:",
    "//",
    "mailto:",
    "www.",
    "a@b.c",
    "#vault",
    "&#106;",
    "&colon;",
  ],
  ...[
    "<script>",
    "</script>",
    "<img src=x onerror=",
    "<a href=",
    " id=vault ",
    " class=x ",
    "<!--",
    "-->",
    "<b>",
  ],
  ...[
    "![",
    "](",
    "](https://e.example/",
    "[a]: javascript:alert(1)\n",
    "[a]",
    "\u202e",
    "\u0000",
    "\ud800",
    "\r",
  ],
];

test("whatever a model writes, the page gets these elements, attributes and protocols", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...HOSTILE), { maxLength: 60 }),
      fc.boolean(),
      (parts, isStreaming) => expectHarmless(renderIfLaidOut(parts.join(""), isStreaming)),
    ),
    { numRuns: 400, examples: [[["-\n[x]\n<"], false]] },
  );
});

/** The parser's own assertions, which a production build does not have (answers.spec.ts), throw at a few odd lists. */
function renderIfLaidOut(text: string, isStreaming: boolean): string {
  try {
    return render(text, { isStreaming });
  } catch (error) {
    expect(error).toMatchObject({ name: "Assertion" });
    return "";
  }
}

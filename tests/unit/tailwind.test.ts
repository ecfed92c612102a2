import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { compile } from "tailwindcss";
import resolveConfig from "tailwindcss-3/resolveConfig";
import { describe, expect, it } from "vitest";
import { parseAst } from "vitest/node";

// The installed files are styled by the host's Tailwind, which may be 3.4 or 4. Both must know every class, and mean the
// same by it.

const require = createRequire(import.meta.url);
const registry = JSON.parse(readFileSync("registry.json", "utf8"));
const paths: string[] = registry.items
  .flatMap(({ files }: { files: { path: string }[] }) => files.map(({ path }) => path))
  .filter((path: string) => path.startsWith("components/"));

/** The words of all texts in a file, which its classes are among. */
function wordsOf(path: string): string[] {
  const texts: string[] = [];
  const visit = (node: unknown) => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null) return;
    const { type, value } = node as { type?: string; value?: unknown };
    if (type === "Literal" && typeof value === "string") texts.push(value);
    if (type === "TemplateElement") texts.push((value as { cooked: string }).cooked);
    Object.values(node).forEach(visit);
  };
  visit(parseAst(readFileSync(path, "utf8"), { lang: path.endsWith("x") ? "tsx" : "ts" }));
  return texts.flatMap((text) => text.split(/\s+/)).filter(Boolean);
}

/** The colors of shadcn's theme. */
const COLORS = [
  ...["background", "foreground", "border", "input", "ring", "destructive"],
  ...["card", "popover", "primary", "secondary", "muted", "accent"].flatMap((n) => [n, `${n}-foreground`]),
];

/** Whether Tailwind 3.4, set up as shadcn does it, makes CSS for a word. */
function makeThree(): (word: string) => boolean {
  const { createContext } = require("tailwindcss-3/lib/lib/setupContextUtils");
  const { generateRules } = require("tailwindcss-3/lib/lib/generateRules");
  const colors = Object.fromEntries(COLORS.map((name) => [name, `hsl(var(--${name}))`]));
  const context = createContext(
    resolveConfig({ darkMode: "class", content: [], theme: { extend: { colors } } }),
  );
  return (word) => generateRules(new Set([word]), context).length > 0;
}

/** Whether Tailwind 4, set up as shadcn does it, makes CSS for a word. */
async function makeFour(): Promise<(word: string) => boolean> {
  const theme = COLORS.map((name) => `--color-${name}: var(--${name});`).join("\n");
  const own = readFileSync(require.resolve("tailwindcss/index.css"), "utf8");
  const { build } = await compile(`${own}\n@theme inline {\n${theme}\n}`);
  const known = new Map<string, boolean>();
  let css = build([]);
  return (word) => {
    const before = css;
    css = build([word]);
    // A word that it was asked about before adds nothing.
    if (!known.has(word)) known.set(word, css !== before);
    return known.get(word) === true;
  };
}

const [three, four] = [makeThree(), await makeFour()];

/** What Tailwind 3.4 and 4 do not both know, or do not mean the same by. */
function problemsOf(words: string[]): string[] {
  return [...new Set(words)].filter(
    (word) =>
      three(word) !== four(word) ||
      // Functions that only 4 replaces, and a variable's name in brackets, which only 3 puts into var().
      (three(word) && /--[\w-]+\(|-\[--[\w-]+\]/.test(word)) ||
      // Names that 4 gave another meaning: https://tailwindcss.com/docs/upgrade-guide#renamed-utilities
      /(^|:)((drop-)?shadow(-sm)?|(backdrop-)?blur-sm|backdrop-blur|rounded|outline-none|ring)$/.test(word),
  );
}

describe("Tailwind 3.4 and 4", () => {
  it.each(paths)("both know the classes of %s", (path) => {
    expect(problemsOf(wordsOf(path))).toEqual([]);
  });

  it("have been asked about classes of all kinds", () => {
    const words = paths.flatMap(wordsOf).filter(three);
    expect(new Set(words).size).toBeGreaterThan(250);
    expect(words).toEqual(
      expect.arrayContaining([
        ...["flex", "bg-popover", "hover:bg-primary/90", "has-[>svg]:grid-cols-[1rem_minmax(0,1fr)]"],
        ...["focus-visible:ring-ring/60", "[@container(width>=28rem)]:flex", "motion-reduce:transition-none"],
      ]),
    );
  });

  it.each([
    "@container",
    "@md:flex",
    "size-4.5",
    "grid-cols-13",
    "top-(--top)",
    "bg-[--top]",
    "aria-invalid:flex",
    "data-highlighted:flex",
    "has-focus-visible:flex",
    "not-first:flex",
    "in-focus:flex",
    "field-sizing-content",
    "scheme-dark",
    "shadow-xs",
    "hover:shadow-sm",
    "outline-hidden",
    "focus:outline-none",
    "bg-linear-to-r",
    "bg-black/57",
    "grid-cols-[--spacing(4)_1fr]",
  ])("do not agree on %s", (word) => {
    expect(problemsOf([word])).toEqual([word]);
  });
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const pages = ["README.md", "SECURITY.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter(
  (path) => path.endsWith(".md"),
);

describe.each(pages)("%s", (page) => {
  const text = readFileSync(page, "utf8");

  it("leads to files that exist", () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
    const missing = links.filter(
      (target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(page), target)),
    );
    expect(missing).toEqual([]);
  });

  it("names commands that exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe("SECURITY.md", () => {
  // "[file](path): “title”, “title”": the titles stand in that file.
  const named = [
    ...readFileSync("SECURITY.md", "utf8").matchAll(/\]\((tests\/[^)]+)\):((?:,? “[^”]+”)+)/g),
  ].flatMap(([, path = "", titles = ""]) =>
    [...titles.matchAll(/“([^”]+)”/g)].map(([, title = ""]) => [title, path] as const),
  );

  it("names tests", () => {
    expect(named.length).toBeGreaterThan(20);
  });

  it.each(named)("“%s” is a test of %s", (title, path) => {
    expect(readFileSync(path, "utf8")).toMatch(
      new RegExp(`["\`]${title.replaceAll(/[.*+?^$()[\]\\|{}]/g, "\\$&")}["\`]`),
    );
  });
});

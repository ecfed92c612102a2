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

describe.each(["SECURITY.md", "docs/hosted.md"])("%s", (page) => {
  // "[file](path): “title”, “title”": the titles stand in that file.
  const named = [
    ...readFileSync(page, "utf8").matchAll(/\]\(((?:\.\.\/)?tests\/[^)]+)\):((?:,? “[^”]+”)+)/g),
  ].flatMap(([, path = "", titles = ""]) =>
    [...titles.matchAll(/“([^”]+)”/g)].map(([, title = ""]) => [title, join(dirname(page), path)] as const),
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

describe("docs/hosted.md", () => {
  it("has a source for each row, and a test or the word that there is none", () => {
    const [, , ...rows] = readFileSync("docs/hosted.md", "utf8")
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .map((line) => line.split(" | "));
    expect(rows.length).toBeGreaterThan(40);
    for (const row of rows) {
      expect(row).toHaveLength(5);
      expect(row[3]).toMatch(/\]\((https:|\.\.\/)/);
      expect(row[4]).toMatch(/\]\(\.\.\/tests\/.*“|^_Read only_/);
    }
  });
});

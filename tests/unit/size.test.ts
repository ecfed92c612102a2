import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ownFiles } from "../support/project-copy.ts";

const linesOf = (path: string) => readFileSync(path, "utf8").trimEnd().split("\n").length;

const sources = ownFiles(".").filter((path) => /\.(tsx?|sql|css|mjs)$/.test(path));

const GENERATED = [
  // By `npm run db:types`.
  "types/database.ts",
];

/** The files that have more lines than that, with their number. */
const longer = (paths: readonly string[], most: number) =>
  paths.map((path) => [path, linesOf(path)] as const).filter(([, lines]) => lines > most);

it("every source file has at most 400 lines", () => {
  expect(sources.length).toBeGreaterThan(500);
  expect(sources).toEqual(expect.arrayContaining(GENERATED));
  const written = sources.filter((path) => !GENERATED.includes(path));
  expect(longer(written, 400)).toEqual([]);
});

it("every component has at most 250 lines", () => {
  const components = sources.filter((path) => /^(app|components)\/.*\.tsx$/.test(path));
  expect(components.length).toBeGreaterThan(100);
  expect(longer(components, 250)).toEqual([]);
});

// The core is meant to be read whole. The other part of it: crypto.test.ts.
it("lib/vault/service.ts stays below 250 lines", () => {
  expect(linesOf("lib/vault/service.ts")).toBeLessThan(250);
});

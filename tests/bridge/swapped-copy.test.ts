import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { differences, makeSwappedCopy, REPLACED, REPLACEMENT } from "./swapped-copy.ts";

const PACKAGE = "node_modules/some/index.js";
const FILES = ["app/page.tsx", REPLACED, PACKAGE, REPLACEMENT];

let root: string;
let copy: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "swapped-copy-"));
  copy = join(root, ".data/swap");
  write(root, REPLACED, "ours");
  write(root, REPLACEMENT, "theirs");
  write(root, "app/page.tsx", "page");
  write(root, PACKAGE, "package");
});
afterEach(() => rmSync(root, { recursive: true }));

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

it("a copy differs in the one file, and shares the packages", () => {
  makeSwappedCopy(root, copy, FILES);
  expect(differences(root, copy, FILES)).toEqual([REPLACED]);
  expect(readFileSync(join(copy, REPLACED), "utf8")).toBe("theirs");
  expect(statSync(join(copy, PACKAGE)).ino).toBe(statSync(join(root, PACKAGE)).ino);
});

it.each([
  ["has other content of the same length", () => write(copy, "app/page.tsx", "egap")],
  ["is missing", () => rmSync(join(copy, "app/page.tsx"))],
])("a file that %s is found", (_, change) => {
  makeSwappedCopy(root, copy, FILES);
  change();
  expect(differences(root, copy, FILES)).toEqual(["app/page.tsx", REPLACED]);
});

it("so are one that only the copy has, and a package that is another one", () => {
  makeSwappedCopy(root, copy, FILES);
  write(copy, "app/more.tsx", "more");
  rmSync(join(copy, PACKAGE));
  write(copy, PACKAGE, "changed");
  expect(differences(root, copy, FILES)).toEqual(["app/more.tsx", REPLACED, PACKAGE]);
});

it("where the replacement is what was there already, nothing differs", () => {
  write(root, REPLACEMENT, "ours");
  makeSwappedCopy(root, copy, FILES);
  expect(differences(root, copy, FILES)).toEqual([]);
});

import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { copyProject, filesIn } from "../support/project-copy.ts";

// A copy of the project that differs from it in one file, and the proof that it does.

/** The one file that the swap replaces, and what takes its place. */
export const REPLACED = "lib/vault/crypto.ts";
export const REPLACEMENT = "tests/bridge/crypto.ts";

/** Copies `files` from `root` to `copy`, with the replacement in its place. */
export function makeSwappedCopy(root: string, copy: string, files: string[]): void {
  copyProject(root, copy, files, { [REPLACED]: REPLACEMENT });
}

/** What is different between `files` of `root` and everything in `copy`, files in one of them only included. */
export function differences(root: string, copy: string, files: string[]): string[] {
  const paths = new Set([...files, ...filesIn(copy)]);
  return [...paths].filter((path) => !same(join(root, path), join(copy, path))).sort();
}

function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => lstatSync(path, { throwIfNoEntry: false }));
  if (!a || !b || a.isSymbolicLink() !== b.isSymbolicLink()) return false;
  if (a.isSymbolicLink()) return readlinkSync(one) === readlinkSync(other);
  if (a.ino === b.ino && a.dev === b.dev) return true;
  return a.size === b.size && readFileSync(one).equals(readFileSync(other));
}

import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  type Dirent,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";

// A copy of the project that differs from it in one file, and the proof that it does.

/** The one file that the swap replaces, and what takes its place. */
export const REPLACED = "lib/vault/crypto.ts";
export const REPLACEMENT = "tests/bridge/crypto.ts";

/**
 * The files that make up the project: those that git tracks, new ones that it does not ignore, and the installed
 * packages without what tools cache among them.
 *
 * @returns paths relative to `root`
 * @throws Error if `root` is not a git working tree
 */
export function projectFiles(root: string): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const own = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const installed = filesIn(join(root, "node_modules")).filter((path) => !/^\.(?!bin\b)/.test(path));
  return [
    // What was deleted and not committed is still listed.
    ...own.split("\0").filter((path) => path && existsSync(join(root, path))),
    ...installed.map((path) => join("node_modules", path)),
  ];
}

/**
 * Copies `files` from `root` to `copy`, with the replacement in its place. Installed packages are hard links, because
 * copying them takes minutes, and Turbopack does not follow a symbolic one out of the project.
 */
export function makeSwappedCopy(root: string, copy: string, files: string[]): void {
  // Tools that look upwards for the repository stop here. Else Next would build from the project around the copy, and
  // Tailwind, to which all of the copy is ignored, would read the installed packages instead.
  mkdirSync(join(copy, ".git"), { recursive: true });
  for (const path of files) {
    const [from, to] = [join(root, path === REPLACED ? REPLACEMENT : path), join(copy, path)];
    mkdirSync(dirname(to), { recursive: true });
    if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else if (!path.startsWith("node_modules/") || !linked(from, to)) copyFileSync(from, to);
  }
}

/** Whether `to` could be made another name of `from`; not every file system can. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}

/** What is different between `files` of `root` and everything in `copy`, files in one of them only included. */
export function differences(root: string, copy: string, files: string[]): string[] {
  const paths = new Set([...files, ...filesIn(copy)]);
  return [...paths].filter((path) => !same(join(root, path), join(copy, path))).sort();
}

/** Every file and symbolic link below a folder, relative to it. */
function filesIn(folder: string): string[] {
  const isFile = (entry: Dirent) => !entry.isDirectory();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter(isFile).map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => lstatSync(path, { throwIfNoEntry: false }));
  if (!a || !b || a.isSymbolicLink() !== b.isSymbolicLink()) return false;
  if (a.isSymbolicLink()) return readlinkSync(one) === readlinkSync(other);
  if (a.ino === b.ino && a.dev === b.dev) return true;
  return a.size === b.size && readFileSync(one).equals(readFileSync(other));
}

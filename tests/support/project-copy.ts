import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  type Dirent,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";

// Copies of the project that build and run by themselves, with something in them that the project is not to have.

/**
 * The project's own files: those that git tracks, and new ones that it does not ignore.
 *
 * @returns paths relative to `root`
 * @throws Error if `root` is not a git working tree
 */
export function ownFiles(root: string): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const own = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  // What was deleted and not committed is still listed.
  return own.split("\0").filter((path) => path && existsSync(join(root, path)));
}

/**
 * The files that make up the project: its own, and the installed packages without what tools cache among them.
 *
 * @returns paths relative to `root`
 * @throws Error if `root` is not a git working tree
 */
export function projectFiles(root: string): string[] {
  const installed = filesIn(join(root, "node_modules")).filter((path) => !/^\.(?!bin\b)/.test(path));
  return [...ownFiles(root), ...installed.map((path) => join("node_modules", path))];
}

/**
 * Copies `files` from `root` to `copy`. Installed packages are hard links, because
 * copying them takes minutes, and Turbopack does not follow a symbolic one out of the project.
 *
 * @param replaced another file's content for some of them, by their paths
 */
export function copyProject(
  root: string,
  copy: string,
  files: string[],
  replaced: Record<string, string> = {},
): void {
  // Tools that look upwards for the repository stop here. Else Next would build from the project around the copy, and
  // Tailwind, to which all of the copy is ignored, would read the installed packages instead.
  mkdirSync(join(copy, ".git"), { recursive: true });
  for (const path of files) {
    const [from, to] = [join(root, replaced[path] ?? path), join(copy, path)];
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

/** Every file and symbolic link below a folder, relative to it. */
export function filesIn(folder: string): string[] {
  const isFile = (entry: Dirent) => !entry.isDirectory();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter(isFile).map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

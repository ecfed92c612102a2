import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { appOf, folderOf, type Host, PROJECT, skeletonOf, WORK } from "./hosts.ts";
import { run } from "./processes.ts";

/**
 * Makes a fresh copy of a host's skeleton, with packages at hand: its own if it has a lock file, and for what it lacks this
 * project's.
 */
export async function copyHost(host: Host): Promise<void> {
  rmSync(folderOf(host), { recursive: true, force: true });
  cpSync(skeletonOf(host), folderOf(host), { recursive: true });
  if (existsSync(join(skeletonOf(host), "package-lock.json"))) {
    addPackages(await installPackages(host), packagesOf(host));
  }
  offerPackages(host);
}

const packagesOf = (host: Host) => join(appOf(host), "node_modules");

/** Has this project's packages at hand for the host's next installation, which removes what nobody asks for. */
export function offerPackages(host: Host): void {
  addPackages(join(PROJECT, "node_modules"), packagesOf(host));
}

/** Installs what the host's lock file names, once for each content of it; returns the folder. */
async function installPackages(host: Host): Promise<string> {
  const lock = readFileSync(join(skeletonOf(host), "package-lock.json"));
  const folder = join(WORK, `${host.name}-packages`);
  const [installed, mark] = [join(folder, "node_modules"), join(folder, "installed")];
  const hash = createHash("sha256").update(lock).digest("hex");
  if (existsSync(mark) && readFileSync(mark, "utf8") === hash) return installed;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) {
    copyFileSync(join(skeletonOf(host), name), join(folder, name));
  }
  const parameters = ["ci", "--prefix", folder, "--ignore-scripts", "--prefer-offline", "--no-audit"];
  // With the developer's own environment, which may say where npm's registry is.
  await run("npm", parameters, { cwd: folder, env: process.env as Record<string, string> });
  writeFileSync(mark, hash);
  return installed;
}

/** Links those packages and commands of one `node_modules` that another lacks. */
function addPackages(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    // npm's own list of what is installed, which it would overwrite in place, and caches.
    if (entry.name === ".package-lock.json" || entry.name === ".cache" || entry.name.startsWith(".vite"))
      continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.name.startsWith("@") || entry.name === ".bin") addPackages(source, target);
    else if (existsSync(target)) continue;
    else if (entry.isDirectory()) linkTree(source, target);
    else link(source, target, entry.isSymbolicLink());
  }
}

/** A tree of links to the same files, as `cp -al` makes it; where links cannot be made, copies. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else link(source, target, entry.isSymbolicLink());
  }
}

function link(source: string, target: string, isSymbolic: boolean): void {
  try {
    if (isSymbolic) symlinkSync(readlinkSync(source), target);
    else linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

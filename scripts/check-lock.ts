/**
 * `npm run check:lock`, in `npm run check`: every package in every lock file has the hash that npm compares a download
 * with, and none has an address that it was downloaded from. Without the hash, npm accepts anything.
 */
import { globSync, readFileSync } from "node:fs";

interface LockedPackage {
  integrity?: string;
  resolved?: string;
  /** Lies inside the package above it, whose hash covers it. */
  inBundle?: boolean;
}

const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

/**
 * What is wrong with a lock file.
 *
 * @param lock the content of a package-lock.json, version 3
 * @returns a line for each package that lacks its hash or names a place
 */
export function problemsOf(lock: { packages: Record<string, LockedPackage> }): string[] {
  return Object.entries(lock.packages).flatMap(([path, { integrity = "", resolved, inBundle }]) => [
    ...(path !== "" && !inBundle && !SHA512.test(integrity) ? [`${path} has no SHA-512 hash`] : []),
    ...(resolved === undefined ? [] : [`${path} has an address that it was downloaded from`]),
  ]);
}

if (import.meta.main) {
  const files = globSync("**/package-lock.json", { exclude: (name) => name.includes("node_modules") });
  for (const file of files) {
    for (const problem of problemsOf(JSON.parse(readFileSync(file, "utf8")))) {
      console.error(`${file}: ${problem}`);
      process.exitCode = 1;
    }
  }
  if (process.exitCode) {
    console.error(
      "Delete these entries and run `npm install --package-lock-only` in that folder: npm adds them again with their hashes.",
    );
  }
}

import { mkdirSync, statfsSync } from "node:fs";
import { StartProblem } from "./problem.ts";

/** A new database takes 45 MB, and an old one adds to its log 16 MB at a time. */
const NEEDED_MB = 64;

/**
 * Makes sure that a database can work in `folder`, which is created when missing.
 *
 * @throws StartProblem that says how much is left on the folder's disk, and how much is needed
 */
export function requireRoom(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = statfsSync(folder);
  const left = Math.floor((bavail * bsize) / 1_000_000);
  if (left >= NEEDED_MB) return;
  throw new StartProblem(
    `The disk of ${folder} has ${left} MB left, and the database needs ${NEEDED_MB} MB. Free some space. ` +
      "Nothing that is stored there is lost.",
  );
}

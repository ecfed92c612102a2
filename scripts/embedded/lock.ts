import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageOf, StartProblem } from "./problem.ts";

const SQLITE_BUSY = 5;

/** Keeps the locks in use: one that is garbage-collected is given up. */
const held = new Set<DatabaseSync>();

/**
 * Makes this process the only one that uses `folder`, which is created when missing.
 *
 * PGlite has no lock of its own: a second process on the same folder loses its writes without an error.
 * The lock is the operating system's, taken through SQLite on an empty file, because it goes away with
 * its process however that ends. A lock file that only holds a process id cannot promise this: ids are
 * reused, and two starters can both find the same file stale. The file `lock` stays behind on purpose
 * (removing it would let a third process lock a new file while a second still waits for the old one);
 * `lock.pid` only serves the message.
 *
 * @returns a function that releases the folder; calling it again does nothing
 * @throws StartProblem that names the process and the folder when another process holds the lock
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, "lock"));
  try {
    lock.exec("pragma journal_mode = memory; begin exclusive");
  } catch (error) {
    lock.close();
    throw lockProblem(folder, error);
  }
  const pidFile = join(folder, "lock.pid");
  writeFileSync(pidFile, `${process.pid}\n`);

  held.add(lock);
  return () => {
    if (!held.delete(lock)) return;
    rmSync(pidFile, { force: true });
    lock.close();
  };
}

function lockProblem(folder: string, error: unknown): StartProblem {
  if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) {
    return new StartProblem(`Can't lock the database folder ${folder}: ${messageOf(error)}.`);
  }
  return new StartProblem(
    `The database in ${folder} is in use by ${holder(folder)}. Stop that process first, or set ` +
      "EMBEDDED_DATA_DIR to another folder.",
  );
}

function holder(folder: string): string {
  try {
    return `process ${readFileSync(join(folder, "lock.pid"), "utf8").trim()}`;
  } catch {
    return "another process";
  }
}

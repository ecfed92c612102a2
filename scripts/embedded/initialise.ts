import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, StartProblem } from "./problem.ts";

const UNFINISHED = "postgres.unfinished";

/**
 * Creates the database of `dataDir` where there is none yet. The caller holds the folder's lock.
 *
 * PGlite that is killed during its first initialisation leaves a folder that never opens again. So it
 * happens in a sibling folder that gets its final name only when it is complete: whenever the process
 * dies, the next start finds either no database or one that opens; opening it adds what is missing.
 *
 * @returns the database's folder, and whether it was created just now
 * @throws StartProblem when PostgreSQL can't create its files
 */
export async function ensureDatabase(dataDir: string): Promise<{ folder: string; created: boolean }> {
  await removeUnfinished(dataDir);
  const folder = join(dataDir, "postgres");
  if (existsSync(folder)) return { folder, created: false };

  const unfinished = mkdtempSync(join(dataDir, `${UNFINISHED}-`));
  if ((await createCluster(unfinished)) !== 0) {
    await removeUnfinished(dataDir);
    throw new StartProblem(`PostgreSQL couldn't create a database in ${dataDir}.`);
  }
  renameSync(unfinished, folder);
  return { folder, created: true };
}

/**
 * In a process of its own, whose WebAssembly V8 compiles in haste: all of this is done once, and optimising its code
 * takes longer than running it does.
 *
 * @returns the exit code, null if it was killed or could not even begin; the reason is on the standard error output
 */
async function createCluster(folder: string): Promise<number | null> {
  const script = join(import.meta.dirname, "create-cluster.ts");
  const child = spawn(process.execPath, ["--liftoff-only", script, folder], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const [code] = await once(child, "exit").catch((error) => {
    console.error(messageOf(error));
    return [null];
  });
  process.off("exit", kill);
  return code;
}

/** Removes what a killed start left behind; its other process may continue to write there for a moment. */
async function removeUnfinished(dataDir: string): Promise<void> {
  for (const name of readdirSync(dataDir)) {
    if (!name.startsWith(UNFINISHED)) continue;
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

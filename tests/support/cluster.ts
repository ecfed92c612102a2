import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureDatabase } from "../../scripts/embedded/initialise.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Gone with the next `npm ci`. */
const CACHE = join(ROOT, "node_modules/.cache/command-center");

/**
 * Puts a new database, with nothing in it yet, where an embedded Supabase of this folder looks for one. PostgreSQL takes
 * seven seconds of CPU to make its files, which are the same each time; to copy them takes a tenth of a second.
 *
 * @param dataDir is made if it is missing
 * @throws StartProblem when PostgreSQL can't create its files
 */
export async function copyCluster(dataDir: string): Promise<void> {
  // Another PGlite could not open it.
  const versions = createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
  const cluster = join(CACHE, `postgres-${versions.slice(0, 16)}`);
  if (!existsSync(cluster)) {
    mkdirSync(CACHE, { recursive: true });
    const making = mkdtempSync(join(CACHE, "making-"));
    const { folder } = await ensureDatabase(making);
    try {
      renameSync(folder, cluster);
    } catch (error) {
      // Another process was first.
      if (!existsSync(cluster)) throw error;
    }
    rmSync(making, { recursive: true, force: true });
  }
  mkdirSync(dataDir, { recursive: true });
  cpSync(cluster, join(dataDir, "postgres"), { recursive: true });
}

import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { SupabaseConfig } from "./config.ts";
import { type LiteSettings, openSupabase } from "./lite.ts";

/**
 * Creates the database of `dataDir` where there is none yet. The caller holds the folder's lock.
 *
 * PGlite that is killed during its first initialisation leaves a folder that never opens again. So it
 * happens in a sibling folder that gets its final name only when it is complete: whenever the process
 * dies, the next start finds either no database or a whole one.
 *
 * @returns the database's folder, and whether it was created just now
 */
export async function ensureDatabase(
  dataDir: string,
  config: SupabaseConfig,
  settings: LiteSettings,
): Promise<{ folder: string; created: boolean }> {
  const folder = join(dataDir, "postgres");
  const unfinished = join(dataDir, "postgres.unfinished");
  rmSync(unfinished, { recursive: true, force: true });
  if (existsSync(folder)) return { folder, created: false };

  const { connection } = await openSupabase(unfinished, config, settings);
  await connection.close();
  renameSync(unfinished, folder);
  return { folder, created: true };
}

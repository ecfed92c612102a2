/**
 * `npm run db:export -- FILE`: writes what the embedded database holds as SQL, to move to hosted Supabase with it;
 * docs/operations.md. The app has to be stopped. The file holds ciphertexts, addresses and password hashes.
 */
import { existsSync, openSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import nextEnv from "@next/env";
import { createPgliteConnection } from "@supabase/lite/pglite";
import { exportSql } from "./embedded/export.ts";
import { lockFolder } from "./embedded/lock.ts";
import { messageOf, StartProblem } from "./embedded/problem.ts";

const ROOT = resolve(import.meta.dirname, "..");

async function main(file: string | undefined): Promise<void> {
  if (!file) throw new StartProblem("Say where to write it: npm run db:export -- FILE");
  const log = { info: () => {}, error: console.error };
  const { combinedEnv } = nextEnv.loadEnvConfig(ROOT, true, log);
  const dataDir = resolve(ROOT, combinedEnv.EMBEDDED_DATA_DIR || ".data", "dev");
  const folder = join(dataDir, "postgres");
  if (!existsSync(folder)) throw new StartProblem(`There is no embedded database in ${dataDir}.`);
  if (existsSync(file)) throw new StartProblem(`${file} is there already: take another name.`);
  const unlock = lockFolder(dataDir);
  const connection = await createPgliteConnection({ url: folder });
  try {
    // For nobody else's eyes, and never over another file.
    const output = openSync(file, "wx", 0o600);
    let statements = 0;
    for await (const statement of exportSql(connection.driver)) {
      writeSync(output, statement);
      if (statement.startsWith("insert")) statements += 1;
    }
    console.log(`✓ ${statements} rows are in ${file}. Delete it once they are where they belong.`);
  } finally {
    await connection.close();
    unlock();
  }
}

main(process.argv[2]).catch((error) => {
  console.error(`✗ ${messageOf(error)}`);
  process.exitCode = 1;
});

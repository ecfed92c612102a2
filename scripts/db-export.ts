/**
 * `npm run db:export -- FILE`: exports the embedded database as SQL, to move to hosted Supabase; docs/operations.md. Stop
 * the app first. The file contains ciphertexts, e-mail addresses, and password hashes.
 */
import { closeSync, existsSync, linkSync, openSync, rmSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import nextEnv from "@next/env";
import { createPgliteConnection } from "@supabase/lite/pglite";
import { exportSql } from "./embedded/export.ts";
import { lockFolder } from "./embedded/lock.ts";
import { messageOf, StartProblem } from "./embedded/problem.ts";

const ROOT = resolve(import.meta.dirname, "..");

async function main(file: string | undefined): Promise<void> {
  if (!file) throw new StartProblem("Name the file to write: npm run db:export -- FILE");
  const log = { info: () => {}, error: console.error };
  const { combinedEnv } = nextEnv.loadEnvConfig(ROOT, true, log);
  const dataDir = resolve(ROOT, combinedEnv.EMBEDDED_DATA_DIR || ".data", "dev");
  const folder = join(dataDir, "postgres");
  // Without this file it is no database, and opening it would make one.
  if (!existsSync(join(folder, "PG_VERSION"))) {
    throw new StartProblem(`There is no embedded database in ${dataDir}. Check EMBEDDED_DATA_DIR.`);
  }
  if (existsSync(file)) throw new StartProblem(`${file} already exists. Choose another name.`);
  if (!existsSync(dirname(resolve(file))))
    throw new StartProblem(`The folder ${dirname(file)} doesn't exist.`);
  const unlock = lockFolder(dataDir);
  const connection = await createPgliteConnection({ url: folder });
  const unfinished = `${file}.unfinished`;
  try {
    // For nobody else's eyes.
    const output = openSync(unfinished, "w", 0o600);
    let rows = 0;
    for await (const statement of exportSql(connection.driver)) {
      writeSync(output, statement);
      if (statement.startsWith("insert")) rows += 1;
    }
    closeSync(output);
    if (rows === 0)
      throw new StartProblem(`Nobody has signed up in ${dataDir} yet, so there is nothing to export.`);
    // Unlike a rename, this never replaces a file that was created in the meantime.
    linkSync(unfinished, file);
    console.log(`✓ Exported ${rows} rows from ${dataDir} to ${file}.`);
    console.log(
      "  Import it as docs/operations.md says, then delete it: it contains e-mail addresses and password hashes.",
    );
  } finally {
    rmSync(unfinished, { force: true });
    await connection.close();
    unlock();
  }
}

main(process.argv[2]).catch((error) => {
  console.error(`✗ ${messageOf(error)}`);
  process.exitCode = 1;
});

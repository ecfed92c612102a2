/**
 * `npm run db:export -- FILE`: writes what the embedded database holds as SQL, to move to hosted Supabase with it;
 * docs/operations.md. The app has to be stopped. The file holds ciphertexts, addresses and password hashes.
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
  if (!file) throw new StartProblem("Say where to write it: npm run db:export -- FILE");
  const log = { info: () => {}, error: console.error };
  const { combinedEnv } = nextEnv.loadEnvConfig(ROOT, true, log);
  const dataDir = resolve(ROOT, combinedEnv.EMBEDDED_DATA_DIR || ".data", "dev");
  const folder = join(dataDir, "postgres");
  // Without this file it is no database, and opening it would make one.
  if (!existsSync(join(folder, "PG_VERSION"))) {
    throw new StartProblem(`There is no embedded database in ${dataDir}: look at EMBEDDED_DATA_DIR.`);
  }
  if (existsSync(file)) throw new StartProblem(`${file} is there already: take another name.`);
  if (!existsSync(dirname(resolve(file)))) throw new StartProblem(`There is no folder ${dirname(file)}.`);
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
      throw new StartProblem(`Nobody has signed up in ${dataDir} yet: there is nothing to take along.`);
    // Unlike a rename, never over a file that has come to be there meanwhile.
    linkSync(unfinished, file);
    console.log(`✓ ${rows} rows of ${dataDir} are in ${file}.`);
    console.log(
      "  Load it as docs/operations.md says, then delete it: it holds addresses and password hashes.",
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

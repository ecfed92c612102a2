import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { takeSnapshot } from "../database/schema-snapshot.ts";
import { startSupabase, withDatabase } from "./database.ts";
import { readBlock } from "./docs.ts";
import { checkRemoved } from "./files.ts";
import { runBlock } from "./follow.ts";
import { type Host, migrationsOf } from "./hosts.ts";
import { removeUsage } from "./usage.ts";

/** What the host's database has: all objects, and a row of the host's own. */
async function look(host: Host) {
  return withDatabase(host, async (database) => ({
    ...(await takeSnapshot(database)),
    rows: (await database.query("select * from public.teams where name = 'Before the vault'")).rows,
  }));
}

/** Gives the host a row of its own, before the vault comes; returns what its database has then. */
export async function lookBefore(host: Host) {
  await withDatabase(host, (database) =>
    database.exec("insert into public.teams (name) values ('Before the vault')"),
  );
  return look(host);
}

/**
 * What docs/install.md says on a removal.
 *
 * @param before what {@link lookBefore} returned
 * @param applied the migrations that were applied
 * @throws Error if there is more or less than before the vault came
 */
export async function remove(
  host: Host,
  before: Awaited<ReturnType<typeof lookBefore>>,
  applied: string[],
): Promise<void> {
  const left = await removeUsage(host);
  await runBlock(host, "remove");
  const block = "YYYYMMDDHHMMSS_remove_vault.sql";
  const migration = block.replace("YYYYMMDDHHMMSS", "20991231000000");
  writeFileSync(join(migrationsOf(host), migration), readBlock(`supabase/migrations/${block}`));
  checkRemoved(host, [
    ".env.local",
    ...[...applied, ...left, migration].map((file) => `supabase/migrations/${file}`),
  ]);
  await (await startSupabase(host, migrationsOf(host), applied)).close();
  const after = await look(host);
  for (const [kind, objects] of Object.entries(before)) {
    const [is, was] = [after[kind as keyof typeof after], objects].map((list) =>
      list.map((entry) => JSON.stringify(entry)),
    );
    const left = is?.filter((entry) => !was?.includes(entry));
    const lost = was?.filter((entry) => !is?.includes(entry));
    if (left?.length || lost?.length)
      throw new Error(`Of the ${kind}, these are left: ${left}; and lost: ${lost}`);
  }
}

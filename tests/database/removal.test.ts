import { expect, test } from "vitest";
import { readBlock } from "../registry/docs.ts";
import { applyMigrations, readShippedMigrations } from "../support/bare-postgres.ts";
import { ENGINES } from "./postgres-server.ts";
import { takeSnapshot } from "./schema-snapshot.ts";

// What docs/install.md has other apps run to remove the vault, as the role that hosted Supabase runs migrations with.

const shipped = readShippedMigrations("vault");
const block = (name: string) => readBlock(`supabase/migrations/YYYYMMDDHHMMSS_${name}.sql`);

test.each(
  ENGINES.flatMap(({ engine, open }) => [
    { what: "an app without teams", engine, open, teams: "" },
    { what: "an app with teams", engine, open, teams: block("vault_teams") },
  ]),
)("Nothing of the vault is left in $what, on $engine", async ({ open, teams }) => {
  const database = await open({ migrations: [] });
  await database.exec("create table public.teams (id uuid primary key)");
  const before = await takeSnapshot(database);
  await applyMigrations(database, shipped);
  if (teams) await database.exec(teams);
  expect(await takeSnapshot(database)).not.toEqual(before);
  await database.exec(block("remove_vault"));
  expect(await takeSnapshot(database)).toEqual(before);
  await database.close();
});

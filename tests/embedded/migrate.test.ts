import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PgliteConnection } from "@supabase/lite/pglite";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openSupabase } from "../../scripts/embedded/lite.ts";
import { migrate, readMigrations } from "../../scripts/embedded/migrate.ts";
import { copyCluster } from "../support/cluster.ts";
import { KEYS, ROOT, temporaryFolder, testFolder, writeMigrations } from "./support.ts";

// One database for the file; each test finds it as new.
let connection: PgliteConnection;
let lines: string[];
const base = temporaryFolder();

beforeAll(async () => {
  await copyCluster(base.path);
  const supabase = await openSupabase(join(base.path, "postgres"), {}, KEYS);
  connection = supabase.connection;
}, 120_000);

afterAll(async () => {
  await connection.close();
  base.remove();
});

beforeEach(async () => {
  lines = [];
  await connection.driver.exec(
    "drop schema public cascade; create schema public; truncate supabase_migrations.schema_migrations;",
  );
});

/** Applies the files as a start would. */
async function run(files: Record<string, string>): Promise<string[]> {
  const migrations = readMigrations(writeMigrations(testFolder(), files));
  const applied = await migrate(connection, migrations, (line) => lines.push(line));
  return applied.map(({ file }) => file);
}

async function query(sql: string): Promise<unknown[]> {
  return (await connection.driver.query(sql)).rows;
}

test("versions of any length are applied in the order of their text and recorded like the CLI does", async () => {
  const files = {
    "20260306000000_second.sql": "alter table public.a add column y int;",
    "20260305_first.sql": "create table public.a (x int); insert into public.a values (1);",
  };
  expect(await run(files)).toEqual(["20260305_first.sql", "20260306000000_second.sql"]);
  expect(lines).toEqual([
    "✓ Migration 20260305_first.sql applied",
    "✓ Migration 20260306000000_second.sql applied",
  ]);
  expect(await query("select version, name, statements from supabase_migrations.schema_migrations")).toEqual([
    {
      version: "20260305",
      name: "first",
      statements: ["create table public.a (x int)", "insert into public.a values (1)"],
    },
    {
      version: "20260306000000",
      name: "second",
      statements: ["alter table public.a add column y int"],
    },
  ]);
});

test("a second start applies nothing", async () => {
  const files = { "20260305_first.sql": "create table public.a (x int);" };
  await run(files);
  lines = [];
  expect(await run(files)).toEqual([]);
  expect(lines).toEqual([]);
});

test("a failing file is undone as a whole, named, and not recorded; earlier ones stay", async () => {
  const files = {
    "1_good.sql": "create table public.good (x int);",
    "2_bad.sql": "create table public.bad (x int); select * from public.nowhere;",
  };
  await expect(run(files)).rejects.toThrow(
    'The migration 2_bad.sql failed: relation "public.nowhere" does not exist.',
  );
  expect(await query("select version from supabase_migrations.schema_migrations")).toEqual([
    { version: "1" },
  ]);
  expect(await query("select relname from pg_class where relnamespace = 'public'::regnamespace")).toEqual([
    { relname: "good" },
  ]);
});

test("a file that changed after it was applied, or is gone, is pointed out", async () => {
  await run({ "1_a.sql": "create table public.a (x int);", "2_b.sql": "create table public.b (x int);" });
  lines = [];
  expect(await run({ "1_a.sql": "create table public.a (x text);" })).toEqual([]);
  expect(lines).toEqual([
    "! Migration 1_a.sql was changed after it was applied. Put the change into a new file",
    "! The database has the migration 2, but there is no file for it",
  ]);
});

test.each([
  "create table public.a (x int); commit;",
  "-- all of it\nbegin; select 1; end;",
  "/* x */ Start  Transaction;",
])("a file that handles transactions itself is refused before it runs: %s", async (sql) => {
  await expect(run({ "1_a.sql": sql })).rejects.toThrow("each file is one transaction");
  expect(await query("select from pg_class where relnamespace = 'public'::regnamespace")).toEqual([]);
});

test("a function body may contain begin and end", async () => {
  const sql = "create function public.f() returns int language plpgsql as $$ begin return 1; end $$;";
  expect(await run({ "1_f.sql": sql })).toEqual(["1_f.sql"]);
});

test("settings of a migration do not outlive it", async () => {
  const before = await query("show search_path");
  await run({ "1_a.sql": "set search_path = pg_catalog; set statement_timeout = 5;" });
  expect(await query("show search_path")).toEqual(before);
  expect(await query("show statement_timeout")).toEqual([{ statement_timeout: "0" }]);
});

test.each(["vault.sql", "20260305.sql", "20260305-vault.sql", "2026a_vault.sql"])("%s is refused", (file) => {
  const folder = writeMigrations(testFolder(), { [file]: "select 1;" });
  expect(() => readMigrations(folder)).toThrow(`The migration ${file} wouldn't be applied: its name must be`);
});

test("two files with one version are refused", () => {
  const folder = writeMigrations(testFolder(), { "1_a.sql": "select 1;", "1_b.sql": "select 1;" });
  expect(() => readMigrations(folder)).toThrow("The migrations 1_a.sql and 1_b.sql share the version 1.");
});

test("what is no .sql file is ignored", () => {
  const folder = writeMigrations(testFolder(), { "README.md": "", "1_a.sql": "select 1;" });
  mkdirSync(join(folder, "old"));
  writeFileSync(join(folder, "old", "x.sql"), "");
  expect(readMigrations(folder).map(({ file }) => file)).toEqual(["1_a.sql"]);
});

test.runIf(existsSync(join(ROOT, "supabase/migrations")))(
  "the project's own migrations apply to a new database",
  async () => {
    const fresh = await openSupabase(join(testFolder(), "postgres"), {}, KEYS);
    const migrations = readMigrations(join(ROOT, "supabase/migrations"));
    const applied = await migrate(fresh.connection, migrations, () => {});
    expect(applied.map(({ file }) => file)).toContain("20260305_vault_secrets.sql");
    expect(applied.length).toBe(migrations.length);
    await fresh.connection.close();
  },
);

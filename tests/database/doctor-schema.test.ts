import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../scripts/doctor/check.ts";
import { compareSchema, explainDifferences } from "../../scripts/doctor/compare-schema.ts";
import { describeMigrations } from "../../scripts/doctor/describe-migrations.ts";
import { readExpectedSchema, SCHEMA_FILE, type SchemaRow } from "../../scripts/doctor/schema-rows.ts";
import {
  applyMigrations,
  type Database,
  openBareDatabase,
  readMigrations,
} from "../support/bare-postgres.ts";
import { ENGINES } from "./postgres-server.ts";

const migrations = readMigrations();
const doctor = migrations.filter(({ file }) => file.endsWith("_doctor.sql"));
const expected = readExpectedSchema();

test("supabase/schema.txt is what the migrations make", async () => {
  const hint = "supabase/schema.txt is not what supabase/migrations produces. Run: npm run db:types";
  expect(readFileSync(SCHEMA_FILE, "utf8"), hint).toBe(await describeMigrations());
});

/** What `npm run doctor` would say of a database. */
async function examine(database: Database): Promise<Finding[]> {
  const { rows } = await database.query("select * from public.doctor_schema()");
  return explainDifferences(compareSchema(expected, rows as SchemaRow[]), "Apply them.");
}

/** Does what a remedy says if it says which SQL. */
async function follow(database: Database, remedy: string): Promise<boolean> {
  const [, from] = /^Run (\d+_\w+\.sql) and every later file/.exec(remedy) ?? [];
  const files = from ? migrations.filter(({ file }) => file >= from).map(({ sql }) => sql) : [];
  const [, statements = files.join("\n")] = /^In the SQL editor: (.*)$/.exec(remedy) ?? [];
  await database.exec(statements);
  return statements !== "";
}

describe.each(
  ENGINES.flatMap((engine) => [
    { ...engine, defaultGrants: false, project: "a new project" },
    { ...engine, defaultGrants: true, project: "an older project" },
  ]),
)("On $engine, $project", ({ open, defaultGrants }) => {
  test("is found to be as the migrations make it, whatever else there is", async () => {
    const database = await open({ defaultGrants });
    expect(await examine(database)).toEqual([]);
    await database.exec(`
      create table public.notes (id uuid primary key, body text);
      grant all on public.notes to anon;
      create policy "Anyone reads notes" on public.notes using (true);
      create function public.new_user() returns trigger language plpgsql as 'begin return new; end';
      create trigger new_user after insert on auth.users for each row execute function public.new_user();
      create index teams_by_name on public.teams (name);
    `);
    expect(await examine(database)).toEqual([]);
    await database.close();
  });
});

test("Migrations that were pasted on Windows are the same ones", async () => {
  const pasted = migrations.map(({ file, sql }) => ({ file, sql: sql.replaceAll("\n", "\r\n") }));
  const database = await openBareDatabase({ migrations: pasted });
  expect(await examine(database)).toEqual([]);
  await database.close();
});

describe("After a mistake", () => {
  let database: Database;
  beforeAll(async () => {
    database = await openBareDatabase();
    return () => database.close();
  });

  test.each([
    [
      "alter table public.teams disable row level security",
      "Row-level security is off on teams.",
      "alter table public.teams enable row level security;",
    ],
    [
      "grant select on public.teams to anon",
      "More is granted than the app needs: grant select on teams to anon.",
      "revoke select on public.teams from anon;",
    ],
    [
      "grant select (encrypted_value) on public.vault_secrets to authenticated",
      "More is granted than the app needs: grant select on vault_secrets.encrypted_value to authenticated.",
      "revoke select (encrypted_value) on public.vault_secrets from authenticated;",
    ],
    [
      "grant execute on function public.delete_account(uuid, jsonb) to public",
      "More is granted than the app needs: grant execute on public.delete_account(uuid,jsonb)",
      "revoke execute on function public.delete_account(uuid,jsonb)",
    ],
    [
      "grant create on schema public to anon",
      "More is granted than the app needs: grant create on schema public to anon.",
      "revoke create on schema public from anon;",
    ],
    [
      "grant delete on public.profiles to service_role",
      "The server has more rights than it needs: grant delete on profiles to service_role.",
      "revoke delete on public.profiles from service_role;",
    ],
    [
      `create policy "Anyone reads" on public.teams using (true)`,
      "There are policies that no migration makes: policy Anyone reads of teams.",
      `drop policy "Anyone reads" on public.teams;`,
    ],
    [
      `alter policy "A user manages their own secrets" on public.vault_secrets using (true)`,
      "Changed since the migrations made it: policy A user manages their own secrets of vault_secrets.",
      "Run 20260305_vault_secrets.sql and every later file",
    ],
    [
      "alter view public.vault_candidates set (security_invoker = false)",
      "Changed since the migrations made it: view vault_candidates.",
      "and every later file",
    ],
    [
      "revoke select on public.teams from service_role",
      "Missing, or not as the migrations made it: grant select on teams to service_role.",
      "every later file",
    ],
    [
      "alter table public.teams disable trigger teams_record",
      "Missing, or not as the migrations made it: trigger teams_record of teams.",
      "every later file",
    ],
    [
      "alter function public.delete_team(uuid, uuid) security invoker",
      "Missing, or not as the migrations made it: function delete_team.",
      "every later file",
    ],
    [
      "drop index public.webhooks_user",
      "Missing, or not as the migrations made it: index webhooks_user of webhooks.",
      "every later file",
    ],
    [
      "alter table public.teams alter column name drop not null",
      "Missing, or not as the migrations made it: column name of teams.",
      "Restore it with `alter table`",
    ],
    [
      "alter table public.teams add column note text",
      "Not from any migration: column note of teams.",
      "Keep it",
    ],
    [
      "create function public.delete_team(text) returns void language sql as ''",
      "Not from any migration: function delete_team.",
      "Keep it",
    ],
  ])("%s", async (mistake, says, remedy) => {
    await database.exec(`begin; ${mistake}`);
    const found = await examine(database);
    const isFollowed = await follow(database, found[0]?.remedy ?? "");
    const left = await examine(database);
    await database.exec("rollback");
    expect(found).toHaveLength(1);
    expect(left, "What the remedy leaves").toEqual(isFollowed ? [] : found);
    expect(found[0]?.says).toContain(says);
    expect(found[0]?.remedy).toContain(remedy);
  });
});

test("Of migrations that aren't applied, the first is named, whichever it is", async () => {
  const database = await openBareDatabase({ migrations: doctor });
  const makers = migrations.filter(({ file }) => expected.some(({ migration }) => migration === file));
  for (const [index, migration] of migrations.entries()) {
    const left = makers.filter((each) => migrations.indexOf(each) >= index && !doctor.includes(each));
    const found = await examine(database);
    const later = left.length - 1;
    const rest = later > 1 ? ` and ${later} later ones` : later === 1 ? " and 1 later one" : "";
    expect(found.map(({ says }) => says)).toEqual(left[0] ? [`Not applied: ${left[0].file}${rest}.`] : []);
    await applyMigrations(database, [migration]);
  }
  expect(await examine(database)).toEqual([]);
  await database.close();
});

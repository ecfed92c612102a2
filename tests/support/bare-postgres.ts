import { openAsBlob, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Extensions, PGlite } from "@electric-sql/pglite";
import { pgtap } from "@electric-sql/pglite-pgtap";
import { smallBuffers } from "../../scripts/embedded/small-buffers.ts";

// A hosted Supabase project without Supabase: the embedded one grants every role everything, so what the
// migrations grant and revoke can only be seen here.

const ROOT = join(import.meta.dirname, "../..");

/** What a test needs of a database: PGlite has it, and so has a connection to a server (postgres-server.ts). */
export interface Database {
  /** Runs several statements. */
  exec(sql: string, options?: { rowMode: "array" }): Promise<{ rows: unknown[] }[]>;
  /** Runs one. */
  query(sql: string): Promise<{ rows: unknown[] }>;
  close(): Promise<void>;
  /** Where other programs find it as its superuser; PGlite is in this process only. */
  url?: string;
}

/**
 * The roles of a hosted project before its first migration, each with what it may.
 *
 * `project_owner` is what Supabase calls `postgres`: it runs migrations, is no superuser, and may use
 * `auth.users` but does not own it. (PGlite's superuser has that name already.) What is here follows the
 * migrations of supabase/postgres and supabase/auth.
 */
export const HOSTED_ROLES = {
  anon: "nologin noinherit",
  authenticated: "nologin noinherit",
  service_role: "nologin noinherit bypassrls",
  supabase_auth_admin: "nologin noinherit",
  project_owner: "nologin bypassrls createrole createdb",
};

/** And its schemas, where pgTAP is in `extensions` already. */
export const HOSTED_PROJECT = `
  grant anon, authenticated, service_role to project_owner;

  alter schema public owner to project_owner;
  grant usage on schema public to anon, authenticated, service_role;
  do $$ begin execute format('grant create on database %I to project_owner', current_database()); end $$;
  grant set on parameter session_replication_role to project_owner;

  grant usage on schema extensions to public;

  create schema auth authorization supabase_auth_admin;
  grant usage on schema auth to anon, authenticated, service_role, project_owner;
  create table auth.users (id uuid primary key, email text unique, email_confirmed_at timestamptz,
    email_change varchar(255), created_at timestamptz default now());
  create table auth.sessions (
    id uuid primary key, user_id uuid not null references auth.users (id) on delete cascade,
    created_at timestamptz, updated_at timestamptz, refreshed_at timestamp, not_after timestamptz, user_agent text
  );
  alter table auth.users owner to supabase_auth_admin;
  alter table auth.sessions owner to supabase_auth_admin;
  grant all on auth.users, auth.sessions to project_owner;

  create function auth.uid() returns uuid language sql stable as $$
    select coalesce(
      nullif(current_setting('request.jwt.claim.sub', true), ''),
      nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
    )::uuid
  $$;
  create function auth.role() returns text language sql stable as $$
    select coalesce(
      nullif(current_setting('request.jwt.claim.role', true), ''),
      nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
    )
  $$;
  create function auth.jwt() returns jsonb language sql stable as $$
    select coalesce(
      nullif(current_setting('request.jwt.claim', true), ''),
      nullif(current_setting('request.jwt.claims', true), '')
    )::jsonb
  $$;
  alter function auth.uid() owner to supabase_auth_admin;
  alter function auth.role() owner to supabase_auth_admin;
  alter function auth.jwt() owner to supabase_auth_admin;
`;

/** What the session does from then on: work as the project's owner. */
export const AS_PROJECT_OWNER = `
  set session authorization project_owner;
  set search_path = "$user", public, extensions;
`;

/** What projects created before 30 October 2026 give to everything that is created in `public`. */
export const OLD_DEFAULT_GRANTS = `
  alter default privileges for role project_owner in schema public
    grant all on tables to anon, authenticated, service_role;
  alter default privileges for role project_owner in schema public
    grant all on sequences to anon, authenticated, service_role;
  alter default privileges for role project_owner in schema public
    grant all on functions to anon, authenticated, service_role;
`;

export interface BareOptions {
  /** Behave like an older project, where new tables come with every right for every role. */
  defaultGrants?: boolean;
  /** The migrations to apply; all of the project's if left out. */
  migrations?: Migration[];
  /** What PostgreSQL's `create extension` finds besides pgTAP. */
  extensions?: Extensions;
}

/** One file of `supabase/migrations`. */
interface Migration {
  file: string;
  sql: string;
}

/**
 * The project's migrations, by the text order of their versions. Not of their file names, where `_` comes
 * after the digits and "20260305_" would follow "20260305000000_".
 */
export function readMigrations(): Migration[] {
  const folder = join(ROOT, "supabase/migrations");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => ({ file, sql: readFileSync(join(folder, file), "utf8") }))
    .sort(byVersion);
}

const versionOf = ({ file }: Migration) => file.split("_", 1)[0] ?? "";
const byVersion = (a: Migration, b: Migration) => (versionOf(a) < versionOf(b) ? -1 : 1);

interface RegistryItem {
  name: string;
  files: { path: string; target: string }[];
}

/** The migrations that other apps install, with their names there. */
export function readShippedMigrations(...names: ("vault" | "vault-usage")[]): Migration[] {
  const { items }: { items: RegistryItem[] } = JSON.parse(readFileSync(join(ROOT, "registry.json"), "utf8"));
  return items
    .filter(({ name }) => names.some((each) => each === name))
    .flatMap(({ files }) => files)
    .filter(({ target }) => target.endsWith(".sql"))
    .map(({ path, target }) => ({ file: basename(target), sql: readFileSync(join(ROOT, path), "utf8") }))
    .sort(byVersion);
}

/**
 * Opens a database in memory, with the roles of hosted Supabase, and migrates it. The session is
 * `project_owner`'s; `set local role` takes it to another one, as PostgREST does.
 *
 * @throws Error that names the migration that failed
 */
export async function openBareDatabase(options: BareOptions = {}): Promise<PGlite> {
  hostedProject ??= copyHostedProject();
  const extensions = { ...options.extensions, pgtap };
  const database = await PGlite.create({
    extensions,
    loadDataDir: await hostedProject,
    ...smallBuffers(PGlite.defaultStartParams),
  });
  if (options.defaultGrants) await database.exec(OLD_DEFAULT_GRANTS);
  await database.exec(AS_PROJECT_OWNER);
  await applyMigrations(database, options.migrations ?? readMigrations());
  return database;
}

/** Read or made once in a process: to create a cluster takes seconds, to copy one does not. */
let hostedProject: Promise<Blob> | undefined;

/** What template.ts has made, or a new one for tests that run without that. */
async function copyHostedProject(): Promise<Blob> {
  const file = process.env.HOSTED_PROJECT_FILE;
  return file ? openAsBlob(file) : createHostedProject();
}

/** The files of a hosted project before its first migration. */
export async function createHostedProject(): Promise<Blob> {
  const database = await PGlite.create({ extensions: { pgtap }, ...smallBuffers(PGlite.defaultStartParams) });
  const roles = Object.entries(HOSTED_ROLES).map(([role, options]) => `create role ${role} ${options};`);
  await database.exec(`
    ${roles.join("")}
    create schema extensions;
    create extension pgtap with schema extensions;
    ${HOSTED_PROJECT}
  `);
  const files = await database.dumpDataDir("none");
  await database.close();
  return files;
}

/**
 * Applies each migration in one transaction, as the Supabase CLI does.
 *
 * @throws Error that names the migration that failed
 */
export async function applyMigrations(database: Database, migrations: Migration[]): Promise<void> {
  for (const { file, sql } of migrations) {
    try {
      await database.exec(`begin;\n${sql}\ncommit;`);
    } catch (error) {
      await database.exec("rollback");
      throw new Error(`The migration ${file} failed.`, { cause: error });
    }
  }
}

/**
 * A Supabase with so many secrets, in a process of its own as in real life: on the embedded database, or with the
 * same services on a PostgreSQL server. Begun by {@link startDatabase}; ends with whoever began it.
 */
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { serve } from "@hono/node-server";
import { createPgliteConnection } from "@supabase/lite/pglite";
import { createClient } from "@supabase/supabase-js";
import pg from "pg";
import { acceptKey } from "../../lib/vault/key-check.ts";
import { readSupabaseConfig } from "../../scripts/embedded/config.ts";
import { appFor, FOUNDATION, type LiteSettings } from "../../scripts/embedded/lite.ts";
import { readMigrations } from "../../scripts/embedded/migrate.ts";
import { HOST } from "../../scripts/embedded/ports.ts";
import { startEmbedded } from "../../scripts/embedded/server.ts";
import {
  TEST_JWT_SECRET,
  TEST_MASTER_KEY,
  TEST_PUBLISHABLE_KEY,
  TEST_SECRET_KEY,
} from "../../tests/support/keys.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const MIGRATIONS = join(ROOT, "supabase/migrations");
/** Of each owner, as the rows of the table are dealt out. */
const KEYS = 10;
const MEMBERS = 10;

export type Engine = "PGlite" | "PostgreSQL";

export interface Database {
  /** What `createClient` of supabase-js takes. */
  url: string;
  /** Of the process with Supabase's services. */
  pid: number | undefined;
  stop: () => Promise<void>;
}

/** Where it can be measured: PostgreSQL only where DATABASE_URL leads to a server, as its superuser. */
export function engines(): Engine[] {
  return process.env.DATABASE_URL ? ["PGlite", "PostgreSQL"] : ["PGlite"];
}

/** The name of a database with so many secrets, on the PostgreSQL server. */
export const nameOf = (rows: number) => `bench_${rows}`;

/** @param rows secrets of other owners; databases of one size are kept below `.data/bench` for the next run */
export async function startDatabase(engine: Engine, rows: number): Promise<Database> {
  const child = fork(import.meta.filename, [engine, String(rows)], {
    execArgv: ["--import", join(import.meta.dirname, "next-modules.ts")],
    env: { ...process.env, LITE_AUTH_BCRYPT_COST: "4" },
  });
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  const ready = new Promise<string>((done) => child.once("message", (url) => done(String(url))));
  const url = await Promise.race([ready, exited]);
  if (!url) throw new Error(`The ${engine} database of ${rows} rows did not start.`);
  return {
    url,
    pid: child.pid,
    stop: () => {
      child.disconnect();
      return exited;
    },
  };
}

const settings: LiteSettings = {
  publishableKey: TEST_PUBLISHABLE_KEY,
  secretKey: TEST_SECRET_KEY,
  jwtSecret: TEST_JWT_SECRET,
  siteUrl: "http://localhost:3000",
};

type Execute = (sql: string) => Promise<Record<string, unknown>[]>;

/**
 * Rows as long as those of a 108-byte value. As many team members as a tenth of the secrets. Indexes are made after
 * the rows, because a million take minutes otherwise; the accounts and teams exist on paper only.
 */
async function fill(execute: Execute, rows: number): Promise<void> {
  const [present] = await execute("select count(*)::integer as count from public.vault_secrets");
  if (Number(present?.count) >= rows) return;
  await execute(`
    set session_replication_role = replica;
    alter table public.vault_secrets drop constraint vault_secrets_pkey cascade, drop constraint vault_secrets_owner_key;
    insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, category)
      select case when n / ${KEYS} % 5 = 0 then 'team' else 'user' end, md5('owner' || n / ${KEYS})::uuid,
        'KEY_' || n % ${KEYS}, 'v1.' || rpad('', 339, md5(n::text)), 'LLM'
      from generate_series(0, ${rows - 1}) as n;
    alter table public.vault_secrets add constraint vault_secrets_pkey primary key (id),
      add constraint vault_secrets_owner_key unique (owner_type, owner_id, key);
    alter table public.refused_keys add constraint refused_keys_secret_id_fkey
      foreign key (secret_id) references public.vault_secrets (id) on delete cascade;
    alter table public.vault_secret_details add constraint vault_secret_details_secret_id_fkey
      foreign key (secret_id) references public.vault_secrets (id) on delete cascade;
    insert into public.team_members (team_id, user_id, role)
      select md5('team' || n / ${MEMBERS})::uuid, md5('owner' || n)::uuid, 'member'
      from generate_series(0, ${rows / MEMBERS - 1}) as n;
    reset session_replication_role;
  `);
  await execute("vacuum analyze");
}

async function openPglite(rows: number): Promise<string> {
  const schema = createHash("sha256");
  for (const { sql } of readMigrations(MIGRATIONS)) schema.update(sql);
  const dataDir = join(ROOT, `.data/bench/pglite-${rows}-${schema.digest("hex").slice(0, 8)}`);
  const options = { ...settings, dataDir, port: 0, migrationsDir: MIGRATIONS };
  await (await startEmbedded(options)).close();
  const connection = await createPgliteConnection({ url: join(dataDir, "postgres") });
  await connection.driver.waitReady;
  await fill(async (sql) => (await connection.driver.exec(sql)).at(-1)?.rows ?? [], rows);
  await connection.close();
  return (await startEmbedded(options)).url;
}

/** @returns the URL of a database on that server, as `pg` takes it */
export function urlOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

export async function query(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Makes an empty database, in place of one of that name. */
export const createDatabase = (server: string, name: string): Promise<void> =>
  query(server, `drop database if exists ${name} with (force)`, `create database ${name}`);

/** The arguments of functions come as JSON already; the driver would make a string of it. */
const JSONB = {
  to: 3802,
  from: [3802],
  serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
  parse: (text: string) => JSON.parse(text),
};

/** The database is made anew each time: of a million rows, that takes half a minute. */
async function openPostgres(server: string, rows: number): Promise<string> {
  await createDatabase(server, nameOf(rows));
  const url = new URL(urlOf(server, nameOf(rows)));
  // A server may listen on a socket only; each of the two drivers wants to be told of that in its own way.
  const host = url.searchParams.get("host");
  const bare = new URL(url);
  bare.search = "";
  const client = new pg.Client(url.href);
  await client.connect();
  const execute: Execute = async (sql) => [await client.query(sql)].flat().at(-1)?.rows ?? [];
  const { createPostgresConnection } = await import("@supabase/lite/postgres");
  const connection = createPostgresConnection({
    url: bare.href,
    postgresOptions: { ...(host && { host }), onnotice: () => {}, types: { jsonb: JSONB } },
  });
  const app = appFor(connection, readSupabaseConfig(join(ROOT, "supabase/config.toml")), settings);
  await execute(FOUNDATION);
  await app.ensureSystemSchema();
  for (const { sql } of readMigrations(MIGRATIONS)) await execute(sql);
  await fill(execute, rows);
  await client.end();

  // Of simultaneous first requests it would answer some with 500.
  const headers = { apikey: settings.secretKey };
  await app.fetch(new Request(`http://${HOST}/rest/v1/vault_secrets?limit=1`, { headers }));
  const answer = (request: Request) => app.fetch(request, { peerAddress: HOST });
  return new Promise((done) => {
    serve({ hostname: HOST, port: 0, fetch: answer }, ({ port }) => done(`http://${HOST}:${port}`));
  });
}

if (process.argv[1] === import.meta.filename) {
  const [, , engine, rows] = process.argv;
  process.once("disconnect", () => process.exit());
  const open =
    engine === "PGlite"
      ? openPglite(Number(rows))
      : openPostgres(String(process.env.DATABASE_URL), Number(rows));
  const url = await open;
  // Rows that nobody opens are no proof of a master key, which an app would look for in them.
  process.env.VAULT_MASTER_KEY = TEST_MASTER_KEY;
  await acceptKey(createClient(url, TEST_SECRET_KEY), await import("../../lib/vault/crypto.ts"));
  process.send?.(url);
}

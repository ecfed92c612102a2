import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import pg from "pg";
import {
  AS_PROJECT_OWNER,
  applyMigrations,
  type BareOptions,
  type Database,
  HOSTED_PROJECT,
  HOSTED_ROLES,
  OLD_DEFAULT_GRANTS,
  openBareDatabase,
  readMigrations,
} from "../support/bare-postgres.ts";

// The same hosted project on a PostgreSQL server, where one is to be had: DATABASE_URL leads to it, as a superuser.

const url = process.env.DATABASE_URL;

/** Roles belong to the whole server, so we take and drop only those that bear this mark. */
const MARK = "Made by the database tests; can be dropped.";
/** So that of several test files only one at a time makes or drops roles. */
const LOCK = 20_260_305;

/** Where the tests run: on PGlite always, on a server where there is one. */
export const ENGINES: { engine: string; open: (options?: BareOptions) => Promise<Database> }[] = [
  { engine: "PGlite", open: openBareDatabase },
  ...(url
    ? [{ engine: "a PostgreSQL server", open: (options?: BareOptions) => openOnServer(url, options) }]
    : []),
];

if (!url) {
  process.stderr.write(
    "! DATABASE_URL is not set: tests/database runs on PGlite only, not on a PostgreSQL server.\n",
  );
}

/**
 * Creates a database with the roles of hosted Supabase on a server, and migrates it. `close` drops it again.
 *
 * @throws Error where the server has roles of these names that are not from here
 */
async function openOnServer(url: string, options: BareOptions = {}): Promise<Database> {
  const name = `stories_${randomBytes(6).toString("hex")}`;
  await alone(url, async (server) => {
    await createRoles(server);
    // As hosted Supabase has it, whatever the server's own locale is.
    await server.query(
      `create database ${name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`,
    );
  });
  const at = new URL(url);
  at.pathname = `/${name}`;
  const client = new pg.Client(at.href);
  await client.connect();
  const database: Database = {
    url: at.href,
    // Several statements in one text give several results, which the types of `pg` leave out.
    exec: async (sql, options) =>
      [await client.query({ text: sql, ...options } as pg.QueryArrayConfig)].flat(),
    query: (sql) => client.query(sql),
    close: async () => {
      await client.end();
      await alone(url, async (server) => {
        await server.query(`drop database ${name}`);
        await dropRoles(server);
      });
    },
  };
  await database.exec(`create schema extensions; set search_path = extensions; ${readPgtap()}`);
  await database.exec(HOSTED_PROJECT);
  if (options.defaultGrants) await database.exec(OLD_DEFAULT_GRANTS);
  await database.exec(AS_PROJECT_OWNER);
  await applyMigrations(database, options.migrations ?? readMigrations());
  return database;
}

/** Does something to the server as a whole, while nobody else here does. */
async function alone(url: string, work: (server: pg.Client) => Promise<void>): Promise<void> {
  const server = new pg.Client(url);
  await server.connect();
  try {
    await server.query(`select pg_advisory_lock(${LOCK})`);
    await work(server);
  } finally {
    await server.end();
  }
}

async function createRoles(server: pg.Client): Promise<void> {
  for (const [role, options] of Object.entries(HOSTED_ROLES)) {
    const { rows } = await server.query(
      `select shobj_description(oid, 'pg_authid') as mark from pg_roles where rolname = '${role}'`,
    );
    if (rows.length === 0)
      await server.query(`create role ${role} ${options}; comment on role ${role} is '${MARK}'`);
    else if (rows[0].mark !== MARK)
      throw new Error(`The server of DATABASE_URL has a role ${role} of its own.`);
  }
}

/** Those that no database of another test file needs any more. */
async function dropRoles(server: pg.Client): Promise<void> {
  const { rows } = await server.query("select from pg_database where datname like 'stories\\_%'");
  const roles = Object.keys(HOSTED_ROLES).join(", ");
  if (rows.length === 0) await server.query(`drop owned by ${roles}; drop role ${roles}`);
}

/** pgTAP is SQL and nothing else, so that the server need not have it as an extension. */
function readPgtap(): string {
  const archive = fileURLToPath(import.meta.resolve("@electric-sql/pglite-pgtap")).replace(
    /index\.\w+$/,
    "pgtap.tar.gz",
  );
  return execFileSync("tar", ["xzOf", archive, "share/postgresql/extension/pgtap.sql"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => !line.startsWith("\\"))
    .join("\n");
}

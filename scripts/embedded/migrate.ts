import "./telemetry-off.ts";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listHistory, splitSqlStatements } from "@supabase/lite";
import type { PgliteConnection } from "@supabase/lite/pglite";
import { messageOf, StartProblem } from "./problem.ts";

/** One file of `supabase/migrations`. */
export interface Migration {
  file: string;
  /** The digits before the first underscore. Text, as for the Supabase CLI: "20260305" < "20260306000000". */
  version: string;
  name: string;
  sql: string;
}

/** A statement, after comments, that begins or ends a transaction. */
const TRANSACTION_CONTROL =
  /^(?:\s|--.*(?:\n|$)|\/\*[\s\S]*?\*\/)*(begin|start\s+transaction|commit|end|rollback|abort)\b/i;

/**
 * The migrations of a folder in the order they are applied in. Files that do not end in `.sql` are ignored.
 *
 * @throws StartProblem for a file name that is not `<digits>_<name>.sql`, and for a version used twice
 */
export function readMigrations(folder: string): Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => readMigration(folder, file))
    .sort((a, b) => (a.version < b.version ? -1 : 1));
  for (const [index, { version, file }] of migrations.entries()) {
    const previous = migrations[index - 1];
    if (previous?.version === version) {
      throw new StartProblem(
        `The migrations ${previous.file} and ${file} share the version ${version}. Rename one of them.`,
      );
    }
  }
  return migrations;
}

function readMigration(folder: string, file: string): Migration {
  const [, version, name] = /^(\d+)_(.+)\.sql$/.exec(file) ?? [];
  if (!version || !name) {
    throw new StartProblem(
      `The migration ${file} wouldn't be applied: its name must be <digits>_<name>.sql, ` +
        "for example 20260305_vault_secrets.sql.",
    );
  }
  return { file, version, name, sql: readFileSync(join(folder, file), "utf8") };
}

/**
 * Applies what the database doesn't have yet, each file in one transaction together with its row in
 * `supabase_migrations.schema_migrations`, the table the Supabase CLI keeps as well.
 *
 * This replaces Lite's own runner, which silently skips versions that don't have 14 digits.
 *
 * @param report receives one line for each applied migration and for each difference to the history
 * @returns the applied migrations
 * @throws StartProblem that names the file and carries the database's message; earlier files stay applied
 */
export async function migrate(
  connection: PgliteConnection,
  migrations: Migration[],
  report: (line: string) => void,
): Promise<Migration[]> {
  const history = new Map((await listHistory(connection)).map((row) => [row.version, row]));
  const applied: Migration[] = [];
  for (const migration of migrations) {
    const statements = splitSqlStatements(migration.sql);
    const recorded = history.get(migration.version);
    if (!recorded) {
      await apply(connection, migration, statements);
      applied.push(migration);
      report(`✓ Migration ${migration.file} applied`);
    } else if (recorded.statements?.join() !== statements.join()) {
      report(
        `! Migration ${migration.file} was changed after it was applied. Put the change into a new file`,
      );
    }
  }
  const known = new Set(migrations.map(({ version }) => version));
  for (const version of history.keys()) {
    if (!known.has(version))
      report(`! The database has the migration ${version}, but there is no file for it`);
  }
  return applied;
}

async function apply(
  connection: PgliteConnection,
  migration: Migration,
  statements: string[],
): Promise<void> {
  const control = statements.map((sql) => TRANSACTION_CONTROL.exec(sql)?.[1]).find(Boolean);
  if (control) {
    throw new StartProblem(
      `The migration ${migration.file} contains ${control.toUpperCase()}. Remove it: each file is one transaction.`,
    );
  }
  const { driver } = connection;
  try {
    await driver.transaction(async (tx) => {
      await tx.exec(migration.sql);
      await tx.query(
        "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)",
        [migration.version, migration.name, statements],
      );
    });
    // A migration's `set` must not outlive it: requests are served in the same session.
    await driver.exec("reset all");
  } catch (error) {
    throw new StartProblem(`The migration ${migration.file} failed: ${messageOf(error)}.`);
  }
}

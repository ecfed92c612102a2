import { applyMigrations, openBareDatabase, readMigrations } from "../../tests/support/bare-postgres.ts";
import { keyOf, type SchemaRow } from "./schema-rows.ts";

/**
 * The text of supabase/schema.txt: applies the migrations to an empty database, one after the other, and asks
 * `doctor_schema` after each.
 *
 * @throws Error if no migration makes that function
 */
export async function describeMigrations(): Promise<string> {
  const migrations = readMigrations();
  const asking = migrations.findLast(({ sql }) => sql.includes("function public.doctor_schema("));
  if (!asking) throw new Error("No migration makes the function doctor_schema.");
  // It reads nothing but catalogs, so that it can be there before everything else.
  const database = await openBareDatabase({ migrations: [asking] });
  let described = new Map<string, { row: SchemaRow; migration: string }>();
  async function note(migration: string): Promise<void> {
    const { rows } = await database.query<SchemaRow>("select * from public.doctor_schema()");
    described = new Map(
      rows.map((row) => {
        const before = described.get(keyOf(row));
        return [keyOf(row), before?.row.detail === row.detail ? before : { row, migration }];
      }),
    );
  }
  await note(asking.file);
  for (const migration of migrations) {
    await applyMigrations(database, [migration]);
    await note(migration.file);
  }
  await database.close();
  const byMigration = Map.groupBy(described.values(), ({ migration }) => migration);
  const parts = migrations.map(({ file }) => {
    const rows = (byMigration.get(file) ?? []).map(({ row }) => `${keyOf(row)}\t${row.detail}\n`);
    return `# ${file}\n${rows.sort().join("")}`;
  });
  return `Written by \`npm run db:types\` from supabase/migrations, for \`npm run doctor\`: change those instead.\n\n${parts.join("\n")}`;
}

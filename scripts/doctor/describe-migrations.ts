import { applyMigrations, openBareDatabase, readMigrations } from "../../tests/database/bare-postgres.ts";
import { keyOf, type SchemaRow } from "./schema-rows.ts";

/**
 * The text of supabase/schema.txt: applies the migrations to an empty database, one after the other, and asks
 * `doctor_schema` after each.
 */
export async function describeMigrations(): Promise<string> {
  const migrations = readMigrations();
  // It reads nothing but catalogs, so that it can be there before everything else.
  const asking = migrations.findLast(({ sql }) => sql.includes("function public.doctor_schema("));
  const database = await openBareDatabase({ migrations: asking ? [asking] : [] });
  let before = new Map<string, { row: SchemaRow; migration: string }>();
  for (const migration of migrations) {
    await applyMigrations(database, [migration]);
    const { rows } = await database.query<SchemaRow>("select * from public.doctor_schema()");
    before = new Map(
      rows.map((row) => {
        const known = before.get(keyOf(row));
        return [keyOf(row), known?.row.detail === row.detail ? known : { row, migration: migration.file }];
      }),
    );
  }
  await database.close();
  const byMigration = Map.groupBy(before.values(), ({ row, migration }) =>
    asking && row.object.includes("doctor_schema(") ? asking.file : migration,
  );
  const parts = migrations.map(({ file }) => {
    const rows = (byMigration.get(file) ?? []).map(({ row }) => `${keyOf(row)}\t${row.detail}\n`);
    return `# ${file}\n${rows.sort().join("")}`;
  });
  return `Written by \`npm run db:types\` from supabase/migrations, for \`npm run doctor\`: change those instead.\n\n${parts.join("\n")}`;
}

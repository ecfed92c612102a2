import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PGlite } from "@electric-sql/pglite";
import { openBareDatabase } from "../tests/support/bare-postgres.ts";
import { describeMigrations } from "./doctor/describe-migrations.ts";
import { SCHEMA_FILE } from "./doctor/schema-rows.ts";

// Writes types/database.ts from the schema that the migrations produce, in the shape of `supabase gen types`, and
// supabase/schema.txt, which `npm run doctor` compares a database with.
// More exact in one way: a check constraint on a fixed set of texts becomes a union of literals.

const ROOT = join(import.meta.dirname, "..");
export const TYPES_FILE = join(ROOT, "types/database.ts");

interface Column {
  /** Or a view. */
  table: string;
  name: string;
  type: string;
  nullable: boolean;
  /** The database fills it in where an insert leaves it out. */
  optional: boolean;
  /** The definitions of the check constraints on this column alone. */
  checks: string[];
}

/** Of tables, and of views, whose columns can all be null and need no value. */
const columnsOf = (kind: "r" | "v") => `
  select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
    not a.attnotnull as nullable, not a.attnotnull or a.atthasdef as optional,
    array(select pg_get_constraintdef(k.oid) from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]) as checks
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'public'::regnamespace and c.relkind = '${kind}' and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attname`;

type Relationship = { table: string; [property: string]: unknown };

const names = (table: string, numbers: string) => `array(
    select a.attname::text from unnest(${numbers}) with ordinality as n (number, position)
    join pg_attribute a on a.attrelid = ${table} and a.attnum = n.number order by n.position)`;

const RELATIONSHIPS = `
  select k.conrelid::regclass::text as table, k.conname as "foreignKeyName",
    ${names("k.conrelid", "k.conkey")} as columns,
    exists (select from pg_constraint u where u.conrelid = k.conrelid and u.contype in ('p', 'u')
      and u.conkey <@ k.conkey) as "isOneToOne",
    f.relname as "referencedRelation",
    ${names("k.confrelid", "k.confkey")} as "referencedColumns"
  from pg_constraint k join pg_class f on f.oid = k.confrelid
  where k.contype = 'f' and k.connamespace = 'public'::regnamespace and f.relnamespace = 'public'::regnamespace
  order by k.conname`;

/** Whatever else the REST API would offer. The schema has none of it, and it must not be left out in silence. */
const UNTRANSLATED = `
  select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind not in ('r', 'v', 'i')
  union all select proname from pg_proc
    where pronamespace = 'public'::regnamespace and prorettype <> 'trigger'::regtype and 't' <> all (coalesce(proargmodes, '{}'))
  union all select typname from pg_type
    where typnamespace = 'public'::regnamespace and typtype in ('e', 'd', 'r')
  union all select attname from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = 'public'::regnamespace and (attgenerated <> '' or attidentity <> '')`;

/** Views that rows can be added to, by a trigger or because they are simple. */
const INSERTABLE_VIEWS = `
  select relname as name from pg_class
  where relnamespace = 'public'::regnamespace and relkind = 'v' and pg_relation_is_updatable(oid, true) & 8 > 0`;

/** Functions that return a table, with their arguments and, as outputs, its columns. */
const FUNCTIONS = `
  select proname as name, argument as "argument", mode = 't' as output, format_type(type, null) as type
  from pg_proc, unnest(proargnames, proargmodes, proallargtypes) with ordinality as a (argument, mode, type, position)
  where pronamespace = 'public'::regnamespace and 't' = any (proargmodes)
  order by proname, position`;

interface Parameter {
  /** The function's name. */
  name: string;
  argument: string;
  output: boolean;
  type: string;
}

const TYPES: Record<string, string> = {
  boolean: "boolean",
  ...Object.fromEntries(["text", "uuid", "date", "timestamp with time zone"].map((name) => [name, "string"])),
  ...Object.fromEntries(["integer", "bigint", "numeric", "double precision"].map((name) => [name, "number"])),
  jsonb: "Json",
};

/** The TypeScript type of a column's values as the REST API has them, or the literals that a check allows. */
function typeOf({ table, name, type, checks, nullable }: Column): string {
  const element = TYPES[type.replace("[]", "")];
  if (!element) throw new Error(`generate-types can't translate ${type} (${table}.${name}). Add it there.`);
  const allowed = checks.map((check) => /^CHECK \(\(\w+ = ANY \(ARRAY\[(.+)\]\)\)\)$/.exec(check)?.[1]);
  const literals = allowed.find(Boolean)?.match(/(?<=')(?:[^']|'')*(?='::text)/g);
  const union = literals?.map((literal) => JSON.stringify(literal.replaceAll("''", "'"))).join(" | ");
  return `${union ?? type.replace(/^[^[]+/, element)}${nullable ? " | null" : ""}`;
}

// Nullable throughout: PostgreSQL neither forbids null as an argument nor promises that none comes back.
function functionType(parameters: Parameter[]): string {
  const named = (output: boolean) =>
    parameters
      .filter((parameter) => parameter.output === output)
      .map(({ name, argument, type }) => {
        const column = { table: name, name: argument, type, nullable: true, optional: false, checks: [] };
        return `${argument}: ${typeOf(column)};`;
      });
  const args = named(false).join("\n");
  return `{ Args: ${args ? `{${args}}` : "Record<PropertyKey, never>"}; Returns: {${named(true).join("\n")}}[] }`;
}

function tableType(columns: Column[], relationships: Relationship[]): string {
  const row = columns.map((column) => `${column.name}: ${typeOf(column)};`);
  const insert = columns.map((column) => `${column.name}${column.optional ? "?" : ""}: ${typeOf(column)};`);
  const update = columns.map((column) => `${column.name}?: ${typeOf(column)};`);
  const references = relationships.map(({ table: _, ...relationship }) => JSON.stringify(relationship));
  return `{ Row: {${row.join("\n")}}; Insert: {${insert.join("\n")}}; Update: {${update.join("\n")}};
    Relationships: [${references.join()}] };`;
}

function viewType(columns: Column[], isInsertable: boolean): string {
  const row = columns.map((column) => `${column.name}: ${typeOf(column)};`);
  const insert = columns.map((column) => `${column.name}?: ${typeOf(column)};`);
  return `{ Row: {${row.join("\n")}}; ${isInsertable ? `Insert: {${insert.join("\n")}};` : ""} Relationships: [] };`;
}

const members = (of: string[]) => (of.length === 0 ? "Record<never, never>" : `{ ${of.join("\n")} }`);

/**
 * The text of types/database.ts for a migrated database.
 *
 * @throws Error where the schema has something that this generator was never taught
 */
export async function generateTypes(database: PGlite): Promise<string> {
  const untranslated = (await database.query<{ name: string }>(UNTRANSLATED)).rows[0];
  if (untranslated) throw new Error(`generate-types can't translate ${untranslated.name}. Add it there.`);
  const columns = (await database.query<Column>(columnsOf("r"))).rows;
  const relationships = (await database.query<Relationship>(RELATIONSHIPS)).rows;

  const tables = [...Map.groupBy(columns, ({ table }) => table)].map(([name, own]) => {
    const references = relationships.filter(({ table }) => table === name);
    return `${name}: ${tableType(own, references)}`;
  });
  const insertable = (await database.query<{ name: string }>(INSERTABLE_VIEWS)).rows.map(({ name }) => name);
  const viewColumns = (await database.query<Column>(columnsOf("v"))).rows;
  const views = [...Map.groupBy(viewColumns, ({ table }) => table)].map(
    ([name, own]) => `${name}: ${viewType(own, insertable.includes(name))}`,
  );
  const parameters = (await database.query<Parameter>(FUNCTIONS)).rows;
  const functions = [...Map.groupBy(parameters, ({ name }) => name)].map(
    ([name, own]) => `${name}: ${functionType(own)};`,
  );
  const usesJson = [...columns, ...parameters].some(({ type }) => type.startsWith("jsonb"));
  const source = `// Written by \`npm run db:types\` from supabase/migrations: change those instead.

export type { VaultSecret } from "../lib/vault/types";

${usesJson ? "export type Json = string | number | boolean | null | { [key: string]: Json } | Json[];" : ""}

export type Database = { public: {
  Tables: ${members(tables)};
  Views: ${members(views)};
  Functions: ${members(functions)};
  ${["Enums", "CompositeTypes"].map((kind) => `${kind}: Record<never, never>;`).join("\n")}
} };
`;
  const biome = join(ROOT, "node_modules/.bin/biome");
  const format = ["format", "--stdin-file-path=types/database.ts"];
  return execFileSync(biome, format, { cwd: ROOT, input: source, encoding: "utf8", stdio: "pipe" });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const database = await openBareDatabase();
  writeFileSync(TYPES_FILE, await generateTypes(database));
  await database.close();
  writeFileSync(SCHEMA_FILE, await describeMigrations());
}

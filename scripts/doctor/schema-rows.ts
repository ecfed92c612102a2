import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A row of the database function `doctor_schema`. */
export interface SchemaRow {
  kind: string;
  object: string;
  name: string;
  detail: string;
}

/** What the migrations make, and which of them made it as it is in the end. */
export interface ExpectedRow extends SchemaRow {
  /** The name of its file. */
  migration: string;
}

/** Written by `npm run db:types`. Below the name of each migration, its rows, with tabs between their columns. */
export const SCHEMA_FILE = join(import.meta.dirname, "../../supabase/schema.txt");

/** Reads {@link SCHEMA_FILE}. */
export function readExpectedSchema(): ExpectedRow[] {
  const rows: ExpectedRow[] = [];
  let migration = "";
  for (const line of readFileSync(SCHEMA_FILE, "utf8").split("\n")) {
    if (line.startsWith("# ")) migration = line.slice(2);
    const [kind, object, name, detail] = line.split("\t");
    if (kind && object && name && detail !== undefined) rows.push({ kind, object, name, detail, migration });
  }
  return rows;
}

/** What identifies a row. */
export const keyOf = ({ kind, object, name }: SchemaRow): string => [kind, object, name].join("\t");

/** For a person: `column note of teams`, `function team_spending(…)`, `select on teams to anon`. */
export function nameOf({ kind, object, name }: SchemaRow): string {
  const short = object.replace(/^public\.|\(.*$/g, "");
  if (kind === "function") return `function ${short}`;
  if (kind === "view") return `view ${short}`;
  if (kind === "grant") return `grant ${name}`;
  return `${kind} ${name} of ${short}`;
}

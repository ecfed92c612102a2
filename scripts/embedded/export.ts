/** What the export reads from: an open database. */
interface Source {
  query<Row>(sql: string): Promise<{ rows: Row[] }>;
}

/**
 * People's accounts and the ways they sign in, by the columns that the embedded auth server and Supabase's share.
 * Sessions aren't exported: everyone signs in again.
 */
const ACCOUNTS = {
  "auth.users":
    "id aud role email encrypted_password email_confirmed_at raw_app_meta_data raw_user_meta_data is_sso_user is_anonymous banned_until last_sign_in_at created_at updated_at",
  "auth.identities": "id provider provider_id user_id identity_data last_sign_in_at created_at updated_at",
};

/** What Supabase's auth server also needs: it looks for this instance, and cannot read a null in these columns. */
const HOSTED_ONLY: Record<string, string> = {
  instance_id: "'00000000-0000-0000-0000-000000000000'",
  confirmation_token: "''",
  recovery_token: "''",
  email_change: "''",
  email_change_token_new: "''",
};

const HEADER = `-- Accounts, teams, secrets (encrypted), webhooks, runs, and activity of a Command Center.
-- For a Supabase project that has all migrations and no accounts yet:
--   psql "$DATABASE_URL" --set ON_ERROR_STOP=1 --file THIS_FILE
-- Everything is stored, or nothing.
set client_encoding = 'UTF8';
set standard_conforming_strings = on;
begin;
do $$ begin
  if exists (select from auth.users) then
    raise exception 'This project already has accounts. Nothing was changed.';
  end if;
end $$;
-- Rows stay as they are: triggers neither add to them nor refuse them, and their order doesn't matter.
set local session_replication_role = replica;
-- An app that was already started here has made one under its own key. The one below says which key these secrets need.
delete from public.vault_key_check;
`;

/**
 * The data of an embedded database as SQL for a hosted one.
 *
 * @yields statements, each with its line break
 */
export async function* exportSql(source: Source): AsyncGenerator<string> {
  yield HEADER;
  for (const [table, columns] of Object.entries(ACCOUNTS)) {
    yield* inserts(source, table, columns.split(" "), table === "auth.users" ? HOSTED_ONLY : {});
  }
  for (const { name, columns } of await ourTables(source)) yield* inserts(source, name, columns);
  yield "commit;\n";
}

/** The tables that the migrations made, with the columns that are stored. */
async function ourTables(source: Source): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await source.query<{ name: string; columns: string[] }>(`
    select format('public.%I', relname) as name,
      (select array_agg(quote_ident(attname) order by attnum) from pg_attribute
        where attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`);
  return rows;
}

async function* inserts(
  source: Source,
  table: string,
  columns: string[],
  constants: Record<string, string> = {},
): AsyncGenerator<string> {
  // PostgreSQL writes the literals: only it knows all of its own rules for them.
  const values = columns.map((column) => `quote_nullable(${column}::text)`).join(" || ', ' || ");
  const { rows } = await source.query<{ row: string }>(`select ${values} as row from ${table} order by 1`);
  const names = [...columns, ...Object.keys(constants)].join(", ");
  for (const { row } of rows) {
    yield `insert into ${table} (${names}) values (${[row, ...Object.values(constants)].join(", ")});\n`;
  }
}

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, readMigrations, readShippedMigrations } from "../support/bare-postgres.ts";
import { ENGINES } from "./postgres-server.ts";

// What Supabase's database linter warns of, asked by queries of our own. What it calls unused_index is indexes.test.ts's.
// https://supabase.com/docs/guides/database/database-linter

const migrations = readMigrations();
const dropIn = readShippedMigrations("vault", "vault-usage");

const TABLES = "pg_class as c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'";

/** By the linter's name for it: what is wrong, each as a text. */
const LINTS = {
  no_primary_key: `select c.relname as found from ${TABLES}
    and not exists (select from pg_index as i where i.indrelid = c.oid and i.indisprimary)`,
  // The first columns of an index that has every row.
  unindexed_foreign_keys: `select k.conrelid::regclass || ' ' || k.conname as found from pg_constraint as k
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace and not exists (
      select from pg_index as i where i.indrelid = k.conrelid and i.indpred is null
        and k.conkey <@ (i.indkey::smallint[])[0:cardinality(k.conkey) - 1])`,
  duplicate_index: `select a.indexrelid::regclass || ' ' || b.indexrelid::regclass as found
    from pg_index as a join pg_index as b on a.indrelid = b.indrelid and a.indexrelid < b.indexrelid
      and regexp_replace(pg_get_indexdef(a.indexrelid), ' INDEX \\S+', '') = regexp_replace(pg_get_indexdef(b.indexrelid), ' INDEX \\S+', '')
    where a.indrelid in (select c.oid from ${TABLES})`,
  rls_disabled_in_public: `select c.relname as found from ${TABLES} and not c.relrowsecurity`,
  rls_enabled_no_policy: `select c.relname as found from ${TABLES}
    and not exists (select from pg_policy as p where p.polrelid = c.oid)`,
  multiple_permissive_policies: `select c.relname || ' ' || role || ' ' || command as found from pg_policy as p
    join pg_class as c on c.oid = p.polrelid
    cross join unnest(p.polroles) as role
    cross join unnest(case p.polcmd when '*' then array['r', 'a', 'w', 'd'] else array[p.polcmd::text] end) as command
    where p.polpermissive group by c.relname, role, command having count(*) > 1`,
  auth_rls_initplan: `select tablename || ' ' || policyname as found from pg_policies
    where regexp_replace(concat(qual, ' ', with_check), 'SELECT (auth\\.\\w+|current_setting)\\(', '', 'g')
      ~ '(auth\\.\\w+|current_setting)\\('`,
  rls_policy_always_true: `select tablename || ' ' || policyname as found from pg_policies
    where permissive = 'PERMISSIVE' and cmd <> 'SELECT' and 'true' in (qual, with_check)`,
  function_search_path_mutable: `select oid::regprocedure::text as found from pg_proc
    where pronamespace = 'public'::regnamespace
      and not exists (select from unnest(proconfig) as setting where setting like 'search\\_path=%')`,
  security_definer_view: `select c.relname as found from pg_class as c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
      and not coalesce(c.reloptions @> array['security_invoker=true'], false)`,
  security_definer_function_executable: `select role || ' ' || p.oid::regprocedure as found
    from pg_proc as p cross join unnest(array['anon', 'authenticated']) as role
    where p.pronamespace = 'public'::regnamespace and p.prosecdef and has_function_privilege(role, p.oid, 'execute')`,
};

/** For each lint, what makes it find something. */
const MISTAKES: Record<keyof typeof LINTS, string> = {
  no_primary_key: "create table public.bad ()",
  unindexed_foreign_keys: "create table public.bad (secret uuid references public.vault_secrets)",
  duplicate_index: `create index bad_one on public.vault_secrets (category);
    create index bad_two on public.vault_secrets (category)`,
  rls_disabled_in_public: "create table public.bad ()",
  rls_enabled_no_policy: "create table public.bad (); alter table public.bad enable row level security",
  multiple_permissive_policies: `create policy "Bad" on public.vault_secrets for select to authenticated using (false)`,
  auth_rls_initplan: `create policy "Bad" on public.vault_secrets as restrictive to authenticated
    using (owner_id = auth.uid())`,
  rls_policy_always_true: `create policy "Bad" on public.vault_secrets for delete to authenticated using (true)`,
  function_search_path_mutable: "create function public.bad() returns void language sql as ''",
  security_definer_view: "create view public.bad as select 1 as one",
  security_definer_function_executable:
    "create function public.bad() returns void language sql security definer as ''",
};

const HISTORIES = [
  { what: "All migrations", applied: migrations },
  { what: "What other apps install", applied: dropIn },
].flatMap((history) => ENGINES.map((engine) => ({ ...history, ...engine })));

describe.each(HISTORIES)("$what, on $engine", ({ applied, open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open({ migrations: applied, defaultGrants: true });
  });
  afterAll(() => database.close());
  const found = async (lint: keyof typeof LINTS) =>
    ((await database.query(LINTS[lint])).rows as { found: string }[]).map((row) => row.found);

  test.each(Object.keys(LINTS) as (keyof typeof LINTS)[])("leave nothing for the lint %s", async (lint) => {
    expect(await found(lint)).toEqual([]);
    await database.exec(`begin; ${MISTAKES[lint]}`);
    expect(await found(lint)).not.toEqual([]);
    await database.exec("rollback");
  });
});

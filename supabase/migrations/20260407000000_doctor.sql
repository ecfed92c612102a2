-- Describes what the migrations have made, so that `npm run doctor` can compare it with what they should have made:
-- the objects of public with their row-level security, policies, triggers, and privileges. It reads the system catalogs
-- and no row of any table. Details are spelled the same by PostgreSQL 15 and later.
--
-- kind    table, view, column, constraint, index, policy, trigger, function, or grant
-- object  the table, view, or function that it belongs to; public itself for a grant on the schema
-- name    unique for its kind and object
-- detail  the definition; of a function's body, its MD5 hash
create or replace function public.doctor_schema()
returns table (kind text, object text, name text, detail text)
language sql
stable
set search_path = ''
as $$
  with relations as (
    select * from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
  ),
  functions as (
    select *, oid::regprocedure::text as signature from pg_proc where pronamespace = 'public'::regnamespace
  ),
  -- Where nothing was ever granted or revoked, what counts are the defaults.
  privileges as (
    select relname::text as object, relname::text as target, coalesce(relacl, acldefault('r', relowner)) as acl
      from relations
    union all
    select relname, format('%s.%s', relname, attname), attacl
      from relations join pg_attribute on attrelid = relations.oid where attacl is not null
    union all
    select signature, signature, coalesce(proacl, acldefault('f', proowner)) from functions
    union all
    select nspname, 'schema ' || nspname, nspacl from pg_namespace where nspname = 'public'
  ),
  described as (
    select 'table' as kind, relname::text as object, 'row-level security' as name,
        case when relrowsecurity then 'on' else 'off' end as detail
      from relations where relkind in ('r', 'p')
    union all
    -- Not the query, which each version of PostgreSQL prints in its own way, but what it reads.
    select 'view', relname, 'definition', concat_ws(' ', array_to_string(reloptions, ' '), (
        select string_agg(distinct format('%s.%s', refobjid::regclass, attname), ' ')
        from pg_rewrite join pg_depend on objid = pg_rewrite.oid and classid = 'pg_rewrite'::regclass
          join pg_attribute on attrelid = refobjid and attnum = refobjsubid
        where ev_class = relations.oid and refclassid = 'pg_class'::regclass and refobjid <> ev_class
          and refobjsubid > 0))
      from relations where relkind in ('v', 'm')
    union all
    select 'column', relname, attname, concat_ws(' ', format_type(atttypid, atttypmod),
        case when attnotnull then 'not null' end, 'default ' || pg_get_expr(adbin, adrelid))
      from relations join pg_attribute on attrelid = relations.oid
        left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attnum > 0 and not attisdropped
    union all
    -- From version 18 on, "not null" is a constraint too (n).
    select 'constraint', relname, conname, pg_get_constraintdef(pg_constraint.oid)
      from relations join pg_constraint on conrelid = relations.oid where contype in ('c', 'f', 'p', 'u', 'x')
    union all
    select 'index', relations.relname, index.relname, pg_get_indexdef(indexrelid)
      from relations join pg_index on indrelid = relations.oid join pg_class as index on index.oid = indexrelid
      where indisvalid
    union all
    select 'policy', relname, polname, concat_ws(' ',
        case when polpermissive then 'permissive' else 'restrictive' end, polcmd::text,
        (select string_agg(case role when 0 then 'public' else role::regrole::text end, ', ') from unnest(polroles) as role),
        'using ' || pg_get_expr(polqual, polrelid), 'check ' || pg_get_expr(polwithcheck, polrelid))
      from relations join pg_policy on polrelid = relations.oid
    union all
    -- Without casts and their parentheses: whether columns of auth.users need one depends on Supabase's version.
    select 'trigger', tgrelid::regclass::text, tgname, concat_ws(' ', case tgenabled when 'D' then 'disabled' end,
        translate(replace(pg_get_triggerdef(pg_trigger.oid), '::text', ''), '()', ''))
      from pg_trigger join functions on functions.oid = tgfoid where not tgisinternal
    union all
    select 'function', signature, 'definition', concat_ws(' ', prosecdef::text, provolatile::text,
        array_to_string(proconfig, ' '), pg_get_function_result(oid),
        md5(regexp_replace(prosrc, '\s+', ' ', 'g')))
      from functions
    union all
    select 'grant', privileges.object, format('%s on %s to %s', lower(privilege_type), target,
        case grantee when 0 then 'public' else grantee::regrole::text end), ''
      from privileges, aclexplode(acl)
      where (grantee = 0 or grantee in (to_regrole('anon'), to_regrole('authenticated'), to_regrole('service_role')))
        -- Not "maintain", which is new in version 17; and on the schema, all roles have "usage".
        and privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'EXECUTE',
          'CREATE')
  )
  select described.kind, described.object, described.name, regexp_replace(described.detail, '\s+', ' ', 'g')
    from described
    order by 1, 2, 3;
$$;

revoke all on function public.doctor_schema() from public, anon, authenticated, service_role;
grant execute on function public.doctor_schema() to service_role;

-- One row more than the REST API's usual limit, which the app's lists rely on: how many of them come says what it is.
create or replace function public.doctor_rows()
returns table (number integer)
language sql
immutable
set search_path = ''
as $$
  select generate_series(1, 1001);
$$;

revoke all on function public.doctor_rows() from public, anon, authenticated, service_role;
grant execute on function public.doctor_rows() to service_role;

-- What anybody but the server may do: a signed-in person reads the metadata of vault_secrets, and that is all. It looks
-- at everything that there is, so that a later migration which grants more fails here.
begin;
-- Four statements on each table and a read of each view, by two roles.
select plan(5 + 2 * (select 4 * count(*) filter (where relkind in ('r', 'p')) + count(*)
  from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f'))::integer);

-- By the catalogs: every grant to anybody but the owner and the server. Where nothing was ever granted or revoked, the
-- defaults count (coalesce), and the grantee 0 is everybody.

prepare grants as
  select object, case grantee when 0 then 'public' else grantee::regrole::text end as grantee, privilege_type
  from (
    select relname::text as object, relowner as owner, coalesce(relacl, acldefault('r', relowner)) as acl
      from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
    union all select relname, relowner, coalesce(relacl, acldefault('s', relowner))
      from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'
    union all select relname || '.' || attname, relowner, attacl
      from pg_class join pg_attribute on attrelid = pg_class.oid where relnamespace = 'public'::regnamespace
    union all select oid::regprocedure::text, proowner, coalesce(proacl, acldefault('f', proowner))
      from pg_proc where pronamespace = 'public'::regnamespace
  ) as objects, aclexplode(acl)
  where grantee not in (owner, 'service_role'::regrole);
select set_eq('grants',
  $$ select 'vault_secrets.' || attribute, 'authenticated' as grantee, 'SELECT' as privilege_type
     from unnest(array['id', 'owner_type', 'owner_id', 'key', 'category', 'description', 'last_rotated_at',
       'created_at', 'updated_at']) as attribute $$,
  'Signed-in people read every column of vault_secrets but encrypted_value, and nobody else does anything at all');
select is_empty(
  $$ select attrelid::regclass, attname from pg_attribute join pg_class on pg_class.oid = attrelid, aclexplode(attacl)
     where relnamespace = 'public'::regnamespace and grantee <> 'authenticated'::regrole $$,
  'The server''s rights are on whole tables');
select is_empty(
  $$ select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' $$,
  'There is no sequence, whose numbers would say how many rows others have added');
select is_empty(
  $$ select role from unnest(array['anon', 'authenticated']) as role
     where has_schema_privilege(role, 'public', 'create') $$,
  'Neither of them creates anything in public');
select is_empty(
  $$ select roleid::regrole from pg_auth_members where member in ('anon'::regrole, 'authenticated'::regrole) $$,
  'Neither of them has the rights of another role');

-- By trying: what may be granted later, by whatever way, shows here too

create temporary view attempts as
  select format(statement, relname, attname) as statement, format(what, relname) as what,
      statement like 'select%' and relname = 'vault_secrets' as is_metadata
    from pg_class join pg_attribute on attrelid = pg_class.oid and attnum = 1
      cross join (values ('select from public.%s', 'read %s'), ('insert into public.%s default values', 'add to %s'),
        ('update public.%s set %s = null', 'change %s'), ('delete from public.%s', 'delete from %s'),
        ('truncate public.%s', 'empty %s')) as statements (statement, what)
    where relnamespace = 'public'::regnamespace
      and (relkind in ('r', 'p') or relkind in ('v', 'm', 'f') and statement like 'select%')
    order by relname, what;
grant select on attempts to anon, authenticated;

set local role anon;
select throws_ok(statement, '42501', null, 'anon cannot ' || what) from attempts;

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';
select case
    when is_metadata then lives_ok(statement, 'A signed-in person can ' || what || ', whose policy says which rows')
    else throws_ok(statement, '42501', null, 'A signed-in person cannot ' || what) end
  from attempts;

reset role;
-- A prepared statement would outlive the rollback.
deallocate grants;
select * from finish();
rollback;

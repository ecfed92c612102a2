-- What the migrations leave behind, whoever asks: row-level security, policies, privileges, functions, triggers.
begin;
select plan(27);

-- Tables

select columns_are('public', 'vault_secrets',
  array['id', 'owner_type', 'owner_id', 'key', 'encrypted_value', 'category', 'description',
    'last_rotated_at', 'created_at', 'updated_at'],
  'vault_secrets has its ten columns and no other');
select col_is_unique('public', 'vault_secrets', array['owner_type', 'owner_id', 'key'],
  'An owner has one secret for a key');
select is_empty(
  $$ select relname from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity $$,
  'Every table of public has row-level security');
select is_empty(
  $$ select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm', 'f') $$,
  'No view of public goes around row-level security');

-- Policies

select policies_are('public', 'vault_secrets',
  array['A user manages their own secrets', 'A member sees their team''s secrets',
    'An admin manages their team''s secrets'],
  'vault_secrets has the policies of the user, the member and the admin');
select is_empty(
  $$ select policyname from pg_policies where schemaname = 'public' and policyname !~ '^An? [a-z]+ [a-z]+s .*[a-z]$' $$,
  'Every policy''s name is a sentence');
select is_empty(
  $$ select policyname from pg_policies where schemaname = 'public' and roles <> '{authenticated}' $$,
  'Every policy is for signed-in people alone');
select is_empty(
  $$ select policyname from pg_policies
     where schemaname = 'public'
       and replace(concat(qual, with_check), '( SELECT auth.uid() AS uid)', '') ~ 'auth\.(uid|jwt|role)\(' $$,
  'Policies ask who the caller is once a statement, not once a row');

-- Privileges on tables

select is_empty(
  $$ select relname, grantee from pg_class, aclexplode(relacl)
     where relnamespace = 'public'::regnamespace and grantee in (0, 'anon'::regrole)
     union all
     select attname, grantee from pg_class join pg_attribute on attrelid = pg_class.oid, aclexplode(attacl)
     where relnamespace = 'public'::regnamespace and grantee in (0, 'anon'::regrole) $$,
  'Nothing of public is granted to anon or to everybody');
select is_empty(
  $$ select relname, privilege_type from pg_class, aclexplode(relacl)
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and grantee = 'authenticated'::regrole and privilege_type <> 'SELECT' $$,
  'Signed-in people write to no table');
select table_privs_are('public', 'vault_secrets', 'authenticated', array[]::text[],
  'Signed-in people have no right on vault_secrets as a whole');
select column_privs_are('public', 'vault_secrets', 'encrypted_value', 'authenticated', array[]::text[],
  'Signed-in people have no right on encrypted_value');
select set_eq(
  $$ select attname::text from pg_attribute
     where attrelid = 'public.vault_secrets'::regclass and attnum > 0
       and has_column_privilege('authenticated', attrelid, attnum, 'select') $$,
  array['id', 'owner_type', 'owner_id', 'key', 'category', 'description', 'last_rotated_at', 'created_at',
    'updated_at'],
  'Signed-in people may read every column but encrypted_value');
select is_empty(
  $$ select attname from pg_attribute
     where attrelid = 'public.vault_secrets'::regclass and attnum > 0
       and has_column_privilege('authenticated', attrelid, attnum, 'insert, update, references') $$,
  'Signed-in people write to no column of vault_secrets');
select is_empty(
  $$ select relname from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and (select array_agg(privilege_type order by privilege_type) from aclexplode(relacl)
            where grantee = 'service_role'::regrole)
         is distinct from array['DELETE', 'INSERT', 'SELECT', 'UPDATE'] $$,
  'The server reads, adds, changes and deletes rows of every table, and has no other right');

-- Functions

select is_empty(
  $$ select proname from pg_proc
     where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       and not coalesce(proconfig @> array['search_path=""'], false) $$,
  'Every function has an empty search_path');
select is_empty(
  $$ select proname, role from pg_proc, unnest(array['anon', 'authenticated', 'service_role']) as role
     where pronamespace = 'public'::regnamespace and has_function_privilege(role, pg_proc.oid, 'execute') $$,
  'No function of public can be called through the API');
select is_empty(
  $$ select proname from pg_proc
     where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       and (proacl is null or exists (select from aclexplode(proacl) where grantee = 0)) $$,
  'No function is left executable by everybody');
select is_empty(
  $$ select proname from pg_proc
     where pronamespace = 'private'::regnamespace and has_function_privilege('anon', pg_proc.oid, 'execute') $$,
  'anon executes no function of private');
select schema_privs_are('private', 'anon', array[]::text[], 'anon does not enter the schema private');
select schema_privs_are('private', 'authenticated', array['USAGE'],
  'Signed-in people may use the schema private, and create nothing in it');

-- Triggers

select triggers_are('public', 'vault_secrets', array['vault_secrets_touch', 'vault_secrets_limit'],
  'vault_secrets has the triggers that move updated_at and that count');
select has_trigger('public', 'teams', 'vault_secrets_forget_team', 'Deleting a team is noticed');
select has_trigger('auth', 'users', 'vault_secrets_forget_user', 'Deleting an account is noticed');
select is_definer('public', 'vault_secrets_forget_user', array[]::name[],
  'Secrets go with the account though the role that deletes accounts has no right on them');
select is_definer('public', 'vault_secrets_forget_team', array[]::name[],
  'Secrets go with the team whoever deletes it');
select is_empty(
  $$ select proname from pg_proc
     where pronamespace = 'public'::regnamespace and prosecdef and proname !~ '^vault_secrets_forget_' $$,
  'No other function of public has its owner''s rights');

select * from finish();
rollback;

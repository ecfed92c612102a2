-- What the migrations leave behind, whoever asks: row-level security, policies, privileges, functions, triggers.
begin;
select plan(61);

-- Tables

select columns_are('public', 'vault_secrets',
  array['id', 'owner_type', 'owner_id', 'key', 'encrypted_value', 'category', 'description',
    'last_rotated_at', 'created_at', 'updated_at'],
  'vault_secrets has its ten columns and no other');
select col_is_unique('public', 'vault_secrets', array['owner_type', 'owner_id', 'key'],
  'An owner has one secret for a key');
select col_is_unique('public', 'webhooks', array['user_id', 'url'], 'A person has a webhook once');
select col_is_unique('public', 'webhooks', array['team_id', 'url'], 'A team has a webhook once');
select has_index('public', 'webhook_deliveries', 'webhook_deliveries_time', array['webhook_id', 'created_at', 'id'],
  'The newest attempts at one webhook are found without reading all the others');
select set_eq(
  $$ select attname::text from pg_attribute
     where attrelid in ('public.webhooks'::regclass, 'public.webhook_deliveries'::regclass) and attnum > 0
       and not attisdropped and not attnotnull $$,
  array['user_id', 'team_id', 'encrypted_secret', 'last_delivered_at', 'pause_reason',
    'response_status', 'response_excerpt', 'error', 'duration_ms'],
  'A webhook and an attempt at it may lack these, and nothing else');
select is_empty(
  $$ select relname from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity $$,
  'Every table of public has row-level security');
select is_empty(
  $$ select relname from pg_class
     where relnamespace = 'public'::regnamespace
       and (relkind in ('m', 'f') or relkind = 'v' and not coalesce(reloptions @> array['security_invoker=true'], false)) $$,
  'No view of public goes around row-level security');

-- Policies

select policies_are('public', 'vault_secrets',
  array['A user manages their own secrets', 'A member sees their team''s secrets',
    'An admin manages their team''s secrets'],
  'vault_secrets has the policies of the user, the member and the admin');
select policies_are('public', 'profiles', array['A member sees who their teammates are'],
  'profiles has one policy, for oneself and for teammates');
select policies_are('public', 'team_invites', array[]::text[],
  'team_invites has no policy: signed-in people have nothing to do with it');
select policies_are('public', 'reveal_runs',
  array['A user sees their own runs', 'An admin sees their team''s runs'],
  'reveal_runs has the policies of the user and the admin');
select policies_are('public', 'vault_events',
  array['A user sees what was done with their own keys', 'An admin sees what was done with their team''s keys'],
  'vault_events has the policies of the user and the admin');
select policies_are('public', 'webhooks',
  array['A user sees their own webhooks', 'An admin sees their team''s webhooks'],
  'webhooks has the policies of the user and the admin');
select policies_are('public', 'webhook_deliveries',
  array['A user sees what was sent to webhooks that they see'],
  'webhook_deliveries has one policy, which leaves it to those of webhooks');
select is_empty(
  $$ select policyname from pg_policies
     where schemaname = 'public' and tablename <> 'vault_secrets' and cmd <> 'SELECT' $$,
  'No policy opens anything but secrets to a write, should one ever be granted');
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
select table_privs_are('public', 'webhooks', 'authenticated', array[]::text[],
  'Signed-in people have no right on webhooks as a whole');
select set_eq(
  $$ select attname::text from pg_attribute
     where attrelid = 'public.webhooks'::regclass and attnum > 0
       and has_column_privilege('authenticated', attrelid, attnum, 'select') $$,
  array['id', 'user_id', 'team_id', 'url', 'description', 'events', 'failures', 'last_delivered_at', 'pause_reason',
    'created_at'],
  'Signed-in people may read every column of webhooks but encrypted_secret');
select is_empty(
  $$ select attname from pg_attribute
     where attrelid = 'public.webhooks'::regclass and attnum > 0
       and has_column_privilege('authenticated', attrelid, attnum, 'insert, update, references') $$,
  'Signed-in people write to no column of webhooks');
select set_eq(
  $$ select relname::text from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and has_any_column_privilege('authenticated', oid, 'select') $$,
  array['profiles', 'reveal_runs', 'team_members', 'teams', 'vault_events', 'vault_secrets', 'webhook_deliveries',
    'webhooks'],
  'Signed-in people may read these tables, and not team_invites');
select set_eq(
  $$ select relname::text, rights from pg_class,
       lateral (select string_agg(lower(privilege_type), ', ' order by privilege_type) as rights
         from aclexplode(relacl) where grantee = 'service_role'::regrole) as granted
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and rights is distinct from 'delete, insert, select, update' $$,
  $$ values ('profiles', 'select'), ('reveal_runs', 'insert, select, update'), ('vault_events', 'insert, select'),
       ('vault_key_check', 'insert, select, update'), ('webhook_deliveries', 'insert, select, update') $$,
  'The server only reads profiles, deletes no run, no delivery and no check value, changes and deletes no event; of every other table it reads, adds, changes and deletes rows, and it has no other right');
select set_eq(
  $$ select relname::text, grantee::regrole::text, privilege_type from pg_class, aclexplode(relacl)
     where relnamespace = 'public'::regnamespace and relkind = 'v' and grantee <> relowner $$,
  $$ values ('vault_candidates', 'service_role', 'SELECT'), ('vault_uses', 'service_role', 'SELECT'),
       ('vault_uses', 'service_role', 'INSERT') $$,
  'Of the views, the server reads both and adds to one, and nobody else does anything with them');
select is_empty(
  $$ select relname, attname, grantee::regrole from pg_class join pg_attribute on attrelid = pg_class.oid,
       aclexplode(attacl)
     where relnamespace = 'public'::regnamespace
       and (grantee <> 'authenticated'::regrole or relname not in ('vault_secrets', 'webhooks')) $$,
  'No column has rights of its own but those of vault_secrets and webhooks');

-- Functions

select is_empty(
  $$ select proname from pg_proc
     where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
       and not coalesce(proconfig @> array['search_path=""'], false) $$,
  'Every function has an empty search_path');
select is_empty(
  $$ select proname, role from pg_proc, unnest(array['anon', 'authenticated']) as role
     where pronamespace = 'public'::regnamespace and has_function_privilege(role, pg_proc.oid, 'execute') $$,
  'Neither anon nor a signed-in person calls a function of public');
select is_empty(
  $$ select proname from pg_proc
     where pronamespace = 'public'::regnamespace and has_function_privilege('service_role', oid, 'execute')
       and proname not in ('reveal_usage', 'enter_platform_run', 'team_exposures') $$,
  'The server calls the functions that sum up runs, and that say what keys a person has seen, and no other');
select function_privs_are('public', 'reveal_usage', array['uuid', 'uuid', 'timestamptz'], 'service_role',
  array['EXECUTE'], 'The server calls reveal_usage');
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

-- Functions that have their owner's rights, each with its reason

select is_definer('public', 'vault_secrets_forget_user', array[]::name[],
  'Secrets go with the account though the role that deletes accounts has no right on them');
select is_definer('public', 'vault_secrets_forget_team', array[]::name[],
  'Secrets go with the team whoever deletes it');
select is_definer('public', 'vault_events_forget_owner', array[]::name[],
  'Events go with the account or the team though nobody may delete one');
select is_definer('public', 'reveal_runs_forget', array[]::name[],
  'A run that is nobody''s goes though nobody may delete one');
select is_definer('public', 'webhook_deliveries_forget', array[]::name[],
  'Old deliveries go though nobody may delete one');
select is_definer('public', 'profiles_follow_user', array[]::name[],
  'A new account gets its profile though nobody may write one');
select is_definer('public', 'team_members_keep_admin', array[]::name[],
  'The rule of the last admin looks into auth.users, which the server cannot read');
select is_definer('public', 'team_members_pass_on', array[]::name[],
  'A team passes on to its next admin though the role that deletes accounts has no right on it');
select is_definer('private', 'team_role', array['uuid'],
  'A policy on team_members may ask for a role without calling itself');
select set_eq(
  $$ select proname::text from pg_proc
     where pronamespace in ('public'::regnamespace, 'private'::regnamespace) and prosecdef $$,
  array['vault_secrets_forget_user', 'vault_secrets_forget_team', 'vault_events_forget_owner',
    'reveal_runs_forget', 'webhook_deliveries_forget', 'profiles_follow_user', 'team_members_keep_admin',
    'team_members_pass_on', 'team_role'],
  'No other function has its owner''s rights');

-- Triggers

select triggers_are('public', 'vault_secrets', array['vault_secrets_touch', 'vault_secrets_limit'],
  'vault_secrets has the triggers that move updated_at and that count');
select triggers_are('public', 'teams',
  array['teams_add_creator', 'vault_secrets_forget_team', 'vault_events_forget_team'],
  'teams has the triggers that add the creator and that forget the team''s secrets and events');
select triggers_are('public', 'team_members',
  array['team_members_keep_admin', 'team_members_pass_on', 'team_members_withdraw_invites'],
  'team_members has the triggers that keep an admin, find the next one and withdraw invitations');
select triggers_are('public', 'team_invites', array['team_invites_accept', 'team_invites_check'],
  'team_invites has the triggers that let one person in, and that ask who invites');
select triggers_are('public', 'reveal_runs', array['reveal_runs_forget'],
  'reveal_runs has the trigger that forgets what is nobody''s');
select triggers_are('public', 'vault_events', array[]::text[], 'vault_events has no trigger');
select triggers_are('public', 'webhooks', array['webhooks_limit'], 'webhooks has the trigger that counts');
select triggers_are('public', 'webhook_deliveries', array['webhook_deliveries_forget', 'webhook_deliveries_count'],
  'webhook_deliveries has the triggers that forget old attempts and that count failures');
select has_trigger('auth', 'users', 'vault_secrets_forget_user', 'Deleting an account is noticed by its secrets');
select has_trigger('auth', 'users', 'vault_events_forget_user', 'Deleting an account is noticed by its events');
select has_trigger('auth', 'users', 'profiles_follow_user', 'A new account and a new e-mail address are noticed');

select * from finish();
rollback;

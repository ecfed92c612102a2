-- What the migrations leave behind, whoever asks: row-level security, policies, privileges, functions, triggers.
begin;
select plan(48);

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
    'response_status', 'response_excerpt', 'error', 'duration_ms', 'retry_at'],
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

select set_eq(
  $$ select tablename::text, policyname::text, cmd from pg_policies where schemaname = 'public' $$,
  $$ values ('vault_secrets', 'A user manages their own secrets', 'ALL') $$,
  'There is one policy: without one, a table opens no row to a signed-in person, whatever is granted');
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

-- The server's privileges (privileges.sql has everybody else's)

select set_eq(
  $$ select relname::text, rights from pg_class,
       lateral (select string_agg(lower(privilege_type), ', ' order by privilege_type) as rights
         from aclexplode(relacl) where grantee = 'service_role'::regrole) as granted
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and rights is distinct from 'delete, insert, select, update' $$,
  $$ values ('profiles', 'select'), ('reveal_runs', 'insert, select, update'),
       ('refused_keys', 'delete, insert, select'), ('spending_alerts', 'insert, select'), ('vault_events', 'insert, select'),
       ('vault_key_check', 'insert, select, update'), ('webhook_deliveries', 'insert, select, update'),
       ('platform_settings', 'select'), ('platform_limits', 'select'), ('platform_refusals', 'insert, select, update'),
       ('platform_events', 'select') $$,
  'The server only reads profiles and the operator''s settings and events, deletes no run, no refusal, no delivery and no check value, changes and deletes no event; of every other table it reads, adds, changes and deletes rows, and it has no other right');
select set_eq(
  $$ select relname::text, privilege_type from pg_class, aclexplode(relacl)
     where relnamespace = 'public'::regnamespace and relkind = 'v' and grantee = 'service_role'::regrole $$,
  $$ values ('vault_candidates', 'SELECT'), ('vault_uses', 'SELECT'), ('vault_uses', 'INSERT') $$,
  'Of the views, the server reads both and adds to one');

-- Functions

select is_empty(
  $$ select proname from pg_proc
     where pronamespace = 'public'::regnamespace
       and not coalesce(proconfig @> array['search_path=""'], false) $$,
  'Every function has an empty search_path');
select is_empty(
  $$ select proname from pg_proc
     where pronamespace = 'public'::regnamespace and has_function_privilege('service_role', oid, 'execute')
       and proname not in ('reveal_usage', 'team_spending', 'enter_run', 'platform_budget', 'close_lost_runs', 'team_exposures',
         'account_sessions', 'delete_account', 'set_platform_stop', 'set_platform_limit', 'platform_usage',
         'platform_sums', 'platform_spending', 'platform_newcomers', 'platform_refused',
         'activity', 'activity_topics', 'confirm_rotation', 'activity_address', 'value_known_since', 'forget_activity',
         'claim_spending_alerts', 'confirmed_accounts', 'refuse_key', 'accept_key') $$,
  'The server calls the functions that enter, end and sum up runs, that read and forget events, that say what keys a person has seen, and those of the account and of operators, and no other');
select function_privs_are('public', 'reveal_usage', array['uuid', 'uuid', 'timestamptz', 'timestamptz'], 'service_role',
  array['EXECUTE'], 'The server calls reveal_usage');
select function_privs_are('public', 'close_lost_runs', array[]::text[], 'service_role',
  array['EXECUTE'], 'The server calls close_lost_runs');
select hasnt_function('public', 'enter_platform_run', 'No run on the platform''s key is entered past the limits');
select hasnt_schema('private', 'Nothing is left of the schema that policies called into');

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
select is_definer('public', 'team_members_end_team', array[]::name[],
  'A team goes with its last member though the role that deletes accounts has no right on it');
select is_definer('public', 'account_sessions', array['uuid'],
  'People see their sessions though the server cannot read auth.sessions');
select is_definer('public', 'delete_account', array['uuid', 'jsonb'],
  'People delete their accounts though the server has no right on auth.users');
select is_definer('public', 'set_platform_stop', array['uuid', 'boolean'],
  'Operators stop the platform''s key though the server has no right to change that without an event');
select is_definer('public', 'set_platform_limit', array['uuid', 'uuid', 'bigint', 'boolean'],
  'Operators set limits though the server has no right to change one without an event');
select is_definer('public', 'platform_newcomers', array['timestamptz'],
  'Operators see who signed up and when though the server cannot read auth.users');
select is_definer('public', 'vault_require_owner', array[]::name[],
  'Nothing is stored for an account that is gone, which the server cannot see');
select is_definer('public', 'forget_activity', array['text', 'uuid', 'integer'],
  'Old events go though nobody may delete one');
select is_definer('public', 'confirmed_accounts', array['text[]'],
  'Operators'' webhooks are found though the server cannot read auth.users');
select set_eq(
  $$ select proname::text from pg_proc
     where pronamespace = 'public'::regnamespace and prosecdef $$,
  array['vault_secrets_forget_user', 'vault_secrets_forget_team', 'vault_events_forget_owner',
    'reveal_runs_forget', 'webhook_deliveries_forget', 'profiles_follow_user', 'team_members_keep_admin',
    'team_members_end_team', 'account_sessions', 'delete_account', 'vault_require_owner', 'confirmed_accounts',
    'set_platform_stop', 'set_platform_limit', 'platform_newcomers', 'forget_activity'],
  'No other function has its owner''s rights');

-- Triggers

select triggers_are('public', 'vault_secrets',
  array['vault_secrets_touch', 'vault_secrets_limit', 'vault_secrets_require_owner', 'vault_secrets_renewed'],
  'vault_secrets has the triggers that move updated_at, that count, that ask for the owner and that forget a refusal');
select triggers_are('public', 'teams',
  array['teams_add_creator', 'vault_secrets_forget_team', 'vault_events_forget_team'],
  'teams has the triggers that add the creator and that forget the team''s secrets and events');
select triggers_are('public', 'team_members',
  array['team_members_keep_admin', 'team_members_end_team', 'team_members_withdraw_invites', 'team_members_limit'],
  'team_members has the triggers that keep an admin, end a team without members, withdraw invitations and count a person''s teams');
select triggers_are('public', 'team_invites', array['team_invites_accept', 'team_invites_check'],
  'team_invites has the triggers that let one person in, and that ask who invites');
select triggers_are('public', 'reveal_runs', array['reveal_runs_forget'],
  'reveal_runs has the trigger that forgets what is nobody''s');
select triggers_are('public', 'vault_events', array['vault_events_require_owner'],
  'vault_events has the trigger that asks for the owner');
select triggers_are('public', 'webhooks', array['webhooks_limit', 'webhooks_paused'],
  'webhooks has the triggers that count and that note a pause by itself');
select triggers_are('public', 'webhook_deliveries', array['webhook_deliveries_forget', 'webhook_deliveries_count'],
  'webhook_deliveries has the triggers that forget old attempts and that count failures');
select has_trigger('auth', 'users', 'vault_secrets_forget_user', 'Deleting an account is noticed by its secrets');
select has_trigger('auth', 'users', 'vault_events_forget_user', 'Deleting an account is noticed by its events');
select has_trigger('auth', 'users', 'profiles_follow_user', 'A new account and a new e-mail address are noticed');

select * from finish();
rollback;

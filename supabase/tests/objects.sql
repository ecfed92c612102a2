-- What the migrations leave behind, whoever asks: row-level security, policies, privileges, functions, triggers.
begin;
select plan(66);

-- Tables

select columns_are('public', 'vault_secrets',
  array['id', 'owner_type', 'owner_id', 'key', 'encrypted_value', 'category', 'description',
    'last_rotated_at', 'created_at', 'updated_at'],
  'vault_secrets has its ten columns and no other');
select columns_are('public', 'vault_secret_details',
  array['secret_id', 'hint', 'use_only', 'expires_at', 'expiry_announced', 'added_by', 'last_used_at', 'checked_at',
    'check_result', 'check_facts'],
  'vault_secret_details has its ten columns and no other: none that could hold a value');
select fk_ok('public', 'vault_secret_details', 'secret_id', 'public', 'vault_secrets', 'id',
  'Details are of a secret');
select col_is_unique('public', 'vault_secrets', array['owner_type', 'owner_id', 'key'],
  'An owner has one secret for a key');
select has_index('public', 'webhooks', 'webhooks_user', 'user_id',
  'A person''s webhooks are found without reading everybody''s');
select has_index('public', 'webhooks', 'webhooks_team', 'team_id',
  'A team''s webhooks are found without reading everybody''s');
select has_index('public', 'webhooks', 'webhooks_plain', 'id',
  'Addresses that are not sealed yet are found without reading the others');
select has_index('public', 'webhook_deliveries', 'webhook_deliveries_time', array['webhook_id', 'created_at', 'id'],
  'The newest attempts at one webhook are found without reading all the others');
select set_eq(
  $$ select attname::text from pg_attribute
     where attrelid in ('public.webhooks'::regclass, 'public.webhook_deliveries'::regclass) and attnum > 0
       and not attisdropped and not attnotnull $$,
  array['user_id', 'team_id', 'url', 'encrypted_url', 'encrypted_secret', 'last_delivered_at', 'pause_reason', 'created_by',
    'paused_at', 'response_status', 'response_excerpt', 'error', 'duration_ms', 'retry_at'],
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
  $$ select tablename::text, policyname::text, cmd from pg_policies
     where schemaname = 'public' and (qual, coalesce(with_check, 'false')) <> ('false', 'false') $$,
  $$ values ('vault_secrets', 'A user manages their own secrets', 'ALL') $$,
  'One policy opens rows: of every other table, a signed-in person sees none, whatever is granted');
select set_eq(
  $$ select tablename::text, cmd from pg_policies
     where schemaname = 'public' and policyname = 'A person sees and changes nothing' $$,
  $$ select relname::text, 'ALL' from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'vault_secrets' $$,
  'Every other table has a policy that says so');
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
       ('platform_events', 'select'), ('teams', 'insert, select, update'), ('deleted_team_members', 'select') $$,
  'The server only reads profiles and the operator''s settings and events, deletes no team, no run, no refusal, no delivery and no check value, changes no deleted team''s members, changes and deletes no event; of every other table it reads, adds, changes and deletes rows, and it has no other right');
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
       and proname not in ('reveal_usage', 'team_spending', 'enter_run', 'begin_run', 'platform_budget', 'close_lost_runs', 'team_exposures',
         'account_sessions', 'delete_account', 'set_platform_stop', 'set_platform_limit', 'platform_usage',
         'platform_sums', 'platform_spending', 'platform_newcomers', 'platform_refused',
         'claim_spending_alerts', 'confirmed_accounts', 'refuse_key', 'accept_key',
         'activity', 'confirm_rotation', 'activity_address', 'activity_topics', 'value_known_since', 'forget_activity', 'administer_team',
         'change_team', 'delete_team', 'restore_team', 'deleted_teams', 'change_member', 'remove_member',
         'withdraw_invite', 'accept_invite',
         'administer_owner', 'seal_webhook_address', 'add_webhook', 'change_webhook', 'remove_webhook', 'show_webhook',
         'left_webhooks', 'store_secrets', 'enter_check', 'enter_use', 'claim_expiring', 'doctor_schema', 'doctor_rows') $$,
  'The server calls the functions that store secrets and what is known about them, that enter, end and sum up runs, that say what keys a person has seen, those of the log, of teams, of webhooks, of the account and of operators, and those of doctor, and no other');
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
select is_definer('public', 'team_members_pause_webhooks', array[]::name[],
  'A webhook is paused with the account of its creator though the role that deletes accounts has no right on it');
select is_definer('public', 'webhooks_record', array[]::name[],
  'What is done to webhooks is written down though what pauses them has no right on the log');
select is_definer('public', 'profiles_follow_user', array[]::name[],
  'A new account gets its profile though nobody may write one');
select is_definer('public', 'team_members_keep_admin', array[]::name[],
  'The rule of the last admin looks into auth.users, which the server cannot read');
select is_definer('public', 'forget_activity', array['text', 'uuid', 'integer'],
  'Old events go though nobody may delete one');
select is_definer('public', 'hide_team', array['uuid', 'uuid'],
  'A team is hidden though nobody may write down who was in it in any other way');
select is_definer('public', 'delete_team', array['uuid', 'uuid'], 'So is one that an admin deletes');
select is_definer('public', 'restore_team', array['uuid', 'uuid'], 'And one that is brought back');
select is_definer('public', 'teams_record', array[]::name[], 'What is done to a team is written down whoever does it');
select is_definer('public', 'team_members_record', array[]::name[],
  'Memberships also go with the account, and its role may not look into auth.users');
select is_definer('public', 'team_members_record_account', array[]::name[],
  'The role that deletes accounts has no right to write events');
select is_definer('public', 'team_members_withdraw_invites', array[]::name[],
  'Invitations go with an admin''s account, and its role has no right on them');
select is_definer('public', 'team_invites_record', array[]::name[],
  'Invitations also go with the account of who made them');
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
select is_definer('public', 'confirmed_accounts', array['text[]'],
  'Operators'' webhooks are found though the server cannot read auth.users');
select is_definer('public', 'users_record_email', array[]::name[],
  'A new e-mail address is in its person''s activity though the auth server has no right on it');
select set_eq(
  $$ select proname::text from pg_proc
     where pronamespace = 'public'::regnamespace and prosecdef $$,
  array['vault_secrets_forget_user', 'vault_secrets_forget_team', 'vault_events_forget_owner',
    'reveal_runs_forget', 'webhook_deliveries_forget', 'profiles_follow_user', 'team_members_keep_admin',
    'team_members_pause_webhooks', 'team_members_withdraw_invites', 'webhooks_record',
    'team_members_end_team', 'account_sessions', 'delete_account', 'vault_require_owner', 'confirmed_accounts',
    'set_platform_stop', 'set_platform_limit', 'platform_newcomers', 'forget_activity', 'hide_team', 'delete_team',
    'restore_team', 'teams_record', 'team_members_record', 'team_members_record_account', 'team_invites_record',
    'users_record_email'],
  'No other function has its owner''s rights');

-- Triggers

select triggers_are('public', 'vault_secrets',
  array['vault_secrets_touch', 'vault_secrets_limit', 'vault_secrets_require_owner', 'vault_secrets_renewed'],
  'vault_secrets has the triggers that move updated_at, that count, that ask for the owner and that forget a refusal');
select triggers_are('public', 'teams',
  array['teams_add_creator', 'teams_record', 'vault_secrets_forget_team', 'vault_events_forget_team'],
  'teams has the triggers that add the creator, that write the log and that forget the team''s secrets and events');
select triggers_are('public', 'team_members',
  array['team_members_keep_admin', 'team_members_end_team', 'team_members_withdraw_invites',
    'team_members_withdraw_invites_of_leaver', 'team_members_limit', 'team_members_record',
    'team_members_pause_webhooks', 'team_members_pause_webhooks_of_leaver'],
  'team_members has the triggers that keep an admin, end a team without members, withdraw invitations, count a person''s teams, write the log and pause webhooks');
select triggers_are('public', 'team_invites', array['team_invites_accept', 'team_invites_check', 'team_invites_record'],
  'team_invites has the triggers that let one person in, that ask who invites, and that write the log');
select triggers_are('public', 'reveal_runs', array['reveal_runs_forget'],
  'reveal_runs has the trigger that forgets what is nobody''s');
select triggers_are('public', 'vault_events', array['vault_events_require_owner'],
  'vault_events has the trigger that asks for the owner');
select triggers_are('public', 'webhooks',
  array['webhooks_address', 'webhooks_limit', 'webhooks_paused', 'webhooks_paused_at', 'webhooks_record', 'webhooks_record_change'],
  'webhooks has the triggers that shorten a plain address, that count, that note a pause, and that write the log');
select triggers_are('public', 'webhook_deliveries', array['webhook_deliveries_forget', 'webhook_deliveries_count'],
  'webhook_deliveries has the triggers that forget old attempts and that count failures');
select has_trigger('auth', 'users', 'vault_secrets_forget_user', 'Deleting an account is noticed by its secrets');
select has_trigger('auth', 'users', 'vault_events_forget_user', 'Deleting an account is noticed by its events');
select triggers_are('public', 'deleted_team_members', array['deleted_team_members_end_team', 'deleted_team_members_pause_webhooks'],
  'deleted_team_members has the triggers that end a team that nobody can bring back, and that pause webhooks');
select has_trigger('auth', 'users', 'team_members_record_account', 'Deleting an account is noticed by its teams'' log');
select has_trigger('auth', 'users', 'profiles_follow_user', 'A new account and a new e-mail address are noticed');
select has_trigger('auth', 'users', 'users_record_email', 'A new e-mail address is written down');

select * from finish();
rollback;

-- Accounts and teams that go take their secrets and webhooks with them, and nobody else's.
begin;
select plan(14);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'leaving@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'staying@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'passing@vault.test'),
  ('7e000000-0000-4000-8000-000000000001', 'like-a-team@vault.test');
insert into public.teams (id, name) values
  ('0a000000-0000-4000-8000-000000000001', 'Like an account'),
  ('7e000000-0000-4000-8000-000000000001', 'Dissolved'),
  ('7e000000-0000-4000-8000-000000000002', 'Lasting');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'admin'),
  ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000001', 'admin'),
  ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000002', 'member'),
  ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000003', 'member');
insert into public.webhooks (user_id, team_id, url, encrypted_secret) values
  ('0a000000-0000-4000-8000-000000000001', null, 'https://leaving.test/', 'v1.x'),
  ('0a000000-0000-4000-8000-000000000002', null, 'https://staying.test/', 'v1.x'),
  (null, '7e000000-0000-4000-8000-000000000001', 'https://dissolved.test/', 'v1.x'),
  (null, '7e000000-0000-4000-8000-000000000002', 'https://lasting.test/', 'v1.x');
insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt)
  select id, 'msg_' || gen_random_uuid(), 'webhook.test', 'to ' || url, 1 from public.webhooks
  where url ~ '^https://(leaving|staying|dissolved|lasting)[.]test/$';
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('user', '0a000000-0000-4000-8000-000000000001', 'LEAVING_ONE', 'v1.x'),
  ('user', '0a000000-0000-4000-8000-000000000001', 'LEAVING_TWO', 'v1.x'),
  ('user', '0a000000-0000-4000-8000-000000000002', 'STAYING', 'v1.x'),
  ('team', '7e000000-0000-4000-8000-000000000001', 'DISSOLVED', 'v1.x'),
  ('team', '7e000000-0000-4000-8000-000000000002', 'LASTING', 'v1.x'),
  -- The ids of the account and of the team that go, under the other type.
  ('team', '0a000000-0000-4000-8000-000000000001', 'TEAM_LIKE_ACCOUNT', 'v1.x'),
  ('user', '7e000000-0000-4000-8000-000000000001', 'ACCOUNT_LIKE_TEAM', 'v1.x');

-- What is left of the rows above, and of no other that this database may have.
create temporary view remaining as
  select key from public.vault_secrets where owner_id::text ~ '^(0a|7e)000000-0000-4000-8000-00000000000[12]$';
create temporary view remaining_deliveries as
  select payload from public.webhook_deliveries where payload ~ '^to https://(leaving|staying|dissolved|lasting)[.]test/$';

-- An account

delete from auth.users where id = '0a000000-0000-4000-8000-000000000001';

select set_eq('select key from remaining',
  array['STAYING', 'DISSOLVED', 'LASTING', 'TEAM_LIKE_ACCOUNT', 'ACCOUNT_LIKE_TEAM'],
  'A deleted account takes its secrets along, and no other''s');
select is_empty(
  $$ select team_id from public.team_members where user_id = '0a000000-0000-4000-8000-000000000001' $$,
  'A deleted account leaves its teams');
select is_empty($$ select url from public.webhooks where url = 'https://leaving.test/' $$,
  'A deleted account takes its webhooks along');
select set_eq('select payload from remaining_deliveries',
  array['to https://staying.test/', 'to https://dissolved.test/', 'to https://lasting.test/'],
  'A deleted account takes along what was sent to its webhooks, and no other''s');
select results_eq($$ select name from public.teams where id = '7e000000-0000-4000-8000-000000000002' $$,
  array['Lasting'], 'A team outlives the account of its admin');
select results_eq(
  $$ select url from public.webhooks where user_id = '0a000000-0000-4000-8000-000000000002' $$,
  array['https://staying.test/'], 'Another person keeps their webhooks');
select results_eq(
  $$ select url from public.webhooks where team_id = '7e000000-0000-4000-8000-000000000002' $$,
  array['https://lasting.test/'], 'A team keeps its webhooks when its admin''s account goes');

-- A team that is gone for good

delete from public.teams where id = '7e000000-0000-4000-8000-000000000001';

select set_eq('select key from remaining',
  array['STAYING', 'LASTING', 'TEAM_LIKE_ACCOUNT', 'ACCOUNT_LIKE_TEAM'],
  'A deleted team takes its secrets along, and no other''s');
select is_empty($$ select url from public.webhooks where url = 'https://dissolved.test/' $$,
  'A deleted team takes its webhooks along');
select set_eq('select payload from remaining_deliveries',
  array['to https://staying.test/', 'to https://lasting.test/'],
  'A deleted team takes along what was sent to its webhooks, and no other''s');
select is_empty(
  $$ select user_id from public.team_members where team_id = '7e000000-0000-4000-8000-000000000001' $$,
  'A deleted team has no members');
select results_eq(
  $$ select id from auth.users where id = '0a000000-0000-4000-8000-000000000002' $$,
  array['0a000000-0000-4000-8000-000000000002'::uuid], 'A person outlives their team');

-- Leaving is not deleting

delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000003';
select set_eq('select key from remaining',
  array['STAYING', 'LASTING', 'TEAM_LIKE_ACCOUNT', 'ACCOUNT_LIKE_TEAM'],
  'A team keeps its secrets when a member leaves');
update auth.users set email = 'renamed@vault.test' where id = '0a000000-0000-4000-8000-000000000002';
select results_eq($$ select key from remaining where key = 'STAYING' $$, array['STAYING'],
  'A changed account keeps its secrets');

select * from finish();
rollback;

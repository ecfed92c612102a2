-- A member of a team: sees the metadata of the team's secrets for as long as they are a member, and no more.
begin;
select plan(36);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'member@vault.test');
insert into public.teams (id, name) values
  ('7e000000-0000-4000-8000-000000000001', 'Ours'),
  ('7e000000-0000-4000-8000-000000000002', 'Theirs');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', 'admin'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'member'),
  ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000001', 'admin');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.ours'),
  ('team', '7e000000-0000-4000-8000-000000000002', 'OPENAI_API_KEY', 'v1.theirs'),
  -- A person may have the id of a team: membership opens the team's secrets only.
  ('user', '7e000000-0000-4000-8000-000000000001', 'RESEND_API_KEY', 'v1.person'),
  ('user', '0a000000-0000-4000-8000-000000000001', 'VERCEL_TOKEN', 'v1.admin');
insert into public.webhooks (id, user_id, team_id, url, encrypted_secret) values
  ('ee000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', null, 'https://admin.test/', 'v1.x'),
  ('ee000000-0000-4000-8000-000000000002', null, '7e000000-0000-4000-8000-000000000001', 'https://ours.test/', 'v1.x');
insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt) values
  ('ee000000-0000-4000-8000-000000000001', 'msg_' || gen_random_uuid(), 'webhook.test', 'to admin', 1),
  ('ee000000-0000-4000-8000-000000000002', 'msg_' || gen_random_uuid(), 'webhook.test', 'to ours', 1);
insert into public.team_invites (team_id, created_by, token_hash)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('a', 64));
insert into public.reveal_runs (user_id, team_id, kind, model, source) values
  ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'run', 'the admin''s', 'team'),
  ('0a000000-0000-4000-8000-000000000002', '7e000000-0000-4000-8000-000000000001', 'run', 'the member''s', 'team');
insert into public.vault_events (actor_id, owner_type, owner_id, key, action) values
  ('0a000000-0000-4000-8000-000000000001', 'team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'set');

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000002", "role": "authenticated"}';

select results_eq(
  'select owner_type, owner_id, key from public.vault_secrets',
  $$ values ('team', '7e000000-0000-4000-8000-000000000001'::uuid, 'ANTHROPIC_API_KEY') $$,
  'A member sees the metadata of their team''s secrets, and neither another team''s nor a teammate''s own');
select results_eq('select name from public.teams', array['Ours'], 'A member sees their own team alone');
select results_eq(
  'select user_id::text, role from public.team_members order by user_id',
  $$ values ('0a000000-0000-4000-8000-000000000001', 'admin'),
            ('0a000000-0000-4000-8000-000000000002', 'member') $$,
  'A member sees who is in their team, and in no other');
select is_empty('select url from public.webhooks', 'A member sees no webhook of their team or of a teammate');
select is_empty('select id from public.webhook_deliveries',
  'A member sees nothing of what was sent to webhooks of their team or of a teammate');
select set_eq('select email from public.profiles', array['admin@vault.test', 'member@vault.test'],
  'A member sees the addresses of their team');
select results_eq('select model from public.reveal_runs', array['the member''s'],
  'A member sees their own runs in the team, and no teammate''s');
select is_empty('select id from public.vault_events', 'A member sees nothing of what was done with the team''s keys');
select throws_ok('select id from public.team_invites', '42501', null, 'A member sees no invitation');
select is(private.team_role('7e000000-0000-4000-8000-000000000001'), 'member', 'A member has the role of a member');
select is(private.team_role('7e000000-0000-4000-8000-000000000002'), null,
  'A member of one team has no role in another');

select throws_ok('select * from public.vault_secrets', '42501', null, 'A member cannot select *');
select throws_ok('select encrypted_value from public.vault_secrets', '42501', null,
  'A member cannot select encrypted_value');
select throws_ok($$ select key from public.vault_secrets where encrypted_value > 'v1' $$, '42501', null,
  'A member cannot filter by encrypted_value');
select throws_ok('select key from public.vault_secrets order by encrypted_value', '42501', null,
  'A member cannot order by encrypted_value');
select throws_ok($$ update public.vault_secrets set description = 'x' where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'A member cannot change a secret of their team');
select throws_ok($$ delete from public.vault_secrets where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'A member cannot delete a secret of their team');
select throws_ok(
  $$ update public.team_members set role = 'admin' where user_id = '0a000000-0000-4000-8000-000000000002' $$,
  '42501', null, 'A member cannot promote themselves');
select throws_ok(
  $$ delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000002' $$,
  '42501', null, 'A member cannot leave behind the app''s back');
select throws_ok(
  $$ insert into public.team_invites (team_id, created_by, token_hash)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', repeat('b', 64)) $$,
  '42501', null, 'A member cannot invite anybody');
select throws_ok($$ update public.teams set key_policy = 'platform' where name = 'Ours' $$,
  '42501', null, 'A member cannot change whose keys may pay');
select throws_ok($$ delete from public.teams where name = 'Ours' $$,
  '42501', null, 'A member cannot delete their team');

-- The policies hold writes too, should they ever be granted

reset role;
grant insert, update, delete on public.vault_secrets, public.teams, public.team_members to authenticated;
set local role authenticated;

select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('team', '7e000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.x') $$,
  '42501', null, 'Even with a grant, a member adds no secret to their team');
select is_empty(
  $$ update public.vault_secrets set description = 'x' where key = 'ANTHROPIC_API_KEY' returning key $$,
  'Even with a grant, a member changes no secret of their team');
select is_empty(
  $$ delete from public.vault_secrets where key = 'ANTHROPIC_API_KEY' returning key $$,
  'Even with a grant, a member deletes no secret of their team');

select is_empty(
  $$ update public.team_members set role = 'admin'
     where user_id = '0a000000-0000-4000-8000-000000000002' returning role $$,
  'Even with a grant, a member does not promote themselves');
select throws_ok(
  $$ insert into public.team_members (team_id, user_id)
     values ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000002') $$,
  '42501', null, 'Even with a grant, a member does not put themselves into another team');
select is_empty('delete from public.team_members returning user_id', 'Even with a grant, a member removes nobody');
select is_empty($$ update public.teams set key_policy = 'own' returning id $$,
  'Even with a grant, a member changes no team');

-- Membership is read live

reset role;
delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000002';
set local role authenticated;

select is_empty('select key from public.vault_secrets',
  'A removed member sees nothing of the team at once, with the session they still have');
select is_empty('select name from public.teams', 'A removed member no longer sees the team');
select is_empty('select user_id from public.team_members', 'A removed member no longer sees who is in the team');
select results_eq('select email from public.profiles', array['member@vault.test'],
  'A removed member no longer sees the team''s addresses');
select is(private.team_role('7e000000-0000-4000-8000-000000000001'), null, 'A removed member has no role');
select results_eq('select model from public.reveal_runs', array['the member''s'],
  'A removed member keeps sight of their own runs, and sees no other');
select is_empty('select id from public.vault_events', 'A removed member sees no event of the team');

reset role;
select * from finish();
rollback;

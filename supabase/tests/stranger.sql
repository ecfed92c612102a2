-- A signed-in person who owns nothing and belongs nowhere.
begin;
select plan(21);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'stranger@vault.test');
insert into public.teams (id, name) values ('7e000000-0000-4000-8000-000000000001', 'Team');
insert into public.team_members (team_id, user_id, role)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', 'admin');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.ann'),
  ('team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.team');
insert into public.webhooks (id, user_id, team_id, url, encrypted_secret) values
  ('ee000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', null, 'https://ann.test/', 'v1.x'),
  ('ee000000-0000-4000-8000-000000000002', null, '7e000000-0000-4000-8000-000000000001', 'https://team.test/', 'v1.x');
insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt) values
  ('ee000000-0000-4000-8000-000000000001', 'msg_' || gen_random_uuid(), 'webhook.test', 'to ann', 1),
  ('ee000000-0000-4000-8000-000000000002', 'msg_' || gen_random_uuid(), 'webhook.test', 'to the team', 1);
insert into public.team_invites (team_id, created_by, token_hash)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('a', 64));
insert into public.reveal_runs (user_id, team_id, kind, model, source) values
  ('0a000000-0000-4000-8000-000000000001', null, 'run', 'm', 'user'),
  ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'run', 'm', 'team');
insert into public.vault_events (actor_id, owner_type, owner_id, key, action) values
  ('0a000000-0000-4000-8000-000000000001', 'user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'set'),
  ('0a000000-0000-4000-8000-000000000001', 'team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'set');

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000003", "role": "authenticated"}';

select is_empty('select key from public.vault_secrets', 'A stranger sees no secret');
select is_empty('select name from public.teams', 'A stranger sees no team');
select is_empty('select user_id from public.team_members', 'A stranger sees no member');
select is_empty('select url from public.webhooks', 'A stranger sees no webhook');
select is_empty('select id from public.webhook_deliveries', 'A stranger sees nothing of what was sent to webhooks');
select results_eq('select email from public.profiles', array['stranger@vault.test'],
  'A stranger sees no address but their own');
select is_empty('select id from public.reveal_runs', 'A stranger sees no run');
select is_empty('select id from public.vault_events', 'A stranger sees no event');
select throws_ok('select id from public.team_invites', '42501', null, 'A stranger sees no invitation');
select throws_ok(
  $$ update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000003'
     where token_hash = repeat('a', 64) $$,
  '42501', null, 'A stranger cannot accept an invitation behind the app''s back');
select is(private.team_role('7e000000-0000-4000-8000-000000000001'), null, 'A stranger has no role in a team');
select is(private.team_role('7e000000-0000-4000-8000-00000000ffff'), null,
  'A team that does not exist looks the same to a stranger');
select throws_ok(
  $$ insert into public.team_members (team_id, user_id, role)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', 'admin') $$,
  '42501', null, 'A stranger cannot put themselves into a team');
select throws_ok($$ insert into public.teams (name) values ('Mine') $$,
  '42501', null, 'A stranger cannot add a team behind the app''s back');

set local request.jwt.claims = '{"role": "authenticated"}';
select is_empty('select key from public.vault_secrets', 'A session without an id sees no secret');
select is_empty('select name from public.teams', 'A session without an id sees no team');
select is_empty('select email from public.profiles', 'A session without an id sees no address');
select is_empty('select id from public.reveal_runs', 'A session without an id sees no run');
select is_empty('select id from public.vault_events', 'A session without an id sees no event');
select is_empty('select url from public.webhooks', 'A session without an id sees no webhook');
select is_empty('select id from public.webhook_deliveries',
  'A session without an id sees nothing of what was sent to webhooks');

reset role;
select * from finish();
rollback;

-- An admin of a team: more than a member through the app, no more than a member at the database.
begin;
select plan(29);

insert into auth.users (id, email) values ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test');
insert into public.teams (id, name) values
  ('7e000000-0000-4000-8000-000000000001', 'Led'),
  ('7e000000-0000-4000-8000-000000000002', 'Joined'),
  ('7e000000-0000-4000-8000-000000000003', 'Other');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', 'admin'),
  ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000001', 'member');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.led'),
  ('team', '7e000000-0000-4000-8000-000000000002', 'OPENAI_API_KEY', 'v1.joined'),
  ('team', '7e000000-0000-4000-8000-000000000003', 'RESEND_API_KEY', 'v1.other');
insert into public.reveal_runs (team_id, kind, model, source) values
  ('7e000000-0000-4000-8000-000000000001', 'run', 'led', 'team'),
  ('7e000000-0000-4000-8000-000000000002', 'run', 'joined', 'team'),
  ('7e000000-0000-4000-8000-000000000003', 'run', 'other', 'team');
insert into public.vault_events (actor_id, owner_type, owner_id, key, action) values
  ('0a000000-0000-4000-8000-00000000ffff', 'team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'set'),
  ('0a000000-0000-4000-8000-00000000ffff', 'team', '7e000000-0000-4000-8000-000000000002', 'OPENAI_API_KEY', 'set'),
  ('0a000000-0000-4000-8000-00000000ffff', 'team', '7e000000-0000-4000-8000-000000000003', 'RESEND_API_KEY', 'set');
insert into public.webhooks (id, team_id, url, encrypted_secret) values
  ('ee000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'https://led.test/', 'v1.led'),
  ('ee000000-0000-4000-8000-000000000002', '7e000000-0000-4000-8000-000000000002', 'https://joined.test/', 'v1.joined'),
  ('ee000000-0000-4000-8000-000000000003', '7e000000-0000-4000-8000-000000000003', 'https://other.test/', 'v1.other');
insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt) values
  ('ee000000-0000-4000-8000-000000000001', 'msg_' || gen_random_uuid(), 'webhook.test', 'to led', 1),
  ('ee000000-0000-4000-8000-000000000002', 'msg_' || gen_random_uuid(), 'webhook.test', 'to joined', 1),
  ('ee000000-0000-4000-8000-000000000003', 'msg_' || gen_random_uuid(), 'webhook.test', 'to other', 1);

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';

select results_eq('select key from public.vault_secrets order by key',
  array['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'],
  'An admin sees the metadata of every team that they are in, and of no other');
select results_eq('select model from public.reveal_runs', array['led'],
  'An admin sees the runs of the team that they lead, and of no other');
select results_eq('select key from public.vault_events', array['ANTHROPIC_API_KEY'],
  'An admin sees what was done with the keys of the team that they lead, and of no other');
select results_eq('select url from public.webhooks', array['https://led.test/'],
  'An admin sees the webhooks of the team that they lead, and of no other');
select results_eq('select payload from public.webhook_deliveries', array['to led'],
  'An admin sees what was sent to the webhooks of the team that they lead, and of no other');
select is(private.team_role('7e000000-0000-4000-8000-000000000001'), 'admin', 'An admin has the role of an admin');
select is(private.team_role('7e000000-0000-4000-8000-000000000002'), 'member',
  'An admin of one team is a mere member of another');
select throws_ok('select encrypted_value from public.vault_secrets', '42501', null,
  'An admin cannot select encrypted_value');
select throws_ok('select encrypted_secret from public.webhooks', '42501', null,
  'An admin cannot select the signing secret of their team''s webhook');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('team', '7e000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.x') $$,
  '42501', null, 'An admin cannot add a secret behind the app''s back');
select throws_ok($$ update public.vault_secrets set description = 'x' where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'An admin cannot change a secret behind the app''s back');
select throws_ok($$ delete from public.vault_secrets where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'An admin cannot delete a secret behind the app''s back');
select throws_ok($$ delete from public.team_members where role = 'member' $$,
  '42501', null, 'An admin cannot remove a member behind the app''s back');
select throws_ok($$ update public.teams set name = 'x' where name = 'Led' $$,
  '42501', null, 'An admin cannot rename a team behind the app''s back');

select throws_ok($$ update public.teams set key_policy = 'own' where name = 'Led' $$,
  '42501', null, 'An admin cannot change whose keys may pay behind the app''s back');
select throws_ok($$ delete from public.teams where name = 'Led' $$,
  '42501', null, 'An admin cannot delete a team behind the app''s back');
select throws_ok(
  $$ insert into public.team_invites (team_id, created_by, token_hash)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('a', 64)) $$,
  '42501', null, 'An admin cannot invite behind the app''s back');
select throws_ok(
  $$ insert into public.webhooks (team_id, url, encrypted_secret)
     values ('7e000000-0000-4000-8000-000000000001', 'https://x.test/', 'v1.x') $$,
  '42501', null, 'An admin cannot add a webhook to their team behind the app''s back');
select throws_ok($$ update public.webhooks set url = 'https://x.test/' where url = 'https://led.test/' $$,
  '42501', null, 'An admin cannot change a webhook of their team behind the app''s back');
select throws_ok($$ delete from public.webhooks where url = 'https://led.test/' $$,
  '42501', null, 'An admin cannot delete a webhook of their team behind the app''s back');

-- The policies hold writes too, should they ever be granted

reset role;
grant insert, update, delete on public.vault_secrets, public.teams, public.team_members to authenticated;
set local role authenticated;

select lives_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('team', '7e000000-0000-4000-8000-000000000001', 'VERCEL_TOKEN', 'v1.x') $$,
  'With a grant, an admin could add a secret to their team');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('team', '7e000000-0000-4000-8000-000000000002', 'RESEND_API_KEY', 'v1.x') $$,
  '42501', null, 'Even with a grant, an admin adds nothing to a team where they are a member');
select throws_ok(
  $$ update public.vault_secrets set owner_id = '7e000000-0000-4000-8000-000000000003'
     where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'Even with a grant, an admin cannot move a secret to a team that is not theirs');
select throws_ok(
  $$ update public.vault_secrets set owner_type = 'user' where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'Even with a grant, an admin cannot turn a team''s secret into a person''s');
select results_eq(
  $$ with gone as (delete from public.vault_secrets where owner_type = 'team' returning key)
     select key from gone order by key $$,
  array['ANTHROPIC_API_KEY', 'VERCEL_TOKEN'],
  'Even with a grant, an admin deletes the secrets of the team that they lead, and of no other');
select is_empty($$ update public.teams set name = 'x' returning id $$,
  'Even with a grant, an admin does not rename a team behind the app''s back');
select is_empty('delete from public.teams returning id',
  'Even with a grant, an admin does not delete a team behind the app''s back');
select is_empty($$ update public.team_members set role = 'admin' returning role $$,
  'Even with a grant, an admin promotes nobody behind the app''s back, themselves in another team included');
select throws_ok(
  $$ insert into public.team_members (team_id, user_id, role)
     values ('7e000000-0000-4000-8000-000000000003', '0a000000-0000-4000-8000-000000000001', 'admin') $$,
  '42501', null, 'Even with a grant, an admin does not put themselves into another team');

reset role;
select * from finish();
rollback;

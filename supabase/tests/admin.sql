-- An admin of a team: more than a member through the app, no more than anybody at the database. (privileges.sql tries
-- every statement on every table.)
begin;
select plan(10 + (select count(*)::integer from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'vault_secrets'));

insert into auth.users (id, email) values ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test');
insert into public.teams (id, name, created_by)
  values ('7e000000-0000-4000-8000-000000000001', 'Led', '0a000000-0000-4000-8000-000000000001');
insert into public.team_invites (team_id, created_by, token_hash)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('a', 64));
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('user', '0a000000-0000-4000-8000-000000000001', 'VERCEL_TOKEN', 'v1.own'),
  ('team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.led');
insert into public.reveal_runs (user_id, team_id, kind, model, source)
  values ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'run', 'm', 'team');
insert into public.vault_events (actor_id, owner_type, owner_id, key, action) values
  ('0a000000-0000-4000-8000-000000000001', 'user', '0a000000-0000-4000-8000-000000000001', 'VERCEL_TOKEN', 'set'),
  ('0a000000-0000-4000-8000-000000000001', 'team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'set');
insert into public.webhooks (id, user_id, team_id, url, encrypted_secret) values
  ('ee000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', null, 'https://own.test/', 'v1.own'),
  ('ee000000-0000-4000-8000-000000000002', null, '7e000000-0000-4000-8000-000000000001', 'https://led.test/', 'v1.led');
insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt) values
  ('ee000000-0000-4000-8000-000000000001', 'msg_' || gen_random_uuid(), 'webhook.test', 'to own', 1),
  ('ee000000-0000-4000-8000-000000000002', 'msg_' || gen_random_uuid(), 'webhook.test', 'to led', 1);

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';

select results_eq('select key from public.vault_secrets', array['VERCEL_TOKEN'],
  'An admin sees the metadata of their own secrets, and not the team''s');
select throws_ok('select encrypted_value from public.vault_secrets', '42501', null,
  'An admin cannot select encrypted_value');
select throws_ok('select encrypted_secret from public.webhooks', '42501', null,
  'An admin cannot select the signing secret of their team''s webhook');
select throws_ok('select token_hash from public.team_invites', '42501', null, 'An admin sees no invitation');
select throws_ok($$ delete from public.teams where name = 'Led' $$,
  '42501', null, 'An admin cannot delete a team behind the app''s back');

-- Should rights ever be granted, row-level security holds the rule by itself

reset role;
grant select, insert, update, delete on all tables in schema public to authenticated;
set local role authenticated;

select is_empty(format('select true from public.%I', relname),
    'Even with a grant, an admin sees no row of ' || relname || ', not even one of their own')
  from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'vault_secrets' order by relname;
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('team', '7e000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.x') $$,
  '42501', null, 'Even with a grant, an admin adds no secret to their team behind the app''s back');
select throws_ok(
  $$ update public.vault_secrets set owner_type = 'team', owner_id = '7e000000-0000-4000-8000-000000000001' $$,
  '42501', null, 'Even with a grant, an admin cannot hand a secret of their own to the team');
select is_empty($$ delete from public.vault_secrets where owner_type = 'team' returning key $$,
  'Even with a grant, an admin deletes no secret of the team');
select is_empty($$ update public.teams set name = 'x' returning id $$,
  'Even with a grant, an admin does not rename a team');
select throws_ok(
  $$ insert into public.team_members (team_id, user_id, role)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', 'admin') $$,
  '42501', null, 'Even with a grant, an admin puts nobody into a team');

reset role;
select * from finish();
rollback;

-- Somebody who is not signed in: sees nothing, writes nothing, whatever the request claims.
begin;
select plan(41);

insert into auth.users (id, email) values ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test');
insert into public.teams (id, name) values ('7e000000-0000-4000-8000-000000000001', 'Team');
insert into public.team_members (team_id, user_id, role)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', 'admin');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
  values ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.ciphertext');

set local role anon;

select throws_ok('select * from public.vault_secrets', '42501', null, 'anon cannot select from vault_secrets');
select throws_ok('select key from public.vault_secrets', '42501', null, 'anon cannot select a single column of it');
select throws_ok('select count(*) from public.vault_secrets', '42501', null, 'anon cannot count secrets');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.x') $$,
  '42501', null, 'anon cannot add a secret');
select throws_ok($$ update public.vault_secrets set description = 'x' where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'anon cannot change a secret');
select throws_ok($$ delete from public.vault_secrets where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'anon cannot delete a secret');
select throws_ok('truncate public.vault_secrets', '42501', null, 'anon cannot empty vault_secrets');

select throws_ok('select id from public.teams', '42501', null, 'anon cannot select teams');
select throws_ok($$ insert into public.teams (name) values ('x') $$, '42501', null, 'anon cannot add a team');
select throws_ok($$ update public.teams set name = 'x' where name = 'Team' $$, '42501', null, 'anon cannot change a team');
select throws_ok($$ delete from public.teams where name = 'Team' $$, '42501', null, 'anon cannot delete a team');

select throws_ok('select user_id from public.team_members', '42501', null, 'anon cannot select members');
select throws_ok(
  $$ insert into public.team_members (team_id, user_id)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001') $$,
  '42501', null, 'anon cannot join a team');
select throws_ok($$ update public.team_members set role = 'admin' where role = 'member' $$,
  '42501', null, 'anon cannot promote a member');
select throws_ok($$ delete from public.team_members where role = 'admin' $$,
  '42501', null, 'anon cannot remove a member');

select throws_ok('select url from public.webhooks', '42501', null, 'anon cannot select webhooks');
select throws_ok(
  $$ insert into public.webhooks (user_id, url, encrypted_secret)
     values ('0a000000-0000-4000-8000-000000000001', 'https://hook.test/', 'v1.x') $$,
  '42501', null, 'anon cannot add a webhook');
select throws_ok($$ update public.webhooks set url = 'https://x.test/' where description = '' $$,
  '42501', null, 'anon cannot change a webhook');
select throws_ok($$ delete from public.webhooks where description = '' $$,
  '42501', null, 'anon cannot delete a webhook');

select throws_ok('select id from public.webhook_deliveries', '42501', null, 'anon cannot select deliveries');
select throws_ok(
  $$ insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt)
     values ('ee000000-0000-4000-8000-000000000001', 'msg_' || gen_random_uuid(), 'webhook.test', '{}', 1) $$,
  '42501', null, 'anon cannot add a delivery');
select throws_ok($$ update public.webhook_deliveries set status = 'delivered' where status = 'started' $$,
  '42501', null, 'anon cannot change a delivery');
select throws_ok($$ delete from public.webhook_deliveries where status = 'started' $$,
  '42501', null, 'anon cannot delete a delivery');

select throws_ok('select email from public.profiles', '42501', null, 'anon cannot select profiles');
select throws_ok($$ insert into public.profiles (user_id) values ('0a000000-0000-4000-8000-000000000001') $$,
  '42501', null, 'anon cannot add a profile');
select throws_ok($$ update public.profiles set email = 'x' where email = 'ann@vault.test' $$,
  '42501', null, 'anon cannot change a profile');
select throws_ok($$ delete from public.profiles where email = 'ann@vault.test' $$,
  '42501', null, 'anon cannot delete a profile');

select throws_ok('select id from public.team_invites', '42501', null, 'anon cannot select invitations');
select throws_ok(
  $$ insert into public.team_invites (team_id, created_by, token_hash)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('a', 64)) $$,
  '42501', null, 'anon cannot make an invitation');
select throws_ok(
  $$ update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000001' where used_by is null $$,
  '42501', null, 'anon cannot accept an invitation');
select throws_ok('delete from public.team_invites where used_by is null', '42501', null,
  'anon cannot revoke an invitation');

select throws_ok('select id from public.reveal_runs', '42501', null, 'anon cannot select runs');
select throws_ok(
  $$ insert into public.reveal_runs (user_id, kind, model, source)
     values ('0a000000-0000-4000-8000-000000000001', 'run', 'm', 'user') $$,
  '42501', null, 'anon cannot add a run');
select throws_ok($$ update public.reveal_runs set source = 'user' where source = 'env' $$,
  '42501', null, 'anon cannot change a run');
select throws_ok($$ delete from public.reveal_runs where source = 'env' $$, '42501', null, 'anon cannot delete a run');

select throws_ok('select id from public.vault_events', '42501', null, 'anon cannot select events');
select throws_ok(
  $$ insert into public.vault_events (actor_id, owner_type, owner_id, key, action)
     values ('0a000000-0000-4000-8000-000000000001', 'user', '0a000000-0000-4000-8000-000000000001', 'KEY', 'set') $$,
  '42501', null, 'anon cannot add an event');
select throws_ok($$ update public.vault_events set action = 'set' where action = 'revealed' $$,
  '42501', null, 'anon cannot change an event');
select throws_ok($$ delete from public.vault_events where action = 'revealed' $$,
  '42501', null, 'anon cannot delete an event');

select throws_ok($$ select private.team_role('7e000000-0000-4000-8000-000000000001') $$,
  '42501', null, 'anon cannot ask for a role in a team');

set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';
select throws_ok('select key from public.vault_secrets', '42501', null,
  'anon with the claims of a person still sees nothing: the role counts');

reset role;
select * from finish();
rollback;

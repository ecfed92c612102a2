-- Who did what to which key: added and read by the server, changed by nobody.
begin;
select plan(30);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'member@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'former-admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000004', 'stranger@vault.test'),
  ('7e000000-0000-4000-8000-000000000001', 'like-a-team@vault.test');
insert into public.teams (id, name, created_by) values
  ('0a000000-0000-4000-8000-000000000002', 'Like a member', null),
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000002', 'Other', '0a000000-0000-4000-8000-000000000004');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'member'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', 'admin'),
  ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000001', 'member');

-- The server adds

set local role service_role;
select results_eq(
  $$ insert into public.vault_events (actor_id, owner_type, owner_id, key, action)
     values ('0a000000-0000-4000-8000-000000000001', 'team', '7e000000-0000-4000-8000-000000000001', 'CREW_KEY', 'set')
     returning key, action $$,
  $$ values ('CREW_KEY', 'set') $$, 'The server adds an event');
do $$ begin perform pg_sleep(0.01); end $$;
insert into public.vault_events (actor_id, owner_type, owner_id, key, action) values
  ('0a000000-0000-4000-8000-000000000003', 'team', '7e000000-0000-4000-8000-000000000001', 'CREW_KEY', 'revealed'),
  ('0a000000-0000-4000-8000-000000000004', 'team', '7e000000-0000-4000-8000-000000000002', 'OTHER_KEY', 'checked'),
  ('0a000000-0000-4000-8000-000000000001', 'user', '0a000000-0000-4000-8000-000000000001', 'ADMIN_KEY', 'metadata'),
  ('0a000000-0000-4000-8000-000000000002', 'user', '0a000000-0000-4000-8000-000000000002', 'MEMBER_KEY', 'deleted'),
  ('0a000000-0000-4000-8000-000000000003', 'user', '0a000000-0000-4000-8000-000000000003', 'FORMER_KEY', 'set'),
  -- The ids of a person and of a team, under the other type.
  ('0a000000-0000-4000-8000-000000000004', 'team', '0a000000-0000-4000-8000-000000000002', 'TEAM_LIKE_MEMBER', 'set'),
  ('0a000000-0000-4000-8000-000000000004', 'user', '7e000000-0000-4000-8000-000000000001', 'PERSON_LIKE_CREW', 'set');
select results_eq(
  $$ select action from public.vault_events where key = 'CREW_KEY' order by created_at desc $$,
  array['revealed', 'set'], 'Two events of one transaction have the times at which they happened');

prepare event (text, text, text) as
  insert into public.vault_events (actor_id, owner_type, owner_id, key, action)
  values ('0a000000-0000-4000-8000-000000000004', $1, '0a000000-0000-4000-8000-000000000004', $2, $3);
select throws_ok($$ execute event('env', 'KEY', 'set') $$, '23514', null, 'An owner is a user or a team');
select throws_ok($$ execute event('user', 'sk-ant-x', 'set') $$, '23514', null,
  'A key is a name, so that no value is stored as one by mistake');
select throws_ok($$ execute event('user', 'K' || repeat('E', 64), 'set') $$, '23514', null,
  'A key has at most 64 characters');
select throws_ok($$ execute event('team', 'KEY', 'set') $$, 'PT404', null, 'Nothing happens to the keys of no team');
select throws_ok($$ execute event('user', 'KEY', 'borrowed') $$, '23514', null,
  'What was done to a key is one of the things that can be');
select throws_ok($$ execute event('user', 'KEY', 'team_renamed') $$, '23514', null,
  'What is done to a team is not done to a key');
select throws_ok($$ execute event('user', null, 'revealed') $$, '23514', null, 'What is done to a key names it');
select throws_ok(
  $$ insert into public.vault_events (owner_type, owner_id, key, action)
     values ('user', '0a000000-0000-4000-8000-000000000004', 'KEY', 'revealed') $$,
  '23514', null, 'Somebody did what was done to a key');
select throws_ok(
  $$ insert into public.vault_events (owner_type, owner_id, action, details)
     values ('user', '0a000000-0000-4000-8000-000000000004', 'email_changed', '"text"') $$,
  '23514', null, 'Details are an object');
select throws_ok(
  $$ insert into public.vault_events (owner_type, owner_id, action, details)
     values ('user', '0a000000-0000-4000-8000-000000000004', 'email_changed', jsonb_build_object('from', repeat('x', 4000))) $$,
  '23514', null, 'Details are short');
select throws_ok(
  $$ insert into public.vault_events (owner_type, owner_id, action, import_id)
     values ('user', '0a000000-0000-4000-8000-000000000004', 'imported', gen_random_uuid()) $$,
  '23514', null, 'An import is no part of another one');

-- Nobody changes or deletes, the server neither

select throws_ok($$ update public.vault_events set action = 'checked' where key = 'CREW_KEY' $$, '42501', null,
  'The server cannot change an event');
select throws_ok($$ update public.vault_events set created_at = now() where key = 'CREW_KEY' $$, '42501', null,
  'The server cannot move an event to another time');
select throws_ok($$ delete from public.vault_events where key = 'CREW_KEY' $$, '42501', null,
  'The server cannot delete an event');
select throws_ok('truncate public.vault_events', '42501', null, 'The server cannot empty vault_events');
select throws_ok(
  $$ insert into public.vault_events (id, actor_id, owner_type, owner_id, key, action)
     select id, actor_id, owner_type, owner_id, key, 'checked' from public.vault_events where key = 'CREW_KEY'
     on conflict (id) do update set action = excluded.action $$,
  '42501', null, 'The server cannot replace an event through an upsert');
select throws_ok('select id from public.vault_events for update', '42501', null, 'The server cannot lock an event');
select throws_ok('select public.vault_events_forget_owner()', '42501', null,
  'The server cannot call the function that deletes events');

-- What is left of the events above

reset role;
create temporary view remaining as
  select key, actor_id from public.vault_events
    where owner_id::text ~ '^(0a|7e)000000-0000-4000-8000-00000000000[1-4]$';
select is((select count(*)::integer from remaining), 8, 'After all that every event is there');

-- Accounts and teams that go

delete from auth.users where id = '0a000000-0000-4000-8000-000000000003';
select is_empty($$ select key from remaining where key = 'FORMER_KEY' $$,
  'Events about a person''s own keys go with the account');
select results_eq(
  $$ select actor_id from remaining where key = 'CREW_KEY' order by actor_id $$,
  array['0a000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003']::uuid[],
  'A team still knows what somebody did whose account is gone');
select is((select count(*)::integer from remaining), 7, 'Nobody else''s event went with the account');
reset role;
delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000002';
select is((select count(*)::integer from remaining), 7, 'Leaving a team removes no event');
delete from auth.users where id = '0a000000-0000-4000-8000-000000000002';
select is_empty($$ select key from remaining where key = 'MEMBER_KEY' $$,
  'A member''s account takes their own events along');
select isnt_empty($$ select key from remaining where key = 'TEAM_LIKE_MEMBER' $$,
  'A team that shares the id of a deleted account keeps its events');

set local role service_role;
delete from public.vault_secrets where owner_id = '7e000000-0000-4000-8000-000000000001';
delete from public.teams where id = '7e000000-0000-4000-8000-000000000001';
reset role;
select set_eq('select key from remaining',
  array['OTHER_KEY', 'ADMIN_KEY', 'TEAM_LIKE_MEMBER', 'PERSON_LIKE_CREW'],
  'A deleted team takes its events along, and no other''s');
delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000001';
delete from auth.users where id = '0a000000-0000-4000-8000-000000000004';
select set_eq('select key from remaining', array['ADMIN_KEY', 'TEAM_LIKE_MEMBER', 'PERSON_LIKE_CREW'],
  'A team that goes with its only member''s account takes its events along');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
  values ('user', '0a000000-0000-4000-8000-000000000001', 'ADMIN_KEY', 'v1.x');
delete from public.vault_secrets where owner_id = '0a000000-0000-4000-8000-000000000001';
select results_eq($$ select key from remaining where key = 'ADMIN_KEY' $$, array['ADMIN_KEY'],
  'Events outlive the secret that they are about');

-- A prepared statement would outlive the rollback.
deallocate event;
select * from finish();
rollback;

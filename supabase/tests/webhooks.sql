-- Webhooks and what was sent to them: whose they are, what a row may be, how many there may be, how
-- many deliveries are kept, and when a webhook is paused.
begin;
select plan(94);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'member@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'former-admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000004', 'other@vault.test'),
  ('0a000000-0000-4000-8000-000000000005', 'collector@vault.test');
insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000002', 'Other', '0a000000-0000-4000-8000-000000000004'),
  ('7e000000-0000-4000-8000-000000000003', 'Collection', '0a000000-0000-4000-8000-000000000005');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'member'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', 'admin'),
  ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000001', 'member');

-- The server adds

set local role service_role;
select results_eq(
  $$ insert into public.webhooks (id, team_id, url, encrypted_secret)
     values ('ee000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'https://same.test/',
       'v1.crew')
     returning user_id, description, events, failures, last_delivered_at, pause_reason $$,
  $$ values (null::uuid, '', array['reveal.completed', 'reveal.failed', 'vault.secret.created',
       'vault.secret.rotated', 'vault.secret.deleted', 'vault.secret.revealed', 'vault.secret.refused',
       'vault.secret.expiring', 'spending.threshold', 'webhook.paused', 'team.deleted'], 0, null::timestamptz, null::text) $$,
  'The server adds a webhook for a team: active, without failures, and told of all events');
select lives_ok(
  $$ insert into public.webhooks (id, user_id, url, encrypted_secret)
     values ('ee000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000001', 'https://same.test/',
       'v1.admin') $$,
  'A person and a team may have the same address');
select lives_ok(
  $$ insert into public.webhooks (id, team_id, url, encrypted_secret)
     values ('ee000000-0000-4000-8000-000000000003', '7e000000-0000-4000-8000-000000000002', 'https://same.test/',
       'v1.other') $$,
  'Two teams may have the same address');
select throws_ok(
  $$ insert into public.webhooks (team_id, url, encrypted_secret)
     values ('7e000000-0000-4000-8000-00000000ffff', 'https://same.test/', 'v1.x') $$,
  '23503', null, 'A team that has a webhook exists');
insert into public.webhooks (id, user_id, url, encrypted_secret) values
  ('ee000000-0000-4000-8000-000000000004', '0a000000-0000-4000-8000-000000000002', 'https://member.test/', 'v1.member'),
  ('ee000000-0000-4000-8000-000000000005', '0a000000-0000-4000-8000-000000000003', 'https://former.test/', 'v1.former');

-- What a webhook may be

prepare webhook (uuid, uuid) as
  insert into public.webhooks (user_id, team_id, url, encrypted_secret) values ($1, $2, 'https://owner.test/', 'v1.x');
select throws_ok('execute webhook(null, null)', '23514', null, 'A webhook is somebody''s');
select throws_ok(
  $$ execute webhook('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001') $$,
  '23514', null, 'A webhook is a person''s or a team''s, and not both''s');

prepare events (text[]) as
  update public.webhooks set events = $1 where id = 'ee000000-0000-4000-8000-000000000004' returning events;
select results_eq($$ execute events('{vault.secret.deleted,reveal.failed}') $$,
  $$ values (array['vault.secret.deleted', 'reveal.failed']) $$, 'The server chooses events');
select throws_ok($$ execute events('{}') $$, '23514', null, 'A webhook is told of at least one event');
select throws_ok($$ execute events('{reveal.failed,webhook.test}') $$, '23514', null,
  'A webhook is told of these events only');
select throws_ok($$ execute events('{reveal.failed,null}') $$, '23514', null, 'An event has a name');
select throws_ok('execute events(null)', '23502', null, 'There is no webhook without a list of events');

prepare secret (text, text) as
  update public.webhooks set encrypted_secret = $1, pause_reason = $2
    where id = 'ee000000-0000-4000-8000-000000000005' returning pause_reason;
select throws_ok('execute secret(null, null)', '23514', null, 'Nothing is active without a signing secret');
select throws_ok($$ execute secret(null, 'person') $$, '23514', null,
  'Nothing without a signing secret is paused as if it could be resumed');
select throws_ok($$ execute secret('v1.former', 'no_secret') $$, '23514', null,
  'A webhook with a signing secret does not say that it has none');
select throws_ok($$ execute secret('', null) $$, '23514', null, 'A signing secret is not empty');
select results_eq($$ execute secret(null, 'no_secret') $$, array['no_secret'],
  'Without a signing secret, a webhook says so');
select throws_ok(
  $$ update public.webhooks set pause_reason = null where id = 'ee000000-0000-4000-8000-000000000005' $$,
  '23514', null, 'A webhook without a signing secret is not resumed');
select results_eq($$ execute secret('v1.former', null) $$, array[null::text],
  'A new signing secret makes it active in the same statement');
select results_eq($$ execute secret('v1.former', 'person') $$, array['person'], 'A person may pause a webhook');
select results_eq($$ execute secret('v1.former', 'failures') $$, array['failures'], 'Failures may pause a webhook');
select results_eq($$ execute secret('v1.former', 'gone') $$, array['gone'],
  'A receiver that is gone may pause a webhook');
select throws_ok($$ execute secret('v1.former', 'tired') $$, '23514', null, 'A reason for a pause is one of five');
select throws_ok(
  $$ update public.webhooks set failures = -1 where id = 'ee000000-0000-4000-8000-000000000005' $$,
  '23514', null, 'Failures are not below none');

-- Addresses: plain ones are those from before, or of the version from before

prepare addressed (text) as
  insert into public.webhooks (user_id, url, encrypted_secret)
  values ('0a000000-0000-4000-8000-000000000003', $1, 'v1.x') returning address;
select results_eq($$ execute addressed('https://host.test:8443/services/T0/B0/x?y=z') $$,
  array['https://host.test:8443/…'], 'Of a plain address, scheme, host and port are shown');
select results_eq($$ execute addressed('https://host.test/') $$, array['https://host.test'],
  'Where there is nothing more, nothing says that there is');
select results_eq($$ execute addressed('https://host.test?x') $$, array['https://host.test/…'],
  'A query is more as well');
select results_eq($$ execute addressed('http://name:pass@word@host.test\path') $$, array['http://host.test/…'],
  'A user name and a password would never be shown');
delete from public.webhooks where user_id = '0a000000-0000-4000-8000-000000000003' and address ~ 'host.test';

prepare sealed (text, text, text) as
  insert into public.webhooks (id, user_id, url, encrypted_url, address, encrypted_secret)
  values ('ee000000-0000-4000-8000-000000000008', '0a000000-0000-4000-8000-000000000003', $1, $2, $3, 'v1.x');
select throws_ok($$ execute sealed(null, null, 'https://host.test') $$, '23514', null,
  'A webhook leads somewhere');
select throws_ok($$ execute sealed(null, '', 'https://host.test') $$, '23514', null,
  'A sealed address is not empty');
select throws_ok($$ execute sealed(null, 'v1.url', '') $$, '23514', null,
  'With a sealed address comes what is shown of it');
select throws_ok($$ execute sealed(null, 'v1.url', 'https://host.test/path') $$, '23514', null,
  'What is shown of an address has no path');
select throws_ok($$ execute sealed(null, 'v1.url', 'https://name@host.test') $$, '23514', null,
  'What is shown of an address has no user name');
select lives_ok($$ execute sealed('https://plain.test/x', 'v1.url', 'https://host.test') $$,
  'A plain address may take the place of a sealed one');
prepare stored as
  select url, encrypted_url, address from public.webhooks where id = 'ee000000-0000-4000-8000-000000000008';
select results_eq('execute stored', $$ values ('https://plain.test/x', null::text, 'https://plain.test/…') $$,
  'It is the only one then');
select is_empty(
  $$ select * from public.seal_webhook_address('ee000000-0000-4000-8000-000000000008', 'https://other.test/', 'v1.url') $$,
  'An address that has changed meanwhile is not sealed');
select isnt_empty(
  $$ select * from public.seal_webhook_address('ee000000-0000-4000-8000-000000000008', 'https://plain.test/x', 'v1.url') $$,
  'The server seals an address');
select results_eq('execute stored', $$ values (null::text, 'v1.url', 'https://plain.test/…') $$,
  'Nothing of it is left but what is shown');
select is_empty(
  $$ select * from public.seal_webhook_address('ee000000-0000-4000-8000-000000000008', 'https://plain.test/x', 'v1.two') $$,
  'A sealed address is not sealed twice');
delete from public.webhooks where id = 'ee000000-0000-4000-8000-000000000008';

-- What an attempt may be

select results_eq(
  $$ insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt)
     values ('ee000000-0000-4000-8000-000000000001', 'msg_' || gen_random_uuid(), 'webhook.test', 'to crew', 1)
     returning status, response_status, response_excerpt, error, duration_ms $$,
  $$ values ('started', null::integer, null::text, null::text, null::integer) $$,
  'The server enters an attempt that has started and has no answer yet');
do $$ begin perform pg_sleep(0.01); end $$;
insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt)
  values ('ee000000-0000-4000-8000-000000000001', 'msg_' || gen_random_uuid(), 'webhook.test', 'to crew', 2);
select results_eq(
  $$ select attempt from public.webhook_deliveries
     where webhook_id = 'ee000000-0000-4000-8000-000000000001' order by created_at desc $$,
  array[2, 1], 'Two attempts in one transaction have the times at which they were entered');

prepare attempt (text, text, text, integer, text) as
  insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt, status)
  values ('ee000000-0000-4000-8000-000000000004', 'msg_' || $1, $2, $3, $4, $5);
select lives_ok(
  $$ execute attempt(gen_random_uuid()::text, repeat('e', 40), repeat('p', 32768), 1, 'started') $$,
  'An event''s name may have 40 characters, and a payload 32,768');
select throws_ok($$ execute attempt('ffffffff-0000-4000-8000-00000000000', 'webhook.test', '{}', 1, 'started') $$,
  '23514', null, 'A message''s id is as long as a UUID, and no shorter');
select throws_ok($$ execute attempt('ffffffff-0000-4000-8000-0000000000011', 'webhook.test', '{}', 1, 'started') $$,
  '23514', null, 'A message''s id is as long as a UUID, and no longer');
select throws_ok($$ execute attempt('ffffffff-0000-4000-8000-00000000000.', 'webhook.test', '{}', 1, 'started') $$,
  '23514', null, 'A message''s id has no full stop, which separates the parts of what is signed');
select throws_ok(
  $$ insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt)
     values ('ee000000-0000-4000-8000-000000000004', gen_random_uuid()::text, 'webhook.test', '{}', 1) $$,
  '23514', null, 'A message''s id says what it is');
select throws_ok(
  $$ insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt)
     values ('ee000000-0000-4000-8000-000000000004', 'a_msg_' || gen_random_uuid(), 'webhook.test', '{}', 1) $$,
  '23514', null, 'A message''s id begins with msg_');
select throws_ok($$ execute attempt(gen_random_uuid()::text, repeat('e', 41), '{}', 1, 'started') $$,
  '23514', null, 'An event''s name has at most 40 characters');
select throws_ok($$ execute attempt(gen_random_uuid()::text, 'webhook.test', repeat('p', 32769), 1, 'started') $$,
  '23514', null, 'A payload has at most 32,768 characters');
select throws_ok($$ execute attempt(gen_random_uuid()::text, 'webhook.test', '{}', 0, 'started') $$,
  '23514', null, 'A message''s first attempt is number 1');
select throws_ok($$ execute attempt(gen_random_uuid()::text, 'webhook.test', '{}', 1, 'unfinished') $$,
  '23514', null, 'An attempt has started, was delivered or has failed');
select throws_ok(
  $$ insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt)
     values ('ee000000-0000-4000-8000-00000000ffff', 'msg_' || gen_random_uuid(), 'webhook.test', '{}', 1) $$,
  '23503', null, 'Nothing is entered for a webhook that is gone');

prepare answer (text, text, integer) as
  update public.webhook_deliveries set response_excerpt = $1, error = $2, duration_ms = $3
    where webhook_id = 'ee000000-0000-4000-8000-000000000004' returning duration_ms;
select results_eq($$ execute answer(repeat('r', 500), repeat('e', 40), 0) $$, array[0],
  'The server enters an answer of up to 500 characters, a reason and how long it took');
select throws_ok($$ execute answer(repeat('r', 501), 'timeout', 0) $$, '23514', null,
  'Of an answer, at most 500 characters are kept');
select throws_ok($$ execute answer('', 'No route to host.', 0) $$, '23514', null,
  'Why there was no answer is a code');
select throws_ok($$ execute answer('', '', 0) $$, '23514', null, 'A code is not empty');
select throws_ok($$ execute answer('', repeat('e', 41), 0) $$, '23514', null,
  'A code has at most 40 characters');
select throws_ok($$ execute answer('', 'timeout', -1) $$, '23514', null,
  'No attempt is over before it has begun');

select throws_ok($$ delete from public.webhook_deliveries where payload = 'to crew' $$, '42501', null,
  'The server cannot delete a delivery');
select throws_ok('truncate public.webhook_deliveries', '42501', null, 'The server cannot empty webhook_deliveries');
select throws_ok('select public.webhook_deliveries_forget()', '42501', null,
  'The server cannot call the function that deletes deliveries');

reset role;

-- At most 20 for each owner

set local role service_role;
prepare collect (uuid, uuid, integer, integer) as
  insert into public.webhooks (user_id, team_id, url, encrypted_secret)
  select $1, $2, 'https://collected.test/' || number, 'v1.x' from generate_series($3, $4) as number;
select throws_ok($$ execute collect('0a000000-0000-4000-8000-000000000005', null, 1, 21) $$,
  'PT409', 'There are at most 20 webhooks for each owner.', 'Not even one statement brings in 21');
select is_empty($$ select id from public.webhooks where user_id = '0a000000-0000-4000-8000-000000000005' $$,
  'A refused statement leaves nothing behind');
select lives_ok($$ execute collect('0a000000-0000-4000-8000-000000000005', null, 1, 20) $$,
  'A person has room for 20 webhooks');
select throws_ok($$ execute collect('0a000000-0000-4000-8000-000000000005', null, 21, 21) $$,
  'PT409', 'There are at most 20 webhooks for each owner.', 'There is no room for a person''s 21st');
select lives_ok($$ execute collect(null, '7e000000-0000-4000-8000-000000000003', 1, 20) $$,
  'A team has room for 20 webhooks, whatever its admin has');
select throws_ok($$ execute collect(null, '7e000000-0000-4000-8000-000000000003', 21, 21) $$,
  'PT409', 'There are at most 20 webhooks for each owner.', 'There is no room for a team''s 21st');
select lives_ok($$ execute collect('0a000000-0000-4000-8000-000000000004', null, 1, 1) $$,
  'Another person is not held up');
select lives_ok(
  $$ update public.webhooks set description = 'x' where user_id = '0a000000-0000-4000-8000-000000000005' $$,
  'A person with 20 webhooks can still change them');
delete from public.webhooks
  where user_id = '0a000000-0000-4000-8000-000000000005' and url = 'https://collected.test/1';
select lives_ok($$ execute collect('0a000000-0000-4000-8000-000000000005', null, 21, 21) $$,
  'A deleted webhook makes room for another');
-- Two at once do not fit into one session. That each would wait for the other is seen by the locks.
select results_eq(
  $$ select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() $$,
  $$ select count(distinct coalesce(user_id, team_id))
       -- Memberships hold one on the person.
       + (select count(distinct user_id) from public.team_members where created_at = now())
     from public.webhooks where created_at = now() $$,
  'Whoever adds a webhook holds a lock on its owner until it is there for all');

-- The newest hundred of each webhook are kept

insert into public.webhooks (id, user_id, url, encrypted_secret) values
  ('ee000000-0000-4000-8000-000000000006', '0a000000-0000-4000-8000-000000000004', 'https://busy.test/', 'v1.x'),
  ('ee000000-0000-4000-8000-000000000007', '0a000000-0000-4000-8000-000000000004', 'https://quiet.test/', 'v1.x');
-- These take the last two digits of a webhook's id.
prepare send (text, timestamptz, integer, integer) as
  insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt, created_at)
  select ('ee000000-0000-4000-8000-0000000000' || $1)::uuid, 'msg_' || gen_random_uuid(), 'webhook.test', '{}', number,
    $2 + number * interval '1 second'
  from generate_series($3, $4) as number;
prepare kept (text) as
  select min(attempt), max(attempt), count(*)::integer from public.webhook_deliveries
  where webhook_id = ('ee000000-0000-4000-8000-0000000000' || $1)::uuid;
execute send('07', '2026-01-01', 1, 100);
execute send('06', '2026-02-01', 1, 100);
select results_eq($$ execute kept('06') $$, $$ values (1, 100, 100) $$,
  'A hundred deliveries are kept');
execute send('06', '2026-02-01', 101, 101);
select results_eq($$ execute kept('06') $$, $$ values (2, 101, 100) $$,
  'The 101st takes the place of the oldest');
execute send('06', '2026-02-01', 102, 104);
select results_eq($$ execute kept('06') $$, $$ values (5, 104, 100) $$,
  'So do three that are entered together');
select results_eq($$ execute kept('07') $$, $$ values (1, 100, 100) $$,
  'Another webhook keeps its own, though they are older');

execute send('07', clock_timestamp(), 101, 201);
select results_eq($$ execute kept('07') $$, $$ values (101, 201, 101) $$,
  'One that may be under way is kept, however many follow, and those from before go');
update public.webhook_deliveries set status = 'failed'
  where webhook_id = 'ee000000-0000-4000-8000-000000000007' and attempt = 101;
execute send('07', clock_timestamp(), 202, 202);
select results_eq($$ execute kept('07') $$, $$ values (102, 202, 101) $$,
  'Once it has ended, it goes as the others do');

-- Failures in a row

insert into public.webhooks (id, user_id, url, encrypted_secret) values
  ('ee000000-0000-4000-8000-000000000011', '0a000000-0000-4000-8000-000000000002', 'https://failing.test/', 'v1.x'),
  ('ee000000-0000-4000-8000-000000000012', '0a000000-0000-4000-8000-000000000002', 'https://gone.test/', 'v1.x'),
  ('ee000000-0000-4000-8000-000000000013', '0a000000-0000-4000-8000-000000000002', 'https://paused.test/', 'v1.x'),
  ('ee000000-0000-4000-8000-000000000014', '0a000000-0000-4000-8000-000000000002', 'https://spared.test/', 'v1.x');
update public.webhooks set pause_reason = 'person' where url = 'https://paused.test/';
prepare state (text) as
  select failures, pause_reason, last_delivered_at is not distinct from now() from public.webhooks
  where id = ('ee000000-0000-4000-8000-0000000000' || $1)::uuid;
-- Finishes whatever has started.
prepare finish (text, text, integer) as
  update public.webhook_deliveries set status = $2, response_status = $3
  where webhook_id = ('ee000000-0000-4000-8000-0000000000' || $1)::uuid and status = 'started';

execute send('11', now(), 1, 19);
select results_eq($$ execute state('11') $$, $$ values (0, null::text, false) $$,
  'An attempt that has started is no failure yet');
update public.webhook_deliveries set duration_ms = 1, status = 'started'
  where webhook_id = 'ee000000-0000-4000-8000-000000000011';
select results_eq($$ execute state('11') $$, $$ values (0, null::text, false) $$,
  'Nor is one that is changed and has not ended');
execute finish('11', 'failed', 500);
select results_eq($$ execute state('11') $$, $$ values (19, null::text, false) $$,
  '19 failures count, also those that end together, and pause nothing');
update public.webhook_deliveries set status = 'failed', duration_ms = 2
  where webhook_id = 'ee000000-0000-4000-8000-000000000011';
update public.webhook_deliveries set status = 'delivered'
  where webhook_id = 'ee000000-0000-4000-8000-000000000011' and attempt = 1;
select results_eq($$ execute state('11') $$, $$ values (19, null::text, false) $$,
  'An attempt that ends twice counts once');
execute send('11', now(), 20, 20);
execute finish('11', 'delivered', 204);
select results_eq($$ execute state('11') $$, $$ values (0, null::text, true) $$,
  'One that arrives leaves no failures, and its time');
execute send('11', now(), 21, 39);
execute finish('11', 'failed', null);
select results_eq($$ execute state('11') $$, $$ values (19, null::text, true) $$,
  'After that 19 more pause nothing');
execute send('11', now(), 40, 40);
execute finish('11', 'failed', null);
select results_eq($$ execute state('11') $$, $$ values (20, 'failures', true) $$,
  'The 20th in a row pauses the webhook');
execute send('11', now(), 41, 41);
execute finish('11', 'failed', 410);
select results_eq($$ execute state('11') $$, $$ values (21, 'failures', true) $$,
  'A test that fails is counted too, and the reason stays');
execute send('11', now(), 42, 42);
execute finish('11', 'delivered', 200);
select results_eq($$ execute state('11') $$, $$ values (0, 'failures', true) $$,
  'A test that arrives resumes nothing: a person does');

execute send('12', now(), 1, 1);
execute finish('12', 'failed', 404);
select results_eq($$ execute state('12') $$, $$ values (1, null::text, false) $$,
  'A receiver that finds nothing is not gone for good');
execute send('12', now(), 2, 2);
execute finish('12', 'failed', 410);
select results_eq($$ execute state('12') $$, $$ values (2, 'gone', false) $$,
  'Status 410 pauses the webhook at once');

execute send('13', now(), 1, 20);
execute finish('13', 'failed', 410);
select results_eq($$ execute state('13') $$, $$ values (20, 'person', false) $$,
  'A webhook that a person paused stays paused by a person');
select results_eq($$ execute state('14') $$, $$ values (0, null::text, false) $$,
  'What became of attempts at other webhooks changes nothing');

update public.webhooks set failures = 24 where url in ('https://failing.test/', 'https://spared.test/');
update public.webhooks set pause_reason = null where url = 'https://failing.test/';
execute send('11', now(), 43, 43);
execute finish('11', 'failed', 500);
select results_eq($$ execute state('11') $$, $$ values (25, 'failures', true) $$,
  'A webhook that was resumed with its failures is paused by the next one');
execute send('14', now(), 1, 1);
execute finish('14', 'failed', 410);
select results_eq($$ execute state('14') $$, $$ values (25, 'gone', false) $$,
  'Of two reasons, that the receiver is gone is the one that is told');

-- A webhook that is deleted

select results_eq(
  $$ delete from public.webhooks where id = 'ee000000-0000-4000-8000-000000000011' returning url $$,
  array['https://failing.test/'], 'The server deletes a webhook that it has sent to');
select is_empty(
  $$ select id from public.webhook_deliveries where webhook_id = 'ee000000-0000-4000-8000-000000000011' $$,
  'A deleted webhook takes along what was sent to it');
select results_eq($$ execute kept('12') $$, $$ values (1, 2, 2) $$,
  'Another webhook of the same person keeps what was sent to it');

reset role;
-- Prepared statements would outlive the rollback.
deallocate all;
select * from finish();
rollback;

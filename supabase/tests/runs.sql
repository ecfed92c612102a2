-- The ledger of runs: who writes, what outlives whom, and how it is summed up.
begin;
select plan(48);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'member@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'former-member@vault.test'),
  ('0a000000-0000-4000-8000-000000000004', 'former-admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000005', 'stranger@vault.test');
insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000002', 'Other', '0a000000-0000-4000-8000-000000000004');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'member'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', 'member'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000004', 'admin'),
  ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000001', 'member');

-- The server writes

set local role service_role;
select results_eq(
  $$ insert into public.reveal_runs (user_id, team_id, kind, model, source)
     values ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'run', 'admin in crew', 'team')
     returning status, input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens,
       duration_ms, created_at = now() $$,
  $$ values ('started', 0, 0, 0, 0, null::integer, true) $$,
  'The server writes down a run that has started and used nothing yet');
select results_eq(
  $$ select stop_reason, is_counted, cost_usd, cost_exact, details from public.reveal_runs
     where model = 'admin in crew' $$,
  $$ values (null::text, false, null::numeric, false, '{}'::jsonb) $$,
  'Until it ends, nothing of it is counted, and no cost is known');
select results_eq(
  $$ update public.reveal_runs set status = 'completed', input_tokens = 1, output_tokens = 2, duration_ms = 3
     where model = 'admin in crew' returning status, input_tokens, output_tokens, duration_ms $$,
  $$ values ('completed', 1, 2, 3) $$, 'The server finishes a run');
select throws_ok($$ delete from public.reveal_runs where model = 'admin in crew' $$, '42501', null,
  'The server cannot delete a run');
select throws_ok('truncate public.reveal_runs', '42501', null, 'The server cannot empty reveal_runs');

insert into public.reveal_runs (user_id, team_id, kind, model, source) values
  ('0a000000-0000-4000-8000-000000000001', null, 'run', 'admin alone', 'user'),
  ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000002', 'run', 'admin in other', 'env'),
  ('0a000000-0000-4000-8000-000000000002', '7e000000-0000-4000-8000-000000000001', 'run', 'member in crew', 'team'),
  ('0a000000-0000-4000-8000-000000000002', null, 'analyze', 'member alone', 'user'),
  ('0a000000-0000-4000-8000-000000000003', '7e000000-0000-4000-8000-000000000001', 'run', 'former member in crew', 'team'),
  ('0a000000-0000-4000-8000-000000000004', '7e000000-0000-4000-8000-000000000001', 'run', 'former admin in crew', 'team'),
  ('0a000000-0000-4000-8000-000000000004', '7e000000-0000-4000-8000-000000000002', 'run', 'former admin in other', 'team');

-- What a row may be

prepare run (text, text, text, text, integer) as
  insert into public.reveal_runs (user_id, kind, model, source, status, input_tokens)
  values ('0a000000-0000-4000-8000-000000000005', $1, $2, $3, $4, $5);
select throws_ok($$ execute run('Daily summaries', 'm', 'user', 'started', 0) $$, '23514', null,
  'A feature has a name of lower-case letters, digits and hyphens');
select lives_ok($$ execute run('daily-summaries-2', '', 'user', 'started', 0) $$,
  'Any feature has its runs in the ledger, with a model or without');
select throws_ok(
  $$ insert into public.reveal_runs (user_id, kind, key, model, source)
     values ('0a000000-0000-4000-8000-000000000005', 'run', 'a value', 'm', 'user') $$,
  '23514', null, 'A run names its key, and nothing that could be a value');
select throws_ok($$ execute run('run', repeat('m', 201), 'user', 'started', 0) $$, '23514', null,
  'A model''s name has at most 200 characters');
select throws_ok($$ execute run('run', 'm', 'platform', 'started', 0) $$, '23514', null,
  'Whose key paid is user, team or env');
select throws_ok($$ execute run('run', 'm', 'user', 'Sorry, no.', 0) $$, '23514', null,
  'A status is a code, so that no answer is stored in it by mistake');
select throws_ok($$ execute run('run', 'm', 'user', 'started', -1) $$, '23514', null,
  'No run gives tokens back');
prepare ended (text, numeric, jsonb) as
  insert into public.reveal_runs (user_id, kind, model, source, status, stop_reason, cost_usd, details)
  values ('0a000000-0000-4000-8000-000000000005', 'run', 'm', 'user', 'completed', $1, $2, $3);
select lives_ok($$ execute ended('max_tokens', 999999.9999999999, '{"thinking_tokens": 1}') $$,
  'A run says why it stopped, what it cost and what else was said of it');
select throws_ok($$ execute ended('I had to stop.', 0, '{}') $$, '23514', null,
  'Why a model stopped is one of the listed words');
select throws_ok($$ execute ended(null, -0.01, '{}') $$, '23514', null, 'No run earns money');
select throws_ok($$ execute ended(null, 1000000, '{}') $$, '23514', null, 'No run costs a million');
select throws_ok($$ execute ended(null, 'NaN', '{}') $$, '23514', null, 'A cost is a number');
select throws_ok($$ execute ended(null, 0, '[]') $$, '23514', null, 'Details are an object');

-- Members who have left, whose runs stay

reset role;
delete from public.team_members
  where team_id = '7e000000-0000-4000-8000-000000000001'
    and user_id in ('0a000000-0000-4000-8000-000000000003', '0a000000-0000-4000-8000-000000000004');

-- Who may ask for sums

set local role authenticated;
select throws_ok(
  $$ select public.reveal_usage('0a000000-0000-4000-8000-000000000001', null, '-infinity', 'infinity') $$,
  '42501', null, 'A signed-in person cannot ask for sums, not even of their own runs');
set local role anon;
select throws_ok(
  $$ select public.reveal_usage('0a000000-0000-4000-8000-000000000001', null, '-infinity', 'infinity') $$,
  '42501', null, 'anon cannot ask for sums');
set local role service_role;
select lives_ok(
  $$ select public.reveal_usage('0a000000-0000-4000-8000-000000000001', null, '-infinity', 'infinity') $$,
  'The server may ask for sums');
select throws_ok(
  $$ select public.reveal_runs_forget() $$, '42501', null, 'The server cannot call the function that deletes runs');

-- Accounts and teams that go

reset role;
create temporary view ledger as
  select model, user_id is not null as has_user, team_id is not null as has_team from public.reveal_runs
    where model ~ ' (in|alone)';
delete from auth.users where id = '0a000000-0000-4000-8000-000000000002';
select is_empty($$ select model from ledger where model = 'member alone' $$,
  'A deleted account takes its personal runs along');
select results_eq($$ select has_user, has_team from ledger where model = 'member in crew' $$,
  $$ values (false, true) $$, 'A team keeps the run of a deleted account, without the account''s id');
select is((select count(*)::integer from ledger), 7, 'Nobody else''s run went with the account');
set local role service_role;
select results_eq(
  $$ select user_id, sum(runs)::integer from public.reveal_usage(null, '7e000000-0000-4000-8000-000000000001', '-infinity', 'infinity')
     where user_id is null group by user_id $$,
  $$ values (null::uuid, 1) $$, 'A team''s sums still count such a run');

reset role;
delete from public.teams where id = '7e000000-0000-4000-8000-000000000001';
select is_empty($$ select model from ledger where model = 'member in crew' $$,
  'A run whose account and team are both gone goes too');
select set_eq('select model, has_user, has_team from ledger',
  $$ values ('admin in crew', true, false), ('admin alone', true, false), ('admin in other', true, true),
            ('former member in crew', true, false), ('former admin in crew', true, false),
            ('former admin in other', true, true) $$,
  'A person keeps the runs that they had in a deleted team');
reset role;
delete from auth.users where id = '0a000000-0000-4000-8000-000000000003';
select is_empty($$ select model from ledger where model = 'former member in crew' $$,
  'A run goes with its person where its team is gone already');
-- The only member of Other but one, and its admin: the team passes on, with its runs.
delete from auth.users where id = '0a000000-0000-4000-8000-000000000004';
select set_eq('select model, has_user, has_team from ledger',
  $$ values ('admin in crew', true, false), ('admin alone', true, false), ('admin in other', true, true),
            ('former admin in other', false, true) $$,
  'A team that passes on keeps the runs of the admin whose account is gone');
delete from auth.users where id = '0a000000-0000-4000-8000-000000000001';
select set_eq('select model, has_user, has_team from ledger', $$ values ('admin in other', false, false) $$,
  'The account of a team''s only member takes the team and all of its runs along, but for what the platform paid');

-- Sums

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000006', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000007', 'ben@vault.test');
insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000006', 'Sums', '0a000000-0000-4000-8000-000000000006');
-- Days are UTC's, whatever the session's time zone.
set local time zone -5;
set local role service_role;
insert into public.reveal_runs
  (user_id, team_id, kind, model, source, status, input_tokens, output_tokens, cache_creation_input_tokens,
    cache_read_input_tokens, created_at)
values
  ('0a000000-0000-4000-8000-000000000006', null, 'run', 'a', 'user', 'completed', 1, 10, 100, 1000, '2026-01-01 00:00Z'),
  ('0a000000-0000-4000-8000-000000000006', null, 'analyze', 'a', 'user', 'provider_error', 2, 20, 200, 2000, '2026-01-01 23:59:59.999999Z'),
  ('0a000000-0000-4000-8000-000000000006', null, 'run', 'a', 'user', 'completed', 4, 40, 400, 4000, '2026-01-02 00:00Z'),
  ('0a000000-0000-4000-8000-000000000006', null, 'run', 'b', 'user', 'completed', 8, 80, 800, 8000, '2026-01-02 12:00Z'),
  ('0a000000-0000-4000-8000-000000000006', null, 'run', 'a', 'env', 'completed', 16, 160, 1600, 16000, '2026-01-02 12:00Z'),
  ('0a000000-0000-4000-8000-000000000006', '7e000000-0000-4000-8000-000000000006', 'run', 'a', 'team', 'completed', 32, 320, 3200, 32000, '2026-01-02 12:00Z'),
  ('0a000000-0000-4000-8000-000000000007', '7e000000-0000-4000-8000-000000000006', 'run', 'a', 'team', 'completed', 64, 640, 6400, 64000, '2026-01-02 12:00Z'),
  ('0a000000-0000-4000-8000-000000000007', null, 'run', 'a', 'env', 'completed', 128, 1280, 12800, 128000, '2026-01-02 12:00Z');

select results_eq(
  $$ select day, source, model, kind, runs, input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens
     from public.reveal_usage('0a000000-0000-4000-8000-000000000006', null, '2026-01-01Z', 'infinity') $$,
  $$ values ('2026-01-01'::date, 'user', 'a', 'analyze', 1::bigint, 2::bigint, 20::bigint, 200::bigint, 2000::bigint),
            ('2026-01-01', 'user', 'a', 'run', 1, 1, 10, 100, 1000),
            ('2026-01-02', 'env', 'a', 'run', 1, 16, 160, 1600, 16000),
            ('2026-01-02', 'team', 'a', 'run', 1, 32, 320, 3200, 32000),
            ('2026-01-02', 'user', 'a', 'run', 1, 4, 40, 400, 4000),
            ('2026-01-02', 'user', 'b', 'run', 1, 8, 80, 800, 8000) $$,
  'A person''s runs, personal and in teams, are summed up by day (UTC), source, model and feature');
select results_eq(
  $$ select sum(input_tokens)::integer
     from public.reveal_usage('0a000000-0000-4000-8000-000000000006', null, '2026-01-01 00:00:00.000001Z', 'infinity') $$,
  array[62], 'A run before the time is not counted');
select is_empty(
  $$ select user_id from public.reveal_usage('0a000000-0000-4000-8000-000000000006', null, '2026-01-01Z', 'infinity')
     where user_id <> '0a000000-0000-4000-8000-000000000006' $$,
  'A person''s sums have nobody else''s runs in them');
select results_eq(
  $$ select day, user_id, source, model, runs, input_tokens
     from public.reveal_usage(null, '7e000000-0000-4000-8000-000000000006', '2026-01-01Z', 'infinity') $$,
  $$ values ('2026-01-02'::date, '0a000000-0000-4000-8000-000000000006'::uuid, 'team', 'a', 1::bigint, 32::bigint),
            ('2026-01-02', '0a000000-0000-4000-8000-000000000007', 'team', 'a', 1, 64) $$,
  'A team''s runs are summed up by person, and nobody''s personal runs are in them');
select results_eq(
  $$ select user_id, runs, input_tokens from public.reveal_usage(
       '0a000000-0000-4000-8000-000000000007', '7e000000-0000-4000-8000-000000000006', '2026-01-01Z', 'infinity') $$,
  $$ values ('0a000000-0000-4000-8000-000000000007'::uuid, 1::bigint, 64::bigint) $$,
  'A person and a team together are that person''s runs in that team');
update public.reveal_runs set cost_usd = 0.25, cost_exact = true
  where user_id = '0a000000-0000-4000-8000-000000000006' and source = 'user' and input_tokens < 4;
update public.reveal_runs set cost_usd = 0.0000001 where user_id = '0a000000-0000-4000-8000-000000000006' and source = 'env';
update public.reveal_runs set cost_usd = 0 where user_id = '0a000000-0000-4000-8000-000000000006' and source = 'team';
insert into public.reveal_runs (user_id, kind, model, source, status, created_at) values
  ('0a000000-0000-4000-8000-000000000006', 'run', 'b', 'user', 'provider_refused_key', '2026-01-02 12:00Z');
select results_eq(
  $$ select day, source, model, runs, cost_usd, unpriced, inexact
     from public.reveal_usage('0a000000-0000-4000-8000-000000000006', null, '2026-01-01Z', 'infinity') $$,
  $$ values ('2026-01-01'::date, 'user', 'a', 1::bigint, 0.25, 0::bigint, 0::bigint),
            ('2026-01-01', 'user', 'a', 1, 0.25, 0, 0),
            ('2026-01-02', 'env', 'a', 1, 0.0000001, 0, 1),
            ('2026-01-02', 'team', 'a', 1, 0, 0, 0),
            ('2026-01-02', 'user', 'a', 1, null, 1, 0),
            ('2026-01-02', 'user', 'b', 2, null, 1, 0) $$,
  'Costs are summed up; runs that used something without a known price are counted, and costs that are estimates');
select results_eq(
  $$ select user_id, cost_usd, unpriced, inexact
     from public.reveal_usage(null, '7e000000-0000-4000-8000-000000000006', '2026-01-01Z', 'infinity') $$,
  $$ values ('0a000000-0000-4000-8000-000000000006'::uuid, 0::numeric, 0::bigint, 0::bigint),
            ('0a000000-0000-4000-8000-000000000007', null, 1, 0) $$,
  'A team''s costs are summed up in the same way');
select is_empty($$ select * from public.reveal_usage(null, null, '-infinity', 'infinity') $$,
  'Neither a person nor a team is nothing, not everything');
select is_empty($$ select * from public.reveal_usage('0a000000-0000-4000-8000-000000000006', null, null, 'infinity') $$,
  'No time is nothing, not everything');
select is_empty(
  $$ select * from public.reveal_usage('0a000000-0000-4000-8000-00000000ffff', null, '-infinity', 'infinity')
     union all select * from public.reveal_usage(null, '7e000000-0000-4000-8000-00000000ffff', '-infinity', 'infinity')
     union all select * from public.reveal_usage(
       '0a000000-0000-4000-8000-000000000005', '7e000000-0000-4000-8000-000000000006', '-infinity', 'infinity') $$,
  'A person without runs, a team that does not exist, and a person outside the team have no sums');
select is_empty($$ select * from public.reveal_usage(null, '0a000000-0000-4000-8000-000000000006', '-infinity', 'infinity') $$,
  'A person''s id given as a team''s finds nothing');

reset role;
delete from public.reveal_runs where user_id = '0a000000-0000-4000-8000-000000000007';
set local role service_role;
insert into public.reveal_runs (user_id, kind, model, source, status, input_tokens) values
  ('0a000000-0000-4000-8000-000000000007', 'run', 'm', 'user', 'completed', 2000000000),
  ('0a000000-0000-4000-8000-000000000007', 'run', 'm', 'user', 'cancelled', 2000000000);
select results_eq(
  $$ select input_tokens, runs from public.reveal_usage('0a000000-0000-4000-8000-000000000007', null, now() - interval '1 day', 'infinity') $$,
  $$ values (4000000000, 2::bigint) $$, 'Sums go beyond what a single run can have, and every run counts');

reset role;

-- Runs that nothing will end any more

delete from public.reveal_runs where user_id = '0a000000-0000-4000-8000-000000000007';
insert into public.reveal_runs (user_id, kind, model, source, status, input_tokens, cost_usd, created_at) values
  ('0a000000-0000-4000-8000-000000000007', 'run', 'lost', 'user', 'started', 9, 0.5, now() - interval '11 minutes'),
  ('0a000000-0000-4000-8000-000000000007', 'run', 'going on', 'user', 'started', 9, 0.5, now() - interval '9 minutes'),
  ('0a000000-0000-4000-8000-000000000007', 'run', 'over', 'user', 'cancelled', 9, 0.5, now() - interval '1 day');
set local role authenticated;
select throws_ok('select public.close_lost_runs()', '42501', null, 'Nobody but the server ends runs');
reset role;
set local role anon;
select throws_ok('select public.close_lost_runs()', '42501', null, 'Least of all somebody who is not signed in');
reset role;
set local role service_role;
select is((select count(*)::integer from public.close_lost_runs()), 1, 'A run that nobody ended in time is ended');
select is_empty('select * from public.close_lost_runs()', 'It is ended once');
select set_eq(
  $$ select model, status, input_tokens, cost_usd from public.reveal_runs
     where user_id = '0a000000-0000-4000-8000-000000000007' $$,
  $$ values ('lost', 'unfinished', 9, 0.5), ('going on', 'started', 9, 0.5), ('over', 'cancelled', 9, 0.5) $$,
  'It keeps what it was entered with, and the others are as they were');
reset role;

-- A prepared statement would outlive the rollback.
deallocate run;
deallocate ended;
reset role;
select * from finish();
rollback;

-- The operator's page: every change is an event, and sums are those of the platform's key alone.
begin;
select plan(44);

insert into auth.users (id, email, created_at) values
  ('0a000000-0000-4000-8000-000000000001', 'operator@vault.test', now() - interval '400 days'),
  ('0a000000-0000-4000-8000-000000000002', 'ann@vault.test', now() - interval '2 days'),
  ('0a000000-0000-4000-8000-000000000003', 'ben@vault.test', now() - interval '1 day'),
  ('0a000000-0000-4000-8000-000000000004', 'unused@vault.test', now());

-- Who may

select throws_ok(format($$ set local role %I; select * from public.%s $$, role, call), '42501', null,
    role || ' cannot call ' || call)
  from unnest(array['anon', 'authenticated']) as role,
    unnest(array['set_platform_stop(gen_random_uuid(), true)', 'set_platform_limit(gen_random_uuid(), gen_random_uuid(), 1, false)',
      'platform_usage(now(), now())', 'platform_sums(now())', 'platform_spending()', 'platform_newcomers(now())',
      'platform_refused(current_date)']) as call;
reset role;

set local role service_role;
select throws_ok($$ insert into public.platform_events (actor_id, action) values (gen_random_uuid(), 'stopped') $$,
  '42501', null, 'The server writes no event without a change');
select throws_ok($$ update public.platform_events set created_at = now() $$, '42501', null,
  'The server cannot change an event');
select throws_ok($$ delete from public.platform_events $$, '42501', null, 'The server cannot delete an event');
select throws_ok($$ update public.platform_settings set is_stopped = true $$, '42501', null,
  'The server cannot stop the key without an event');
select throws_ok($$ delete from public.platform_limits $$, '42501', null,
  'The server cannot change a limit without an event');

-- The switch

prepare switch (boolean) as
  select is_changed from public.set_platform_stop('0a000000-0000-4000-8000-000000000001', $1);
prepare events as
  select action, subject_id, daily_tokens from public.platform_events
    where actor_id = '0a000000-0000-4000-8000-000000000001';
select results_eq('execute switch(false)', array[false], 'A key that was never stopped is not resumed');
select results_eq('execute switch(true)', array[true], 'An operator stops the key');
select results_eq('execute switch(true)', array[false], 'A key that is stopped is not stopped again');
select is((select is_stopped from public.platform_settings), true, 'The setting is changed');
select is(
  (select refusal from public.enter_run('0a000000-0000-4000-8000-000000000002', null, 'run', 'm', 'env',
    1, 1, 1, 0, 0, 4, 100, null, null)),
  'platform_key_off', 'No run begins on a key that is stopped');
select results_eq('execute switch(false)', array[true], 'An operator lets runs begin again');
select results_eq('execute switch(false)', array[false], 'A key that is on is not resumed');
select bag_eq('events',
  $$ values ('stopped', null::uuid, null::bigint), ('resumed', null, null) $$, 'Each change is one event');

-- Limits

prepare set_limit (bigint, boolean) as select is_changed from public.set_platform_limit(
  '0a000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', $1, $2);
select results_eq('execute set_limit(null, true)', array[false], 'A limit that nobody has set is not removed');
select results_eq('execute set_limit(5000, false)', array[true], 'A person gets a limit of their own');
select results_eq('execute set_limit(5000, false)', array[false], 'The same limit is no change');
select results_eq('execute set_limit(null, false)', array[true], 'A person gets no limit of their own');
select results_eq('execute set_limit(null, false)', array[false], 'No limit once more is no change');
select results_eq(
  $$ select user_id, daily_tokens from public.platform_limits
     where user_id = '0a000000-0000-4000-8000-000000000002' $$,
  $$ values ('0a000000-0000-4000-8000-000000000002'::uuid, null::bigint) $$, 'The limit is kept');
select results_eq('execute set_limit(7, true)', array[true], 'A person gets the usual limit again');
select throws_ok(
  $$ select * from public.set_platform_limit('0a000000-0000-4000-8000-000000000001', gen_random_uuid(), 1, false) $$,
  '23503', null, 'Nobody who does not exist gets a limit');
select throws_ok('execute set_limit(-1, false)', '23514', null, 'No limit is below nothing');
select bag_eq('events',
  $$ values ('stopped', null::uuid, null::bigint), ('resumed', null, null),
       ('limit_set', '0a000000-0000-4000-8000-000000000002', 5000),
       ('limit_set', '0a000000-0000-4000-8000-000000000002', null),
       ('limit_removed', '0a000000-0000-4000-8000-000000000002', null) $$,
  'Each change of a limit is one event; what failed is none');

-- Sums

reset role;
delete from public.platform_refusals;
delete from public.reveal_runs;
-- Days are UTC's, whatever the session's time zone.
set local time zone -5;
insert into public.reveal_runs
  (user_id, kind, model, source, status, input_tokens, output_tokens, cost_usd, cost_exact, created_at)
values
  ('0a000000-0000-4000-8000-000000000002', 'run', 'a', 'env', 'completed', 1, 10, 0.5, true, '2026-01-01 00:00Z'),
  ('0a000000-0000-4000-8000-000000000002', 'run', 'a', 'env', 'cancelled', 2, 20, 0.25, false, '2026-01-01 23:59:59Z'),
  ('0a000000-0000-4000-8000-000000000002', 'run', 'b', 'env', 'completed', 4, 40, null, false, '2026-01-02 00:00Z'),
  ('0a000000-0000-4000-8000-000000000003', 'run', 'a', 'env', 'completed', 8, 80, 2, true, '2026-01-02 00:00Z'),
  (null, 'run', 'a', 'env', 'completed', 16, 160, 1, true, '2026-01-02 00:00Z'),
  ('0a000000-0000-4000-8000-000000000002', 'run', 'a', 'user', 'completed', 999, 999, 9, true, '2026-01-02 00:00Z'),
  ('0a000000-0000-4000-8000-000000000002', 'run', 'a', 'env', 'completed', 999, 999, 9, true, '2025-12-31 23:59:59Z');
set local role service_role;
select results_eq(
  $$ select day, user_id, model, runs, input_tokens, output_tokens, cost_usd, unpriced, inexact
     from public.platform_usage('2026-01-01Z', '2026-01-02Z') $$,
  $$ values ('2026-01-01'::date, '0a000000-0000-4000-8000-000000000002'::uuid, 'a', 2::bigint, 3::bigint, 30::bigint,
       0.75, 0::bigint, 1::bigint) $$,
  'The finest sums are of one time, by day (UTC), person and model');
select results_eq(
  $$ select part, members, day, user_id, model, runs, input_tokens, cost_usd, unpriced, inexact
     from public.platform_sums('2026-01-01Z') $$,
  $$ values
    ('day', 2::bigint, '2026-01-01'::date, null::uuid, null, 2::bigint, 3::bigint, 0.75, 0::bigint, 1::bigint),
    ('day', 2, '2026-01-02', null, null, 3, 28, 3, 1, 0),
    ('model', 2, null, null, 'a', 4, 27, 3.75, 0, 1),
    ('model', 2, null, null, 'b', 1, 4, null, 1, 0),
    ('person', 3, null, '0a000000-0000-4000-8000-000000000003', null, 1, 8, 2, 0, 0),
    ('person', 3, null, null, null, 1, 16, 1, 0, 0),
    ('person', 3, null, '0a000000-0000-4000-8000-000000000002', null, 3, 7, 0.75, 1, 1),
    ('total', 1, null, null, null, 5, 31, 3.75, 1, 1) $$,
  'Sums as a whole, by day, person and model have the platform''s runs since then, and the highest costs first');
select is_empty($$ select * from public.platform_sums(null) where runs > 0
    union all select part, 0, day, user_id, model, 0, 0, 0, 0, 0, 0, 0, 0 from public.platform_sums('infinity') where part <> 'total' $$,
  'No time is nothing, and nobody ran nothing');

-- What was spent, and what is held

reset role;
delete from public.reveal_runs;
insert into public.reveal_runs (user_id, kind, model, source, status, cost_usd, created_at) values
  ('0a000000-0000-4000-8000-000000000002', 'run', 'a', 'env', 'completed', 0.5, now()),
  ('0a000000-0000-4000-8000-000000000003', 'run', 'a', 'env', 'started', 0.25, now()),
  ('0a000000-0000-4000-8000-000000000003', 'run', 'a', 'team', 'started', 4, now()),
  ('0a000000-0000-4000-8000-000000000004', 'run', 'a', 'user', 'completed', 4, now()),
  ('0a000000-0000-4000-8000-000000000001', 'run', 'a', 'env', 'completed', 8, now()),
  (null, 'run', 'a', 'env', 'completed', 100, date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' - interval '1 second');
set local role service_role;
select results_eq(
  $$ select today_spent, today_held, month_spent, month_held, under_way from public.platform_spending() $$,
  $$ values (8.5, 0.25, 8.5, 0.25, 1::bigint) $$,
  'What was spent today and this month, and what runs under way hold, are those of the platform''s key');

-- Newcomers

select results_eq(
  $$ select user_id, runs, cost_usd from public.platform_newcomers(now() - interval '30 days') $$,
  $$ values ('0a000000-0000-4000-8000-000000000003'::uuid, 1::bigint, 0.25),
            ('0a000000-0000-4000-8000-000000000002', 1, 0.5) $$,
  'The newest accounts that used the key come first, without old ones and without those who run on keys of their own');

-- Refused runs

reset role;
insert into public.platform_refusals (day, user_id, reason, times) values
  (current_date - 60, '0a000000-0000-4000-8000-000000000002', 'platform_key_off', 100),
  (current_date - 1, '0a000000-0000-4000-8000-000000000002', 'platform_key_off', 2),
  (current_date, '0a000000-0000-4000-8000-000000000002', 'platform_key_off', 3),
  (current_date, '0a000000-0000-4000-8000-000000000003', 'platform_key_off', 1),
  (current_date, '0a000000-0000-4000-8000-000000000003', 'platform_daily_limit', 9);
set local role service_role;
select results_eq(
  $$ select reason, user_id, times, members, last_day from public.platform_refused(current_date - 30) $$,
  $$ values ('platform_daily_limit', null::uuid, 9::bigint, 1::bigint, current_date),
            ('platform_key_off', null, 6, 2, current_date),
            ('platform_daily_limit', '0a000000-0000-4000-8000-000000000003', 9, 1, current_date),
            ('platform_key_off', '0a000000-0000-4000-8000-000000000002', 5, 1, current_date),
            ('platform_key_off', '0a000000-0000-4000-8000-000000000003', 1, 1, current_date) $$,
  'Refused runs are counted by reason, and by reason and person, most often first');

-- A person who is gone

reset role;
delete from auth.users where id = '0a000000-0000-4000-8000-000000000002';
select is((select count(*)::integer from public.platform_events
    where subject_id = '0a000000-0000-4000-8000-000000000002'), 3, 'Events stay when an account is gone');

-- A prepared statement would outlive the rollback.
deallocate switch;
deallocate events;
deallocate set_limit;
select * from finish();
rollback;

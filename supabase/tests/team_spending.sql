-- What a team spends this month on its key, in total and by person, and sums of a period that has an end.
begin;
select plan(14);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'member@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'leaving@vault.test');
insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000002', 'Other', '0a000000-0000-4000-8000-000000000001');

-- Who may ask

set local role authenticated;
select throws_ok($$ select public.team_spending('7e000000-0000-4000-8000-000000000001') $$, '42501', null,
  'A signed-in person cannot ask what a team spends, not even their own');
set local role anon;
select throws_ok($$ select public.team_spending('7e000000-0000-4000-8000-000000000001') $$, '42501', null,
  'anon cannot ask what a team spends');
reset role;
select function_privs_are('public', 'team_spending', array['uuid'], 'service_role', array['EXECUTE'],
  'The server calls team_spending');
select hasnt_function('public', 'reveal_usage', array['uuid', 'uuid', 'timestamptz'],
  'There is one way to ask for sums');

-- What counts

set local role service_role;
create temporary view this_month as select date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' as start;
insert into public.reveal_runs (user_id, team_id, kind, model, source, status, cost_usd, created_at)
  select user_id::uuid, team_id::uuid, 'run', 'm', source, status, cost_usd, start + after
  from this_month, (values
    ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'team', 'completed', 1, interval '0'),
    ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'team', 'cancelled', 2, '1 second'),
    ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'team', 'started', 4, '1 second'),
    ('0a000000-0000-4000-8000-000000000002', '7e000000-0000-4000-8000-000000000001', 'team', 'completed', 0.0000003, '1 second'),
    ('0a000000-0000-4000-8000-000000000002', '7e000000-0000-4000-8000-000000000001', 'team', 'completed', null, '1 second'),
    ('0a000000-0000-4000-8000-000000000003', '7e000000-0000-4000-8000-000000000001', 'team', 'unfinished', 8, '1 second'),
    -- What does not: last month's, on another key, in another team.
    ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'team', 'completed', 100, '-1 microsecond'),
    ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'user', 'completed', 200, '1 second'),
    ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'env', 'completed', 400, '1 second'),
    ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000002', 'team', 'completed', 800, '1 second')
  ) as run (user_id, team_id, source, status, cost_usd, after);
prepare spending as
  select is_total, user_id, spent, held from public.team_spending('7e000000-0000-4000-8000-000000000001');
select set_eq('spending',
  $$ values (true, null::uuid, 11.0000003, 4::numeric),
            (false, '0a000000-0000-4000-8000-000000000001', 3, 4),
            (false, '0a000000-0000-4000-8000-000000000002', 0.0000003, 0),
            (false, '0a000000-0000-4000-8000-000000000003', 8, 0) $$,
  'What was spent on the team''s key since the month began is summed up, in total and by person; what runs under way hold is a sum of its own');
select results_eq($$ select * from public.team_spending('7e000000-0000-4000-8000-00000000ffff') $$,
  $$ values (true, null::uuid, 0::numeric, 0::numeric) $$, 'A team without runs has spent nothing');
select results_eq('select * from public.team_spending(null)',
  $$ values (true, null::uuid, 0::numeric, 0::numeric) $$, 'No team is nothing, not every team');

reset role;
delete from public.team_members
  where team_id = '7e000000-0000-4000-8000-000000000001' and user_id = '0a000000-0000-4000-8000-000000000002';
delete from auth.users where id = '0a000000-0000-4000-8000-000000000003';
set local role service_role;
select set_eq('spending',
  $$ values (true, null::uuid, 11.0000003, 4::numeric),
            (false, '0a000000-0000-4000-8000-000000000001', 3, 4),
            (false, '0a000000-0000-4000-8000-000000000002', 0.0000003, 0),
            (false, null, 8, 0) $$,
  'What somebody spent stays spent when they leave the team, and when their account is deleted');
deallocate spending;

-- A budget

select throws_ok(
  $$ update public.teams set monthly_usd = 1000000 where id = '7e000000-0000-4000-8000-000000000001' $$,
  '23514', null, 'A team''s budget is below a million dollars');
select throws_ok(
  $$ update public.teams set member_monthly_usd = 'NaN' where id = '7e000000-0000-4000-8000-000000000001' $$,
  '23514', null, 'A default for each member is a number');
select throws_ok(
  $$ update public.team_members set monthly_usd = -0.01 where team_id = '7e000000-0000-4000-8000-000000000001' $$,
  '23514', null, 'A member''s budget is not below zero');

-- A period with an end

select results_eq(
  $$ select runs, cost_usd from public.reveal_usage(null, '7e000000-0000-4000-8000-000000000001',
       (select start - interval '1 day' from this_month), (select start from this_month)) $$,
  $$ values (1::bigint, 100::numeric) $$, 'A run at the end of the period is not in a team''s sums');
select results_eq(
  $$ select sum(runs)::integer, sum(cost_usd) from public.reveal_usage('0a000000-0000-4000-8000-000000000001', null,
       (select start from this_month), (select start + interval '1 second' from this_month)) $$,
  $$ values (1, 1::numeric) $$, 'Nor in a person''s');
select is_empty(
  $$ select * from public.reveal_usage('0a000000-0000-4000-8000-000000000001', null, '-infinity', null)
     union all select * from public.reveal_usage(null, '7e000000-0000-4000-8000-000000000001', '-infinity', null) $$,
  'No end is nothing, not everything');

select * from finish();
rollback;

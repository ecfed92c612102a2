-- What may begin on whose key: a run is entered, with all that it may use, or refused with the limit that it could pass.
begin;
select plan(47);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'cat@vault.test');
insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001');
insert into public.team_members (team_id, user_id) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002');
-- So that the sums of this story are its own, in a project in use as well.
update public.reveal_runs set created_at = '2020-01-01';
delete from public.platform_settings;

-- Ann's runs: of 10 tokens and up to 90, at a dollar at most.
prepare enter(text, numeric, bigint, numeric, numeric) as
  select max_output, is_limited, refusal, spent, held, allowed from public.enter_run(
    '0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'run', 'm', $1,
    10, 90, 30, 0.1, $2, 10, $3, $4, $5);
-- The same of Ben's.
prepare enter_ben(text, numeric, bigint, numeric, numeric) as
  select max_output, is_limited, refusal, spent, held, allowed from public.enter_run(
    '0a000000-0000-4000-8000-000000000002', '7e000000-0000-4000-8000-000000000001', 'run', 'm', $1,
    10, 90, 30, 0.1, $2, 10, $3, $4, $5);
prepare entered as
  select user_id, source, status, input_tokens, output_tokens, cost_usd from public.reveal_runs
    where created_at = now() order by user_id, source, cost_usd;
prepare again as
  delete from public.reveal_runs where created_at >= now() - interval '40 days';

-- Without limits

set local role service_role;
select results_eq($$ execute enter('user', 1, 0, 0, 0) $$,
  $$ values (90, false, null::text, null::numeric, null::numeric, null::numeric) $$,
  'A run on one''s own key begins, whatever the platform''s limits are');
select results_eq($$ execute enter('team', 1, 0, 0, 0) $$,
  $$ values (90, false, null::text, null::numeric, null::numeric, null::numeric) $$,
  'So does one on the key of a team that has no budget');
select results_eq($$ execute enter('env', null, null, null, null) $$,
  $$ values (90, false, null::text, null::numeric, null::numeric, null::numeric) $$,
  'Without a limit in dollars, the platform''s key runs a model whose price is not known');
select results_eq('execute entered',
  $$ values ('0a000000-0000-4000-8000-000000000001'::uuid, 'env', 'started', 10, 90, null::numeric),
       ('0a000000-0000-4000-8000-000000000001', 'team', 'started', 10, 90, 1),
       ('0a000000-0000-4000-8000-000000000001', 'user', 'started', 10, 0, 0.1) $$,
  'A run on one''s own key is entered with what it sends; others, with the longest answer and all that they may cost');

-- Tokens of the platform, for each person

reset role;
execute again;
insert into public.reveal_runs (user_id, kind, model, source, status, input_tokens, created_at) values
  ('0a000000-0000-4000-8000-000000000001', 'run', 'm', 'env', 'completed', 5000, date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - interval '1 second'),
  ('0a000000-0000-4000-8000-000000000001', 'run', 'm', 'user', 'completed', 5000, now() - interval '1 microsecond'),
  ('0a000000-0000-4000-8000-000000000002', 'run', 'm', 'env', 'completed', 5000, now() - interval '1 microsecond');
set local role service_role;
select results_eq($$ execute enter('env', 1, 0, null, null) $$,
  $$ values (90, false, 'platform_budget_spent', 0.0, 0.0, 0.0) $$, 'A limit of nothing lets no run begin');
select results_eq($$ execute enter('env', 1, 39, null, null) $$,
  $$ values (90, false, 'platform_budget_spent', 0.0, 0.0, 39.0) $$,
  'There has to be room for what is sent and for the shortest answer');
select is_empty('execute entered', 'What is refused is not entered');
select results_eq($$ execute enter('env', 1, 130, null, null) $$,
  $$ values (90, false, null::text, null::numeric, null::numeric, null::numeric) $$,
  'Yesterday''s runs, those on one''s own key and other people''s take nothing of the limit');
select results_eq($$ execute enter('env', 1, 139, null, null) $$,
  $$ values (90, false, 'platform_budget_spent', 0.0, 100.0, 139.0) $$,
  'A run that is under way counts with what it sends and the longest answer that it may get');
select results_eq($$ execute enter('env', 1, 150, null, null) $$,
  $$ values (40, false, null::text, null::numeric, null::numeric, null::numeric) $$,
  'An answer may be as long as there is room for');
select is((select sum(input_tokens + output_tokens)::integer from public.reveal_runs
    where user_id = '0a000000-0000-4000-8000-000000000001' and source = 'env' and created_at = now()), 150,
  'What is left may be used to the last token, and no further');

-- A person's own limit

reset role;
execute again;
insert into public.platform_limits (user_id, daily_tokens) values ('0a000000-0000-4000-8000-000000000001', 50);
set local role service_role;
select results_eq($$ execute enter('env', 1, 1000, null, null) $$,
  $$ values (40, false, null::text, null::numeric, null::numeric, null::numeric) $$, 'A person''s own limit may be lower');
select results_eq($$ execute enter_ben('env', 1, 1000, null, null) $$,
  $$ values (90, false, null::text, null::numeric, null::numeric, null::numeric) $$, 'It is nobody else''s');
select results_eq($$ select * from public.platform_budget('0a000000-0000-4000-8000-000000000001', 1000) $$,
  $$ values (false, 50::bigint, 50::bigint) $$, 'A person sees their own limit');
select results_eq($$ select * from public.platform_budget('0a000000-0000-4000-8000-000000000002', 1000) $$,
  $$ values (false, 1000::bigint, 100::bigint) $$, 'Others see the usual one');
reset role;
update public.platform_limits set daily_tokens = null;
set local role service_role;
select results_eq($$ execute enter('env', 1, 0, null, null) $$,
  $$ values (90, false, null::text, null::numeric, null::numeric, null::numeric) $$, 'It may be none at all');
select results_eq($$ execute enter('env', 3, 0, 2.5, null) $$,
  $$ values (90, true, 'platform_daily_limit', 0.0, 3.0, 2.5) $$, 'The platform''s total counts all the same');
reset role;
delete from public.platform_limits;

-- Runs that a crash left open

execute again;
insert into public.reveal_runs (user_id, kind, model, source, cost_usd, created_at) values
  ('0a000000-0000-4000-8000-000000000003', 'run', 'm', 'env', 2, now() - interval '11 minutes'),
  ('0a000000-0000-4000-8000-000000000003', 'run', 'm', 'env', 1, now() - interval '9 minutes');
set local role service_role;
prepare lost as
  select status, cost_usd from public.reveal_runs where source = 'env' and created_at < now() order by created_at;
select results_eq($$ execute enter('env', 1, null, 100, null) $$,
  $$ values (90, true, null::text, null::numeric, null::numeric, null::numeric) $$, 'A run that fits ends no other');
select results_eq('execute lost', $$ values ('started', 2::numeric), ('started', 1) $$, 'So both are still open');
select is((select refusal from public.enter_run('0a000000-0000-4000-8000-000000000001', null, 'run', 'm', 'env',
    10, 90, 30, 0.1, 1, 10, null, 0.5, null)), 'platform_daily_limit', 'One that does not fit is refused');
select results_eq('execute lost', $$ values ('unfinished', 2::numeric), ('started', 1) $$,
  'Then what is lost is spent, all that it may have cost, so that the limit is known to be used up');
reset role;

-- The platform's total

execute again;
insert into public.reveal_runs (user_id, kind, model, source, status, cost_usd, created_at) values
  ('0a000000-0000-4000-8000-000000000003', 'run', 'm', 'env', 'completed', 0.5, now() - interval '1 microsecond'),
  ('0a000000-0000-4000-8000-000000000003', 'run', 'm', 'team', 'completed', 50, now() - interval '1 microsecond');
set local role service_role;
select results_eq($$ execute enter('env', null, null, 100, null) $$,
  $$ values (90, true, 'model_price_unknown', null::numeric, null::numeric, null::numeric) $$,
  'With a limit in dollars, no model runs whose price is not known');
select results_eq($$ execute enter('env', 1, null, 1.4, null) $$,
  $$ values (90, true, 'platform_daily_limit', 0.5, 0.0, 1.4) $$,
  'What all people have spent today counts, and all that the run may cost');
select results_eq($$ execute enter('env', 1, null, 1.5, null) $$,
  $$ values (90, true, null::text, null::numeric, null::numeric, null::numeric) $$, 'It may be used to the last cent');
select results_eq($$ execute enter_ben('env', 1, null, 2.4, null) $$,
  $$ values (90, true, 'platform_daily_limit', 0.5, 1.0, 2.4) $$, 'Anybody''s run that is under way counts');
select results_eq($$ execute enter_ben('env', 1, null, null, 2.4) $$,
  $$ values (90, true, 'platform_monthly_limit', 0.5, 1.0, 2.4) $$, 'So it is with the month''s');
reset role;
execute again;
insert into public.reveal_runs (user_id, kind, model, source, status, cost_usd, created_at) values
  ('0a000000-0000-4000-8000-000000000003', 'run', 'm', 'env', 'completed', 5, date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' - interval '1 second'),
  ('0a000000-0000-4000-8000-000000000003', 'run', 'm', 'env', 'completed', 5, date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - interval '1 second');
set local role service_role;
select results_eq($$ execute enter('env', 1, null, 1, 6) $$,
  $$ values (90, true, null::text, null::numeric, null::numeric, null::numeric) $$,
  'Days and months are in UTC, and begin at nothing')
  where extract(day from now() at time zone 'UTC') > 1
union all select pass('Days and months are in UTC (not tried on the first of a month)')
  where extract(day from now() at time zone 'UTC') = 1;

-- The operator's switch

reset role;
insert into public.platform_settings (is_stopped) values (true);
set local role service_role;
select results_eq($$ execute enter('env', 1, null, null, null) $$,
  $$ values (90, false, 'platform_key_off', 0::numeric, 0::numeric, null::numeric) $$,
  'Nothing begins on the platform''s key while the operator has stopped it')
  where false
union all select is((select refusal from public.enter_run(
    '0a000000-0000-4000-8000-000000000001', null, 'run', 'm', 'env', 10, 90, 30, 0.1, 1, 10, null, null, null)),
  'platform_key_off', 'Nothing begins on the platform''s key while the operator has stopped it');
select results_eq($$ execute enter('user', 1, null, null, null) $$,
  $$ values (90, false, null::text, null::numeric, null::numeric, null::numeric) $$, 'Other keys are not stopped');
select is((select is_stopped from public.platform_budget('0a000000-0000-4000-8000-000000000001', 1000)), true,
  'People see that it is stopped');
reset role;
update public.platform_settings set is_stopped = false;

-- Refusals are counted

set local role service_role;
select set_eq($$ select user_id, reason, times, day = (now() at time zone 'UTC')::date from public.platform_refusals
     where user_id in ('0a000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002') $$,
  $$ values ('0a000000-0000-4000-8000-000000000001'::uuid, 'platform_budget_spent', 3, true),
       ('0a000000-0000-4000-8000-000000000001', 'platform_daily_limit', 3, true),
       ('0a000000-0000-4000-8000-000000000001', 'model_price_unknown', 1, true),
       ('0a000000-0000-4000-8000-000000000001', 'platform_key_off', 1, true),
       ('0a000000-0000-4000-8000-000000000002', 'platform_daily_limit', 1, true),
       ('0a000000-0000-4000-8000-000000000002', 'platform_monthly_limit', 1, true) $$,
  'The operator can see who was refused how often and why');
select throws_ok('delete from public.platform_refusals', '42501', null, 'The server deletes no refusal');
select throws_ok('update public.platform_settings set is_stopped = false', '42501', null,
  'The server changes no setting past the functions for it');
reset role;

-- A team's budgets

execute again;
update public.teams set monthly_usd = 3, member_monthly_usd = 2 where id = '7e000000-0000-4000-8000-000000000001';
insert into public.reveal_runs (user_id, team_id, kind, model, source, status, cost_usd, created_at) values
  ('0a000000-0000-4000-8000-000000000003', '7e000000-0000-4000-8000-000000000001', 'run', 'm', 'team', 'completed', 0.5, now() - interval '1 microsecond'),
  ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'run', 'm', 'user', 'completed', 50, now() - interval '1 microsecond'),
  ('0a000000-0000-4000-8000-000000000001', null, 'run', 'm', 'team', 'completed', 50, now() - interval '1 microsecond'),
  ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001', 'run', 'm', 'team', 'completed', 50, date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' - interval '1 second');
set local role service_role;
select results_eq($$ execute enter('team', null, null, null, null) $$,
  $$ values (90, true, 'model_price_unknown', null::numeric, null::numeric, null::numeric) $$,
  'In a team with a budget, no model runs whose price is not known');
select results_eq($$ execute enter('team', 2.1, null, null, null) $$,
  $$ values (90, true, 'member_budget_spent', 0.0, 0.0, 2.0) $$,
  'A member has a budget of their own: what others spent, what is paid with other keys, and last month do not count');
select results_eq($$ execute enter('team', 2, null, null, null) $$,
  $$ values (90, true, null::text, null::numeric, null::numeric, null::numeric) $$, 'It may be used to the last cent');
select results_eq($$ execute enter('team', 0.1, null, null, null) $$,
  $$ values (90, true, 'member_budget_spent', 0.0, 2.0, 2.0) $$, 'A run that is under way counts with all that it may cost');
select results_eq($$ execute enter_ben('team', 0.6, null, null, null) $$,
  $$ values (90, true, 'team_budget_spent', 0.5, 2.0, 3.0) $$,
  'All members share the team''s, with what somebody spent who has left');
select results_eq($$ execute enter_ben('team', 0.5, null, null, null) $$,
  $$ values (90, true, null::text, null::numeric, null::numeric, null::numeric) $$, 'It may be used to the last cent');
select results_eq($$ execute enter_ben('user', 9, null, null, null) $$,
  $$ values (90, false, null::text, null::numeric, null::numeric, null::numeric) $$, 'One''s own key has no budget');
reset role;
update public.teams set monthly_usd = null where id = '7e000000-0000-4000-8000-000000000001';
update public.team_members set monthly_usd = 5
  where team_id = '7e000000-0000-4000-8000-000000000001' and user_id = '0a000000-0000-4000-8000-000000000002';
set local role service_role;
select results_eq($$ execute enter_ben('team', 4, null, null, null) $$,
  $$ values (90, true, null::text, null::numeric, null::numeric, null::numeric) $$,
  'A member''s own budget counts in place of the default');
select is_empty($$ select from public.platform_refusals where reason like '%budget_spent' and reason <> 'platform_budget_spent' $$,
  'What a team refuses is not the operator''s business');
reset role;

-- Runs under way

execute again;
insert into public.reveal_runs (user_id, kind, model, source, created_at)
  select '0a000000-0000-4000-8000-000000000001', 'run', 'm', 'user', now() - age
    from (select interval '6 minutes' as age union all select interval '1 microsecond' from generate_series(1, 9)) as runs;
set local role service_role;
select results_eq($$ execute enter('user', 1, null, null, null) $$,
  $$ values (90, false, null::text, null::numeric, null::numeric, null::numeric) $$,
  'A run that a stopped server left open takes no place');
select is((select array[refusal, held::text, allowed::text] from public.enter_run(
    '0a000000-0000-4000-8000-000000000001', null, 'run', 'm', 'user', 10, 90, 30, 0.1, 1, 10, null, null, null)),
  array['too_many_runs', '10', '10'], 'A person has so many runs under way at most, on any key');
select results_eq($$ execute enter_ben('user', 1, null, null, null) $$,
  $$ values (90, false, null::text, null::numeric, null::numeric, null::numeric) $$, 'Nobody else waits for them');

-- Who calls

reset role;
set local role authenticated;
select throws_ok($$ execute enter('user', 1, null, null, null) $$, '42501', null, 'Nobody but the server enters a run');
select throws_ok($$ select * from public.platform_budget('0a000000-0000-4000-8000-000000000001', 1) $$, '42501', null,
  'Nobody but the server reads a budget');
reset role;

deallocate enter;
deallocate enter_ben;
deallocate entered;
deallocate again;
deallocate lost;

select * from finish();
rollback;

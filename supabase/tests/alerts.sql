-- Alerts before and when a limit in USD is reached: which are due, and that each is claimed once.
begin;
select plan(21);

insert into auth.users (id, email, email_confirmed_at) values
  ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test', now()),
  ('0a000000-0000-4000-8000-000000000002', 'member@vault.test', null);
insert into public.teams (id, name, created_by, monthly_usd, member_monthly_usd) values
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001', 10, 4);
insert into public.team_members (team_id, user_id) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002');

set local role service_role;
prepare spend (text, numeric, text, timestamptz) as
  insert into public.reveal_runs (user_id, team_id, kind, model, source, cost_usd, status, created_at) values
    ('0a000000-0000-4000-8000-000000000002', '7e000000-0000-4000-8000-000000000001', 'run', 'm', $1, $2, $3, $4);
-- paid_by, the platform's daily and monthly limit, the cap of a refused run, and the most of the shortest run
prepare claim (text, numeric, numeric, text, numeric) as
  select cap, percent, spent_usd::float, limit_usd::float from public.claim_spending_alerts(
    '0a000000-0000-4000-8000-000000000002', '7e000000-0000-4000-8000-000000000001', $1, $2, $3, $4, $5);

-- The platform's caps

execute spend('env', 7.99, 'completed', now());
execute spend('env', 9, 'completed', now() - interval '2 months');
execute spend('user', 9, 'completed', now());
execute spend('team', 1, 'completed', now());
select is_empty($$ execute claim('env', 10, null, null, null) $$, 'Nothing is due below 80 %');
execute spend('env', 9, 'started', now());
select is_empty($$ execute claim('env', 10, null, null, null) $$, 'A run under way counts for no alert');
select is_empty($$ execute claim('env', 10, null, 'platform_daily', 2) $$,
  'A long run that does not fit says nothing about the limit');
select results_eq($$ execute claim('env', 10.5, null, 'platform_daily', 3) $$,
  $$ values ('platform_daily', 100, 7.99::float, 10.5::float) $$,
  'Below 80 % too, a limit is reached where not even the shortest run fits');
execute spend('env', 0.01, 'provider_unavailable', now());
select results_eq($$ execute claim('env', 10, null, null, null) $$,
  $$ values ('platform_daily', 80, 8::float, 10::float) $$, 'At 80 % there is one alert');
select is_empty($$ execute claim('env', 10, null, null, null) $$, 'There is none a second time');
select results_eq($$ execute claim('env', null, 9.5, null, null) $$,
  $$ values ('platform_monthly', 80, 8::float, 9.5::float) $$, 'The monthly limit has alerts of its own');
select is_empty($$ execute claim('env', 10, null, 'platform_daily', 2) $$,
  'A run that fits into the rest does not fill the limit');
select results_eq($$ execute claim('env', 10, null, 'platform_daily', 2.01) $$,
  $$ values ('platform_daily', 100, 8::float, 10::float) $$,
  'The limit is reached where the rest is too small for a run');
select is_empty($$ execute claim('env', 10, null, 'platform_daily', 2.01) $$,
  'That is said once, however many runs are refused');
select results_eq($$ execute claim('env', 8, null, null, null) $$,
  $$ values ('platform_daily', 100, 8::float, 8::float) $$, 'Where both are reached at once, one alert says 100 %');
select results_eq(
  $$ select percent from public.spending_alerts where limit_usd = 8 order by percent $$, $$ values (80), (100) $$,
  'And both are claimed');
select results_eq($$ execute claim('env', 9.9, null, null, null) $$,
  $$ values ('platform_daily', 80, 8::float, 9.9::float) $$, 'A limit that was changed has alerts of its own');
select is_empty($$ execute claim('env', 0, 0, 'platform_daily', 1) $$, 'A limit of 0 is a switch, and has none');
select is_empty($$ execute claim('user', 1, 1, null, null) $$, 'A run on one''s own key counts towards no limit');

-- A team's

execute spend('team', 2.2, 'completed', now());
select results_eq($$ execute claim('team', 1, 1, null, null) $$,
  $$ values ('member_monthly', 80, 3.2::float, 4::float) $$,
  'A member''s share and the team''s budget are two limits, and the platform''s are no concern of theirs');
execute spend('team', 7, 'completed', now());
select set_eq($$ execute claim('team', null, null, null, null) $$,
  $$ values ('member_monthly', 100, 10.2::float, 4::float), ('team_monthly', 100, 10.2::float, 10::float) $$,
  'Each says when it is reached');

-- Operators

select results_eq($$ select id from public.confirmed_accounts('{admin@vault.test,member@vault.test,other@vault.test}') $$,
  $$ values ('0a000000-0000-4000-8000-000000000001'::uuid) $$,
  'An address that nobody has confirmed makes no operator');

-- The table

select throws_ok('delete from public.spending_alerts', '42501', null, 'The server deletes no alert');
reset role;
delete from auth.users where id = '0a000000-0000-4000-8000-000000000002';
select is_empty($$ select cap from public.spending_alerts where cap = 'member_monthly' $$,
  'A member''s alerts go with the account');
delete from public.teams;
select set_eq('select distinct cap from public.spending_alerts', array['platform_daily', 'platform_monthly'],
  'A team''s go with the team');

deallocate spend;
deallocate claim;
select * from finish();
rollback;

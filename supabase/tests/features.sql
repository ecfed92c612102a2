-- The runs of any feature and of jobs: whose key pays for them, and which limits count.
begin;
select plan(15);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test');
insert into public.teams (id, name, created_by, member_monthly_usd, monthly_usd) values
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001', 0, 3),
  ('7e000000-0000-4000-8000-000000000002', 'Own', '0a000000-0000-4000-8000-000000000002', null, null);
update public.teams set key_policy = 'own' where id = '7e000000-0000-4000-8000-000000000002';
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('user', '0a000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.user'),
  ('team', '7e000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.team'),
  ('team', '7e000000-0000-4000-8000-000000000002', 'OPENAI_API_KEY', 'v1.own');
-- So that the sums of this story are its own, in a project in use as well.
update public.reveal_runs set created_at = '2020-01-01';
delete from public.platform_settings;

-- A call of a feature: by a person or a job, in a workspace, on a key that the platform has or not, at a dollar at most or
-- a cost that nobody knows.
prepare start(uuid, uuid, boolean, text, numeric) as
  select source, ciphertext, refusal from public.begin_run($1, $2, 'OPENAI_API_KEY', $3, $4, null, 'digest', '', 10, 90, 90,
    0.1, $5, 10, 1000, 5, null);

set local role service_role;
select results_eq($$ execute start('0a000000-0000-4000-8000-000000000001', null, false, null, null) $$,
  $$ values ('user', 'v1.user', null::text) $$, 'A feature is paid with the person''s own key of that name');
select results_eq($$ select kind, key, model, user_id from public.reveal_runs where created_at = now() $$,
  $$ values ('digest', 'OPENAI_API_KEY', '', '0a000000-0000-4000-8000-000000000001'::uuid) $$,
  'Its run is in the ledger with its feature and its key');

-- Jobs, which nobody is signed in for

select results_eq($$ execute start(null, '7e000000-0000-4000-8000-000000000001', true, null, 1) $$,
  $$ values ('team', 'v1.team', null::text) $$,
  'A job is paid with its team''s key, never a person''s, and no budget of a member''s counts for it');
select results_eq($$ execute start(null, '7e000000-0000-4000-8000-000000000001', true, 'user', 1) $$,
  $$ values (null::text, null::text, 'no_key') $$, 'Nor where it asks for a person''s');
select results_eq($$ execute start(null, '7e000000-0000-4000-8000-000000000002', true, null, 1) $$,
  $$ values (null::text, null::text, 'no_key') $$, 'In a team where everyone uses their own key, a job has none');
select results_eq($$ execute start(null, null, true, null, 1) $$,
  $$ values (null::text, null::text, 'no_key') $$, 'Without a team, a job has no key, not even the platform''s');
select results_eq($$ execute start(null, '7e000000-0000-4000-8000-00000000ffff', true, null, 1) $$,
  $$ values (null::text, null::text, 'team_not_found') $$, 'A job of no team there is begins nowhere');
select results_eq($$ execute start(null, '7e000000-0000-4000-8000-000000000001', true, null, 3) $$,
  $$ values ('team', null::text, 'team_budget_spent') $$, 'The team''s budget counts for its jobs');
select results_eq($$ execute start(null, '7e000000-0000-4000-8000-000000000001', true, 'env', 5.5) $$,
  $$ values ('env', null::text, 'platform_daily_limit') $$, 'So does the platform''s limit in dollars');
select results_eq(
  $$ select count(*)::integer from public.platform_refusals where day = (now() at time zone 'UTC')::date $$,
  array[0], 'A refused job is counted under nobody''s name');
select results_eq(
  $$ select refusal, held from public.begin_run(null, '7e000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', true, null, null,
       'digest', 'm', 10, 90, 30, 0.1, 0.1, 1, null, null, null) $$,
  $$ values ('too_many_runs', 1::numeric) $$, 'A team''s jobs share the places of one person');

-- Calls whose price nobody knows, on the platform's key

prepare unpriced(integer) as
  select refusal, spent, allowed from public.begin_run('0a000000-0000-4000-8000-000000000002', null, 'OPENAI_API_KEY', true, 'env',
    null, 'digest', '', 10, 0, 0, null, null, 10, null, 5, null, $1);
select results_eq('execute unpriced(null)', $$ values ('model_price_unknown', null::numeric, null::numeric) $$,
  'Beside a limit in dollars, they are refused');
select results_eq('execute unpriced(1)', $$ values (null::text, null::numeric, null::numeric) $$,
  'With a number of calls a day, so many begin');
select results_eq('execute unpriced(1)', $$ values ('platform_daily_calls', 1::numeric, 1::numeric) $$,
  'And no more, whoever made the others');
select throws_ok(
  $$ select public.begin_run('0a000000-0000-4000-8000-000000000001', null, 'OPENAI_API_KEY', false, null, null, 'A feature', '',
       0, 0, 0, null, null, 10, null, null, null) $$,
  '23514', null, 'A name that is none of a feature''s enters nothing');

deallocate start;
deallocate unpriced;
select * from finish();
rollback;

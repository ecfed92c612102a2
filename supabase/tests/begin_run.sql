-- Whose key pays for a run, and that a run is entered with no other.
begin;
select plan(15);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test'),
  -- Like the team's id, as a person's.
  ('7e000000-0000-4000-8000-000000000001', 'like-crew@vault.test');
insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000002', 'Other', '0a000000-0000-4000-8000-000000000002');
delete from public.platform_settings;

-- Ann's run in a workspace, where the platform has a key or not, on a layer that she chose or on any, under an id.
prepare start(uuid, boolean, text, uuid) as
  select * from public.begin_run('0a000000-0000-4000-8000-000000000001', $1, 'KEY', $2, $3, $4,
    'run', 'm', 10, 90, 30, 0.1, 1, 10, null, null, null);
prepare again as delete from public.reveal_runs where user_id = '0a000000-0000-4000-8000-000000000001';

-- Every rule, every choice, and whatever is held where

create temporary table outcomes as
select rule, only_source, has_own, has_teams, has_platform,
    (select source from unnest(case rule when 'own' then array['user'] when 'team' then array['user', 'team']
        else array['user', 'team', 'env'] end) with ordinality as allowed (source, place)
      where (source = 'user' and has_own or source = 'team' and has_teams and rule is not null or source = 'env' and has_platform)
        and source = coalesce(only_source, source)
      order by place limit 1) as expected,
    null::text as paid, null::text as ciphertext, null::text as refusal, null::text as said, 0 as entered
  from unnest(array[null, 'own', 'team', 'platform']) as rule, unnest(array[null, 'user', 'team', 'env']) as only_source,
    unnest(array[true, false]) as has_own, unnest(array[true, false]) as has_teams, unnest(array[true, false]) as has_platform;
do $$
declare
  each record;
  began record;
begin
  for each in select ctid as place, * from outcomes loop
    delete from public.vault_secrets where key = 'KEY';
    delete from public.reveal_runs where user_id = '0a000000-0000-4000-8000-000000000001';
    update public.teams set key_policy = coalesce(each.rule, 'platform') where id = '7e000000-0000-4000-8000-000000000001';
    insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
      select * from (values
        ('user', '0a000000-0000-4000-8000-000000000001'::uuid, 'KEY', 'v1.user'),
        ('team', '7e000000-0000-4000-8000-000000000001', 'KEY', 'v1.team'),
        -- Nobody's business here.
        ('user', '7e000000-0000-4000-8000-000000000001', 'KEY', 'v1.like-crew'),
        ('team', '7e000000-0000-4000-8000-000000000002', 'KEY', 'v1.other'),
        ('user', '0a000000-0000-4000-8000-000000000002', 'KEY', 'v1.ben'))
        as secrets (owner_type, owner_id, key, ciphertext)
      where (each.has_own or ciphertext <> 'v1.user') and (each.has_teams or ciphertext <> 'v1.team');
    set local role service_role;
    select * into began from public.begin_run('0a000000-0000-4000-8000-000000000001',
      case when each.rule is not null then '7e000000-0000-4000-8000-000000000001'::uuid end, 'KEY', each.has_platform,
      each.only_source, null, 'run', 'm', 10, 90, 30, 0.1, 1, 10, null, null, null);
    reset role;
    update outcomes set paid = began.source, ciphertext = began.ciphertext, refusal = began.refusal, said = began.key_policy,
        entered = (select count(*) from public.reveal_runs as run
          where run.id = began.id and run.source = began.source and run.user_id = '0a000000-0000-4000-8000-000000000001')
      where ctid = each.place;
  end loop;
end;
$$;
select is((select count(*)::integer from outcomes), 128, 'Every case was tried');
select is_empty(
  $$ select * from outcomes where expected is distinct from paid $$,
  'The nearest key pays that the rule allows, that the person chose, and that is there');
select is_empty(
  $$ select * from outcomes where ciphertext is distinct from case when paid <> 'env' then 'v1.' || paid end $$,
  'The ciphertext is the one of whose key pays; the platform''s has none');
select is_empty(
  $$ select * from outcomes where entered <> case when expected is null then 0 else 1 end $$,
  'A run is entered on that key, and without a key none is');
select is_empty(
  $$ select * from outcomes where refusal is distinct from case when expected is null then 'no_key' end $$,
  'Without a key, that is the reason');
select is_empty($$ select * from outcomes where said is distinct from rule $$, 'The rule is the team''s; outside of teams there is none');

-- Who is in the team

execute again;
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('user', '0a000000-0000-4000-8000-000000000001', 'KEY', 'v1.user') on conflict do nothing;
prepare refused(uuid) as
  select refusal, id, source, ciphertext, key_policy from public.begin_run('0a000000-0000-4000-8000-000000000001', $1, 'KEY',
    true, null, null, 'run', 'm', 10, 90, 30, 0.1, 1, 10, null, null, null);
set local role service_role;
select results_eq($$ execute refused('7e000000-0000-4000-8000-000000000002') $$,
  $$ values ('team_not_found', null::uuid, null::text, null::text, null::text) $$,
  'In a team that one is not in, nothing begins, on one''s own key either');
select results_eq($$ execute refused('7e000000-0000-4000-8000-000000000009') $$,
  $$ values ('team_not_found', null::uuid, null::text, null::text, null::text) $$,
  'A team that does not exist is refused in the same way');
reset role;
insert into public.team_members (team_id, user_id) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002') on conflict do nothing;
update public.team_members set role = 'admin'
  where team_id = '7e000000-0000-4000-8000-000000000001' and user_id = '0a000000-0000-4000-8000-000000000002';
delete from public.team_members
  where team_id = '7e000000-0000-4000-8000-000000000001' and user_id = '0a000000-0000-4000-8000-000000000001';
set local role service_role;
select results_eq($$ execute refused('7e000000-0000-4000-8000-000000000001') $$,
  $$ values ('team_not_found', null::uuid, null::text, null::text, null::text) $$,
  'A removed member begins nothing in the team');
select is((select count(*)::integer from public.reveal_runs where user_id = '0a000000-0000-4000-8000-000000000001'), 0,
  'None of these is entered');

-- The page's own name for a run

select is((select id from public.begin_run('0a000000-0000-4000-8000-000000000001', null, 'KEY', true, null,
    'ab000000-0000-4000-8000-000000000001', 'run', 'm', 10, 90, 30, 0.1, 1, 10, null, null, null)),
  'ab000000-0000-4000-8000-000000000001'::uuid, 'A run has the id that its page gave it');
select throws_ok($$ execute start(null, true, null, 'ab000000-0000-4000-8000-000000000001') $$, '23505', null,
  'The same id again is refused');
select results_eq(
  $$ select id, source, status, input_tokens, cost_usd from public.reveal_runs
     where user_id = '0a000000-0000-4000-8000-000000000001' $$,
  $$ values ('ab000000-0000-4000-8000-000000000001'::uuid, 'user', 'started', 10, 0.1) $$,
  'And leaves one run, as it was');

-- Limits count as they do in enter_run, and no ciphertext comes with a refusal

select results_eq(
  $$ select refusal, source, ciphertext, id from public.begin_run('0a000000-0000-4000-8000-000000000001', null, 'KEY', true,
       null, null, 'run', 'm', 10, 90, 30, 0.1, 1, 1, null, null, null) $$,
  $$ values ('too_many_runs', 'user', null::text, null::uuid) $$,
  'A run that is refused gives no ciphertext');

-- Who calls

reset role;
set local role authenticated;
select throws_ok($$ execute start(null, true, null, null) $$, '42501', null, 'Nobody but the server begins a run');
reset role;

deallocate start;
deallocate again;
deallocate refused;

select * from finish();
rollback;

-- An account is deleted: all that is its own goes, in one transaction or not at all; what is others' stays whole.
begin;
select plan(34);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'leaving@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'eve@vault.test');
insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000001', 'Passed on', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000002', 'Deleted', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000003', 'Alone', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000004', 'Two admins', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000005', 'Of others', '0a000000-0000-4000-8000-000000000003');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'member'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', 'member'),
  ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000002', 'member'),
  ('7e000000-0000-4000-8000-000000000004', '0a000000-0000-4000-8000-000000000002', 'admin'),
  ('7e000000-0000-4000-8000-000000000004', '0a000000-0000-4000-8000-000000000003', 'member'),
  ('7e000000-0000-4000-8000-000000000005', '0a000000-0000-4000-8000-000000000001', 'member');

-- A row of each kind for the one who leaves, for each team, and for one who stays.
create temporary view owners as
  select 'user' as type, id from auth.users where id::text ~ '^0a000000-0000-4000-8000-00000000000[12]$'
  union all select 'team', id from public.teams where id::text ~ '^7e000000-0000-4000-8000-00000000000[1-5]$';
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
  select type, id, 'KEY', 'v1.x' from owners;
insert into public.vault_events (actor_id, owner_type, owner_id, key, action)
  select '0a000000-0000-4000-8000-000000000001', type, id, 'KEY', 'set' from owners
    where id <> '0a000000-0000-4000-8000-000000000002';
insert into public.webhooks (user_id, team_id, url, encrypted_secret)
  select case type when 'user' then id end, case type when 'team' then id end, 'https://hook.test/' || id, 'v1.x'
    from owners;
insert into public.webhook_deliveries (webhook_id, message_id, event, payload, attempt)
  select id, 'msg_' || gen_random_uuid(), 'webhook.test', 'of ' || coalesce(user_id, team_id), 1 from public.webhooks
    where url like 'https://hook.test/%';
insert into public.reveal_runs (user_id, team_id, kind, model, source)
  select '0a000000-0000-4000-8000-000000000001'::uuid, case type when 'team' then id end, 'run', 'm', type from owners
    where id <> '0a000000-0000-4000-8000-000000000002'
  union all select '0a000000-0000-4000-8000-000000000002', '7e000000-0000-4000-8000-000000000002', 'run', 'm', 'team';
insert into public.team_invites (team_id, created_by, token_hash) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('d', 63) || '1'),
  ('7e000000-0000-4000-8000-000000000004', '0a000000-0000-4000-8000-000000000001', repeat('d', 63) || '2'),
  ('7e000000-0000-4000-8000-000000000004', '0a000000-0000-4000-8000-000000000002', repeat('d', 63) || '3');
insert into auth.sessions (id, user_id, created_at, updated_at, refreshed_at, not_after, user_agent) values
  ('5e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001',
    '2026-01-01 08:00Z', '2026-01-01 08:00Z', '2026-01-02 08:00', null, 'Browser one'),
  ('5e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000001',
    '2026-01-03 08:00Z', '2026-01-03 08:00Z', null, now() + interval '1 day', null),
  ('5e000000-0000-4000-8000-000000000003', '0a000000-0000-4000-8000-000000000001',
    '2026-01-04 08:00Z', '2026-01-04 08:00Z', null, now() - interval '1 second', 'Expired'),
  ('5e000000-0000-4000-8000-000000000004', '0a000000-0000-4000-8000-000000000002',
    '2026-01-05 08:00Z', '2026-01-05 08:00Z', null, null, 'Somebody else''s');

-- Every row of public that has one of these ids in it, by table. Counted for whatever tables there are.
create function pg_temp.rows_with(pattern text) returns table (relation text, rows bigint) language plpgsql as $$
declare
  name text;
begin
  for name in select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
    return query execute format(
      'select %L::text, count(*) from public.%I as row where row::text ~ $1 having count(*) > 0', name, name)
      using pattern;
  end loop;
end;
$$;
create temporary table before as
  select * from pg_temp.rows_with('0a000000-0000-4000-8000-00000000000[123]|7e000000-0000-4000-8000-00000000000[1-5]');

-- Sessions

set local role service_role;
select results_eq(
  $$ select id, used_at, user_agent from public.account_sessions('0a000000-0000-4000-8000-000000000001') $$,
  $$ values ('5e000000-0000-4000-8000-000000000002'::uuid, '2026-01-03 08:00Z'::timestamptz, null::text),
            ('5e000000-0000-4000-8000-000000000001', '2026-01-02 08:00Z', 'Browser one') $$,
  'A person''s sessions are listed by their latest use, without those that have expired and without anybody else''s');
set local timezone = 'Asia/Tokyo';
select results_eq(
  $$ select used_at from public.account_sessions('0a000000-0000-4000-8000-000000000001') offset 1 $$,
  array['2026-01-02 08:00Z'::timestamptz], 'The time of the latest use is UTC, wherever the database thinks it is');
select is_empty($$ select id from public.account_sessions('0a000000-0000-4000-8000-00000000ffff') $$,
  'Nobody''s sessions are none');
select throws_ok($$ select from auth.sessions $$, '42501', null, 'The server reads the sessions through that alone');

-- What is refused changes nothing

prepare delete_with as select deleted from public.delete_account('0a000000-0000-4000-8000-000000000001', $1);
select throws_ok($$ execute delete_with('[]') $$, 'PT409', 'A team with members needs an admin.',
  'An account that is the only admin of teams with other members is not deleted without a choice');
select throws_ok(
  $$ execute delete_with('[{"team_id": "7e000000-0000-4000-8000-000000000001",
                            "pass_to": "0a000000-0000-4000-8000-000000000002"}]') $$,
  'PT409', 'A team with members needs an admin.', 'A choice for one of two teams is not enough');
select throws_ok(
  $$ execute delete_with('[{"team_id": "7e000000-0000-4000-8000-000000000001",
                            "pass_to": "0a000000-0000-4000-8000-000000000001"},
                           {"team_id": "7e000000-0000-4000-8000-000000000002", "pass_to": null}]') $$,
  'PT409', 'A team with members needs an admin.', 'Nobody passes a team on to themselves');
select throws_ok(
  $$ execute delete_with('[{"team_id": "7e000000-0000-4000-8000-000000000001", "pass_to": null},
                           {"team_id": "7e000000-0000-4000-8000-000000000002",
                            "pass_to": "0a000000-0000-4000-8000-000000000003"}]') $$,
  'PT409', 'A team with members needs an admin.', 'Somebody who is not in the team does not become its admin');
reset role;
select set_eq(
  $$ select * from pg_temp.rows_with(
       '0a000000-0000-4000-8000-00000000000[123]|7e000000-0000-4000-8000-00000000000[1-5]') $$,
  'select * from before', 'What was refused has changed no row');
select is_empty(
  $$ select user_id from public.team_members
     where role = 'admin' and team_id in ('7e000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000002')
       and user_id <> '0a000000-0000-4000-8000-000000000001' $$,
  'What was refused has promoted nobody');

-- A person may be deleted who leaves teams to their other admins, and nobody else's team is theirs to give

set local role service_role;
select is_empty(
  $$ select deleted from public.delete_account('0a000000-0000-4000-8000-00000000ffff',
       '[{"team_id": "7e000000-0000-4000-8000-000000000005", "pass_to": null}]') $$,
  'An account that does not exist deletes nothing');

select results_eq(
  $$ execute delete_with('[
       {"team_id": "7e000000-0000-4000-8000-000000000001", "pass_to": "0a000000-0000-4000-8000-000000000003"},
       {"team_id": "7e000000-0000-4000-8000-000000000002", "pass_to": null},
       {"team_id": "7e000000-0000-4000-8000-000000000004", "pass_to": null},
       {"team_id": "7e000000-0000-4000-8000-000000000005", "pass_to": null}]') $$,
  array[true], 'An account is deleted once every team has an admin or goes');
reset role;

select is_empty($$ select id from auth.users where id = '0a000000-0000-4000-8000-000000000001' $$, 'It is gone');
select set_eq($$ select id from auth.sessions where id::text like '5e000000-%' $$,
  array['5e000000-0000-4000-8000-000000000004'::uuid], 'Its sessions are gone, and no other');
select results_eq(
  $$ select user_id, role from public.team_members
     where team_id = '7e000000-0000-4000-8000-000000000001' order by user_id $$,
  $$ values ('0a000000-0000-4000-8000-000000000002'::uuid, 'member'),
            ('0a000000-0000-4000-8000-000000000003'::uuid, 'admin') $$,
  'The team is passed on to the one who was chosen');
select set_eq(
  $$ select name from public.teams where id::text ~ '^7e000000-0000-4000-8000-00000000000[1-5]$' $$,
  array['Passed on', 'Deleted', 'Two admins', 'Of others'],
  'The team without other members is gone; a team with another admin stays, and so does a foreign one');
select is_empty(
  $$ select from public.teams where id = '7e000000-0000-4000-8000-000000000002' and deleted_at is null
     union all select from public.team_members where team_id = '7e000000-0000-4000-8000-000000000002' $$,
  'The team that was to be deleted is hidden');
select results_eq(
  $$ select user_id, role from public.deleted_team_members where team_id = '7e000000-0000-4000-8000-000000000002' $$,
  $$ values ('0a000000-0000-4000-8000-000000000002'::uuid, 'member') $$, 'And knows who else was in it');
select results_eq(
  $$ select user_id, role from public.team_members
     where team_id = '7e000000-0000-4000-8000-000000000004' order by user_id $$,
  $$ values ('0a000000-0000-4000-8000-000000000002'::uuid, 'admin'),
            ('0a000000-0000-4000-8000-000000000003'::uuid, 'member') $$,
  'Where there is another admin, nobody is promoted');

-- What is left of it, in whatever tables there are

select set_eq($$ select relation from pg_temp.rows_with('0a000000-0000-4000-8000-000000000001') $$,
  array['vault_events', 'teams'],
  'Its id is left in no table but the events of teams that stay, which know what keys it has seen, and as who hid one');
select set_eq($$ select relation from pg_temp.rows_with('leaving@vault.test') $$, array['vault_events'],
  'Its address is left in no table but the events of teams');
select is_empty(
  $$ select from public.vault_events as event where event::text ~ 'leaving@vault.test' and (action <> 'member_left'
       or not exists (select from public.vault_events as deed
         where deed.owner_id = event.owner_id and deed.actor_id = event.subject_id
           and deed.action not in ('member_joined', 'member_left'))) $$,
  'And there as who left, where it did something else');
select is_empty(
  $$ select * from pg_temp.rows_with('7e000000-0000-4000-8000-000000000003') $$,
  'Of the team that is gone, nothing is left in any table');
select set_eq(
  $$ select owner_id from public.vault_events where actor_id = '0a000000-0000-4000-8000-000000000001' $$,
  $$ select id from public.teams where id::text ~ '^7e000000-0000-4000-8000-00000000000[1-5]$' $$,
  'Each team that stays still knows what was done with its keys');

-- What is others' is whole

select set_eq($$ select owner_id from public.vault_secrets where owner_id in (select id from owners) $$,
  'select id from owners', 'Everybody who is left has their secrets');
select set_eq($$ select coalesce(user_id, team_id) from public.webhooks where url like 'https://hook.test/%' $$,
  'select id from owners', 'Everybody who is left has their webhooks');
select set_eq(
  $$ select payload from public.webhook_deliveries where payload ~ '^of (0a|7e)000000-' $$,
  $$ select 'of ' || id from owners $$, 'Everybody who is left has what was sent to their webhooks');
select set_eq(
  $$ select user_id, team_id from public.reveal_runs
     where team_id::text like '7e000000-%' or user_id::text like '0a000000-%' $$,
  $$ select null::uuid, id from owners where type = 'team'
     union all select '0a000000-0000-4000-8000-000000000002', '7e000000-0000-4000-8000-000000000002' $$,
  'Teams that stay keep the runs that it made in them; a person keeps the runs of a team that is hidden');
select set_eq($$ select right(token_hash, 1) from public.team_invites where token_hash like 'ddd%' $$,
  array[]::text[], 'The invitations that it made are gone, and so are those of others in teams that it was an admin of');

-- A second time, and those who are nobody's admin

set local role service_role;
select is_empty($$ execute delete_with('[]') $$, 'An account is deleted once');
select results_eq(
  $$ select deleted from public.delete_account('0a000000-0000-4000-8000-000000000003',
       '[{"team_id": "7e000000-0000-4000-8000-000000000001", "pass_to": "0a000000-0000-4000-8000-000000000002"}]') $$,
  array[true], 'Whoever a team was passed on to can pass it on in turn');
select results_eq(
  $$ select team_id, role from public.team_members where user_id = '0a000000-0000-4000-8000-000000000002'
       and team_id::text like '7e000000-%' order by team_id $$,
  $$ values ('7e000000-0000-4000-8000-000000000001'::uuid, 'admin'),
            ('7e000000-0000-4000-8000-000000000004', 'admin') $$,
  'Then it is theirs');
select is_empty($$ select name from public.teams where id = '7e000000-0000-4000-8000-000000000005' $$,
  'A team that is alone with its admin goes without a choice');
reset role;
select results_eq($$ select deleted from public.delete_account('0a000000-0000-4000-8000-000000000002', '[]') $$,
  array[true], 'Whoever is alone in all of their teams needs no choice');

deallocate delete_with;
select * from finish();
rollback;

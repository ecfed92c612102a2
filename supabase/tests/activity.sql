-- What an owner's log can be looked up by, who knows a key's present value, and what is forgotten.
begin;
select plan(40);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben_50%@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'left@vault.test'),
  ('0a000000-0000-4000-8000-000000000004', 'stranger@vault.test');
insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000002', 'Other', '0a000000-0000-4000-8000-000000000004');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'member');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
  select 'team', '7e000000-0000-4000-8000-000000000001', key, 'v1.x' from unnest(array['A_KEY', 'B_KEY', 'AXKEY']) as key;
-- What the database writes by itself is not what is looked at here.
delete from public.vault_events where owner_id::text like '7e000000%';

-- Something that somebody did to a team's key, or to nothing in particular, so many days ago.
create function pg_temp.event(person text, what text, of_key text, days numeric, facts jsonb default null,
  whom text default null, team text default '1', import uuid default null)
returns void language sql as $$
  insert into public.vault_events (actor_id, owner_type, owner_id, key, action, details, subject_id, import_id, created_at)
  values (('0a000000-0000-4000-8000-00000000000' || person)::uuid, 'team',
    ('7e000000-0000-4000-8000-00000000000' || team)::uuid, of_key, what, facts,
    ('0a000000-0000-4000-8000-00000000000' || whom)::uuid, import, now() - make_interval(secs => (days * 86400)::integer));
$$;
-- The log, as "action key" each, newest first.
create function pg_temp.log(only_key text default null, only_actions text[] default null, only_person uuid default null,
  search text default null, of_import uuid default null, with_parts boolean default false)
returns text[] language sql as $$
  select array_agg(concat_ws(' ', action, key) order by created_at desc, id desc)
    from public.activity('team', '7e000000-0000-4000-8000-000000000001', 100, only_key, only_actions, only_person, search,
      of_import, with_parts => log.with_parts)
$$;

select pg_temp.event('1', 'created', 'A_KEY', 9);
select pg_temp.event('2', 'checked', 'AXKEY', 8);
select pg_temp.event('1', 'role_changed', null, 7, '{"from": "member", "to": "admin"}', '2');
select pg_temp.event('1', 'created', 'B_KEY', 6, import => 'ee000000-0000-4000-8000-000000000001');
select pg_temp.event('1', 'replaced', 'A_KEY', 6, import => 'ee000000-0000-4000-8000-000000000001');
insert into public.vault_events (id, actor_id, owner_type, owner_id, action, details, created_at)
  values ('ee000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', 'team',
    '7e000000-0000-4000-8000-000000000001', 'imported', '{"count": 2}', now() - interval '5 days');
select pg_temp.event('4', 'created', 'A_KEY', 1, team => '2');

set local role service_role;

select is(pg_temp.log(), array['imported', 'role_changed', 'checked AXKEY', 'created A_KEY'],
  'The log is one owner''s, and an import is one event of it');
select set_eq($$ select unnest(pg_temp.log(of_import => 'ee000000-0000-4000-8000-000000000001')) $$,
  array['replaced A_KEY', 'created B_KEY'], 'What came with an import is there to be asked for');
select is_empty(
  $$ select from public.activity('team', '7e000000-0000-4000-8000-000000000002', 100,
       of_import => 'ee000000-0000-4000-8000-000000000001') $$,
  'But not by another owner');
select is(cardinality(pg_temp.log(with_parts => true)), 6, 'With the parts, each event is there');
select is(pg_temp.log('A_KEY'), array['replaced A_KEY', 'created A_KEY'], 'Of one key, also what came with an import');
select set_eq($$ select unnest(pg_temp.log(only_actions => '{created}')) $$, array['created B_KEY', 'created A_KEY'],
  'Of one action, also what came with an import');
select is(pg_temp.log(only_actions => '{created,imported}'), array['imported', 'created A_KEY'],
  'But where imports are asked for as well, each is one event');
select is(pg_temp.log(only_person => '0a000000-0000-4000-8000-000000000002'), array['role_changed', 'checked AXKEY'],
  'Of one person: what they did, and what was done to them');
select is(pg_temp.log('A_KEY', '{created}', '0a000000-0000-4000-8000-000000000001', 'a_k'), array['created A_KEY'],
  'All of these go together');
select is(pg_temp.log('A_KEY', only_person => '0a000000-0000-4000-8000-000000000002'), null,
  'And leave nothing where nothing is all of it');
select is(pg_temp.log(search => 'b_k'), array['created B_KEY'], 'A search is for a part of a key''s name');
select is(pg_temp.log(search => 'BEN_'), array['role_changed', 'checked AXKEY'],
  'Or of an address, and does not tell upper from lower case');
select is(pg_temp.log(search => 'a_k'), array['replaced A_KEY', 'created A_KEY'], 'An underscore is only itself');
select is(pg_temp.log(search => '%'), array['role_changed', 'checked AXKEY'], 'So is a percent sign');
select is(pg_temp.log(search => '\'), null, 'So is a backslash');
select is(pg_temp.log(search => 'A\_K'), null, 'Also before another one');
select is(pg_temp.log(search => 'stranger'), null, 'Nobody is found by what they did elsewhere');

select set_eq(
  $$ select key from public.activity_topics('team', '7e000000-0000-4000-8000-000000000001') where key is not null $$,
  array['A_KEY', 'AXKEY', 'B_KEY'], 'The choices are each key once');
select set_eq(
  $$ select email from public.activity_topics('team', '7e000000-0000-4000-8000-000000000001') where key is null $$,
  array['ann@vault.test', 'ben_50%@vault.test'], 'And each person');

-- An account that goes

reset role;
select pg_temp.event('3', 'revealed', 'A_KEY', 4);
select pg_temp.event('3', 'member_left', null, 3, '{"role": "admin", "email": "left@vault.test", "account_deleted": true}', '3');
delete from auth.users where id = '0a000000-0000-4000-8000-000000000003';
set local role service_role;
select results_eq(
  $$ select actor_email, subject_email from public.activity('team', '7e000000-0000-4000-8000-000000000001', 2) $$,
  $$ values ('left@vault.test', 'left@vault.test'), ('left@vault.test', null) $$,
  'A team keeps the last address that it had of somebody whose account is gone');
select is(pg_temp.log(search => 'left@'), array['member_left', 'revealed A_KEY'], 'And finds them by it');
select is((select email from public.activity_address('team', '7e000000-0000-4000-8000-000000000002',
  '0a000000-0000-4000-8000-000000000003')), null, 'Another team does not have it');

-- Who knows a present value

create function pg_temp.known() returns text[] language sql as $$
  select coalesce(array_agg(key order by key), '{}')
    from public.team_exposures('7e000000-0000-4000-8000-000000000001') $$;
reset role;
select pg_temp.event('3', 'copied', 'B_KEY', 4);
select is(pg_temp.known(), array['A_KEY', 'B_KEY'], 'Who was shown a value knows it, and who copied it');
select pg_temp.event('1', action, 'B_KEY', 3)
  from unnest(array['metadata', 'checked', 'resaved', 'replaced_unread', 'deleted', 'created']) as action;
select is(pg_temp.known(), array['A_KEY', 'B_KEY'],
  'That stays so when the key gets its own value again, one that nobody could compare, or is deleted and added again');
select pg_temp.event('1', 'replaced', 'B_KEY', 2);
select is(pg_temp.known(), array['A_KEY'], 'Until its value is replaced');

set local role service_role;
create function pg_temp.confirms(person text, key text, team text default '1') returns boolean language sql as $$
  select confirmed from public.confirm_rotation(('0a000000-0000-4000-8000-00000000000' || person)::uuid,
    ('7e000000-0000-4000-8000-00000000000' || team)::uuid, key) $$;
select is(pg_temp.confirms('2', 'A_KEY'), false, 'A member cannot say that a key was rotated');
select is(pg_temp.confirms('4', 'A_KEY'), false, 'Nor can another team''s admin');
select is(pg_temp.confirms('1', 'A_KEY', '2'), false, 'Nor for another team');
select is(pg_temp.confirms('1', 'C_KEY'), false, 'Nor can anybody of a key that is not there');
select is(pg_temp.known(), array['A_KEY'], 'None of that changes what is known');
select is(pg_temp.confirms('1', 'A_KEY'), true, 'An admin can');
select is(pg_temp.known(), array[]::text[], 'And then it is off the list');
select is((pg_temp.log('A_KEY'))[1], 'rotation_confirmed A_KEY', 'And in the log');

-- What is forgotten

reset role;
delete from public.vault_events where owner_id = '7e000000-0000-4000-8000-000000000001';
select pg_temp.event('1', 'created', 'A_KEY', 400);
select pg_temp.event('1', 'replaced', 'A_KEY', 300);
select pg_temp.event('3', 'revealed', 'A_KEY', 200);
select pg_temp.event('1', 'checked', 'A_KEY', 190);
select pg_temp.event('1', 'revealed', 'GONE_KEY', 180);
select pg_temp.event('3', 'member_left', null, 170, '{"email": "left@vault.test"}', '3');
select pg_temp.event('2', 'member_left', null, 160, '{"email": "other@vault.test"}', '4');
select pg_temp.event('1', 'team_renamed', null, 95);
select pg_temp.event('1', 'team_renamed', null, 80);
set local role service_role;
select throws_ok($$ delete from public.vault_events where owner_id = '7e000000-0000-4000-8000-000000000001' $$, '42501', null,
  'The server cannot delete an event by itself');
select is((select forgotten from public.forget_activity('team', '7e000000-0000-4000-8000-000000000002', 90)), 0::bigint,
  'One owner''s turn forgets nothing of another''s');
select is((select forgotten from public.forget_activity('team', '7e000000-0000-4000-8000-000000000001', 1)), 5::bigint,
  'Nothing that is younger than 90 days is forgotten, however few are asked for');
select is(pg_temp.log(), array['team_renamed', 'member_left', 'revealed A_KEY', 'replaced A_KEY'],
  'What says who knows a present value stays, and the address that goes with it');
select is(pg_temp.known(), array['A_KEY'], 'So the key is still to be rotated');
select is((select forgotten from public.forget_activity('team', '7e000000-0000-4000-8000-000000000001', null)), 0::bigint,
  'Nothing is left to forget');
reset role;
select pg_temp.event('1', 'rotation_confirmed', 'A_KEY', 100);
select is((select forgotten from public.forget_activity('team', '7e000000-0000-4000-8000-000000000001', 90)), 3::bigint,
  'Once nobody else knows it, all of that goes too');

select * from finish();
rollback;

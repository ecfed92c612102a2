-- An invitation lets one person in, once and not for long; and only the server has to do with it.
begin;
select plan(46);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'member@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'invited@vault.test'),
  ('0a000000-0000-4000-8000-000000000004', 'late@vault.test'),
  ('0a000000-0000-4000-8000-000000000005', 'second-admin@vault.test');

set local role service_role;
insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000002', 'Other', '0a000000-0000-4000-8000-000000000005');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'member'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000005', 'admin');

-- Making one

select results_eq(
  $$ insert into public.team_invites (id, team_id, created_by, token_hash)
     values ('11000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001',
       '0a000000-0000-4000-8000-000000000001', repeat('1', 64))
     returning role, expires_at - created_at, used_by, used_at $$,
  $$ values ('member', interval '7 days', null::uuid, null::timestamptz) $$,
  'The server makes an invitation: for a member, for seven days, and unused');
prepare invite (uuid, text, text) as
  insert into public.team_invites (team_id, created_by, token_hash, role)
  values ('7e000000-0000-4000-8000-000000000001', $1, $2, $3);
select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000001', repeat('1', 64), 'member') $$,
  '23505', null, 'No two invitations have the same secret');
select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000001', repeat('a', 63), 'member') $$,
  '23514', null, 'A hash of 63 digits is refused');
select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000001', repeat('a', 65), 'member') $$,
  '23514', null, 'A hash of 65 digits is refused');
select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000001', repeat('A', 64), 'member') $$,
  '23514', null, 'A hash in capital letters is refused');
select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000001', repeat('g', 64), 'member') $$,
  '23514', null, 'A hash that is not hexadecimal is refused, so that no secret part is stored by mistake');
select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000001', repeat('a', 64) || E'\n', 'member') $$,
  '23514', null, 'A hash with a line break is refused');
select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000001', repeat('a', 64), 'owner') $$,
  '23514', null, 'An invitation is for an admin or a member');
select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000003', repeat('a', 64), 'member') $$,
  'PT403', null, 'Who is not in a team invites nobody to it');

prepare labeled (text) as
  insert into public.team_invites (team_id, created_by, token_hash, label)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('c', 64), $1);
select throws_ok($$ execute labeled('') $$, '23514', null, 'A label is not empty');
select throws_ok($$ execute labeled(repeat('ü', 61)) $$, '23514', null, 'A label of 61 characters is refused');
select lives_ok($$ execute labeled(repeat('ü', 60)) $$, 'A label of 60 characters is taken');
select results_eq(
  $$ select label from public.team_invites where token_hash in (repeat('1', 64), repeat('c', 64)) order by token_hash $$,
  array[null, repeat('ü', 60)], 'An invitation has a label only where it was given one');
delete from public.team_invites where token_hash = repeat('c', 64);

-- Accepting

select results_eq(
  $$ update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000003'
     where token_hash = repeat('1', 64) returning team_id, used_at = now() $$,
  $$ values ('7e000000-0000-4000-8000-000000000001'::uuid, true) $$,
  'Whoever accepts uses the invitation up');
select results_eq(
  $$ select team_id, role from public.team_members where user_id = '0a000000-0000-4000-8000-000000000003' $$,
  $$ values ('7e000000-0000-4000-8000-000000000001'::uuid, 'member') $$,
  'Whoever accepts is in the team of the invitation, and in no other');
select is_empty(
  $$ update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000004'
     where token_hash = repeat('1', 64) returning id $$,
  'A second person changes nothing with a used invitation');
select is_empty(
  $$ select team_id from public.team_members where user_id = '0a000000-0000-4000-8000-000000000004' $$,
  'A second person does not get in with a used invitation');
select results_eq(
  $$ select used_by from public.team_invites where token_hash = repeat('1', 64) $$,
  array['0a000000-0000-4000-8000-000000000003'::uuid], 'A used invitation says who used it first');
delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000003';
select is_empty(
  $$ update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000003'
     where token_hash = repeat('1', 64) returning id $$,
  'A removed member cannot come back through the invitation that they used');
select is_empty(
  $$ select team_id from public.team_members where user_id = '0a000000-0000-4000-8000-000000000003' $$,
  'A removed member stays outside');

execute invite('0a000000-0000-4000-8000-000000000001', repeat('2', 64), 'admin');
update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000003' where token_hash = repeat('2', 64);
select results_eq(
  $$ select role from public.team_members where user_id = '0a000000-0000-4000-8000-000000000003' $$,
  array['admin'], 'An invitation for an admin makes an admin');

execute invite('0a000000-0000-4000-8000-000000000001', repeat('3', 64), 'admin');
select results_eq(
  $$ update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000002'
     where token_hash = repeat('3', 64) returning used_by $$,
  array['0a000000-0000-4000-8000-000000000002'::uuid], 'A member who accepts uses the invitation up');
select results_eq(
  $$ select role from public.team_members where user_id = '0a000000-0000-4000-8000-000000000002' $$,
  array['member'], 'A member who accepts an invitation for an admin stays a member');

insert into public.team_invites (team_id, created_by, token_hash, created_at, expires_at) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('4', 64),
    now() - interval '7 days', now()),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('5', 64),
    now() - interval '7 days', now() + interval '1 second');
select is_empty(
  $$ update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000004'
     where token_hash = repeat('4', 64) returning id $$,
  'An expired invitation changes nothing');
select is_empty(
  $$ select team_id from public.team_members where user_id = '0a000000-0000-4000-8000-000000000004' $$,
  'An expired invitation lets nobody in');
select results_eq(
  $$ update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000004'
     where token_hash = repeat('5', 64) returning used_by $$,
  array['0a000000-0000-4000-8000-000000000004'::uuid], 'An invitation works until its last second');
delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000004';

select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000002', repeat('6', 64), 'member') $$,
  'PT403', null, 'A member invites nobody');

delete from public.team_invites;
insert into public.team_invites (team_id, created_by, token_hash)
  select '7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', lpad(to_hex(n), 64, '0')
  from generate_series(1, 20) as n;
select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000001', repeat('6', 64), 'member') $$,
  'PT409', null, 'A team has at most 20 open invitations');
update public.team_invites set expires_at = now() where token_hash = lpad('1', 64, '0');
select lives_ok($$ execute invite('0a000000-0000-4000-8000-000000000001', repeat('6', 64), 'member') $$,
  'One that has expired takes no room');
delete from public.team_invites;

-- Revoking, demoting, removing

execute invite('0a000000-0000-4000-8000-000000000001', repeat('a', 64), 'member');
execute invite('0a000000-0000-4000-8000-000000000001', repeat('b', 64), 'member');
execute invite('0a000000-0000-4000-8000-000000000005', repeat('c', 64), 'member');
insert into public.team_invites (team_id, created_by, token_hash)
  values ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000005', repeat('d', 64));
select results_eq(
  $$ delete from public.team_invites where token_hash = repeat('a', 64) and used_at is null returning role $$,
  array['member'], 'The server revokes an invitation');
execute invite('0a000000-0000-4000-8000-000000000001', repeat('e', 64), 'member');
update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000004' where token_hash = repeat('e', 64);

update public.team_members set role = 'member' where user_id = '0a000000-0000-4000-8000-000000000001';
select set_eq('select left(token_hash, 1) from public.team_invites', array['d', 'e'],
  'A team''s open invitations go when one of its admins is demoted; the used ones and another team''s stay');
update public.team_members set role = 'admin' where user_id = '0a000000-0000-4000-8000-000000000001';
select is_empty($$ select id from public.team_invites where token_hash = repeat('b', 64) $$,
  'An admin again does not get the withdrawn invitations back');

delete from public.team_members
  where team_id = '7e000000-0000-4000-8000-000000000001' and user_id = '0a000000-0000-4000-8000-000000000005';
select set_eq('select left(token_hash, 1) from public.team_invites', array['d', 'e'],
  'A removed admin''s invitations go, but not those to a team that they are still in');
select results_eq(
  $$ select user_id from public.team_members
     where team_id = '7e000000-0000-4000-8000-000000000001' and user_id = '0a000000-0000-4000-8000-000000000004' $$,
  array['0a000000-0000-4000-8000-000000000004'::uuid], 'Whoever accepted an invitation stays');
reset role;
delete from auth.users where id = '0a000000-0000-4000-8000-000000000004';
select set_eq('select left(token_hash, 1) from public.team_invites', array['d'],
  'A used invitation goes with the account that used it');
delete from public.teams where id = '7e000000-0000-4000-8000-000000000002';
select is_empty('select id from public.team_invites', 'A deleted team''s invitations go with it');

-- Nobody but the server

set local role service_role;
execute invite('0a000000-0000-4000-8000-000000000001', repeat('f', 64), 'admin');
set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';
select throws_ok('select id from public.team_invites', '42501', null,
  'An admin sees no invitation, not even of their own making');
select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000001', repeat('0', 64), 'admin') $$,
  '42501', null, 'An admin makes no invitation behind the app''s back');
select throws_ok(
  $$ update public.team_invites set expires_at = 'infinity' where token_hash = repeat('f', 64) $$,
  '42501', null, 'An admin does not extend an invitation behind the app''s back');
select throws_ok($$ delete from public.team_invites where token_hash = repeat('f', 64) $$,
  '42501', null, 'An admin does not revoke an invitation behind the app''s back');
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000005", "role": "authenticated"}';
select throws_ok(
  $$ update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000005'
     where token_hash = repeat('f', 64) $$,
  '42501', null, 'A former member does not accept behind the app''s back');

-- Should rights ever be granted, there is no policy that opens a row

reset role;
grant select, insert, update, delete on public.team_invites to authenticated;
set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';
select is_empty('select id from public.team_invites', 'Even with a grant, an admin sees no invitation');
select throws_ok($$ execute invite('0a000000-0000-4000-8000-000000000001', repeat('0', 64), 'admin') $$,
  '42501', null, 'Even with a grant, an admin makes no invitation');
select is_empty(
  $$ update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000005' returning id $$,
  'Even with a grant, nobody accepts an invitation');
select is_empty('delete from public.team_invites returning id', 'Even with a grant, an admin revokes no invitation');

reset role;
select results_eq('select left(token_hash, 1) from public.team_invites', array['f'],
  'After all that the invitation is as it was');

-- A prepared statement would outlive the rollback.
deallocate invite;
deallocate labeled;
select * from finish();
rollback;

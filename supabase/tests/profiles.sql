-- Whose e-mail address belongs to an id: for oneself and for those who share a team, and read only for all.
begin;
select plan(28);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'member@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'elsewhere@vault.test'),
  ('0a000000-0000-4000-8000-000000000004', null);
insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000002', 'Other', '0a000000-0000-4000-8000-000000000003');
insert into public.team_members (team_id, user_id)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002');

-- The profiles of this story, and of no other account that this database may have.
create temporary view addresses as
  select email from public.profiles where user_id::text like '0a000000-0000-4000-8000-%' order by user_id;

-- A profile follows its account

select results_eq('select email from addresses',
  array['admin@vault.test', 'member@vault.test', 'elsewhere@vault.test', ''],
  'Every new account has a profile, and one without an e-mail address has an empty one');
update auth.users set email = 'renamed@vault.test' where id = '0a000000-0000-4000-8000-000000000002';
select results_eq('select email from addresses',
  array['admin@vault.test', 'renamed@vault.test', 'elsewhere@vault.test', ''],
  'A changed e-mail address shows in the profile, and in no other');
update auth.users set email = null where id = '0a000000-0000-4000-8000-000000000002';
select results_eq($$ select email from public.profiles where user_id = '0a000000-0000-4000-8000-000000000002' $$,
  array[''], 'A removed e-mail address is removed from the profile');
update auth.users set email = 'member@vault.test' where id = '0a000000-0000-4000-8000-000000000002';
delete from auth.users where id = '0a000000-0000-4000-8000-000000000004';
select results_eq('select email from addresses',
  array['admin@vault.test', 'member@vault.test', 'elsewhere@vault.test'],
  'A deleted account takes its profile along');

-- Who sees whom

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';
select set_eq('select email from public.profiles', array['admin@vault.test', 'member@vault.test'],
  'An admin sees themselves and their members');
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000002", "role": "authenticated"}';
select set_eq('select email from public.profiles', array['admin@vault.test', 'member@vault.test'],
  'A member sees themselves and their teammates');
select is_empty($$ select user_id from public.profiles where email = 'elsewhere@vault.test' $$,
  'A member does not find out whether an e-mail address has an account');
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000003", "role": "authenticated"}';
select set_eq('select email from public.profiles', array['elsewhere@vault.test'],
  'Somebody from another team sees themselves alone');
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-00000000ffff", "role": "authenticated"}';
select is_empty('select email from public.profiles', 'A session of an account that is gone sees nobody');
set local request.jwt.claims = '{"role": "authenticated"}';
select is_empty('select email from public.profiles', 'A session without an id sees nobody');
set local role anon;
select throws_ok('select email from public.profiles', '42501', null, 'anon sees nobody');

-- Nobody writes

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000002", "role": "authenticated"}';
select throws_ok($$ update public.profiles set email = 'x' where email = 'member@vault.test' $$,
  '42501', null, 'A person cannot change their profile');
select throws_ok($$ insert into public.profiles (user_id) values ('0a000000-0000-4000-8000-000000000002') $$,
  '42501', null, 'A person cannot add a profile');
select throws_ok($$ delete from public.profiles where email = 'member@vault.test' $$,
  '42501', null, 'A person cannot delete their profile');
set local role service_role;
select results_eq($$ select email from public.profiles where user_id = '0a000000-0000-4000-8000-000000000003' $$,
  array['elsewhere@vault.test'], 'The server reads every profile');
select throws_ok($$ update public.profiles set email = 'x' where email = 'member@vault.test' $$,
  '42501', null, 'The server cannot change a profile');
select throws_ok($$ insert into public.profiles (user_id) values ('0a000000-0000-4000-8000-000000000002') $$,
  '42501', null, 'The server cannot add a profile');
select throws_ok($$ delete from public.profiles where email = 'member@vault.test' $$,
  '42501', null, 'The server cannot delete a profile');
select throws_ok('truncate public.profiles', '42501', null, 'The server cannot empty profiles');

-- The policy holds writes too, should they ever be granted

reset role;
grant insert, update, delete on public.profiles to authenticated;
set local role authenticated;
select throws_ok($$ insert into public.profiles (user_id) values ('0a000000-0000-4000-8000-00000000ffff') $$,
  '42501', null, 'Even with a grant, nobody adds a profile');
select is_empty($$ update public.profiles set email = 'x' returning user_id $$,
  'Even with a grant, nobody changes a profile');
select is_empty('delete from public.profiles returning user_id', 'Even with a grant, nobody deletes a profile');

-- Membership is read live

reset role;
delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000002';
set local role authenticated;
select set_eq('select email from public.profiles', array['member@vault.test'],
  'A removed member sees themselves alone, at once');
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';
select set_eq('select email from public.profiles', array['admin@vault.test'],
  'A removed member is no longer seen by the team');

-- One account, one profile

reset role;
select set_eq('select id from auth.users', 'select user_id from public.profiles',
  'Every account has a profile, and nobody else has one');
select col_is_pk('public', 'profiles', 'user_id', 'A person has one profile');
select col_not_null('public', 'profiles', 'email', 'An e-mail address is never null, though it may be empty');
select throws_ok($$ insert into public.profiles (user_id) values ('0a000000-0000-4000-8000-00000000ffff') $$,
  '23503', null, 'There is no profile without an account');

select * from finish();
rollback;

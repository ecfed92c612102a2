-- Whose e-mail address belongs to an id: for the server, which reads it and no more.
begin;
select plan(14);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'member@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'elsewhere@vault.test'),
  ('0a000000-0000-4000-8000-000000000004', null);

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

-- Nobody writes, and only the server reads

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000002", "role": "authenticated"}';
select throws_ok('select email from public.profiles', '42501', null,
  'A person does not find out whether an e-mail address has an account, and sees not even their own');
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

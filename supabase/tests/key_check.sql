-- The check value of the master key: the server's own, one at most, and never deleted by the app.
begin;
select plan(15);

insert into auth.users (id, email) values ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test');
-- A project in use has one already.
delete from public.vault_key_check;

select columns_are('public', 'vault_key_check', array['id', 'encrypted_value', 'created_at'],
  'vault_key_check has its three columns and no other');
select policies_are('public', 'vault_key_check', array['A person sees and changes nothing'],
  'The policy of vault_key_check opens no row');

set local role service_role;

select results_eq(
  $$ insert into public.vault_key_check (encrypted_value) values ('v1.one')
     on conflict (id) do nothing returning id, encrypted_value $$,
  $$ values (true, 'v1.one') $$, 'The server adds the check value at its first start');
select is_empty(
  $$ insert into public.vault_key_check (encrypted_value) values ('v1.two')
     on conflict (id) do nothing returning id $$,
  'A second instance that starts at the same time adds nothing');
select throws_ok(
  $$ insert into public.vault_key_check (encrypted_value) values ('v1.two') $$, '23505', null,
  'There is one check value');
select throws_ok(
  $$ insert into public.vault_key_check (id, encrypted_value) values (false, 'v1.two') $$, '23514', null,
  'There is no other row beside it');
select throws_ok(
  $$ update public.vault_key_check set encrypted_value = '' $$, '23514', null, 'It is not empty');
select results_eq(
  'select encrypted_value from public.vault_key_check', array['v1.one'], 'The server reads it');
select results_eq(
  $$ update public.vault_key_check set encrypted_value = 'm1.one' where encrypted_value = 'v1.one'
     returning encrypted_value $$,
  array['m1.one'], 'The server replaces it when everything is encrypted anew');
select throws_ok('delete from public.vault_key_check', '42501', null, 'The server never deletes it');

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';

select throws_ok('select from public.vault_key_check', '42501', null, 'A signed-in person does not read it');
select throws_ok(
  $$ insert into public.vault_key_check (encrypted_value) values ('v1.mine') $$, '42501', null,
  'A signed-in person does not add it');
select throws_ok(
  $$ update public.vault_key_check set encrypted_value = 'v1.mine' $$, '42501', null,
  'A signed-in person does not change it');

set local role anon;
set local request.jwt.claims = '{"role": "anon"}';

select throws_ok('select from public.vault_key_check', '42501', null, 'anon does not read it');
select throws_ok(
  $$ insert into public.vault_key_check (encrypted_value) values ('v1.mine') $$, '42501', null,
  'anon does not add it');

reset role;
select * from finish();
rollback;

-- Somebody who is not signed in: sees nothing, writes nothing, whatever the request claims. (privileges.sql tries every
-- statement on every table.)
begin;
select plan(8);

insert into auth.users (id, email) values ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
  values ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.ciphertext');

set local role anon;

select throws_ok('select * from public.vault_secrets', '42501', null, 'anon cannot select from vault_secrets');
select throws_ok('select key from public.vault_secrets', '42501', null, 'anon cannot select a single column of it');
select throws_ok('select count(*) from public.vault_secrets', '42501', null, 'anon cannot count secrets');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.x') $$,
  '42501', null, 'anon cannot add a secret');
select throws_ok($$ delete from public.vault_secrets where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'anon cannot delete a secret');
select throws_ok(
  $$ select public.reveal_usage('0a000000-0000-4000-8000-000000000001', null, '-infinity', 'infinity') $$,
  '42501', null, 'anon cannot call a function of the server');

set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';
select throws_ok('select key from public.vault_secrets', '42501', null,
  'anon with the claims of a person still sees nothing: the role counts');

-- The policy is not for anon, should rights ever be granted

reset role;
grant select (key) on public.vault_secrets to anon;
set local role anon;
select is_empty('select key from public.vault_secrets', 'Even with a grant, anon sees no secret');

reset role;
select * from finish();
rollback;

-- A signed-in person and their own secrets: the metadata is theirs to read, the ciphertext nobody's.
begin;
select plan(25);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test');
insert into public.teams (id, name) values ('0a000000-0000-4000-8000-000000000001', 'Like Ann');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, category, description) values
  ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.ann', 'LLM', 'Ann''s'),
  ('user', '0a000000-0000-4000-8000-000000000002', 'ANTHROPIC_API_KEY', 'v1.ben', 'LLM', 'Ben''s'),
  -- A team may have the id of a person: the type tells them apart.
  ('team', '0a000000-0000-4000-8000-000000000001', 'RESEND_API_KEY', 'v1.team', 'Email', 'A team''s');

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';

-- Metadata

select results_eq(
  'select owner_type, key, category, description from public.vault_secrets',
  $$ values ('user', 'ANTHROPIC_API_KEY', 'LLM', 'Ann''s') $$,
  'An owner sees the metadata of their own secrets and of nobody else''s');
select lives_ok(
  $$ select id, owner_type, owner_id, key, category, description, last_rotated_at, created_at, updated_at
     from public.vault_secrets where key = 'ANTHROPIC_API_KEY' order by updated_at $$,
  'An owner may select, filter and order by every column of the metadata');
select results_eq(
  $$ select count(*) from public.vault_secrets where owner_id = '0a000000-0000-4000-8000-000000000002' $$,
  array[0::bigint], 'Asking for another person''s secrets finds none');

-- Ciphertext

select throws_ok('select * from public.vault_secrets', '42501', null, 'An owner cannot select *');
select throws_ok('select encrypted_value from public.vault_secrets', '42501', null,
  'An owner cannot select encrypted_value');
select throws_ok($$ select key from public.vault_secrets where encrypted_value like 'v1.%' $$, '42501', null,
  'An owner cannot filter by encrypted_value');
select throws_ok('select key from public.vault_secrets order by encrypted_value', '42501', null,
  'An owner cannot order by encrypted_value');
select throws_ok('select max(encrypted_value) from public.vault_secrets', '42501', null,
  'An owner cannot aggregate encrypted_value');
select throws_ok('select length(encrypted_value) from public.vault_secrets', '42501', null,
  'An owner cannot compute with encrypted_value');
select throws_ok('select vault_secrets from public.vault_secrets', '42501', null,
  'An owner cannot select a row as a whole');
select throws_ok('select to_jsonb(secret) from public.vault_secrets as secret', '42501', null,
  'An owner cannot turn a row into JSON');

-- Writes pass through the app

select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.x') $$,
  '42501', null, 'An owner cannot add a secret behind the app''s back');
select throws_ok($$ update public.vault_secrets set description = 'x' where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'An owner cannot change a secret behind the app''s back');
select throws_ok(
  $$ update public.vault_secrets set encrypted_value = 'v1.x' where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'An owner cannot replace a ciphertext');
select throws_ok($$ delete from public.vault_secrets where key = 'ANTHROPIC_API_KEY' $$,
  '42501', null, 'An owner cannot delete a secret behind the app''s back');
select throws_ok('truncate public.vault_secrets', '42501', null, 'An owner cannot empty vault_secrets');
select throws_ok('select id from public.vault_secrets for update', '42501', null,
  'An owner cannot lock rows of vault_secrets');
select throws_ok('select public.vault_secrets_forget_user()', '42501', null,
  'An owner cannot call the function that deletes secrets');

-- The policy holds writes too, should they ever be granted

reset role;
grant insert, update, delete on public.vault_secrets to authenticated;
set local role authenticated;

select lives_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.x') $$,
  'With a grant, an owner could add a secret of their own');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000002', 'OPENAI_API_KEY', 'v1.x') $$,
  '42501', null, 'Even with a grant, nobody adds a secret for another person');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('team', '0a000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.x') $$,
  '42501', null, 'Even with a grant, a person''s id opens no team that happens to share it');
select throws_ok(
  $$ update public.vault_secrets set owner_id = '0a000000-0000-4000-8000-000000000002'
     where key = 'OPENAI_API_KEY' $$,
  '42501', null, 'Even with a grant, an owner cannot hand a secret to another person');
select lives_ok(
  $$ update public.vault_secrets set description = 'changed'
     where owner_id = '0a000000-0000-4000-8000-000000000002' $$,
  'Even with a grant, a change of another person''s secrets meets no row');
select lives_ok(
  $$ delete from public.vault_secrets where owner_id = '0a000000-0000-4000-8000-000000000002' $$,
  'Even with a grant, a deletion of another person''s secrets meets no row');

reset role;
select results_eq(
  $$ select description from public.vault_secrets where owner_id = '0a000000-0000-4000-8000-000000000002' $$,
  array['Ben''s'], 'The other person''s secret is as it was');

select * from finish();
rollback;

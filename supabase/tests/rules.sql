-- What a row of vault_secrets may be: the database refuses what the app should never have sent.
begin;
select plan(24);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'cleo@vault.test');
insert into public.teams (id, name) values ('0a000000-0000-4000-8000-000000000001', 'Like Ann');

set local role service_role;
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
  values ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.x');

-- One secret for an owner and a key

select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.y') $$,
  '23505', null, 'A second secret for the same owner and key is refused');
select lives_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('team', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.x') $$,
  'A team with the id of a person has its own secret for the key');
select lives_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000002', 'ANTHROPIC_API_KEY', 'v1.x') $$,
  'Another person has their own secret for the key');

-- Each of these inserts differs from a good one in one column

prepare secret (text, text, text, text, text) as
  insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, category, description)
  values ($1, '0a000000-0000-4000-8000-000000000003', $2, $3, $4, $5);

select lives_ok($$ execute secret('user', 'A', 'v1.x', 'LLM', '') $$, 'A key of one letter is accepted');
select lives_ok($$ execute secret('user', 'A' || repeat('_9', 31) || 'Z', 'v1.x', 'LLM', '') $$,
  'A key of 64 letters, digits and underscores is accepted');
select throws_ok($$ execute secret('user', repeat('A', 65), 'v1.x', 'LLM', '') $$, '23514', null,
  'A key of 65 letters is refused');
select throws_ok($$ execute secret('user', '', 'v1.x', 'LLM', '') $$, '23514', null, 'An empty key is refused');
select throws_ok($$ execute secret('user', 'anthropic_api_key', 'v1.x', 'LLM', '') $$, '23514', null,
  'A key in lower case is refused');
select throws_ok($$ execute secret('user', '1KEY', 'v1.x', 'LLM', '') $$, '23514', null,
  'A key that starts with a digit is refused');
select throws_ok($$ execute secret('user', E'KEY\n', 'v1.x', 'LLM', '') $$, '23514', null,
  'A key that ends in a line break is refused');
select throws_ok($$ execute secret('user', 'KEY,key.eq.OTHER', 'v1.x', 'LLM', '') $$, '23514', null,
  'A key with the syntax of a filter is refused');
select throws_ok($$ execute secret('org', 'KEY', 'v1.x', 'LLM', '') $$, '23514', null,
  'An owner is a user or a team');
select throws_ok($$ execute secret('user', 'KEY', 'v1.x', 'Llm', '') $$, '23514', null,
  'A category that the panel does not have is refused');
select lives_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, category)
     select 'user', '0a000000-0000-4000-8000-000000000003', 'KEY_' || upper(category), 'v1.x', category
     from unnest(array['LLM', 'Infrastructure', 'Hosting', 'Email', 'General']) as category $$,
  'The five categories of the panel are accepted');
select throws_ok($$ execute secret('user', 'KEY', '', 'LLM', '') $$, '23514', null,
  'An empty ciphertext is refused');
select lives_ok($$ execute secret('user', 'KEY_LONG', 'v1.' || repeat('A', 131069), 'LLM', '') $$,
  'A ciphertext of 131,072 characters is accepted');
select throws_ok($$ execute secret('user', 'KEY', 'v1.' || repeat('A', 131070), 'LLM', '') $$, '23514', null,
  'A ciphertext of 131,073 characters is refused');
select lives_ok($$ execute secret('user', 'KEY_DESCRIBED', 'v1.x', 'LLM', repeat('é', 500)) $$,
  'A description of 500 characters is accepted');
select throws_ok($$ execute secret('user', 'KEY', 'v1.x', 'LLM', repeat('x', 501)) $$, '23514', null,
  'A description of 501 characters is refused');
select throws_ok($$ execute secret('user', 'KEY', null, 'LLM', '') $$, '23502', null,
  'A secret without a ciphertext is refused');
select throws_ok($$ execute secret('user', 'KEY', 'v1.x', 'LLM', null) $$, '23502', null,
  'A description is never null');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', null, 'KEY', 'v1.x') $$,
  '23502', null, 'A secret without an owner is refused');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000009', 'KEY', 'v1.x') $$,
  'PT404', null, 'A secret of nobody''s is refused');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('team', '0a000000-0000-4000-8000-000000000002', 'KEY', 'v1.x') $$,
  'PT404', null, 'A person is no team');

-- A prepared statement would outlive the rollback.
deallocate secret;
reset role;
select * from finish();
rollback;

-- The app's server: everything that the app does, and nothing that it does not do.
begin;
select plan(33);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test');

set local role service_role;
select results_eq(
  $$ insert into public.teams (id, name) values ('7e000000-0000-4000-8000-000000000001', 'Team') returning name $$,
  array['Team'], 'The server adds a team');

-- Secrets

select results_eq(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, category, description)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.one', 'LLM', 'Mine')
     returning owner_type, key, category, description, created_at = updated_at $$,
  $$ values ('user', 'ANTHROPIC_API_KEY', 'LLM', 'Mine', true) $$,
  'The server adds a secret and gets its metadata back; created_at equals updated_at');
select results_eq(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'MY_KEY', 'v1.two') returning category, description $$,
  $$ values ('General', '') $$,
  'A secret without category and description is General and has an empty one');
select lives_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.team') $$,
  'The server adds a secret for a team');
select results_eq(
  $$ select encrypted_value from public.vault_secrets
     where owner_type = 'user' and owner_id = '0a000000-0000-4000-8000-000000000001'
       and key = 'ANTHROPIC_API_KEY' $$,
  array['v1.one'], 'The server reads a ciphertext, whoever is signed in');
select results_eq(
  $$ select owner_type, encrypted_value from public.vault_secrets
     where (owner_type = 'user' and owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'ANTHROPIC_API_KEY')
        or (owner_type = 'team' and owner_id = '7e000000-0000-4000-8000-000000000001' and key = 'ANTHROPIC_API_KEY')
     order by owner_type $$,
  $$ values ('team', 'v1.team'), ('user', 'v1.one') $$,
  'The server reads the person''s and the team''s ciphertext at once');
select results_eq(
  $$ update public.vault_secrets set encrypted_value = 'v1.three', last_rotated_at = now()
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'MY_KEY' returning encrypted_value $$,
  array['v1.three'], 'The server rotates a secret');
select results_eq(
  $$ update public.vault_secrets set category = 'Email', description = 'For letters'
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'MY_KEY' returning category, description $$,
  $$ values ('Email', 'For letters') $$, 'The server changes the metadata of a secret');
select results_eq(
  $$ delete from public.vault_secrets
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'MY_KEY' returning key $$,
  array['MY_KEY'], 'The server deletes a secret');

-- Teams

select results_eq(
  $$ insert into public.team_members (team_id, user_id)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001') returning role $$,
  array['member'], 'The server adds a member, who is no admin unless it says so');
select results_eq(
  $$ update public.team_members set role = 'admin'
     where user_id = '0a000000-0000-4000-8000-000000000001' returning role $$,
  array['admin'], 'The server promotes a member');
select results_eq(
  $$ select role from public.team_members
     where team_id = '7e000000-0000-4000-8000-000000000001' and user_id = '0a000000-0000-4000-8000-000000000001' $$,
  array['admin'], 'The server reads a role');
select results_eq(
  $$ update public.teams set name = 'Crew' where id = '7e000000-0000-4000-8000-000000000001' returning name $$,
  array['Crew'], 'The server renames a team');
select throws_ok($$ insert into public.teams (name) values ('') $$, '23514', null, 'A team has a name');
select throws_ok($$ insert into public.teams (name) values (repeat('x', 81)) $$, '23514', null,
  'A team''s name has at most 80 characters');
select throws_ok(
  $$ insert into public.team_members (team_id, user_id, role)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'owner') $$,
  '23514', null, 'A member is an admin or a member');
select throws_ok(
  $$ insert into public.team_members (team_id, user_id)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001') $$,
  '23505', null, 'Nobody is in a team twice');
insert into public.team_members (team_id, user_id)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002');
select results_eq(
  $$ delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000002' returning role $$,
  array['member'], 'The server removes a member');
select results_eq(
  $$ update public.teams set key_policy = 'own' where id = '7e000000-0000-4000-8000-000000000001'
     returning key_policy $$,
  array['own'], 'The server changes whose keys may pay for a team''s runs');
select throws_ok(
  $$ update public.teams set key_policy = 'nobody' where id = '7e000000-0000-4000-8000-000000000001' $$,
  '23514', null, 'What may pay is the person''s own key, also the team''s, or also the platform''s');
select throws_ok($$ delete from public.teams where id = '7e000000-0000-4000-8000-000000000001' $$, '42501', null,
  'The server cannot delete a team''s row, and its log with it');

-- Webhooks

select results_eq(
  $$ insert into public.webhooks (user_id, url, encrypted_secret)
     values ('0a000000-0000-4000-8000-000000000001', 'https://ann.test/', 'v1.x') returning description $$,
  array[''], 'The server adds a webhook');
select results_eq($$ select encrypted_secret from public.webhooks where url = 'https://ann.test/' $$,
  array['v1.x'], 'The server reads a webhook''s signing secret, whoever is signed in');
select lives_ok(
  $$ insert into public.webhooks (user_id, url, encrypted_secret)
     values ('0a000000-0000-4000-8000-000000000001', 'http://ann.test/', 'v1.x') $$,
  'Whether a webhook may be called over http is for the app to say');
select throws_ok(
  $$ insert into public.webhooks (user_id, url, encrypted_secret)
     values ('0a000000-0000-4000-8000-000000000001', 'ftp://ann.test/', 'v1.x') $$,
  '23514', null, 'A webhook is called over http or https only');
select throws_ok(
  $$ insert into public.webhooks (user_id, url, encrypted_secret)
     values ('0a000000-0000-4000-8000-000000000001', 'file:///https://ann.test/', 'v1.x') $$,
  '23514', null, 'It is how an address begins that counts');
select lives_ok(
  $$ insert into public.webhooks (user_id, url, encrypted_secret)
     values ('0a000000-0000-4000-8000-000000000001', 'https://ann.test/' || repeat('x', 2031), 'v1.x') $$,
  'A webhook''s address may have 2,048 characters');
select throws_ok(
  $$ insert into public.webhooks (user_id, url, encrypted_secret)
     values ('0a000000-0000-4000-8000-000000000001', 'https://ann.test/' || repeat('x', 2032), 'v1.x') $$,
  '23514', null, 'A webhook''s address has at most 2,048 characters');
select throws_ok($$ update public.webhooks set description = repeat('x', 501) where url = 'https://ann.test/' $$,
  '23514', null, 'A webhook''s description has at most 500 characters');
select results_eq(
  $$ update public.webhooks set description = 'x' where url = 'https://ann.test/' returning description $$,
  array['x'], 'The server changes a webhook');
select results_eq($$ delete from public.webhooks where url = 'https://ann.test/' returning url $$,
  array['https://ann.test/'], 'The server deletes a webhook');

-- Nothing else

select throws_ok('truncate public.vault_secrets', '42501', null, 'The server cannot empty vault_secrets');
select throws_ok('alter table public.vault_secrets disable row level security', '42501', null,
  'The server cannot turn row-level security off');

reset role;
select * from finish();
rollback;

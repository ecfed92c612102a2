-- A signed-in person who owns nothing and belongs nowhere. (privileges.sql tries every statement on every table.)
begin;
select plan(9);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'stranger@vault.test');
insert into public.teams (id, name, created_by)
  values ('7e000000-0000-4000-8000-000000000001', 'Team', '0a000000-0000-4000-8000-000000000001');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.ann'),
  ('team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.team');
insert into public.team_invites (team_id, created_by, token_hash)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('a', 64));

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000003", "role": "authenticated"}';

select is_empty('select key from public.vault_secrets', 'A stranger sees no secret');
select throws_ok('select name from public.teams', '42501', null, 'A stranger sees no team');
select throws_ok('select user_id from public.team_members', '42501', null, 'A stranger sees no member');
select throws_ok('select email from public.profiles', '42501', null,
  'A stranger does not find out whether an e-mail address has an account');
select throws_ok(
  $$ update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000003'
     where token_hash = repeat('a', 64) $$,
  '42501', null, 'A stranger cannot accept an invitation behind the app''s back');
select throws_ok(
  $$ insert into public.team_members (team_id, user_id, role)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', 'admin') $$,
  '42501', null, 'A stranger cannot put themselves into a team');
select throws_ok($$ insert into public.teams (name) values ('Mine') $$,
  '42501', null, 'A stranger cannot add a team behind the app''s back');

set local request.jwt.claims = '{"sub": "7e000000-0000-4000-8000-000000000001", "role": "authenticated"}';
select is_empty('select key from public.vault_secrets', 'A person with the id of a team sees nothing of the team''s');

set local request.jwt.claims = '{"role": "authenticated"}';
select is_empty('select key from public.vault_secrets', 'A session without an id sees no secret');

reset role;
select * from finish();
rollback;

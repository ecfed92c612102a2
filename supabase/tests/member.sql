-- A member of a team: what a member may, the app decides. The database shows them nothing of the team, whatever the
-- role, so that there is nothing to be taken away when they are removed. (privileges.sql tries every statement on
-- every table.)
begin;
select plan(15);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'member@vault.test');
insert into public.teams (id, name) values ('7e000000-0000-4000-8000-000000000001', 'Ours');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', 'admin'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'member');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('user', '0a000000-0000-4000-8000-000000000002', 'VERCEL_TOKEN', 'v1.member'),
  ('user', '0a000000-0000-4000-8000-000000000001', 'RESEND_API_KEY', 'v1.admin'),
  ('team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.ours');

set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000002", "role": "authenticated"}';

select results_eq('select owner_type, key from public.vault_secrets', $$ values ('user', 'VERCEL_TOKEN') $$,
  'A member sees the metadata of their own secrets, and neither the team''s nor a teammate''s');
select throws_ok('select encrypted_value from public.vault_secrets', '42501', null,
  'A member cannot select encrypted_value');
select throws_ok($$ select key from public.vault_secrets where encrypted_value > 'v1' $$, '42501', null,
  'A member cannot filter by encrypted_value');
select throws_ok('select name from public.teams', '42501', null, 'A member does not see their team');
select throws_ok('select role from public.team_members', '42501', null, 'A member does not see who is in it');
select throws_ok('select email from public.profiles', '42501', null, 'A member sees no address');
select throws_ok(
  $$ update public.team_members set role = 'admin' where user_id = '0a000000-0000-4000-8000-000000000002' $$,
  '42501', null, 'A member cannot promote themselves');
select throws_ok(
  $$ insert into public.team_invites (team_id, created_by, token_hash)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', repeat('b', 64)) $$,
  '42501', null, 'A member cannot invite anybody');

-- Should rights ever be granted, no policy opens a row of the team

reset role;
grant select, insert, update, delete on public.vault_secrets, public.teams, public.team_members to authenticated;
set local role authenticated;

select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('team', '7e000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.x') $$,
  '42501', null, 'Even with a grant, a member adds no secret to their team');
select is_empty($$ update public.vault_secrets set description = 'x' where owner_type = 'team' returning key $$,
  'Even with a grant, a member changes no secret of their team');
select is_empty($$ delete from public.vault_secrets where owner_type = 'team' returning key $$,
  'Even with a grant, a member deletes no secret of their team');
select is_empty($$ update public.team_members set role = 'admin' returning role $$,
  'Even with a grant, a member does not promote themselves');
select is_empty('delete from public.team_members returning user_id', 'Even with a grant, a member removes nobody');
select is_empty($$ update public.teams set key_policy = 'own' returning id $$,
  'Even with a grant, a member changes no team');
select throws_ok(
  $$ insert into public.team_members (team_id, user_id)
     values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002') $$,
  '42501', null, 'Even with a grant, a member puts nobody into a team');

reset role;
select * from finish();
rollback;

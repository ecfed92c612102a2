-- A team from its first day to its last: it has an admin at all times, whoever writes; unless the last one's account is
-- deleted past the app, and then nobody becomes one unasked.
begin;
select plan(34);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'eve@vault.test'),
  ('0a000000-0000-4000-8000-000000000004', 'stranger@vault.test'),
  ('0a000000-0000-4000-8000-000000000006', 'elsewhere@vault.test');

set local role service_role;

-- The creator

select results_eq(
  $$ insert into public.teams (id, name, created_by)
     values ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001')
     returning key_policy $$,
  array['platform'], 'A new team may use the platform''s keys');
select results_eq(
  $$ select user_id, role from public.team_members where team_id = '7e000000-0000-4000-8000-000000000001' $$,
  $$ values ('0a000000-0000-4000-8000-000000000001'::uuid, 'admin') $$,
  'Whoever creates a team is its admin, by the insert alone');
select lives_ok(
  $$ insert into public.teams (id, name) values ('7e000000-0000-4000-8000-000000000002', 'Nobody''s') $$,
  'A team may be created by nobody');
select is_empty(
  $$ select user_id from public.team_members where team_id = '7e000000-0000-4000-8000-000000000002' $$,
  'A team that nobody created has no members yet');
select throws_ok(
  $$ insert into public.teams (name, created_by) values ('x', '0a000000-0000-4000-8000-00000000ffff') $$,
  '23503', null, 'An account that does not exist creates no team');

-- The last admin, while another team has one too

insert into public.teams (id, name, created_by)
  values ('7e000000-0000-4000-8000-000000000006', 'Elsewhere', '0a000000-0000-4000-8000-000000000006');
select throws_ok(
  $$ delete from public.team_members where team_id = '7e000000-0000-4000-8000-000000000001' $$,
  'PT409', 'A team has at least one admin.', 'The only member cannot leave');
insert into public.team_members (team_id, user_id, role, created_at) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'member', '2026-01-02'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', 'member', '2026-01-01');
select throws_ok(
  $$ delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000001' $$,
  'PT409', 'A team has at least one admin.', 'The last admin cannot leave, though there are members');
select throws_ok(
  $$ update public.team_members set role = 'member' where user_id = '0a000000-0000-4000-8000-000000000001' $$,
  'PT409', 'A team has at least one admin.', 'The last admin cannot be demoted');
select throws_ok(
  $$ update public.team_members set team_id = '7e000000-0000-4000-8000-000000000002'
     where user_id = '0a000000-0000-4000-8000-000000000001' $$,
  'PT409', 'A team has at least one admin.', 'The last admin cannot be moved to another team');
select throws_ok(
  $$ delete from public.team_members where team_id = '7e000000-0000-4000-8000-000000000001' $$,
  'PT409', 'A team has at least one admin.', 'A team cannot be emptied with one statement');
select results_eq(
  $$ update public.team_members set role = 'admin'
     where user_id = '0a000000-0000-4000-8000-000000000001' returning role $$,
  array['admin'], 'The last admin may be made an admin again');
reset role;
select throws_ok(
  $$ delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000001' $$,
  'PT409', 'A team has at least one admin.', 'The database''s owner cannot remove the last admin either');
set local role service_role;
select results_eq(
  $$ select user_id, role from public.team_members
     where team_id = '7e000000-0000-4000-8000-000000000001' order by user_id $$,
  $$ values ('0a000000-0000-4000-8000-000000000001'::uuid, 'admin'),
            ('0a000000-0000-4000-8000-000000000002'::uuid, 'member'),
            ('0a000000-0000-4000-8000-000000000003'::uuid, 'member') $$,
  'After what was refused the team is as it was');

-- Two admins

update public.team_members set role = 'admin' where user_id = '0a000000-0000-4000-8000-000000000002';
select throws_ok(
  $$ update public.team_members set role = 'member' where team_id = '7e000000-0000-4000-8000-000000000001' $$,
  'PT409', 'A team has at least one admin.', 'Two admins cannot be demoted with one statement');
select lives_ok(
  $$ update public.team_members set role = 'member' where user_id = '0a000000-0000-4000-8000-000000000001' $$,
  'One of two admins can be demoted');
select throws_ok(
  $$ delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000002' $$,
  'PT409', 'A team has at least one admin.', 'The other one is then the last');
update public.team_members set role = 'admin' where user_id = '0a000000-0000-4000-8000-000000000001';
select lives_ok(
  $$ delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000002' $$,
  'One of two admins can leave');
select lives_ok(
  $$ delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000003' $$,
  'A member can leave at any time');

-- The last admin's account goes

insert into public.team_members (team_id, user_id, created_at) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', '2026-01-02'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', '2026-01-01');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
  values ('team', '7e000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.team');
reset role;
delete from auth.users where id = '0a000000-0000-4000-8000-000000000001';
select results_eq(
  $$ select user_id, role from public.team_members
     where team_id = '7e000000-0000-4000-8000-000000000001' order by user_id $$,
  $$ values ('0a000000-0000-4000-8000-000000000002'::uuid, 'member'),
            ('0a000000-0000-4000-8000-000000000003'::uuid, 'member') $$,
  'Where the last admin''s account is deleted past the app, nobody is promoted');
select results_eq(
  $$ select name, created_by from public.teams where id = '7e000000-0000-4000-8000-000000000001' $$,
  $$ values ('Crew', null::uuid) $$, 'A team outlives the account of its creator');
select results_eq(
  $$ select key from public.vault_secrets where owner_id = '7e000000-0000-4000-8000-000000000001' $$,
  array['ANTHROPIC_API_KEY'], 'A team keeps its secrets when its last admin''s account is gone');
set local role service_role;
select throws_ok(
  $$ insert into public.team_invites (team_id, created_by, token_hash) values
     ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', repeat('c', 64)) $$,
  'PT403', 'Only an admin of the team invites.', 'A member of a team without an admin is none');
reset role;
select results_eq(
  $$ update public.team_members set role = 'admin' where team_id = '7e000000-0000-4000-8000-000000000001'
       and user_id = (select user_id from public.profiles where email = 'eve@vault.test') returning role $$,
  array['admin'], 'The operator makes somebody the admin of such a team with one statement');
select throws_ok(
  $$ delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000003' $$,
  'PT409', 'A team has at least one admin.', 'Who was made the admin is the last one now');

-- One admin's account of two goes

insert into auth.users (id, email) values ('0a000000-0000-4000-8000-000000000005', 'dan@vault.test');
insert into public.team_members (team_id, user_id, role)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000005', 'admin');
delete from auth.users where id = '0a000000-0000-4000-8000-000000000003';
select results_eq(
  $$ select user_id, role from public.team_members
     where team_id = '7e000000-0000-4000-8000-000000000001' order by user_id $$,
  $$ values ('0a000000-0000-4000-8000-000000000002'::uuid, 'member'),
            ('0a000000-0000-4000-8000-000000000005'::uuid, 'admin') $$,
  'Where another admin is left, nobody is promoted');

-- The only member's account goes

delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000002';
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('team', '7e000000-0000-4000-8000-000000000002', 'ANTHROPIC_API_KEY', 'v1.other'),
  ('user', '0a000000-0000-4000-8000-000000000002', 'ANTHROPIC_API_KEY', 'v1.ben');
delete from auth.users where id = '0a000000-0000-4000-8000-000000000005';
select results_eq(
  $$ select name from public.teams where id::text ~ '^7e000000-0000-4000-8000-00000000000[12]$' $$,
  array['Nobody''s'], 'A team goes with its only member''s account, and no other team does');
select set_eq(
  $$ select encrypted_value from public.vault_secrets
     where owner_id::text ~ '^(0a|7e)000000-0000-4000-8000-00000000000[0-9]$' $$,
  array['v1.other', 'v1.ben'], 'The secrets of such a team go with it, and no other''s');

-- A team is deleted

set local role service_role;
insert into public.teams (id, name, created_by)
  values ('7e000000-0000-4000-8000-000000000003', 'Short', '0a000000-0000-4000-8000-000000000002');
insert into public.team_members (team_id, user_id)
  values ('7e000000-0000-4000-8000-000000000003', '0a000000-0000-4000-8000-000000000004');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
  values ('team', '7e000000-0000-4000-8000-000000000003', 'ANTHROPIC_API_KEY', 'v1.short');
reset role;
select results_eq(
  $$ delete from public.teams where id = '7e000000-0000-4000-8000-000000000003' returning name $$,
  array['Short'], 'A team can be deleted for good though it has one admin');
set local role service_role;
select is_empty(
  $$ select user_id from public.team_members where team_id = '7e000000-0000-4000-8000-000000000003' $$,
  'A deleted team has no members');
select is_empty(
  $$ select key from public.vault_secrets where owner_id = '7e000000-0000-4000-8000-000000000003' $$,
  'A deleted team has no secrets');

-- One account, several teams

insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000004', 'Alone', '0a000000-0000-4000-8000-000000000002'),
  ('7e000000-0000-4000-8000-000000000005', 'Together', '0a000000-0000-4000-8000-000000000002');
insert into public.team_members (team_id, user_id)
  values ('7e000000-0000-4000-8000-000000000005', '0a000000-0000-4000-8000-000000000004');
reset role;
select lives_ok($$ delete from auth.users where id = '0a000000-0000-4000-8000-000000000002' $$,
  'An account that is the last admin of several teams can be deleted');
select is_empty($$ select name from public.teams where id = '7e000000-0000-4000-8000-000000000004' $$,
  'The team that it was alone in is gone');
select results_eq(
  $$ select user_id, role from public.team_members where team_id = '7e000000-0000-4000-8000-000000000005' $$,
  $$ values ('0a000000-0000-4000-8000-000000000004'::uuid, 'member') $$,
  'The team that it shared still has its other member, as a member');
delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000004';
select is_empty($$ select name from public.teams where id = '7e000000-0000-4000-8000-000000000005' $$,
  'A team without an admin goes with its last member');

select * from finish();
rollback;

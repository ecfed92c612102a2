-- Who may do what to a team, what is written down of it, and who can take that away: nobody.
begin;
select plan(44);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'member@vault.test'),
  ('0a000000-0000-4000-8000-000000000004', 'stranger@vault.test');
insert into public.teams (id, name, created_by)
  values ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'admin'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', 'member');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
  values ('team', '7e000000-0000-4000-8000-000000000001', 'CREW_KEY', 'v1.crew');
prepare log as
  select action, right(actor_id::text, 1) as actor, right(subject_id::text, 1) as subject from public.vault_events
  where owner_id = '7e000000-0000-4000-8000-000000000001';
create temporary view crew_events as
  select * from public.vault_events where owner_id = '7e000000-0000-4000-8000-000000000001';
create temporary view crew_invites as
  select * from public.team_invites where team_id = '7e000000-0000-4000-8000-000000000001';
grant select on crew_events, crew_invites to service_role;
create temporary table actions (name text, statement text);
insert into actions values
  ('rename', 'select id from public.change_team($1, ''7e000000-0000-4000-8000-000000000001'', ''{"name": "Other"}'')'),
  ('rule', 'select id from public.change_team($1, ''7e000000-0000-4000-8000-000000000001'', ''{"key_policy": "own"}'')'),
  ('role', 'select user_id from public.change_member($1, ''7e000000-0000-4000-8000-000000000001'',
    ''0a000000-0000-4000-8000-000000000003'', ''{"role": "admin"}'')'),
  ('remove', 'select user_id from public.remove_member($1, ''7e000000-0000-4000-8000-000000000001'',
    ''0a000000-0000-4000-8000-000000000002'')'),
  ('withdraw', 'select id from public.withdraw_invite($1, ''7e000000-0000-4000-8000-000000000001'', gen_random_uuid())'),
  ('delete', 'select user_id from public.delete_team($1, ''7e000000-0000-4000-8000-000000000001'')');
grant select on actions to service_role;

-- Runs an action as somebody; the SQLSTATE that it ends with.
create function pg_temp.outcome(statement text, actor text) returns text language plpgsql as $$
begin
  execute statement using ('0a000000-0000-4000-8000-00000000000' || actor)::uuid;
  return 'done';
exception when others then
  return sqlstate;
end;
$$;

-- Who may not, leaves nothing

set local role service_role;
select set_eq('log', $$ values ('team_created', '1', null), ('member_joined', null, '2'), ('member_joined', null, '3') $$,
  'A team begins with its creator, and what is written into the database itself has no actor');
select is_empty(
  $$ select name from actions where pg_temp.outcome(statement, '4') <> 'PT404' $$,
  'To a stranger there is no such team, whatever they try');
select is_empty(
  $$ select name from actions where pg_temp.outcome(statement, '3') <> 'PT403' $$,
  'A member does none of what admins do');
select is_empty(
  $$ select name from actions where pg_temp.outcome(statement, '9') <> 'PT404' $$,
  'Nor does somebody who does not exist');
select set_eq('log', $$ values ('team_created', '1', null), ('member_joined', null, '2'), ('member_joined', null, '3') $$,
  'What was refused is not written down');

-- Who may

select isnt_empty($$ select id from public.change_team('0a000000-0000-4000-8000-000000000002',
  '7e000000-0000-4000-8000-000000000001', '{"name": "Fleet", "key_policy": "own", "monthly_usd": 20}') $$,
  'An admin changes several things at once');
select set_eq(
  $$ select action, right(actor_id::text, 1), details ->> 'from' as before, details ->> 'to' as now from crew_events
     where action in ('team_renamed', 'rule_changed', 'budget_changed') $$,
  $$ values ('team_renamed', '2', 'Crew', 'Fleet'), ('rule_changed', '2', 'platform', 'own'),
       ('budget_changed', '2', null, '20') $$,
  'Each is an event, with who did it, from what to what');
select isnt_empty($$ select id from public.change_team('0a000000-0000-4000-8000-000000000002',
  '7e000000-0000-4000-8000-000000000001', '{"name": "Fleet"}') $$, 'What is the same is accepted');
select is((select count(*)::integer from crew_events where action = 'team_renamed'), 1, 'And is no event');
select throws_ok($$ select id from public.change_team('0a000000-0000-4000-8000-000000000002',
  '7e000000-0000-4000-8000-000000000001', '{"key_policy": "nobody"}') $$, '23514', null, 'What cannot be is refused');
select is_empty($$ select user_id from public.change_member('0a000000-0000-4000-8000-000000000001',
  '7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000004', '{"role": "admin"}') $$,
  'Somebody who is not in the team gets no role');

-- Invitations

insert into public.team_invites (team_id, created_by, token_hash, label) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('ad', 32), 'Cleo'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', repeat('bd', 32), null);
select is((select count(*)::integer from crew_events where action = 'member_invited'), 2,
  'An invitation is an event');
select is_empty($$ select from crew_events as event where event::text ~ 'adadad|bdbdbd' $$,
  'Nothing of its secret is in it');
select isnt_empty($$ select user_id from public.change_member('0a000000-0000-4000-8000-000000000001',
  '7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', '{"role": "admin"}') $$,
  'An admin makes a member an admin');
select is((select count(*)::integer from crew_invites), 2, 'That leaves invitations open');
select isnt_empty($$ select user_id from public.change_member('0a000000-0000-4000-8000-000000000001',
  '7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', '{"role": "member"}') $$,
  'And a member again');
select is((select count(*)::integer from crew_invites), 0,
  'All open invitations go when an admin is demoted, whoever made them');
select results_eq(
  $$ select action, right(actor_id::text, 1), details ->> 'label' from crew_events
     where action = 'invite_withdrawn' order by details ->> 'label' nulls last $$,
  $$ values ('invite_withdrawn', '1', 'Cleo'), ('invite_withdrawn', '1', null) $$, 'Each of these is an event');
insert into public.team_invites (team_id, created_by, token_hash)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', repeat('cd', 32));
select isnt_empty($$ select user_id from public.remove_member('0a000000-0000-4000-8000-000000000001',
  '7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003') $$, 'An admin removes a member');
select is((select count(*)::integer from crew_invites), 1, 'That leaves invitations open');
update public.team_invites set used_by = '0a000000-0000-4000-8000-000000000003' where token_hash = repeat('cd', 32);
select is_empty($$ select from public.team_members where user_id = '0a000000-0000-4000-8000-000000000003' $$,
  'Who was removed does not come back through a link from before');
create temporary table open_invite as select id from public.team_invites where token_hash = repeat('cd', 32);
select results_eq(
  $$ select right(accepted.team_id::text, 1) from open_invite,
     public.accept_invite(open_invite.id, '0a000000-0000-4000-8000-000000000004') as accepted $$,
  array['1'], 'Somebody else does');
select is_empty(
  $$ select accepted.team_id from open_invite,
     public.accept_invite(open_invite.id, '0a000000-0000-4000-8000-000000000003') as accepted $$,
  'And nobody after them');
select results_eq(
  $$ select action, right(actor_id::text, 1), right(subject_id::text, 1), details ->> 'invited_by' from crew_events
     where action = 'member_joined' and actor_id is not null $$,
  $$ values ('member_joined', '4', '4', 'ann@vault.test') $$, 'It says whose link it was');
select isnt_empty($$ select user_id from public.remove_member('0a000000-0000-4000-8000-000000000004',
  '7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000004') $$, 'A member leaves');
select results_eq(
  $$ select action, right(subject_id::text, 1) from crew_events
     where action in ('member_left', 'member_removed') order by subject_id $$,
  $$ values ('member_removed', '3'), ('member_left', '4') $$, 'Leaving and being removed are told apart');

-- A deleted team

create temporary table before as select count(*) as events from crew_events;
grant select on before to service_role;
select results_eq($$ select user_id from public.delete_team('0a000000-0000-4000-8000-000000000002',
  '7e000000-0000-4000-8000-000000000001') $$, array['0a000000-0000-4000-8000-000000000001'::uuid],
  'Deleting a team names its other admins');
select is_empty($$ select from public.team_members where team_id = '7e000000-0000-4000-8000-000000000001' $$,
  'Nobody is in it then');
select is_empty(
  $$ select name from actions where pg_temp.outcome(statement, '1') <> 'PT404' $$,
  'And nobody does anything to it, a former admin neither');
select throws_ok($$ insert into public.vault_uses (actor_id, owner_type, owner_id, key, action)
  values ('0a000000-0000-4000-8000-000000000001', 'team', '7e000000-0000-4000-8000-000000000001', 'CREW_KEY', 'revealed') $$,
  'PT404', null, 'Its values are nobody''s to see');
select throws_ok($$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
  values ('team', '7e000000-0000-4000-8000-000000000001', 'LATE', 'v1.late') $$, 'PT404', null, 'It takes no secret');
select throws_ok($$ insert into public.team_members (team_id, user_id, role)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000004', 'admin') $$, 'PT404', null,
  'It takes no member');
select throws_ok($$ delete from public.deleted_team_members $$, '42501', null,
  'The server cannot forget who was in it');
select throws_ok($$ insert into public.deleted_team_members (team_id, user_id, role, created_at)
  values ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000004', 'admin', now()) $$,
  '42501', null, 'Nor make somebody a former admin');
select throws_ok($$ select public.hide_team('0a000000-0000-4000-8000-000000000001',
  '7e000000-0000-4000-8000-000000000001') $$, '42501', null, 'Nor hide a team without asking for the role');
select results_eq($$ select name, deleted_by_email from public.deleted_teams('0a000000-0000-4000-8000-000000000001') $$,
  $$ values ('Fleet', 'ben@vault.test') $$, 'Its former admins see it, and who deleted it');
select throws_ok($$ select id from public.restore_team('0a000000-0000-4000-8000-000000000003',
  '7e000000-0000-4000-8000-000000000001') $$, 'PT404', null, 'Who was no longer in it cannot bring it back');
select isnt_empty($$ select id from public.restore_team('0a000000-0000-4000-8000-000000000001',
  '7e000000-0000-4000-8000-000000000001') $$, 'A former admin brings it back');
select results_eq(
  $$ select right(user_id::text, 1), role from public.team_members
     where team_id = '7e000000-0000-4000-8000-000000000001' order by 1 $$,
  $$ values ('1', 'admin'), ('2', 'admin') $$, 'With those who were in it');
select is((select count(*) from crew_events),
  (select events + 2 from before), 'And with its log, and what happened meanwhile');

-- Nobody takes it away

select throws_ok($$ delete from public.teams $$, '42501', null, 'The server deletes no team''s row');
select throws_ok($$ delete from public.vault_events $$, '42501', null, 'Nor an event');
select throws_ok($$ update public.vault_events set actor_id = null $$, '42501', null, 'Nor does it change one');
reset role;
delete from auth.users where id = '0a000000-0000-4000-8000-000000000002';
select results_eq($$ select email from public.activity_address('team', '7e000000-0000-4000-8000-000000000001',
  '0a000000-0000-4000-8000-000000000002') $$, array['ben@vault.test'], 'An account that is deleted leaves its name');

deallocate log;
select * from finish();
rollback;

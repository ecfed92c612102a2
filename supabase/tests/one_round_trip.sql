-- What the server asks in one question: which ciphertexts a person may use in a team, and one together with its event.
begin;
select plan(43);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'stranger@vault.test'),
  ('7e000000-0000-4000-8000-000000000001', 'like-crew@vault.test');
insert into public.teams (id, name, created_by) values
  ('0a000000-0000-4000-8000-000000000001', 'Like Ann', null),
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001'),
  ('7e000000-0000-4000-8000-000000000002', 'Other', '0a000000-0000-4000-8000-000000000003');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'member');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('user', '0a000000-0000-4000-8000-000000000001', 'KEY', 'v1.ann'),
  ('user', '0a000000-0000-4000-8000-000000000001', 'OTHER_KEY', 'v1.ann-other'),
  ('team', '7e000000-0000-4000-8000-000000000001', 'KEY', 'v1.crew'),
  ('team', '7e000000-0000-4000-8000-000000000002', 'KEY', 'v1.other'),
  -- The id of the team, as a person's, and of a person, as a team's.
  ('user', '7e000000-0000-4000-8000-000000000001', 'KEY', 'v1.person-like-crew'),
  ('team', '0a000000-0000-4000-8000-000000000001', 'KEY', 'v1.team-like-ann');
prepare events as
  select actor_id, owner_type, owner_id, key, action from public.vault_events
  where owner_id::text ~ '^(0a|7e)000000-0000-4000-8000-00000000000[1-3]$';

set local role service_role;

-- Who may use what

prepare candidates (text, text, text) as
  select owner_type, encrypted_value from public.vault_candidates
  where user_id = ('0a000000-0000-4000-8000-00000000000' || $1)::uuid and key = $3
    and (team_id is null or team_id = ('7e000000-0000-4000-8000-00000000000' || $2)::uuid)
  order by owner_type desc;
select results_eq($$ execute candidates('1', '1', 'KEY') $$, $$ values ('user', 'v1.ann'), ('team', 'v1.crew') $$,
  'A member may use their own and the team''s');
select results_eq($$ execute candidates('2', '1', 'KEY') $$, $$ values ('team', 'v1.crew') $$,
  'A member without one of their own may use the team''s');
select results_eq($$ execute candidates('1', '1', 'OTHER_KEY') $$, $$ values ('user', 'v1.ann-other') $$,
  'A key that the team has not is the person''s alone');
select results_eq($$ execute candidates('1', '2', 'KEY') $$, $$ values ('user', 'v1.ann') $$,
  'Of a team that one is not in, nothing may be used');
select is_empty($$ execute candidates('3', '1', 'KEY') $$, 'A stranger may use nothing of the team');
select results_eq($$ execute candidates('1', '9', 'KEY') $$, $$ values ('user', 'v1.ann') $$,
  'A team that does not exist has nothing');
select is_empty($$ execute candidates('1', '1', 'MISSING') $$, 'A key that nobody has is nowhere');
select results_eq(
  $$ select team_id, encrypted_value from public.vault_candidates
     where user_id = '0a000000-0000-4000-8000-000000000001' and owner_type = 'team' $$,
  $$ values ('7e000000-0000-4000-8000-000000000001'::uuid, 'v1.crew') $$,
  'A team''s are there for those who are in it, under the team''s id');
delete from public.team_members where user_id = '0a000000-0000-4000-8000-000000000002';
select is_empty($$ execute candidates('2', '1', 'KEY') $$, 'Whoever left has lost the team''s by the next question');

-- A ciphertext and its event

prepare events_of_two as values
  ('0a000000-0000-4000-8000-000000000001'::uuid, 'team', '7e000000-0000-4000-8000-000000000001'::uuid, 'KEY', 'revealed'),
  ('0a000000-0000-4000-8000-000000000001', 'user', '0a000000-0000-4000-8000-000000000001', 'KEY', 'checked');
prepare use (text, text, text, text) as
  insert into public.vault_uses (actor_id, owner_type, owner_id, key, action)
  values ('0a000000-0000-4000-8000-000000000001', $1, $2::uuid, $3, $4) returning encrypted_value;
select results_eq(
  $$ execute use('team', '7e000000-0000-4000-8000-000000000001', 'KEY', 'revealed') $$,
  array['v1.crew'], 'The ciphertext of that owner and key comes back');
select results_eq(
  'events',
  $$ values ('0a000000-0000-4000-8000-000000000001'::uuid, 'team', '7e000000-0000-4000-8000-000000000001'::uuid,
      'KEY', 'revealed') $$,
  'With it, there is its event');
select results_eq(
  $$ execute use('user', '0a000000-0000-4000-8000-000000000001', 'KEY', 'checked') $$,
  array['v1.ann'], 'A person''s is theirs, not that of a team of the same id');
select is_empty($$ execute use('user', '0a000000-0000-4000-8000-000000000001', 'MISSING', 'revealed') $$,
  'A secret that does not exist has no ciphertext');
select set_eq('events', 'events_of_two', 'And no event');
select throws_ok(
  $$ execute use('user', '0a000000-0000-4000-8000-000000000001', 'KEY', 'team_renamed') $$, '23514', null,
  'Where the event cannot be written, there is no ciphertext');
select throws_ok(
  $$ insert into public.vault_uses (owner_type, owner_id, key, action)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'KEY', 'revealed') returning encrypted_value $$,
  '23514', null, 'Nor where nobody asked');
select is_empty('select * from public.vault_uses', 'What was asked is not there to be read again');

-- Nobody but the server

set local role authenticated;
set local request.jwt.claim.sub to '0a000000-0000-4000-8000-000000000001';
select throws_ok('select owner_type from public.vault_candidates', '42501', null,
  'A signed-in person cannot ask for their own candidates');
select throws_ok($$ execute use('user', '0a000000-0000-4000-8000-000000000001', 'KEY', 'revealed') $$, '42501', null,
  'Nor for a ciphertext of their own');
set local role anon;
select throws_ok('select owner_type from public.vault_candidates', '42501', null, 'anon cannot ask for candidates');
select throws_ok($$ execute use('user', '0a000000-0000-4000-8000-000000000001', 'KEY', 'revealed') $$, '42501', null,
  'Nor for a ciphertext');
reset role;
select set_eq('events', 'events_of_two', 'None of the refusals left an event');

-- Whether somebody is to be told

set local role service_role;
prepare to_tell (text, text) as
  insert into public.vault_uses (actor_id, owner_type, owner_id, key, action)
  values ('0a000000-0000-4000-8000-000000000001', $1, $2::uuid, 'KEY', 'revealed') returning has_webhooks;
select results_eq($$ execute to_tell('user', '0a000000-0000-4000-8000-000000000001') $$, array[false],
  'Without a webhook nobody is');
insert into public.webhooks (user_id, url, encrypted_secret) values
  ('0a000000-0000-4000-8000-000000000001', 'https://example.com', 'v1.x');
select results_eq($$ execute to_tell('user', '0a000000-0000-4000-8000-000000000001') $$, array[true],
  'A person''s webhook is, of theirs');
select results_eq($$ execute to_tell('team', '7e000000-0000-4000-8000-000000000001') $$, array[false],
  'But not of a team''s, whoever asks');
insert into public.webhooks (team_id, url, encrypted_secret) values
  ('7e000000-0000-4000-8000-000000000001', 'https://example.com', 'v1.x');
select results_eq($$ execute to_tell('team', '7e000000-0000-4000-8000-000000000001') $$, array[true],
  'A team''s webhook is, of the team''s');
update public.webhooks set pause_reason = 'person' where user_id = '0a000000-0000-4000-8000-000000000001';
select results_eq($$ execute to_tell('user', '0a000000-0000-4000-8000-000000000001') $$, array[false],
  'A webhook that is paused is not');

-- Who is given a team's ciphertext

insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-000000000002', 'member');
prepare team_use (text, text, text, text) as
  insert into public.vault_uses (actor_id, owner_type, owner_id, key, action)
  values (('0a000000-0000-4000-8000-00000000000' || $1)::uuid, 'team',
    ('7e000000-0000-4000-8000-00000000000' || $2)::uuid, $3, $4) returning encrypted_value;
prepare events_of_other as
  select actor_id, key, action from public.vault_events where owner_id = '7e000000-0000-4000-8000-000000000002';
select throws_ok($$ execute team_use('2', '2', 'KEY', 'revealed') $$, 'PT403', null, 'A member is not shown it');
select throws_ok($$ execute team_use('2', '2', 'MISSING', 'revealed') $$, 'PT403', null,
  'Nor told whether there is such a secret: the role comes first');
select throws_ok($$ execute team_use('2', '2', 'KEY', 'copied') $$, 'PT403', null,
  'What is not known to be for members is for admins');
select throws_ok($$ execute team_use('2', '2', 'KEY', null) $$, 'PT403', null, 'So is what is not named');
select throws_ok($$ execute team_use('1', '2', 'KEY', 'revealed') $$, 'PT404', null,
  'An admin of another team is not shown it');
select throws_ok($$ execute team_use('1', '2', 'KEY', 'checked') $$, 'PT404', null, 'Nor has it checked');
select throws_ok($$ execute team_use('1', '2', 'MISSING', 'checked') $$, 'PT404', null,
  'Nor learns whether there is such a secret');
select throws_ok($$ execute team_use('1', '9', 'KEY', 'revealed') $$, 'PT404', null,
  'A team that does not exist is the same');
select throws_ok(
  $$ insert into public.vault_uses (owner_type, owner_id, key, action)
     values ('team', '7e000000-0000-4000-8000-000000000002', 'KEY', 'checked') returning encrypted_value $$,
  'PT404', null, 'Nobody is in no team');
select throws_ok(
  $$ insert into public.vault_uses (actor_id, owner_id, key, action)
     values ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000002', 'KEY', 'checked')
     returning encrypted_value $$,
  'PT404', null, 'What is not said to be a person''s counts as a team''s');
select is_empty('events_of_other', 'Whoever is refused leaves no event');
select is_empty($$ execute team_use('3', '2', 'MISSING', 'revealed') $$,
  'For its admin, a secret that the team does not have is none');
select results_eq($$ execute team_use('2', '2', 'KEY', 'checked') $$, array['v1.other'], 'A member may check it');
select results_eq($$ execute team_use('3', '2', 'KEY', 'revealed') $$, array['v1.other'], 'Its admin is shown it');
select set_eq('events_of_other',
  $$ values ('0a000000-0000-4000-8000-000000000002'::uuid, 'KEY', 'checked'),
            ('0a000000-0000-4000-8000-000000000003', 'KEY', 'revealed') $$,
  'Both have their event');
-- Not within an assertion, whose locks are its own.
insert into public.vault_uses (actor_id, owner_type, owner_id, key, action) values
  ('0a000000-0000-4000-8000-000000000003', 'team', '7e000000-0000-4000-8000-000000000002', 'KEY', 'revealed');
select results_eq(
  $$ select user_id from public.team_members
     where team_id = '7e000000-0000-4000-8000-000000000002' and xmax = pg_current_xact_id()::xid $$,
  array['0a000000-0000-4000-8000-000000000003'::uuid],
  'Until it is written, their membership, and nobody else''s, cannot be taken away');
reset role;

-- Prepared statements would outlive the rollback.
deallocate candidates;
deallocate events;
deallocate events_of_two;
deallocate use;
deallocate to_tell;
deallocate team_use;
deallocate events_of_other;
select * from finish();
rollback;

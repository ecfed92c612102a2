-- What is known about a value: stored with it in one statement, kept by the server alone, and gone with it.
begin;
select plan(86);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test');
insert into public.teams (id, name) values ('7e000000-0000-4000-8000-000000000001', 'Details');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000001', 'admin'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'member');
-- The same key in Ann's own vault, in Ben's and in their team's: everything below is about Ann's alone.
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value) values
  ('user', '0a000000-0000-4000-8000-000000000001', 'OLD_KEY', 'v1.old'),
  ('user', '0a000000-0000-4000-8000-000000000002', 'OLD_KEY', 'v1.bens'),
  ('team', '7e000000-0000-4000-8000-000000000001', 'OLD_KEY', 'v1.teams');

create temporary view anns as
  select secret.*, details.hint, details.use_only, details.expires_at, details.expiry_announced, details.added_by,
      details.last_used_at, details.checked_at, details.check_result, details.check_facts
    from public.vault_secrets as secret
      left join public.vault_secret_details as details on details.secret_id = secret.id
    where secret.owner_type = 'user' and secret.owner_id = '0a000000-0000-4000-8000-000000000001';
grant select on anns to service_role;

create function pg_temp.store(entries jsonb) returns setof text language sql as $$
  select key from public.store_secrets('user', '0a000000-0000-4000-8000-000000000001', entries)
$$;

-- What a row may be

select throws_ok(
  $$ insert into public.vault_secret_details (secret_id, hint) select id, '12345' from anns $$, '23514', null,
  'A hint of five characters is refused');
select throws_ok(
  $$ insert into public.vault_secret_details (secret_id, hint) select id, '123' from anns $$, '23514', null,
  'A hint of three characters is refused');
select throws_ok(
  $$ insert into public.vault_secret_details (secret_id, check_result) select id, 'unreachable' from anns $$, '23514', null,
  'Only a verdict on the value is one');
select throws_ok(
  $$ insert into public.vault_secret_details (secret_id, check_facts) select id, '[]' from anns $$, '23514', null,
  'Facts have names');
select throws_ok(
  $$ insert into public.vault_secret_details (secret_id, check_facts)
     select id, jsonb_build_object('account', repeat('x', 2048)) from anns $$, '23514', null,
  'Facts are short');
select throws_ok(
  $$ insert into public.vault_secret_details (secret_id) values ('5e000000-0000-4000-8000-000000000001') $$, '23503', null,
  'Details of no secret are refused');
select policies_are('public', 'vault_secret_details', array['A person sees and changes nothing'],
  'The policy of vault_secret_details opens no row');

set local role service_role;

-- store_secrets

select results_eq(
  $$ select owner_type, owner_id, key, category, description, details ->> 'hint', details -> 'use_only',
       details ->> 'added_by', details ->> 'expires_at', details -> 'check_facts'
     from public.store_secrets('user', '0a000000-0000-4000-8000-000000000001', '[{
       "key": "NEW_KEY", "is_new": true, "encrypted_value": "v1.new", "category": "LLM", "description": "Mine",
       "hint": "wxyz", "added_by": "0a000000-0000-4000-8000-000000000001"}]') $$,
  $$ values ('user', '0a000000-0000-4000-8000-000000000001'::uuid, 'NEW_KEY', 'LLM', 'Mine', 'wxyz', 'false'::jsonb,
       '0a000000-0000-4000-8000-000000000001', null, 'null'::jsonb) $$,
  'A new secret is stored with its details, and both come back without the ciphertext');
select results_eq(
  $$ select encrypted_value, last_rotated_at = now(), updated_at = created_at from anns where key = 'NEW_KEY' $$,
  $$ values ('v1.new', true, true) $$, 'A new secret begins with the database''s time');
select throws_ok(
  $$ select pg_temp.store('[{"key": "NEW_KEY", "is_new": true, "encrypted_value": "v1.x", "category": "LLM", "description": ""}]') $$,
  'PT412', null, 'What is there already is not added');
select throws_ok(
  $$ select pg_temp.store('[{"key": "NO_KEY", "is_new": false, "category": "LLM"}]') $$,
  'PT412', null, 'What is not there is not changed');
select throws_ok(
  $$ select pg_temp.store('[
       {"key": "A_KEY", "is_new": true, "encrypted_value": "v1.a", "category": "LLM", "description": ""},
       {"key": "NEW_KEY", "is_new": false, "updated_at": "2001-01-01T00:00:00Z", "encrypted_value": "v1.x"}]') $$,
  'PT412', null, 'One that is in another state refuses all');
select is_empty($$ select from anns where key = 'A_KEY' or encrypted_value = 'v1.x' $$, 'And none of them is stored');
select results_eq(
  $$ select pg_temp.store(jsonb_build_array(
       '{"key": "Z_KEY", "is_new": true, "encrypted_value": "v1.z", "category": "LLM", "description": "", "use_only": true}'::jsonb,
       '{"key": "NEW_KEY", "is_new": false, "description": "Changed"}'::jsonb
         || jsonb_build_object('updated_at', (select updated_at from anns where key = 'NEW_KEY')))) $$,
  array['NEW_KEY', 'Z_KEY'], 'Additions and changes, each in its state, are stored together');
select results_eq(
  $$ select encrypted_value, category, description, hint, added_by from anns where key = 'NEW_KEY' $$,
  $$ values ('v1.new', 'LLM', 'Changed', 'wxyz', '0a000000-0000-4000-8000-000000000001'::uuid) $$,
  'What is left out stays as it is, and so does what is known about a value that stays');
select results_eq(
  $$ select pg_temp.store('[{"key": "OLD_KEY", "is_new": false, "category": "LLM"}]') $$, array['OLD_KEY'],
  'A secret from before there were details is changed in any state');
select results_eq(
  $$ select encrypted_value, hint, use_only, added_by, expires_at from anns where key = 'OLD_KEY' $$,
  $$ values ('v1.old', null::text, false, null::uuid, null::timestamptz) $$, 'And nothing is made up about its value');
select results_eq(
  $$ select encrypted_value, details.secret_id is null from public.vault_secrets as secret
       left join public.vault_secret_details as details on details.secret_id = secret.id
     where key = 'OLD_KEY' and encrypted_value <> 'v1.old' order by 1 $$,
  $$ values ('v1.bens', true), ('v1.teams', true) $$, 'Nobody else''s secret under that key is touched');
select throws_ok(
  $$ select from public.store_secrets('user', '0a000000-0000-4000-8000-000000000009',
       '[{"key": "KEY", "is_new": true, "encrypted_value": "v1.x", "category": "LLM", "description": ""}]') $$,
  'PT404', null, 'Nothing is stored for nobody');
select throws_ok(
  $$ select pg_temp.store('[{"key": "KEY", "is_new": true, "encrypted_value": "v1.x", "category": "LLM", "description": "", "hint": "12345"}]') $$,
  '23514', null, 'Details that are refused refuse the secret');
select is_empty($$ select from anns where key = 'KEY' $$, 'Which is not there without them');

-- Use only

select results_eq($$ select use_only from anns where key = 'Z_KEY' $$, array[true], 'A new value may be use only');
select lives_ok(
  $$ select pg_temp.store('[{"key": "Z_KEY", "is_new": false, "use_only": false, "description": "Try"}]') $$,
  'Without a new value, use_only cannot be unset');
select results_eq($$ select use_only, description from anns where key = 'Z_KEY' $$, $$ values (true, 'Try') $$,
  'It stays, whatever else changes');
select lives_ok(
  $$ select pg_temp.store('[{"key": "Z_KEY", "is_new": false, "encrypted_value": "v1.z2"}]') $$,
  'A new value that says nothing about it');
select results_eq($$ select use_only from anns where key = 'Z_KEY' $$, array[true], 'Is use only like the one before');
select lives_ok(
  $$ select pg_temp.store('[{"key": "Z_KEY", "is_new": false, "encrypted_value": "v1.z3", "use_only": false}]') $$,
  'A new value that may be shown');
select results_eq($$ select use_only from anns where key = 'Z_KEY' $$, array[false], 'Can be');
select lives_ok(
  $$ select pg_temp.store('[{"key": "Z_KEY", "is_new": false, "use_only": true}]') $$, 'A value that is there already');
select results_eq($$ select use_only from anns where key = 'Z_KEY' $$, array[true], 'Can become use only');

-- Expiry

select lives_ok(
  $$ select pg_temp.store('[{"key": "Z_KEY", "is_new": false, "expires_at": "2001-01-01T00:00:00Z"}]') $$, 'A date is set');
select lives_ok($$ select pg_temp.store('[{"key": "Z_KEY", "is_new": false, "description": "Dated"}]') $$,
  'A change that does not name it');
select results_eq($$ select expires_at from anns where key = 'Z_KEY' $$, array['2001-01-01T00:00:00Z'::timestamptz],
  'Leaves it');

-- claim_expiring

select results_eq(
  $$ select * from public.claim_expiring('user', '0a000000-0000-4000-8000-000000000001') $$,
  $$ values ('Z_KEY', '2001-01-01T00:00:00Z'::timestamptz) $$, 'What has expired is claimed');
select is_empty($$ select * from public.claim_expiring('user', '0a000000-0000-4000-8000-000000000001') $$, 'Once');
select lives_ok(
  $$ select pg_temp.store('[{"key": "Z_KEY", "is_new": false, "expires_at": "2001-01-01T00:00:00Z"}]') $$,
  'The same date again');
select is_empty($$ select * from public.claim_expiring('user', '0a000000-0000-4000-8000-000000000001') $$,
  'Is nothing new');
select lives_ok(
  $$ select pg_temp.store(jsonb_build_array('{"key": "Z_KEY", "is_new": false}'::jsonb
       || jsonb_build_object('expires_at', now() + interval '15 days'))) $$, 'A later date');
select is_empty($$ select * from public.claim_expiring('user', '0a000000-0000-4000-8000-000000000001') $$,
  'Is claimed only within 14 days');
select lives_ok(
  $$ select pg_temp.store(jsonb_build_array('{"key": "Z_KEY", "is_new": false}'::jsonb
       || jsonb_build_object('expires_at', now() + interval '13 days'))) $$, 'Another date');
select is_empty($$ select * from public.claim_expiring('user', '0a000000-0000-4000-8000-000000000002') $$,
  'Nobody claims another owner''s');
select results_eq($$ select key from public.claim_expiring('user', '0a000000-0000-4000-8000-000000000001') $$,
  array['Z_KEY'], 'Is claimed again');
select lives_ok($$ select pg_temp.store('[{"key": "Z_KEY", "is_new": false, "expires_at": null}]') $$,
  'A date that is given as none');
select results_eq($$ select expires_at, expiry_announced from anns where key = 'Z_KEY' $$,
  $$ values (null::timestamptz, false) $$, 'Is none');

-- enter_check

prepare check_old (timestamptz, text) as
  select from public.enter_check('user', '0a000000-0000-4000-8000-000000000001', 'NEW_KEY', $1, $2,
    '{"account": "Ann"}', '2030-01-01T00:00:00Z');
select lives_ok($$ execute check_old(now() - interval '1 second', 'refused') $$, 'A check of a value that was replaced since');
select results_eq($$ select checked_at from anns where key = 'NEW_KEY' $$, array[null::timestamptz], 'Is not entered');
select lives_ok($$ execute check_old(now() + interval '2 seconds', 'works') $$, 'A check of the present value');
select results_eq(
  $$ select checked_at = now() + interval '2 seconds', check_result, check_facts, expires_at, hint from anns where key = 'NEW_KEY' $$,
  $$ values (true, 'works', '{"account": "Ann"}'::jsonb, '2030-01-01T00:00:00Z'::timestamptz, 'wxyz') $$,
  'Is, with what the provider said');
select lives_ok($$ execute check_old(now() + interval '1 second', 'refused') $$, 'One that began earlier and ended later');
select results_eq($$ select check_result from anns where key = 'NEW_KEY' $$, array['works'], 'Changes nothing');
deallocate check_old;
select lives_ok($$ select pg_temp.store('[{"key": "NEW_KEY", "is_new": false, "expires_at": "2029-01-01T00:00:00Z"}]') $$,
  'A date that a person sets');
select lives_ok(
  $$ select from public.enter_check('user', '0a000000-0000-4000-8000-000000000001', 'NEW_KEY', now() + interval '3 seconds',
       'no_credit', '{}', '2030-01-01T00:00:00Z') $$, 'And a check that has another');
select results_eq($$ select expires_at, check_result, check_facts from anns where key = 'NEW_KEY' $$,
  $$ values ('2029-01-01T00:00:00Z'::timestamptz, 'no_credit', '{}'::jsonb) $$, 'Leave the person''s');
select is_empty(
  $$ select * from public.enter_check('user', '0a000000-0000-4000-8000-000000000001', 'NO_KEY', now(), 'works', '{}', null) $$,
  'A check of a secret that is gone is none');

-- enter_use

select isnt_empty($$ select * from public.enter_use('user', '0a000000-0000-4000-8000-000000000001', 'OLD_KEY') $$,
  'A use is entered');
select is_empty($$ select * from public.enter_use('user', '0a000000-0000-4000-8000-000000000001', 'OLD_KEY') $$,
  'Within the hour, another one is not');
update public.vault_secret_details set last_used_at = now() - interval '61 minutes'
  where secret_id = (select id from anns where key = 'OLD_KEY');
select isnt_empty($$ select * from public.enter_use('user', '0a000000-0000-4000-8000-000000000001', 'OLD_KEY') $$,
  'After it, it is');
select results_eq($$ select last_used_at = now() from anns where key = 'OLD_KEY' $$, array[true], 'With the time of that use');
select is_empty($$ select * from public.enter_use('user', '0a000000-0000-4000-8000-000000000001', 'NO_KEY') $$,
  'Nothing is entered about a key that is not there');

-- A new value starts without what was known about the old one

select lives_ok(
  $$ select pg_temp.store('[{"key": "NEW_KEY", "is_new": false, "encrypted_value": "v1.newer",
       "added_by": "0a000000-0000-4000-8000-000000000002"}]') $$, 'A new value');
select results_eq(
  $$ select hint, use_only, expires_at, expiry_announced, added_by, last_used_at, checked_at, check_result, check_facts
     from anns where key = 'NEW_KEY' $$,
  $$ values (null::text, false, null::timestamptz, false, '0a000000-0000-4000-8000-000000000002'::uuid,
       null::timestamptz, null::timestamptz, null::text, null::jsonb) $$,
  'Has no hint, date, use, verdict or fact of the one before');

-- A key that is use only is given to nobody

select lives_ok(
  $$ select from public.store_secrets('team', '7e000000-0000-4000-8000-000000000001',
       '[{"key": "OLD_KEY", "is_new": false, "use_only": true}]') $$, 'The team''s key, and one of Ann''s, are use only');
select lives_ok($$ select pg_temp.store('[{"key": "OLD_KEY", "is_new": false, "use_only": true}]') $$, 'Both of them');

prepare use (text, text, text) as
  insert into public.vault_uses (actor_id, owner_type, owner_id, key, action)
  values (('0a000000-0000-4000-8000-00000000000' || $1)::uuid, $2, case $2
    when 'team' then '7e000000-0000-4000-8000-000000000001' else '0a000000-0000-4000-8000-00000000000' || $1 end::uuid,
    'OLD_KEY', $3)
  returning encrypted_value;
prepare use_events as
  select actor_id, owner_type, action from public.vault_events where key = 'OLD_KEY' and action in ('revealed', 'copied', 'checked')
    and owner_id in ('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001');
select throws_ok($$ execute use('1', 'user', 'revealed') $$, 'PT423', null, 'It is not revealed to the person who owns it');
select throws_ok($$ execute use('1', 'user', 'copied') $$, 'PT423', null, 'And not copied');
select throws_ok($$ execute use('1', 'team', 'revealed') $$, 'PT423', null, 'A team''s is not revealed to its admin');
select throws_ok($$ execute use('1', 'team', 'copied') $$, 'PT423', null, 'And not copied');
select throws_ok($$ execute use('2', 'team', 'revealed') $$, 'PT403', null,
  'A member is refused as a member, and does not see what kind of key it is');
select is_empty('execute use_events', 'No event says that anybody has seen it');
select results_eq($$ execute use('1', 'user', 'checked') $$, array['v1.old'], 'It is checked');
select results_eq($$ execute use('2', 'team', 'checked') $$, array['v1.teams'], 'A team''s by its members too');
select results_eq($$ execute use('2', 'user', 'revealed') $$, array['v1.bens'],
  'A key of that name from before there were details is revealed');
select set_eq('execute use_events',
  $$ values ('0a000000-0000-4000-8000-000000000001'::uuid, 'user', 'checked'),
       ('0a000000-0000-4000-8000-000000000002'::uuid, 'team', 'checked') $$, 'Checks are written down');
select lives_ok(
  $$ select pg_temp.store('[{"key": "OLD_KEY", "is_new": false, "encrypted_value": "v1.shown", "use_only": false}]') $$,
  'A new value that may be shown');
select results_eq($$ execute use('1', 'user', 'revealed') $$, array['v1.shown'], 'Is revealed');
deallocate use;
deallocate use_events;

delete from public.vault_secrets where id in (select id from anns);
select is_empty(
  $$ select from public.vault_secret_details as details where not exists (
       select from public.vault_secrets as secret where secret.id = details.secret_id) $$,
  'Details go with their secret');

-- Nobody else

create function pg_temp.refused(role text) returns setof text language plpgsql as $$
declare
  call text;
begin
  foreach call in array array[
    $q$ select from public.vault_secret_details $q$,
    $q$ select from public.store_secrets('user', '0a000000-0000-4000-8000-000000000001', '[]') $q$,
    $q$ select from public.enter_check('user', '0a000000-0000-4000-8000-000000000001', 'OLD_KEY', now(), 'works', '{}', null) $q$,
    $q$ select from public.enter_use('user', '0a000000-0000-4000-8000-000000000001', 'OLD_KEY') $q$,
    $q$ select from public.claim_expiring('user', '0a000000-0000-4000-8000-000000000001') $q$
  ] loop
    return next throws_ok(call, '42501', null, role || ' cannot do this:' || call);
  end loop;
end;
$$;
set local role authenticated;
set local request.jwt.claims = '{"sub": "0a000000-0000-4000-8000-000000000001", "role": "authenticated"}';
select pg_temp.refused('A signed-in person');
set local role anon;
set local request.jwt.claims = '{"role": "anon"}';
select pg_temp.refused('anon');

reset role;
select * from finish();
rollback;

-- Who answers for a webhook, what is paused when that person is no admin any more, and what the log says of it.
begin;
select plan(38);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'admin@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'leaver@vault.test'),
  ('0a000000-0000-4000-8000-000000000003', 'member@vault.test'),
  ('0a000000-0000-4000-8000-000000000004', 'stranger@vault.test');
insert into public.teams (id, name, created_by) values
  ('7e000000-0000-4000-8000-000000000001', 'Crew', '0a000000-0000-4000-8000-000000000001');
insert into public.team_members (team_id, user_id, role) values
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000002', 'admin'),
  ('7e000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-000000000003', 'member');

-- These take the last digits of the actor's id and of the webhook's.
prepare add (text, text) as
  select id from public.add_webhook(('0a000000-0000-4000-8000-00000000000' || $1)::uuid, 'team',
    '7e000000-0000-4000-8000-000000000001', jsonb_build_object('id', 'ee000000-0000-4000-8000-0000000000' || $2,
      'encrypted_url', 'v1.url', 'address', 'https://hook.test/…', 'description', '', 'events', '["reveal.failed"]'::jsonb,
      'encrypted_secret', 'v1.secret'));
prepare change (text, text, jsonb) as
  select id from public.change_webhook(('0a000000-0000-4000-8000-00000000000' || $1)::uuid, 'team',
    '7e000000-0000-4000-8000-000000000001', ('ee000000-0000-4000-8000-0000000000' || $2)::uuid, $3);
prepare remove (text, text) as
  select id from public.remove_webhook(('0a000000-0000-4000-8000-00000000000' || $1)::uuid, 'team',
    '7e000000-0000-4000-8000-000000000001', ('ee000000-0000-4000-8000-0000000000' || $2)::uuid);
prepare state (text) as
  select pause_reason, right(created_by::text, 1) as creator, paused_at is not null as has_time from public.webhooks
  where id = ('ee000000-0000-4000-8000-0000000000' || $1)::uuid;
-- What is new in the team's log, with the last digits of whoever is in it.
prepare log as
  select action, right(actor_id::text, 1) as actor, right(subject_id::text, 1) as subject, details - 'address' as details from public.vault_events
  where owner_id = '7e000000-0000-4000-8000-000000000001' and action like 'webhook%';
create function pg_temp.forget() returns void language sql as $$
  delete from public.vault_events where action like 'webhook%' $$;

-- Who may

set local role service_role;
select throws_ok($$ execute add('3', '01') $$, 'PT403', null, 'A member adds no webhook to a team');
select throws_ok($$ execute add('4', '01') $$, 'PT404', null, 'Nor does a stranger');
select isnt_empty($$ execute add('2', '01') $$, 'An admin adds a webhook to a team');
select results_eq($$ execute state('01') $$, $$ values (null::text, '2', false) $$, 'and answers for it');
select throws_ok($$ execute change('3', '01', '{"description": "x"}') $$, 'PT403', null, 'A member changes none');
select throws_ok($$ execute change('4', '01', '{"description": "x"}') $$, 'PT404', null, 'Nor does a stranger');
select throws_ok($$ execute remove('3', '01') $$, 'PT403', null, 'A member deletes none');
select throws_ok($$ execute remove('4', '01') $$, 'PT404', null, 'Nor does a stranger');
select throws_ok(
  $$ select * from public.add_webhook('0a000000-0000-4000-8000-000000000001', 'user',
       '0a000000-0000-4000-8000-000000000002', '{}') $$,
  'PT404', null, 'A person''s own webhooks are nobody else''s');
select throws_ok(
  $$ select * from public.change_webhook('0a000000-0000-4000-8000-000000000001', 'user',
       '0a000000-0000-4000-8000-000000000002', 'ee000000-0000-4000-8000-000000000001', '{"description": "x"}') $$,
  'PT404', null, 'nor does anybody else change them');
select is_empty(
  $$ select * from public.remove_webhook('0a000000-0000-4000-8000-000000000002', 'user',
       '0a000000-0000-4000-8000-000000000002', 'ee000000-0000-4000-8000-000000000001') $$,
  'A team''s webhook is not found among a person''s own');
select is_empty($$ execute change('1', '99', '{"description": "x"}') $$, 'Nothing is found where there is none');
reset role;
select set_eq('execute log', $$ values ('webhook_added', '2', null, '{}'::jsonb) $$,
  'The log has what was done, and nothing of what was not');

-- Who answers for it

select pg_temp.forget();
set local role service_role;
execute change('1', '01', '{"description": "x", "events": ["reveal.completed"]}');
select results_eq($$ execute state('01') $$, $$ values (null::text, '2', false) $$,
  'A description and events are no reason to answer for a webhook');
execute change('1', '01', '{"is_paused": true}');
select results_eq($$ execute state('01') $$, $$ values ('person', '2', true) $$,
  'Nor is a pause, which has its time');
execute change('1', '01', '{"is_paused": false}');
select results_eq($$ execute state('01') $$, $$ values (null::text, '1', false) $$,
  'Who resumes it answers for it');
execute change('2', '01', '{"is_paused": false}');
select results_eq($$ execute state('01') $$, $$ values (null::text, '1', false) $$,
  'Resuming what is not paused changes nothing');
execute change('2', '01', '{"encrypted_url": "v1.other", "address": "https://other.test"}');
select results_eq($$ execute state('01') $$, $$ values (null::text, '2', false) $$,
  'Who gives it another address answers for it');
execute change('1', '01', '{"encrypted_secret": "v1.new"}');
select results_eq($$ execute state('01') $$, $$ values (null::text, '2', false) $$,
  'A new signing secret changes nothing of that');
reset role;
select set_eq('execute log',
  $$ values ('webhook_changed', '1', null, '{"description": "x", "changed": ["description", "events"]}'::jsonb),
       ('webhook_paused', '1', null, '{"description": "x", "reason": "person"}'),
       ('webhook_resumed', '1', null, '{"description": "x"}'),
       ('webhook_changed', '2', null, '{"description": "x", "changed": ["address"]}'),
       ('webhook_secret_renewed', '1', null, '{"description": "x"}') $$,
  'The log says who did which of these');
select set_eq(
  $$ select details ->> 'address' from public.vault_events where action = 'webhook_secret_renewed' $$,
  array['https://other.test'], 'and which webhook it was, by its shortened address');

-- What nobody did

select pg_temp.forget();
set local vault.actor = '';
update public.webhooks set encrypted_url = 'v2.url', encrypted_secret = 'v2.secret', failures = 3
  where team_id = '7e000000-0000-4000-8000-000000000001';
select is_empty('execute log', 'What is encrypted anew is no change');
update public.webhooks set pause_reason = 'failures' where team_id = '7e000000-0000-4000-8000-000000000001';
select results_eq('execute log',
  $$ values ('webhook_paused', null, null, '{"description": "x", "reason": "failures"}'::jsonb) $$,
  'That a webhook paused itself was done by nobody');
update public.webhooks set pause_reason = null where team_id = '7e000000-0000-4000-8000-000000000001';

-- Who is no admin any more

select pg_temp.forget();
set local role service_role;
execute add('1', '02');
execute add('2', '03');
update public.webhooks set created_by = null where id = 'ee000000-0000-4000-8000-000000000003';
execute add('2', '04');
execute change('2', '04', '{"is_paused": true}');
reset role;
select pg_temp.forget();
select isnt_empty(
  $$ select * from public.change_member('0a000000-0000-4000-8000-000000000001', '7e000000-0000-4000-8000-000000000001',
       '0a000000-0000-4000-8000-000000000002', '{"role": "member"}') $$, 'An admin is demoted');
select results_eq($$ execute state('01') $$, $$ values ('creator_left', '2', true) $$,
  'What they answered for is paused');
select results_eq($$ execute state('02') $$, $$ values (null::text, '1', false) $$,
  'What others answer for is not');
select results_eq($$ execute state('03') $$, $$ values (null::text, null::text, false) $$,
  'Nor is what is from before');
select results_eq($$ execute state('04') $$, $$ values ('creator_left', '2', true) $$,
  'What was paused already asks before it is resumed');
select set_eq('execute log',
  $$ values ('webhook_paused', '1', '2', '{"description": "x", "reason": "creator_left"}'::jsonb),
       ('webhook_paused', '1', '2', '{"reason": "creator_left"}') $$,
  'The log says whose they were, and who demoted that person');
set local role service_role;
select set_eq(
  $$ select id, email from public.left_webhooks('7e000000-0000-4000-8000-000000000001') $$,
  $$ values ('ee000000-0000-4000-8000-000000000001'::uuid, 'leaver@vault.test'),
       ('ee000000-0000-4000-8000-000000000004', 'leaver@vault.test') $$,
  'The server finds those that wait for another admin');

-- Whoever sees an address leaves an event

prepare show (text, text) as
  select encrypted_url from public.show_webhook(('0a000000-0000-4000-8000-00000000000' || $1)::uuid, 'team',
    '7e000000-0000-4000-8000-000000000001', ('ee000000-0000-4000-8000-0000000000' || $2)::uuid);
reset role;
select pg_temp.forget();
set local role service_role;
select throws_ok($$ execute show('3', '01') $$, 'PT403', null, 'A member is not shown an address');
select is_empty($$ execute show('1', '99') $$, 'One that there is not is not shown');
select isnt_empty($$ execute show('1', '01') $$, 'An admin is shown one');
reset role;
select is((select count(*)::integer from public.vault_events
    where owner_id = '7e000000-0000-4000-8000-000000000001' and action = 'webhook_shown'
      and actor_id = '0a000000-0000-4000-8000-000000000001'), 1, 'And that alone is written down');
update public.team_members set role = 'admin' where user_id = '0a000000-0000-4000-8000-000000000002';
select results_eq($$ execute state('01') $$, $$ values ('creator_left', '2', true) $$,
  'Whoever is an admin again resumes nothing by that');

-- What goes with its owner

select pg_temp.forget();
select lives_ok($$ delete from auth.users where id = '0a000000-0000-4000-8000-000000000002' $$,
  'Who answered for a webhook can delete their account');
select results_eq($$ execute state('01') $$, $$ values ('creator_left', '2', true) $$,
  'and it still says who it was');
delete from public.teams where id = '7e000000-0000-4000-8000-000000000001';
select is_empty('execute log', 'Nothing is written down for an owner that is gone');

-- Prepared statements would outlive the rollback.
deallocate all;
select * from finish();
rollback;

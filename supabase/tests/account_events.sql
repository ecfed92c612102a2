-- What the auth server changes of an account is in that person's activity.
begin;
select plan(6);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test');
create temporary view said as
  select owner_type, owner_id, actor_id, key, details from public.vault_events
    where action = 'email_changed' and owner_id::text like '0a000000-0000-4000-8000-%';

update auth.users set email_change = 'Ann@new.test' where id = '0a000000-0000-4000-8000-000000000001';
update auth.users set email = 'ann@vault.test' where id = '0a000000-0000-4000-8000-000000000001';
select is_empty('select * from said', 'A new address that is only asked for is no event, nor is the same one');
update auth.users set email = 'ann@new.test', email_change = '' where id = '0a000000-0000-4000-8000-000000000001';
select results_eq('select * from said',
  $$ values ('user', '0a000000-0000-4000-8000-000000000001'::uuid, '0a000000-0000-4000-8000-000000000001'::uuid,
    null::text, '{"from": "ann@vault.test", "to": "ann@new.test"}'::jsonb) $$,
  'An address that a person asked for and confirmed is one event of theirs, in their own activity');

update auth.users set email = 'ben@new.test' where id = '0a000000-0000-4000-8000-000000000002';
select results_eq($$ select actor_id, details ->> 'to' from said where owner_id = '0a000000-0000-4000-8000-000000000002' $$,
  $$ values (null::uuid, 'ben@new.test') $$, 'An address that an operator sets is nobody''s deed in the app');
update auth.users set email = null where id = '0a000000-0000-4000-8000-000000000002';
select results_eq($$ select details from said where details ->> 'from' = 'ben@new.test' $$,
  $$ values ('{"from": "ben@new.test", "to": null}'::jsonb) $$, 'An address that is taken away is an event');

alter table public.vault_events add constraint no_more check (action <> 'email_changed') not valid;
set local client_min_messages = error;
select lives_ok($$ update auth.users set email = 'ann@later.test' where id = '0a000000-0000-4000-8000-000000000001' $$,
  'A new address counts though its event cannot be written');
select results_eq($$ select email::text from auth.users where id = '0a000000-0000-4000-8000-000000000001' $$,
  array['ann@later.test'], 'And it is there');

select * from finish();
rollback;

-- What is known of a key's value: refused or not, changed once for each verdict that changes it.
begin;
select plan(15);

insert into auth.users (id) values ('0a000000-0000-4000-8000-000000000001');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, last_rotated_at) values
  ('user', '0a000000-0000-4000-8000-000000000001', 'ANTHROPIC_API_KEY', 'v1.x', now() - interval '1 hour'),
  ('user', '0a000000-0000-4000-8000-000000000001', 'OPENAI_API_KEY', 'v1.x', now() - interval '1 hour');

set local role service_role;
prepare refuse (text, interval) as
  select count(*)::integer from public.refuse_key('user', '0a000000-0000-4000-8000-000000000001', $1, now() + $2);
prepare accept (text, interval) as
  select count(*)::integer from public.accept_key('user', '0a000000-0000-4000-8000-000000000001', $1, now() + $2);
prepare refused as
  select secret.key from public.refused_keys join public.vault_secrets as secret on secret.id = secret_id;

select results_eq($$ execute accept('ANTHROPIC_API_KEY', '1 second') $$, $$ values (0) $$,
  'A key that works as ever changes nothing');
select results_eq($$ execute refuse('ANTHROPIC_API_KEY', '-2 hours') $$, $$ values (0) $$,
  'A verdict on the value before is none on this one');
select results_eq($$ execute refuse('GEMINI_API_KEY', '0') $$, $$ values (0) $$,
  'Nothing is known of a key that is not there');
select results_eq($$ execute refuse('ANTHROPIC_API_KEY', '0') $$, $$ values (1) $$, 'A refusal is a change');
select results_eq($$ execute refuse('ANTHROPIC_API_KEY', '1 second') $$, $$ values (0) $$, 'The next one is none');
select results_eq('execute refused', $$ values ('ANTHROPIC_API_KEY') $$, 'It is of one key alone');
select results_eq($$ execute accept('ANTHROPIC_API_KEY', '-1 second') $$, $$ values (0) $$,
  'A use that began before the refusal says nothing');
select results_eq($$ execute accept('ANTHROPIC_API_KEY', '1 second') $$, $$ values (1) $$, 'One that began later does');
select results_eq($$ execute refuse('ANTHROPIC_API_KEY', '0') $$, $$ values (1) $$, 'Then a refusal is a change again');

update public.vault_secrets set description = 'Mine', encrypted_value = 'v2.x' where key = 'ANTHROPIC_API_KEY';
select results_eq('execute refused', $$ values ('ANTHROPIC_API_KEY') $$,
  'A description, and another encryption of the same value, leave it as it is');
update public.vault_secrets set last_rotated_at = now() where key = 'ANTHROPIC_API_KEY';
select is_empty('execute refused', 'A new value is not refused');
select results_eq($$ execute refuse('ANTHROPIC_API_KEY', '-1 second') $$, $$ values (0) $$,
  'Nor by a run that began with the one before');
select results_eq($$ execute refuse('ANTHROPIC_API_KEY', '0') $$, $$ values (1) $$, 'It can be, by its own');
delete from public.vault_secrets where key = 'ANTHROPIC_API_KEY';
select is_empty('select secret_id from public.refused_keys', 'What is deleted has no state');
select throws_ok($$ update public.refused_keys set refused_at = now() $$, '42501', null,
  'The server changes no refusal');

deallocate refuse;
deallocate accept;
deallocate refused;
select * from finish();
rollback;

-- updated_at moves with every change, for editors compare it; last_rotated_at only where the app says so.
begin;
select plan(12);

insert into auth.users (id, email) values ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test');

set local role service_role;
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, last_rotated_at, created_at, updated_at)
  values ('user', '0a000000-0000-4000-8000-000000000001', 'OLD_KEY', 'v1.x', '2026-01-01', '2026-01-01', '2026-01-01'),
         ('user', '0a000000-0000-4000-8000-000000000001', 'OTHER_KEY', 'v1.x', '2026-01-01', '2026-01-01', '2026-01-01');
insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
  values ('user', '0a000000-0000-4000-8000-000000000001', 'NEW_KEY', 'v1.x');

select results_eq(
  $$ select created_at, updated_at, last_rotated_at from public.vault_secrets
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'NEW_KEY' $$,
  'select now(), now(), now()', 'A new secret was created, changed and rotated now');

select results_eq(
  $$ update public.vault_secrets set description = 'changed'
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'OLD_KEY'
     returning updated_at, last_rotated_at, created_at $$,
  $$ values (now(), '2026-01-01'::timestamptz, '2026-01-01'::timestamptz) $$,
  'A new description moves updated_at, and neither last_rotated_at nor created_at');
select results_eq(
  $$ update public.vault_secrets set description = 'again'
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'OLD_KEY' returning updated_at $$,
  $$ values (now() + interval '1 microsecond') $$,
  'A second change in the same transaction, at the same time of the clock, moves updated_at again');
select results_eq(
  $$ update public.vault_secrets set category = 'LLM'
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'OLD_KEY'
     returning updated_at, last_rotated_at $$,
  $$ values (now() + interval '2 microseconds', '2026-01-01'::timestamptz) $$,
  'A new category moves updated_at and not last_rotated_at');
select results_eq(
  $$ update public.vault_secrets set description = 'again'
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'OLD_KEY' returning updated_at $$,
  $$ values (now() + interval '3 microseconds') $$,
  'A change that changes nothing moves updated_at too');
select throws_ok(
  $$ update public.vault_secrets set updated_at = '2026-01-01'
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'OLD_KEY' $$,
  'PT412', 'The secret is not in the state that the change is meant for.', 'Nobody sets updated_at back');
select results_eq(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, updated_at)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'OLD_KEY', 'v1.x', now() + interval '3 microseconds')
     on conflict (owner_type, owner_id, key) do update set updated_at = excluded.updated_at returning updated_at $$,
  $$ values (now() + interval '4 microseconds') $$,
  'An upsert that names the state that the row is in moves updated_at');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value, updated_at)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'OTHER_KEY', 'v1.z', '2026-01-01'),
            ('user', '0a000000-0000-4000-8000-000000000001', 'OLD_KEY', 'v1.z', now() + interval '3 microseconds')
     on conflict (owner_type, owner_id, key)
     do update set encrypted_value = excluded.encrypted_value, updated_at = excluded.updated_at $$,
  'PT412', 'The secret is not in the state that the change is meant for.',
  'An upsert that names an earlier state of one of its rows is refused');
select is_empty(
  $$ select key from public.vault_secrets where encrypted_value = 'v1.z' $$,
  'A refused upsert changes none of its rows');
select results_eq(
  $$ update public.vault_secrets set encrypted_value = 'v1.y', last_rotated_at = now()
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'OLD_KEY'
     returning updated_at, last_rotated_at $$,
  $$ values (now() + interval '5 microseconds', now()) $$,
  'A rotation moves both');
select is_empty(
  $$ update public.vault_secrets set description = 'late'
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'OLD_KEY' and updated_at = now()
     returning key $$,
  'An editor who saw an earlier updated_at changes nothing');
select results_eq(
  $$ select updated_at from public.vault_secrets
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'OTHER_KEY' $$,
  $$ values ('2026-01-01'::timestamptz) $$, 'Another secret of the owner did not move');

reset role;
select * from finish();
rollback;

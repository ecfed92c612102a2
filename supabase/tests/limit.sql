-- An owner has at most 200 secrets.
begin;
select plan(13);

insert into auth.users (id, email) values
  ('0a000000-0000-4000-8000-000000000001', 'ann@vault.test'),
  ('0a000000-0000-4000-8000-000000000002', 'ben@vault.test');
insert into public.teams (id, name) values
  ('0a000000-0000-4000-8000-000000000001', 'Like Ann'),
  ('7e000000-0000-4000-8000-000000000001', 'Crew');

set local role service_role;

select lives_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     select 'user', '0a000000-0000-4000-8000-000000000001', 'KEY_' || number, 'v1.x' from generate_series(1, 200) as number $$,
  'An owner has room for 200 secrets');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'KEY_201', 'v1.x') $$,
  'PT409', 'An owner has at most 200 secrets.', 'There is no room for the 201st');
select lives_ok(
  $$ update public.vault_secrets set encrypted_value = 'v1.y', last_rotated_at = now()
     where owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'KEY_200' $$,
  'An owner with 200 secrets can still change them');
select lives_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000002', 'KEY_1', 'v1.x') $$,
  'Another person is not held up');
select lives_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('team', '0a000000-0000-4000-8000-000000000001', 'KEY_1', 'v1.x') $$,
  'A team that shares a person''s id is counted by itself');
select results_eq(
  $$ with stored as (
       insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
       select 'user', '0a000000-0000-4000-8000-000000000001', 'KEY_' || number, 'v1.z' from generate_series(1, 200) as number
       on conflict (owner_type, owner_id, key) do update set encrypted_value = excluded.encrypted_value
       returning key)
     select count(*) from stored $$,
  array[200::bigint], 'An owner with 200 secrets can replace all of them with one upsert');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'KEY_1', 'v1.w'),
            ('user', '0a000000-0000-4000-8000-000000000001', 'KEY_201', 'v1.w')
     on conflict (owner_type, owner_id, key) do update set encrypted_value = excluded.encrypted_value $$,
  'PT409', 'An owner has at most 200 secrets.', 'An upsert that replaces one and brings in the 201st is refused');
select is_empty(
  $$ select key from public.vault_secrets where encrypted_value = 'v1.w' $$,
  'A refused upsert replaces nothing');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'KEY_1', 'v1.x') $$,
  '23505', null, 'An owner with 200 secrets still has one for a key');
select lives_ok(
  $$ delete from public.vault_secrets
     where owner_type = 'user' and owner_id = '0a000000-0000-4000-8000-000000000001' and key = 'KEY_1' $$,
  'An owner with 200 secrets can delete one');
select lives_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     values ('user', '0a000000-0000-4000-8000-000000000001', 'KEY_201', 'v1.x') $$,
  'A deleted secret makes room for another');
select throws_ok(
  $$ insert into public.vault_secrets (owner_type, owner_id, key, encrypted_value)
     select 'team', '7e000000-0000-4000-8000-000000000001', 'KEY_' || number, 'v1.x' from generate_series(1, 201) as number $$,
  'PT409', 'An owner has at most 200 secrets.', 'Not even one statement brings in 201');
select is_empty(
  $$ select key from public.vault_secrets where owner_id = '7e000000-0000-4000-8000-000000000001' $$,
  'A refused statement leaves nothing behind');

reset role;
select * from finish();
rollback;

-- For tests/service/key-check.test.ts alone: what nobody but the database's owner may do, and no test could undo.
create function public.forget_check_value() returns void
  language sql security definer set search_path = ''
  as 'delete from public.vault_key_check';
revoke all on function public.forget_check_value() from public, anon, authenticated;
grant execute on function public.forget_check_value() to service_role;

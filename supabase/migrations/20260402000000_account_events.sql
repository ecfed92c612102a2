-- What the auth server does to an account by itself, and the app does not see, is written down here. Everything else of an
-- account is in lib/activity/record.ts.

-- A new e-mail address counts once the links in the mails about it were opened, wherever that is. The person did it where
-- the address is the one that they had asked for; else nobody in the app did, an operator say. An event that cannot be
-- written leaves a warning, and the new address.
--
-- Security definer: the auth server's role has no right on events.
create or replace function public.users_record_email()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.vault_events (actor_id, owner_type, owner_id, action, details)
    values (case when lower(old.email_change) = lower(new.email) then new.id end, 'user', new.id, 'email_changed',
      jsonb_build_object('from', old.email, 'to', new.email));
  return new;
exception when others then
  raise warning 'The new e-mail address of % is not in its activity: %', new.id, sqlstate;
  return new;
end;
$$;

create or replace trigger users_record_email
  after update of email on auth.users
  for each row when (old.email is distinct from new.email)
  execute function public.users_record_email();

revoke all on function public.users_record_email() from public, anon, authenticated, service_role;

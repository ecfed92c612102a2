-- Nothing is stored for an owner that is gone. Who may store is asked before, so an account or a team can go in between;
-- what came after would be nobody's, and stay for ever.

-- owner_id points to two tables, so no foreign key can do this. As with one, the lock makes one order of the two: either
-- the owner's end waits, and takes along what is stored here, or this waits, and finds no owner.
--
-- Security definer, because the server may not lock accounts.
create or replace function public.vault_require_owner()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if new.owner_type = 'user' then
    perform from auth.users where id = new.owner_id for key share;
  else
    perform from public.teams where id = new.owner_id for key share;
  end if;
  if not found then
    -- PT404: PostgREST answers with HTTP 404, and passes the code on.
    raise exception using errcode = 'PT404', message = 'There is no such owner.';
  end if;
  return new;
end;
$$;

revoke all on function public.vault_require_owner() from public, anon, authenticated, service_role;

create or replace trigger vault_secrets_require_owner
  after insert on public.vault_secrets
  for each row execute function public.vault_require_owner();

create or replace trigger vault_events_require_owner
  after insert on public.vault_events
  for each row execute function public.vault_require_owner();

-- Last: the triggers hold writers back until all of this is committed, so nothing is added after it.
delete from public.vault_secrets
  where owner_type = 'user' and not exists (select from auth.users where id = owner_id)
    or owner_type = 'team' and not exists (select from public.teams where id = owner_id);
delete from public.vault_events
  where owner_type = 'user' and not exists (select from auth.users where id = owner_id)
    or owner_type = 'team' and not exists (select from public.teams where id = owner_id);

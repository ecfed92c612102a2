-- What stands in the way of a call to a provider, or of a value on its way out, takes one question to the database.
-- As views, because those are asked as tables are, and cost no more. Both are for the server alone, and ask with its
-- own rights (security_invoker). Running this again replaces them.

-- The ciphertexts that people may use: their own (team_id is null), and those of each team that they are in now.
create or replace view public.vault_candidates with (security_invoker = true) as
  select secret.owner_id as user_id, null::uuid as team_id, secret.owner_type, secret.key, secret.encrypted_value
    from public.vault_secrets as secret
    where secret.owner_type = 'user'
  union all
  select member.user_id, member.team_id, secret.owner_type, secret.key, secret.encrypted_value
    from public.team_members as member
    join public.vault_secrets as secret on secret.owner_type = 'team' and secret.owner_id = member.team_id;

-- To ask for a value is to insert here, whose row comes back with the ciphertext: no event, no ciphertext. It also says
-- whether the owner has webhooks that are not paused, since most have none, and then nobody is to be told.
create or replace view public.vault_uses with (security_invoker = true) as
  select event.actor_id, event.owner_type, event.owner_id, event.key, event.action, null::text as encrypted_value,
      null::boolean as has_webhooks
    from public.vault_events as event
    where false;

-- Whether the actor may ask is decided before. Without such a secret there is no row, and no event.
create or replace function public.vault_uses_record()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  select secret.encrypted_value into new.encrypted_value
    from public.vault_secrets as secret
    where secret.owner_type = new.owner_type and secret.owner_id = new.owner_id and secret.key = new.key;
  if not found then
    return null;
  end if;
  insert into public.vault_events (actor_id, owner_type, owner_id, key, action)
    values (new.actor_id, new.owner_type, new.owner_id, new.key, new.action);
  new.has_webhooks := case new.owner_type
    when 'user' then exists (select from public.webhooks where user_id = new.owner_id and pause_reason is null)
    else exists (select from public.webhooks where team_id = new.owner_id and pause_reason is null)
  end;
  return new;
end;
$$;

create or replace trigger vault_uses_record
  instead of insert on public.vault_uses
  for each row execute function public.vault_uses_record();

revoke all on table public.vault_candidates, public.vault_uses from public, anon, authenticated, service_role;
grant select on table public.vault_candidates to service_role;
-- Select too, because that is what returns the row; there is nothing else to see.
grant select, insert on table public.vault_uses to service_role;
revoke all on function public.vault_uses_record() from public, anon, authenticated, service_role;

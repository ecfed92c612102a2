-- Who may have a team's value is decided in the statement that reads it. Asked before, in a statement of its own, it
-- leaves a moment in which somebody is removed and still gets the value.

-- Replaces the trigger function of vault_uses, whose view and trigger stay as they are. Each statement in it sees what
-- was committed before that statement began. The lock on the membership makes one order of it all: a removal or a
-- demotion that comes first is waited for, and seen; one that comes second waits until the event is committed, so that
-- whoever removes somebody is told of this key as well (team_exposures).
create or replace function public.vault_uses_record()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  actor_role text;
begin
  if new.owner_type is distinct from 'user' then
    -- For share and not for key share, which would let a demotion pass.
    select member.role into actor_role
      from public.team_members as member
      where member.team_id = new.owner_id and member.user_id = new.actor_id
      for share;
    if not found then
      -- PT404 and PT403: PostgREST answers with HTTP 404 and 403, and passes the codes on.
      raise exception using errcode = 'PT404', message = 'The actor is not in such a team.';
    end if;
    -- Whoever uses a key may know whether it works; everything else is for admins.
    if actor_role <> 'admin' and new.action is distinct from 'checked' then
      raise exception using errcode = 'PT403', message = 'Only an admin of the team sees its values.';
    end if;
  end if;
  select secret.encrypted_value into new.encrypted_value
    from public.vault_secrets as secret
    where secret.owner_type = new.owner_type and secret.owner_id = new.owner_id and secret.key = new.key;
  -- Without such a secret there is no row, and no event.
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

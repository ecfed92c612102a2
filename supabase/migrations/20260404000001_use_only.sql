-- A key that is for use only is never given to a person. Decided in the statement that writes the event and reads the
-- ciphertext, from the same snapshot as the ciphertext: a value that replaces it in this moment has its own rule.

-- Replaces the trigger function of vault_uses, as team_reveal.sql has it, with one more refusal.
create or replace function public.vault_uses_record()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  actor_role text;
  is_use_only boolean;
begin
  if new.owner_type is distinct from 'user' then
    -- For share and not for key share, which would let a demotion pass.
    select member.role into actor_role
      from public.team_members as member
      where member.team_id = new.owner_id and member.user_id = new.actor_id
      for share;
    if not found then
      -- PT404, PT403 and PT423: PostgREST answers with these HTTP statuses, and passes the codes on.
      raise exception using errcode = 'PT404', message = 'The actor is not in such a team.';
    end if;
    -- Everybody who uses a key may know whether it works; everything else is for admins.
    if actor_role <> 'admin' and new.action is distinct from 'checked' then
      raise exception using errcode = 'PT403', message = 'Only an admin of the team sees its values.';
    end if;
  end if;
  select secret.encrypted_value, coalesce(details.use_only, false) into new.encrypted_value, is_use_only
    from public.vault_secrets as secret
      left join public.vault_secret_details as details on details.secret_id = secret.id
    where secret.owner_type = new.owner_type and secret.owner_id = new.owner_id and secret.key = new.key;
  -- Without such a secret there is no row, and no event.
  if not found then
    return null;
  end if;
  -- Only a check is a use; whatever else asks for the value takes it out of the vault.
  if is_use_only and new.action is distinct from 'checked' then
    raise exception using errcode = 'PT423', message = 'The secret is for use only.';
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

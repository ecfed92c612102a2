-- What is known about a stored value besides the value: how to tell it from others, who added it, whether anybody may see
-- it, when it expires, and what its provider said. Apart from vault_secrets, so that table keeps its columns. It needs
-- vault_secrets alone, and running it a second time changes nothing.

-- A secret without a row here was stored before there were details: it has none, and may be shown.
create table if not exists public.vault_secret_details (
  secret_id uuid primary key references public.vault_secrets (id) on delete cascade,
  -- The last characters of a long value of one line, by which people tell two keys apart.
  hint text check (char_length(hint) = 4),
  -- Whether the value can be used and checked, but not revealed or copied.
  use_only boolean not null default false,
  expires_at timestamptz,
  -- Whether its owner was notified that it expires soon.
  expiry_announced boolean not null default false,
  -- Who entered the value. Not a foreign key: the id stays when the account is gone.
  added_by uuid,
  -- When the value was last used or taken, give or take an hour.
  last_used_at timestamptz,
  checked_at timestamptz,
  check_result text check (check_result in ('works', 'refused', 'no_credit')),
  -- What the provider said about the account: short texts by name.
  check_facts jsonb check (jsonb_typeof(check_facts) = 'object' and octet_length(check_facts::text) <= 2048)
);

comment on table public.vault_secret_details is
  'What is known about the present value of a secret. A new value starts with a new row.';

revoke all on table public.vault_secret_details from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.vault_secret_details to service_role;

-- On, and without a policy: only the server uses it.
alter table public.vault_secret_details enable row level security;

-- Stores secrets and their details in one statement: all of them or none.
--
-- entries  a list of objects, each about one key:
--   key          its name
--   is_new       true: there is none yet; false: there is one
--   updated_at   the state that the present one has to be in; null: any
--   encrypted_value, last_rotated_at, category, description   left out where they stay as they are; a new one begins with
--     the database's time
--   hint, added_by, expires_at   details of the value; with encrypted_value, what is left out is unset
--   use_only   left out where that stays as it is. Without encrypted_value it can be set and not be unset: only a new value
--     can be shown again
--
-- Returns the secrets as they are now. Raises PT412 if one is not in its state.
create or replace function public.store_secrets(for_type text, for_owner uuid, entries jsonb)
returns table (
  id uuid, owner_type text, owner_id uuid, key text, category text, description text,
  last_rotated_at timestamptz, created_at timestamptz, updated_at timestamptz, details jsonb
)
language plpgsql
set search_path = ''
as $$
declare
  entry jsonb;
  stored public.vault_secrets%rowtype;
  kept public.vault_secret_details%rowtype;
  was_use_only boolean;
begin
  -- In one order, so that two of these never wait for each other.
  for entry in select given from jsonb_array_elements(entries) as given order by given ->> 'key' loop
    if (entry ->> 'is_new')::boolean then
      insert into public.vault_secrets as secret
          (owner_type, owner_id, key, encrypted_value, category, description)
        values (for_type, for_owner, entry ->> 'key', entry ->> 'encrypted_value', entry ->> 'category',
          entry ->> 'description')
        on conflict do nothing
        returning secret.* into stored;
    else
      update public.vault_secrets as secret set
          encrypted_value = coalesce(entry ->> 'encrypted_value', secret.encrypted_value),
          last_rotated_at = coalesce((entry ->> 'last_rotated_at')::timestamptz, secret.last_rotated_at),
          category = coalesce(entry ->> 'category', secret.category),
          description = coalesce(entry ->> 'description', secret.description)
        where secret.owner_type = for_type and secret.owner_id = for_owner and secret.key = entry ->> 'key'
          and secret.updated_at = coalesce((entry ->> 'updated_at')::timestamptz, secret.updated_at)
        returning secret.* into stored;
    end if;
    if stored.id is null then
      -- PT412: PostgREST answers with HTTP 412, and passes the code on.
      raise exception using errcode = 'PT412', message = 'A secret is not in the state that the change is meant for.';
    end if;

    was_use_only := false;
    if entry ->> 'encrypted_value' is not null then
      delete from public.vault_secret_details as old where old.secret_id = stored.id
        returning old.use_only into was_use_only;
    end if;
    insert into public.vault_secret_details as present (secret_id, hint, use_only, added_by, expires_at)
      values (stored.id, entry ->> 'hint', coalesce((entry ->> 'use_only')::boolean, was_use_only, false),
        (entry ->> 'added_by')::uuid, (entry ->> 'expires_at')::timestamptz)
      on conflict (secret_id) do update set
        use_only = present.use_only or excluded.use_only,
        expires_at = case when entry ? 'expires_at' then excluded.expires_at else present.expires_at end,
        expiry_announced = present.expiry_announced
          and (not entry ? 'expires_at' or excluded.expires_at is not distinct from present.expires_at)
      returning present.* into kept;

    id := stored.id;
    owner_type := stored.owner_type;
    owner_id := stored.owner_id;
    key := stored.key;
    category := stored.category;
    description := stored.description;
    last_rotated_at := stored.last_rotated_at;
    created_at := stored.created_at;
    updated_at := stored.updated_at;
    details := to_jsonb(kept);
    return next;
    stored := null;
  end loop;
end;
$$;

-- Enters what a provider said about a value. A verdict on a value that was replaced after it was read is none on the
-- present one: the lock keeps a new value waiting, or waits for it and looks again.
--
-- learned_expiry  when the provider says that it expires; null where it does not say. A date that a person set stays.
create or replace function public.enter_check(
  for_type text, for_owner uuid, for_key text, read_at timestamptz, result text, facts jsonb, learned_expiry timestamptz
)
returns table (secret_id uuid)
language sql
set search_path = ''
as $$
  insert into public.vault_secret_details as present (secret_id, checked_at, check_result, check_facts, expires_at)
    select secret.id, read_at, result, facts, learned_expiry from public.vault_secrets as secret
      where secret.owner_type = for_type and secret.owner_id = for_owner and secret.key = for_key
        and secret.last_rotated_at <= read_at
      for share
    on conflict (secret_id) do update set
      checked_at = excluded.checked_at,
      check_result = excluded.check_result,
      check_facts = excluded.check_facts,
      expires_at = coalesce(present.expires_at, excluded.expires_at)
      where present.checked_at is null or present.checked_at < excluded.checked_at
    returning present.secret_id;
$$;

-- Enters that a value is used now. Writes at most once an hour, so that a busy key is not a busy row. The lock is for a new
-- value that is being stored: its row of details is none of this function's.
create or replace function public.enter_use(for_type text, for_owner uuid, for_key text)
returns table (secret_id uuid)
language sql
set search_path = ''
as $$
  insert into public.vault_secret_details as present (secret_id, last_used_at)
    select secret.id, now() from public.vault_secrets as secret
      where secret.owner_type = for_type and secret.owner_id = for_owner and secret.key = for_key
        and not exists (
          select from public.vault_secret_details as details
          where details.secret_id = secret.id and details.last_used_at >= now() - interval '1 hour'
        )
      for share of secret
    on conflict (secret_id) do update set last_used_at = excluded.last_used_at
      where present.last_used_at is null or present.last_used_at < now() - interval '1 hour'
    returning present.secret_id;
$$;

-- Returns an owner's keys that expire within 14 days, or have, each once.
create or replace function public.claim_expiring(for_type text, for_owner uuid)
returns table (key text, expires_at timestamptz)
language sql
set search_path = ''
as $$
  update public.vault_secret_details as details set expiry_announced = true
    from public.vault_secrets as secret
    where secret.owner_type = for_type and secret.owner_id = for_owner and secret.id = details.secret_id
      and not details.expiry_announced and details.expires_at < now() + interval '14 days'
    returning secret.key, details.expires_at;
$$;

revoke all on function public.store_secrets(text, uuid, jsonb),
  public.enter_check(text, uuid, text, timestamptz, text, jsonb, timestamptz),
  public.enter_use(text, uuid, text), public.claim_expiring(text, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.store_secrets(text, uuid, jsonb),
  public.enter_check(text, uuid, text, timestamptz, text, jsonb, timestamptz),
  public.enter_use(text, uuid, text), public.claim_expiring(text, uuid)
  to service_role;

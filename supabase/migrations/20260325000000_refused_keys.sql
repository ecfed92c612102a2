-- Keys that their provider refuses, and webhooks that paused themselves: said once for each change.

-- A row for each secret whose present value is refused.
create table if not exists public.refused_keys (
  secret_id uuid primary key references public.vault_secrets (id) on delete cascade,
  refused_at timestamptz not null default now()
);

revoke all on table public.refused_keys from public, anon, authenticated, service_role;
grant select, insert, delete on table public.refused_keys to service_role;

-- On, and without a policy: the server alone has to do with it.
alter table public.refused_keys enable row level security;

-- Enters that a value was refused. Returns a row only where that is new. A verdict on a value that was replaced after
-- it was read is none on the present one: the lock keeps a new value waiting, or waits for it and looks again.
create or replace function public.refuse_key(for_type text, for_owner uuid, for_key text, read_at timestamptz)
returns table (id uuid)
language sql
set search_path = ''
as $$
  insert into public.refused_keys as refused (secret_id)
    select secret.id from public.vault_secrets as secret
      where secret.owner_type = for_type and secret.owner_id = for_owner and secret.key = for_key
        and secret.last_rotated_at <= read_at
      for share
    on conflict do nothing
    returning refused.secret_id;
$$;

-- Enters that a value works again. A use that began before the refusal says nothing. Without a refusal it writes nothing.
create or replace function public.accept_key(for_type text, for_owner uuid, for_key text, read_at timestamptz)
returns table (id uuid)
language sql
set search_path = ''
as $$
  delete from public.refused_keys as refused
    using public.vault_secrets as secret
    where secret.owner_type = for_type and secret.owner_id = for_owner and secret.key = for_key
      and refused.secret_id = secret.id and refused.refused_at < read_at
    returning refused.secret_id;
$$;

revoke all on function public.refuse_key(text, uuid, text, timestamptz) from public, anon, authenticated, service_role;
revoke all on function public.accept_key(text, uuid, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.refuse_key(text, uuid, text, timestamptz) to service_role;
grant execute on function public.accept_key(text, uuid, text, timestamptz) to service_role;

-- A new value has a new state.
create or replace function public.vault_secrets_renewed()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  delete from public.refused_keys where secret_id = new.id;
  return new;
end;
$$;

create or replace trigger vault_secrets_renewed
  after update of last_rotated_at on public.vault_secrets
  for each row when (new.last_rotated_at is distinct from old.last_rotated_at)
  execute function public.vault_secrets_renewed();

revoke all on function public.vault_secrets_renewed() from public, anon, authenticated, service_role;

alter table public.webhooks
  -- Whether it paused itself, and nobody has been told yet.
  add column if not exists pause_is_untold boolean not null default false,
  -- Whether it paused itself, and nobody has looked at it since.
  add column if not exists pause_is_unseen boolean not null default false;

-- Notes that the webhook paused itself: its attempts alone give these two reasons.
create or replace function public.webhooks_paused()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.pause_is_untold := true;
  new.pause_is_unseen := true;
  return new;
end;
$$;

create or replace trigger webhooks_paused
  before update of pause_reason on public.webhooks
  for each row when (old.pause_reason is null and new.pause_reason in ('failures', 'gone'))
  execute function public.webhooks_paused();

revoke all on function public.webhooks_paused() from public, anon, authenticated, service_role;

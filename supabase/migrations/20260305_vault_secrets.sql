-- The Credential Vault's one table. It stands alone: it can be pasted into the SQL editor of an empty
-- Supabase project, and running it a second time changes nothing.
--
-- The app reaches this table through its server, as service_role. What is granted to a signed-in
-- person is only what they could safely see by talking to the database themselves: metadata.

create table if not exists public.vault_secrets (
  id uuid primary key default gen_random_uuid(),
  owner_type text not null check (owner_type in ('user', 'team')),
  owner_id uuid not null,
  key text not null check (key ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  -- 'v1.' and base64url; 8 KiB of value, its JSON envelope and base64 stay well below this.
  encrypted_value text not null check (char_length(encrypted_value) between 1 and 131072),
  category text not null default 'General'
    check (category in ('LLM', 'Infrastructure', 'Hosting', 'Email', 'General')),
  description text not null default '' check (char_length(description) <= 500),
  last_rotated_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint vault_secrets_owner_key unique (owner_type, owner_id, key)
);

comment on table public.vault_secrets is
  'API keys that people and teams bring. encrypted_value is sealed by the app; the database never sees a value.';
comment on column public.vault_secrets.last_rotated_at is
  'When the value last changed. Editing the description or the category does not move it.';

-- Privileges are spelt out for every role, service_role too: hosted projects give new tables in public
-- no grants by themselves since 30 October 2026, and older ones give far too many.
revoke all on table public.vault_secrets from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.vault_secrets to service_role;
-- Every column but encrypted_value, so that even the owner's own session cannot read a ciphertext, filter
-- by one or order by one. No writes: those pass through the app, which encrypts.
grant select (id, owner_type, owner_id, key, category, description, last_rotated_at, created_at, updated_at)
  on table public.vault_secrets to authenticated;

-- Grants say which columns, row-level security says which rows.
alter table public.vault_secrets enable row level security;

-- For all, though only select is granted: should a write ever be granted, it is bound to the owner already.
drop policy if exists "A user manages their own secrets" on public.vault_secrets;
create policy "A user manages their own secrets"
  on public.vault_secrets
  for all
  to authenticated
  using (owner_type = 'user' and owner_id = (select auth.uid()))
  with check (owner_type = 'user' and owner_id = (select auth.uid()));

-- Editors compare updated_at to notice each other, so each change has to move it, even two within one
-- tick of the clock. A change that sets it by itself says which state of the row it is meant for: that is
-- the only place where an upsert, which stores many rows or none, can carry such a condition.
create or replace function public.vault_secrets_touch()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.updated_at is distinct from old.updated_at then
    -- PT412: PostgREST answers with HTTP 412, and passes the code on.
    raise exception using errcode = 'PT412', message = 'The secret is not in the state that the change is meant for.';
  end if;
  new.updated_at := greatest(now(), old.updated_at + interval '1 microsecond');
  return new;
end;
$$;

create or replace trigger vault_secrets_touch
  before update on public.vault_secrets
  for each row execute function public.vault_secrets_touch();

-- An owner has at most 200 secrets. Counted here and under a lock for each owner, because two requests that
-- count for themselves would both find room for one more.
create or replace function public.vault_secrets_limit()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.owner_type || new.owner_id::text, 0));
  -- An upsert comes by here for each of its rows, and one that is there already needs no room.
  if exists (select from public.vault_secrets
      where owner_type = new.owner_type and owner_id = new.owner_id and key = new.key) then
    return new;
  end if;
  if (select count(*) from public.vault_secrets
      where owner_type = new.owner_type and owner_id = new.owner_id) >= 200 then
    -- PT409: PostgREST answers with HTTP 409, and passes the code on.
    raise exception using errcode = 'PT409', message = 'An owner has at most 200 secrets.';
  end if;
  return new;
end;
$$;

create or replace trigger vault_secrets_limit
  before insert on public.vault_secrets
  for each row execute function public.vault_secrets_limit();

-- owner_id points to two tables, so no foreign key can do this. Security definer, because the role that
-- deletes accounts has no rights on this table.
create or replace function public.vault_secrets_forget_user()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.vault_secrets where owner_type = 'user' and owner_id = old.id;
  return old;
end;
$$;

-- Replaced, not dropped: dropping is for the table's owner, and auth.users belongs to Supabase.
create or replace trigger vault_secrets_forget_user
  after delete on auth.users
  for each row execute function public.vault_secrets_forget_user();

revoke all on function public.vault_secrets_limit() from public, anon, authenticated, service_role;
revoke all on function public.vault_secrets_touch() from public, anon, authenticated, service_role;
revoke all on function public.vault_secrets_forget_user() from public, anon, authenticated, service_role;

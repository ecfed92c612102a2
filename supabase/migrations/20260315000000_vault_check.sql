-- One row, sealed by the app when it first starts: a later start that cannot open it has another master key. It
-- stands alone, needs no other table, and running it a second time changes nothing.

create table if not exists public.vault_key_check (
  -- True and unique, so that there is one row at most.
  id boolean primary key default true check (id),
  encrypted_value text not null check (char_length(encrypted_value) between 1 and 131072),
  created_at timestamptz not null default now()
);

comment on table public.vault_key_check is
  'A known text under the vault''s master key. The app refuses to start with a key that does not open it.';

-- The server adds the row, reads it, and replaces it when everything is encrypted anew. It never deletes it: a key
-- that was lost is given up by an operator, not by the app.
revoke all on table public.vault_key_check from public, anon, authenticated, service_role;
grant select, insert, update on table public.vault_key_check to service_role;

-- Without a policy: nobody but the server has anything to do with it.
alter table public.vault_key_check enable row level security;

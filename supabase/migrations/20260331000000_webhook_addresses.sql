-- A webhook's address is often a secret itself (those of Slack and Discord are), so it is stored as the signing secret is:
-- encrypted. SQL cannot encrypt, so the app seals the rows from before, and sends to them as they are until it has.

alter table public.webhooks
  alter column url drop not null,
  -- The address, encrypted together with the row's id. Null in a row from before that is not sealed yet.
  add column if not exists encrypted_url text,
  -- What lists show of it: scheme, host and port, and whether there is more. Without one the check below refuses the row.
  add column if not exists address text not null default '';

-- One way to shorten an address for rows from before, and for those that the version of the app from before writes while it
-- is replaced. Such an address takes the place of a sealed one.
create or replace function public.webhooks_address()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  -- A user name and a password, which no address may have, would be the secret.
  parts text[] := regexp_match(new.url, '^(https?://)(?:[^/?#\\]*@)?([^/?#\\]*)(.*)$');
begin
  new.encrypted_url := null;
  new.address := coalesce(parts[1] || parts[2] || case when parts[3] in ('', '/') then '' else '/…' end, '');
  return new;
end;
$$;

create or replace trigger webhooks_address
  before insert or update of url on public.webhooks
  for each row when (new.url is not null) execute function public.webhooks_address();

update public.webhooks set url = url where address = '';

alter table public.webhooks
  drop constraint if exists webhooks_address_check,
  add constraint webhooks_address_check
    check (address ~ '^https?://[^/?#@]+(/…)?$' and char_length(address) <= 2048),
  drop constraint if exists webhooks_encrypted_url_check,
  add constraint webhooks_encrypted_url_check check (char_length(encrypted_url) between 1 and 8192),
  drop constraint if exists webhooks_one_url,
  -- Never both, so that nothing is left of an address once it is sealed.
  add constraint webhooks_one_url check (num_nonnulls(url, encrypted_url) = 1),
  -- Whether an owner has an address already is seen by the app, which opens the others.
  drop constraint if exists webhooks_user_url,
  drop constraint if exists webhooks_team_url;

-- In the place of the indexes that went with the two constraints.
create index if not exists webhooks_user on public.webhooks (user_id);
create index if not exists webhooks_team on public.webhooks (team_id);

-- Finds what is left to seal, mostly nothing, without reading the table.
create index if not exists webhooks_plain on public.webhooks (id) where url is not null;

-- Puts a sealed address into the place of the plain one that it was made of, if that is still there. A function, because
-- otherwise the plain one would stand in the address of a request, and so in logs.
create or replace function public.seal_webhook_address(webhook uuid, plain text, sealed text)
returns table (webhook_id uuid)
language sql
set search_path = ''
as $$
  update public.webhooks set url = null, encrypted_url = sealed where id = webhook and url = plain returning id;
$$;

revoke all on function public.webhooks_address() from public, anon, authenticated, service_role;
revoke all on function public.seal_webhook_address(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.seal_webhook_address(uuid, text, text) to service_role;

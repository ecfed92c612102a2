-- Where a person wants to be told about finished runs and changed keys.

create table if not exists public.webhooks (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  url text not null check (url like 'https://%' and char_length(url) <= 2048),
  description text not null default '' check (char_length(description) <= 500),
  created_at timestamptz not null default now(),
  constraint webhooks_user_url unique (user_id, url)
);

revoke all on table public.webhooks from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.webhooks to service_role;
grant select on table public.webhooks to authenticated;

alter table public.webhooks enable row level security;

drop policy if exists "A user manages their own webhooks" on public.webhooks;
create policy "A user manages their own webhooks"
  on public.webhooks for all to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

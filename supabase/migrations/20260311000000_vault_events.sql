-- Who did what to which key, and when. Never a value. Nobody changes or deletes an event, the server neither:
-- they go with their owner only.

create table if not exists public.vault_events (
  id uuid primary key default gen_random_uuid(),
  -- Not a foreign key: a team has to know which of its keys somebody has seen whose account is gone.
  actor_id uuid not null,
  owner_type text not null check (owner_type in ('user', 'team')),
  owner_id uuid not null,
  key text not null check (key ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  action text not null check (action in ('set', 'metadata', 'revealed', 'deleted', 'checked')),
  -- The clock's time, because the events of one import would all have the statement's.
  created_at timestamptz not null default clock_timestamp()
);

create index if not exists vault_events_owner_time
  on public.vault_events (owner_type, owner_id, created_at desc, id desc);
create index if not exists vault_events_key_time
  on public.vault_events (owner_type, owner_id, key, created_at desc, id desc);

revoke all on table public.vault_events from public, anon, authenticated, service_role;
grant select, insert on table public.vault_events to service_role;
grant select on table public.vault_events to authenticated;

alter table public.vault_events enable row level security;

drop policy if exists "A user sees what was done with their own keys" on public.vault_events;
create policy "A user sees what was done with their own keys"
  on public.vault_events for select to authenticated
  using (owner_type = 'user' and owner_id = (select auth.uid()));

drop policy if exists "An admin sees what was done with their team's keys" on public.vault_events;
create policy "An admin sees what was done with their team's keys"
  on public.vault_events for select to authenticated
  using (owner_type = 'team' and private.team_role(owner_id) = 'admin');

-- Security definer: the role that deletes accounts or teams has no right to delete events.
create or replace function public.vault_events_forget_owner()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.vault_events where owner_type = tg_argv[0] and owner_id = old.id;
  return old;
end;
$$;

create or replace trigger vault_events_forget_user
  after delete on auth.users
  for each row execute function public.vault_events_forget_owner('user');

create or replace trigger vault_events_forget_team
  after delete on public.teams
  for each row execute function public.vault_events_forget_owner('team');

revoke all on function public.vault_events_forget_owner() from public, anon, authenticated, service_role;

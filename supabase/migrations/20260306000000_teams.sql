-- Teams, and what membership means for the vault. Membership is asked for at every request and never
-- copied into a session, so that a removed member loses access at once.

create table if not exists public.teams (
  id uuid primary key default gen_random_uuid(),
  name text not null check (char_length(name) between 1 and 80),
  created_at timestamptz not null default now()
);

create table if not exists public.team_members (
  team_id uuid not null references public.teams (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null default 'member' check (role in ('admin', 'member')),
  created_at timestamptz not null default now(),
  primary key (team_id, user_id)
);

-- The primary key leads with the team; this serves "which teams am I in" and the removal of an account.
create index if not exists team_members_user_id on public.team_members (user_id);

revoke all on table public.teams, public.team_members from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.teams, public.team_members to service_role;
grant select on table public.teams, public.team_members to authenticated;

alter table public.teams enable row level security;
alter table public.team_members enable row level security;

-- Policies need the caller's role in a team, and a policy on team_members that selects from team_members
-- would call itself. It lives in a schema that the REST API does not expose.
create schema if not exists private;
revoke all on schema private from public, anon;
grant usage on schema private to authenticated, service_role;

create or replace function private.team_role(team uuid)
returns text
language sql
stable
security definer
set search_path = ''
as $$
  select role from public.team_members where team_id = team and user_id = (select auth.uid());
$$;

revoke all on function private.team_role(uuid) from public, anon;
grant execute on function private.team_role(uuid) to authenticated, service_role;

drop policy if exists "A member sees their teams" on public.teams;
create policy "A member sees their teams"
  on public.teams for select to authenticated
  using (private.team_role(id) is not null);

drop policy if exists "A member sees who is in their teams" on public.team_members;
create policy "A member sees who is in their teams"
  on public.team_members for select to authenticated
  using (private.team_role(team_id) is not null);

drop policy if exists "A member sees their team's secrets" on public.vault_secrets;
create policy "A member sees their team's secrets"
  on public.vault_secrets for select to authenticated
  using (owner_type = 'team' and private.team_role(owner_id) is not null);

drop policy if exists "An admin manages their team's secrets" on public.vault_secrets;
create policy "An admin manages their team's secrets"
  on public.vault_secrets for all to authenticated
  using (owner_type = 'team' and private.team_role(owner_id) = 'admin')
  with check (owner_type = 'team' and private.team_role(owner_id) = 'admin');

create or replace function public.vault_secrets_forget_team()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.vault_secrets where owner_type = 'team' and owner_id = old.id;
  return old;
end;
$$;

create or replace trigger vault_secrets_forget_team
  after delete on public.teams
  for each row execute function public.vault_secrets_forget_team();

revoke all on function public.vault_secrets_forget_team() from public, anon, authenticated, service_role;

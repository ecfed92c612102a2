-- This app has teams of its own.
create table public.teams (
  id uuid primary key default gen_random_uuid(),
  name text not null
);
create table public.team_members (
  team_id uuid not null references public.teams on delete cascade,
  user_id uuid not null references auth.users on delete cascade,
  role text not null check (role in ('owner', 'guest')),
  primary key (team_id, user_id)
);
alter table public.teams enable row level security;
alter table public.team_members enable row level security;
grant select, insert, update, delete on table public.teams, public.team_members to service_role;

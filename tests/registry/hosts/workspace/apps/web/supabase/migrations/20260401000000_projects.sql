-- Newer than the vault's migration under the name that it comes with.
create table public.projects (
  id bigint generated always as identity primary key,
  team_id uuid not null references public.teams on delete cascade
);
alter table public.projects enable row level security;

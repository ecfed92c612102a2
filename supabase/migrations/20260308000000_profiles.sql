-- Whose e-mail address belongs to an id, for those who share a team: auth.users is out of the app's reach.

create table if not exists public.profiles (
  user_id uuid primary key references auth.users (id) on delete cascade,
  email text not null default ''
);

revoke all on table public.profiles from public, anon, authenticated, service_role;
-- Read only, for the server too: the trigger alone writes here.
grant select on table public.profiles to authenticated, service_role;

alter table public.profiles enable row level security;

-- What a person may read of team_members is already their own teams, and no other.
drop policy if exists "A member sees who their teammates are" on public.profiles;
create policy "A member sees who their teammates are"
  on public.profiles for select to authenticated
  using (user_id = (select auth.uid()) or user_id in (select team_members.user_id from public.team_members));

-- Security definer, because the role that creates accounts has no rights on this table.
create or replace function public.profiles_follow_user()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.profiles (user_id, email) values (new.id, coalesce(new.email, ''))
    on conflict (user_id) do update set email = excluded.email;
  return new;
end;
$$;

create or replace trigger profiles_follow_user
  after insert or update of email on auth.users
  for each row execute function public.profiles_follow_user();

revoke all on function public.profiles_follow_user() from public, anon, authenticated, service_role;

-- Those who were here before this table.
insert into public.profiles (user_id, email) select id, coalesce(email, '') from auth.users
  on conflict (user_id) do nothing;

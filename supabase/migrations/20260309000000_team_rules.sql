-- What keeps a team in order, whoever writes: it has an admin at all times, invitations work once and not for
-- long, and whoever leaves takes their invitations along.

alter table public.teams
  add column if not exists created_by uuid references auth.users (id) on delete set null,
  -- Whose keys may pay for runs in this team: the person's own only, also the team's, also the platform's.
  add column if not exists key_policy text not null default 'platform'
    check (key_policy in ('own', 'team', 'platform'));

create or replace function public.teams_add_creator()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into public.team_members (team_id, user_id, role) values (new.id, new.created_by, 'admin');
  return new;
end;
$$;

-- In the statement that creates the team, so that there is never one that nobody can manage.
create or replace trigger teams_add_creator
  after insert on public.teams
  for each row when (new.created_by is not null) execute function public.teams_add_creator();

-- The last admin neither leaves nor is demoted. Under a lock on the team, because two admins who leave at the
-- same moment would each find the other. A team that is being deleted, and a person whose account is, are gone
-- by the time their memberships follow, and are let go. Security definer, to look into auth.users.
create or replace function public.team_members_keep_admin()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if old.role = 'admin' and (tg_op = 'DELETE' or new.role <> 'admin' or new.team_id <> old.team_id) then
    perform from public.teams where id = old.team_id for no key update;
    if found
      and exists (select from auth.users where id = old.user_id)
      and not exists (select from public.team_members
        where team_id = old.team_id and role = 'admin' and user_id <> old.user_id) then
      -- PT409: PostgREST answers with HTTP 409, and passes the code on.
      raise exception using errcode = 'PT409', message = 'A team has at least one admin.';
    end if;
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$$;

create or replace trigger team_members_keep_admin
  before update or delete on public.team_members
  for each row execute function public.team_members_keep_admin();

-- Where the last admin's account was deleted: whoever has been a member for longest takes over, and a team
-- without members is nobody's.
create or replace function public.team_members_pass_on()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if old.role <> 'admin' or exists (select from public.team_members
      where team_id = old.team_id and role = 'admin') then
    return old;
  end if;
  update public.team_members set role = 'admin'
    where team_id = old.team_id and user_id = (select user_id from public.team_members
      where team_id = old.team_id order by created_at, user_id limit 1);
  if not found then
    delete from public.teams where id = old.team_id;
  end if;
  return old;
end;
$$;

create or replace trigger team_members_pass_on
  after delete on public.team_members
  for each row execute function public.team_members_pass_on();

-- A link that lets one person in. The database holds the hash of its secret part only.
create table if not exists public.team_invites (
  id uuid primary key default gen_random_uuid(),
  team_id uuid not null,
  created_by uuid not null,
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  role text not null default 'member' check (role in ('admin', 'member')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '7 days',
  used_by uuid references auth.users (id) on delete cascade,
  used_at timestamptz,
  -- Whoever leaves or is removed cannot come back through a link of their own.
  constraint team_invites_creator foreign key (team_id, created_by)
    references public.team_members (team_id, user_id) on delete cascade
);

create index if not exists team_invites_creator on public.team_invites (team_id, created_by);
create index if not exists team_invites_used_by on public.team_invites (used_by);

revoke all on table public.team_invites from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.team_invites to service_role;

-- On, and without a policy: nobody but the server has to do with invitations.
alter table public.team_invites enable row level security;

-- Accepting is one update of used_by. It changes nothing where the invitation was used or has expired, so of
-- two people with one link only the first gets in; and the membership comes with it or not at all.
create or replace function public.team_invites_accept()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if old.used_at is not null or old.expires_at <= now() then
    return null;
  end if;
  insert into public.team_members (team_id, user_id, role) values (old.team_id, new.used_by, old.role)
    on conflict (team_id, user_id) do nothing;
  new.used_at := now();
  return new;
end;
$$;

create or replace trigger team_invites_accept
  before update of used_by on public.team_invites
  for each row execute function public.team_invites_accept();

-- Only admins invite, and at most 20 invitations of a team are open. Under locks, because the one who invites may be
-- demoted at the same moment, and two who count for themselves would both find room.
create or replace function public.team_invites_check()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform from public.team_members
    where team_id = new.team_id and user_id = new.created_by and role = 'admin' for share;
  if not found then
    -- PT403: PostgREST answers with HTTP 403, and passes the code on.
    raise exception using errcode = 'PT403', message = 'Only an admin of the team invites.';
  end if;
  perform from public.teams where id = new.team_id for no key update;
  if (select count(*) from public.team_invites
      where team_id = new.team_id and used_at is null and expires_at > now()) >= 20 then
    raise exception using errcode = 'PT409', message = 'A team has at most 20 open invitations.';
  end if;
  return new;
end;
$$;

create or replace trigger team_invites_check
  before insert on public.team_invites
  for each row execute function public.team_invites_check();

-- Only admins invite, so a demoted one's open invitations go.
create or replace function public.team_members_withdraw_invites()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  delete from public.team_invites
    where team_id = new.team_id and created_by = new.user_id and used_at is null;
  return new;
end;
$$;

create or replace trigger team_members_withdraw_invites
  after update of role on public.team_members
  for each row when (old.role = 'admin' and new.role <> 'admin')
  execute function public.team_members_withdraw_invites();

revoke all on function public.teams_add_creator() from public, anon, authenticated, service_role;
revoke all on function public.team_members_keep_admin() from public, anon, authenticated, service_role;
revoke all on function public.team_members_pass_on() from public, anon, authenticated, service_role;
revoke all on function public.team_members_withdraw_invites() from public, anon, authenticated, service_role;
revoke all on function public.team_invites_check() from public, anon, authenticated, service_role;
revoke all on function public.team_invites_accept() from public, anon, authenticated, service_role;

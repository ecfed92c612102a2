-- A deleted team is hidden for 30 days: nobody is in it, so nobody can use or see anything of it, and any of its former
-- admins can bring it back with all that it had, its log included. Then it is gone for good.

alter table public.teams
  add column if not exists deleted_at timestamptz,
  -- Not a foreign key: it stays when the account is gone.
  add column if not exists deleted_by uuid;

create index if not exists teams_deleted_at on public.teams (deleted_at) where deleted_at is not null;

-- Who was in a deleted team. Everything asks team_members who may do what, so a team that is hidden is closed by having none
-- there, and no question can forget to ask whether it is.
create table if not exists public.deleted_team_members (
  team_id uuid not null references public.teams (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null check (role in ('admin', 'member')),
  monthly_usd numeric(8, 2),
  created_at timestamptz not null,
  primary key (team_id, user_id)
);

create index if not exists deleted_team_members_user_id on public.deleted_team_members (user_id);

-- Written by the functions below alone.
revoke all on table public.deleted_team_members from public, anon, authenticated, service_role;
grant select on table public.deleted_team_members to service_role;

-- On, and without a policy: the server alone has to do with it.
alter table public.deleted_team_members enable row level security;

-- Begins what an admin does to a team: makes sure that they may, and says who it is to what writes the log. The lock on
-- the team makes one order of it all, so that two who demote each other do not wait for each other.
create or replace function public.administer_team(actor uuid, for_team uuid)
returns table (is_admin boolean)
language plpgsql
set search_path = ''
as $$
declare
  actor_role text;
begin
  perform from public.teams where id = for_team for no key update;
  select member.role into actor_role from public.team_members as member
    where member.team_id = for_team and member.user_id = actor for share;
  if not found then
    -- PT404 and PT403: PostgREST answers with HTTP 404 and 403, and passes the codes on.
    raise exception using errcode = 'PT404', message = 'The actor is not in such a team.';
  end if;
  if actor_role <> 'admin' then
    raise exception using errcode = 'PT403', message = 'Only an admin of the team does this.';
  end if;
  perform set_config('vault.actor', actor::text, true);
  return query select true;
end;
$$;

-- Hides a team. Who may is decided before.
create or replace function public.hide_team(actor uuid, for_team uuid)
returns table (user_id uuid)
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  insert into public.vault_events (actor_id, owner_type, owner_id, action, details)
    select actor, 'team', team.id, 'team_deleted', jsonb_build_object('name', team.name)
      from public.teams as team where team.id = for_team;
  insert into public.deleted_team_members (team_id, user_id, role, monthly_usd, created_at)
    select member.team_id, member.user_id, member.role, member.monthly_usd, member.created_at
      from public.team_members as member where member.team_id = for_team;
  update public.teams set deleted_at = now(), deleted_by = actor where id = for_team;
  delete from public.team_members where team_id = for_team;
  -- On this occasion, the teams whose time is over.
  delete from public.teams where deleted_at < now() - interval '30 days';
  return query select former.user_id from public.deleted_team_members as former
    where former.team_id = for_team and former.role = 'admin' and former.user_id <> actor;
end;
$$;

-- Deletes a team, for one of its admins. Returns its other admins.
create or replace function public.delete_team(actor uuid, for_team uuid)
returns table (user_id uuid)
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform public.administer_team(actor, for_team);
  return query select * from public.hide_team(actor, for_team);
end;
$$;

-- Brings a team back, for one who was an admin of it when it was deleted.
create or replace function public.restore_team(actor uuid, for_team uuid)
returns table (id uuid)
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  actor_role text;
begin
  perform from public.teams where id = for_team and deleted_at > now() - interval '30 days' for update;
  if found then
    select former.role into actor_role from public.deleted_team_members as former
      where former.team_id = for_team and former.user_id = actor;
  end if;
  if actor_role is null then
    raise exception using errcode = 'PT404', message = 'The actor was not in such a team.';
  end if;
  if actor_role <> 'admin' then
    raise exception using errcode = 'PT403', message = 'Only a former admin brings a team back.';
  end if;
  perform set_config('vault.actor', actor::text, true);
  update public.teams set deleted_at = null, deleted_by = null where id = for_team;
  insert into public.team_members (team_id, user_id, role, monthly_usd, created_at)
    select former.team_id, former.user_id, former.role, former.monthly_usd, former.created_at
      from public.deleted_team_members as former where former.team_id = for_team;
  delete from public.deleted_team_members where team_id = for_team;
  insert into public.vault_events (actor_id, owner_type, owner_id, action, details)
    select actor, 'team', team.id, 'team_restored', jsonb_build_object('name', team.name)
      from public.teams as team where team.id = for_team;
  return query select for_team;
end;
$$;

-- The deleted teams that a person can bring back, those deleted last first.
create or replace function public.deleted_teams(for_user uuid)
returns table (id uuid, name text, deleted_at timestamptz, deleted_by uuid, deleted_by_email text)
language sql
stable
set search_path = ''
as $$
  select team.id, team.name, team.deleted_at, team.deleted_by, known.email
    from public.deleted_team_members as former
    join public.teams as team on team.id = former.team_id
    cross join lateral public.activity_address('team', team.id, team.deleted_by) as known
    where former.user_id = for_user and former.role = 'admin' and team.deleted_at > now() - interval '30 days'
    order by team.deleted_at desc, team.id;
$$;

-- A hidden team has no members, and is let be. Otherwise as before: the last admin neither leaves nor is demoted.
create or replace function public.team_members_keep_admin()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if old.role = 'admin' and (tg_op = 'DELETE' or new.role <> 'admin' or new.team_id <> old.team_id) then
    perform from public.teams where id = old.team_id and deleted_at is null for no key update;
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

-- A team that nobody is in goes, and so does a hidden one that nobody was in whose account is still there.
create or replace function public.team_members_end_team()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from public.teams where id = old.team_id for no key update;
  delete from public.teams where id = old.team_id
    and not exists (select from public.team_members where team_id = old.team_id)
    and not exists (select from public.deleted_team_members where team_id = old.team_id);
  return old;
end;
$$;

create or replace trigger deleted_team_members_end_team
  after delete on public.deleted_team_members
  for each row execute function public.team_members_end_team();

-- Nobody is in more than 50 teams. One that is brought back is not stopped by that; so that nobody hides teams without
-- end, those that a person was an admin of count as well, up to a hundred together. And nothing adds anybody to a team that
-- is hidden.
create or replace function public.team_members_limit()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  hidden_at timestamptz;
  present bigint;
  hidden bigint;
begin
  -- For share, which waits for who is hiding it.
  select deleted_at into hidden_at from public.teams where id = new.team_id for share;
  if hidden_at is not null then
    -- PT404: PostgREST answers with HTTP 404, and passes the code on.
    raise exception using errcode = 'PT404', message = 'There is no such team.';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('team_members' || new.user_id::text, 0));
  select count(*) into present from public.team_members as member
    where member.user_id = new.user_id and member.team_id <> new.team_id;
  select count(*) into hidden from public.deleted_team_members as former
    join public.teams as team on team.id = former.team_id
    where former.user_id = new.user_id and former.role = 'admin' and former.team_id <> new.team_id
      and team.deleted_at > now() - interval '30 days';
  if (present >= 50 or present + hidden >= 100) and not exists (select from public.deleted_team_members as former
      where former.user_id = new.user_id and former.team_id = new.team_id) then
    -- PT422: PostgREST answers with HTTP 422, and passes the code on.
    raise exception using errcode = 'PT422', message = 'A person is in at most 50 teams.';
  end if;
  return new;
end;
$$;

-- Nothing is stored for an owner that is gone, and no secret for a team that is hidden.
create or replace function public.vault_require_owner()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if new.owner_type = 'user' then
    perform from auth.users where id = new.owner_id for key share;
  else
    perform from public.teams where id = new.owner_id and (deleted_at is null or tg_table_name = 'vault_events')
      for key share;
  end if;
  if not found then
    -- PT404: PostgREST answers with HTTP 404, and passes the code on.
    raise exception using errcode = 'PT404', message = 'There is no such owner.';
  end if;
  return new;
end;
$$;

-- As before, and a team that is deleted with an account is hidden like any other, so that nobody takes the log along.
create or replace function public.delete_account(for_user uuid, teams jsonb)
returns table (deleted boolean)
language plpgsql
security definer
set search_path = ''
as $$
declare
  choice record;
begin
  perform from auth.users where id = for_user for update;
  if not found then
    return;
  end if;
  perform set_config('vault.actor', for_user::text, true);
  -- Whoever joins or leaves one of these teams, or is demoted in it, waits until this is done, or was before it.
  perform from public.teams as team
    where team.id in (select member.team_id from public.team_members as member where member.user_id = for_user)
    order by team.id
    for update;
  for choice in
    select (entry ->> 'team_id')::uuid as team_id, (entry ->> 'pass_to')::uuid as pass_to
      from jsonb_array_elements(delete_account.teams) as entry
  loop
    continue when not exists (select from public.team_members as member
        where member.team_id = choice.team_id and member.user_id = for_user and member.role = 'admin')
      or exists (select from public.team_members as member
        where member.team_id = choice.team_id and member.user_id <> for_user and member.role = 'admin');
    if choice.pass_to is null then
      perform public.hide_team(for_user, choice.team_id);
    else
      update public.team_members as member set role = 'admin'
        where member.team_id = choice.team_id and member.user_id = choice.pass_to;
    end if;
  end loop;
  -- Also where the chosen member has left meanwhile, or somebody has joined.
  if exists (select from public.team_members as mine
      where mine.user_id = for_user and mine.role = 'admin'
        and exists (select from public.team_members as other
          where other.team_id = mine.team_id and other.user_id <> for_user)
        and not exists (select from public.team_members as other
          where other.team_id = mine.team_id and other.user_id <> for_user and other.role = 'admin')) then
    -- PT409: PostgREST answers with HTTP 409, and passes the code on.
    raise exception using errcode = 'PT409', message = 'A team with members needs an admin.';
  end if;
  delete from auth.users where id = for_user;
  return query select true;
end;
$$;

revoke all on function public.administer_team(uuid, uuid) from public, anon, authenticated, service_role;
revoke all on function public.hide_team(uuid, uuid) from public, anon, authenticated, service_role;
revoke all on function public.delete_team(uuid, uuid) from public, anon, authenticated, service_role;
revoke all on function public.restore_team(uuid, uuid) from public, anon, authenticated, service_role;
revoke all on function public.deleted_teams(uuid) from public, anon, authenticated, service_role;
grant execute on function public.administer_team(uuid, uuid), public.delete_team(uuid, uuid),
  public.restore_team(uuid, uuid), public.deleted_teams(uuid) to service_role;

-- Webhooks can hear that a team was deleted: its own, and those of its other admins, who can bring it back.
alter table public.webhooks
  drop constraint if exists webhooks_events_check,
  add constraint webhooks_events_check check (cardinality(events) > 0 and events <@ array['reveal.completed',
    'reveal.failed', 'vault.secret.created', 'vault.secret.rotated', 'vault.secret.deleted', 'vault.secret.revealed',
    'vault.secret.refused', 'spending.threshold', 'webhook.paused', 'team.deleted'])
    not valid, -- A later migration has more events, and this one may be applied again.
  alter column events set default array['reveal.completed', 'reveal.failed', 'vault.secret.created',
    'vault.secret.rotated', 'vault.secret.deleted', 'vault.secret.revealed', 'vault.secret.refused',
    'spending.threshold', 'webhook.paused', 'team.deleted'];

-- Deleting a team's row would take its log along, so the server cannot do that.
revoke delete on table public.teams from service_role;

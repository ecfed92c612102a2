-- The account: which sessions a person has, and how an account is deleted. Nobody becomes a team's admin because
-- somebody else's account is gone: an admin sees the values of the team's keys, so a person decides who is one.

-- Until now, the longest-standing member took over.
drop trigger if exists team_members_pass_on on public.team_members;
drop function if exists public.team_members_pass_on();

-- A team without members is nobody's, and goes. Members without an admin may still use the team's keys: such a team
-- stays, until the operator makes one of them an admin (docs/operations.md). The lock makes one order of two people
-- who are deleted at the same moment, because each would see the other as still there.
create or replace function public.team_members_end_team()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  perform from public.teams where id = old.team_id for no key update;
  delete from public.teams where id = old.team_id
    and not exists (select from public.team_members where team_id = old.team_id);
  return old;
end;
$$;

create or replace trigger team_members_end_team
  after delete on public.team_members
  for each row execute function public.team_members_end_team();

-- A person's sessions that are still good, latest use first. The auth server writes down the browser of each, where it
-- does. One of its two times of the latest use has no time zone, and is UTC.
create or replace function public.account_sessions(for_user uuid)
returns table (id uuid, created_at timestamptz, used_at timestamptz, user_agent text)
language plpgsql
stable
security definer
set search_path = ''
set timezone = 'UTC'
as $$
#variable_conflict use_column
begin
  return query
    select session.id, session.created_at,
        greatest(session.created_at, session.updated_at, session.refreshed_at::timestamptz), session.user_agent
      from auth.sessions as session
      where session.user_id = for_user and (session.not_after is null or session.not_after > now())
      order by 3 desc nulls last, session.id
      limit 100;
end;
$$;

-- Deletes an account with everything that is its own, all in one transaction or nothing. Who has asked for it, and
-- entered their password, is known before.
--
-- teams is a list of {"team_id": uuid, "pass_to": uuid or null}, with one entry for each team of which the person is the
-- only admin and not the only member: the member who becomes its admin, or null to delete the team. An entry for any
-- other team changes nothing.
--
-- Security definer, with the rights of whoever ran this migration: on hosted Supabase that is `postgres`, which may delete
-- from auth.users. Sessions, refresh tokens and all rows of the app's that belong to the account go with that row.
--
-- Returns no row where there is no such account.
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
      delete from public.teams as team where team.id = choice.team_id;
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

revoke all on function public.team_members_end_team() from public, anon, authenticated, service_role;
revoke all on function public.account_sessions(uuid) from public, anon, authenticated, service_role;
grant execute on function public.account_sessions(uuid) to service_role;
revoke all on function public.delete_account(uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.delete_account(uuid, jsonb) to service_role;

-- Whatever changes who is in a team, or who may join it, locks the team before anything else. So of two changes at the same
-- moment one comes first and the other one sees it: nobody joins a team that is just being deleted, and nobody keeps an admin
-- from being demoted by inviting at that moment, which was a deadlock.

-- Accepts an invitation for a person. Returns no row where it is not open any more.
create or replace function public.accept_invite(for_invite uuid, person uuid)
returns table (team_id uuid)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform from public.teams as team
    where team.id = (select invite.team_id from public.team_invites as invite where invite.id = for_invite)
    for no key update;
  return query update public.team_invites as invite set used_by = person
    where invite.id = for_invite
    returning invite.team_id;
end;
$$;

-- As before, with the team first.
create or replace function public.team_invites_check()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform from public.teams where id = new.team_id for no key update;
  perform from public.team_members
    where team_id = new.team_id and user_id = new.created_by and role = 'admin' for share;
  if not found then
    -- PT403: PostgREST answers with HTTP 403, and passes the code on.
    raise exception using errcode = 'PT403', message = 'Only an admin of the team invites.';
  end if;
  if (select count(*) from public.team_invites
      where team_id = new.team_id and used_at is null and expires_at > now()) >= 20 then
    raise exception using errcode = 'PT409', message = 'A team has at most 20 open invitations.';
  end if;
  return new;
end;
$$;

-- As before, with the team first also where somebody leaves.
create or replace function public.remove_member(actor uuid, for_team uuid, for_user uuid)
returns table (user_id uuid)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  if actor = for_user then
    perform from public.teams where id = for_team for no key update;
    perform set_config('vault.actor', actor::text, true);
  else
    perform public.administer_team(actor, for_team);
  end if;
  return query delete from public.team_members as member
    where member.team_id = for_team and member.user_id = for_user
    returning member.user_id;
end;
$$;

-- As before, and nobody is added to a team that is hidden, whoever writes.
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
  -- For share, which waits for whoever is hiding it.
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

revoke all on function public.accept_invite(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.accept_invite(uuid, uuid) to service_role;

-- What is done to teams, members and invitations is written down as it is done, in the same transaction, whatever does it.
-- Who does it is told by the functions below, in the setting vault.actor of their transaction; without it, nobody in the
-- app did.
--
-- Whatever changes who is in a team, or who may join it, locks the team before anything else. So of two changes at the same
-- moment one comes first and the other one sees it: nobody joins a team that is just being deleted, and nobody keeps an admin
-- from being demoted by inviting at that moment, which was a deadlock.

-- Renames a team, changes whose keys may pay in it, or its budgets, for one of its admins. Only what `change` has: name,
-- key_policy, monthly_usd, member_monthly_usd.
create or replace function public.change_team(actor uuid, for_team uuid, change jsonb)
returns table (id uuid)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform public.administer_team(actor, for_team);
  return query update public.teams as team set
      name = case when change ? 'name' then change ->> 'name' else name end,
      key_policy = case when change ? 'key_policy' then change ->> 'key_policy' else key_policy end,
      monthly_usd = case when change ? 'monthly_usd' then (change ->> 'monthly_usd')::numeric else monthly_usd end,
      member_monthly_usd = case when change ? 'member_monthly_usd'
        then (change ->> 'member_monthly_usd')::numeric else member_monthly_usd end
    where team.id = for_team
    returning team.id;
end;
$$;

-- Makes somebody in a team an admin or a member, or sets their budget, for one of its admins. Only what `change` has: role,
-- monthly_usd. Returns no row where there is no such member.
create or replace function public.change_member(actor uuid, for_team uuid, for_user uuid, change jsonb)
returns table (user_id uuid)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform public.administer_team(actor, for_team);
  return query update public.team_members as member set
      role = case when change ? 'role' then change ->> 'role' else role end,
      monthly_usd = case when change ? 'monthly_usd' then (change ->> 'monthly_usd')::numeric else monthly_usd end
    where member.team_id = for_team and member.user_id = for_user
    returning member.user_id;
end;
$$;

-- Takes somebody out of a team: themselves, or anybody, for one of its admins. Returns no row where there is no such member.
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

-- Takes back an invitation that nobody has used yet, for an admin. Returns no row where there is none.
create or replace function public.withdraw_invite(actor uuid, for_team uuid, for_invite uuid)
returns table (id uuid)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform public.administer_team(actor, for_team);
  return query delete from public.team_invites as invite
    where invite.team_id = for_team and invite.id = for_invite and invite.used_at is null
    returning invite.id;
end;
$$;

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

-- Who may invite is asked as before, with the team locked first.
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

create or replace function public.teams_record()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  actor uuid := nullif(current_setting('vault.actor', true), '')::uuid;
begin
  if tg_op = 'INSERT' then
    insert into public.vault_events (actor_id, owner_type, owner_id, action, details)
      values (new.created_by, 'team', new.id, 'team_created', jsonb_build_object('name', new.name));
    return new;
  end if;
  insert into public.vault_events (actor_id, owner_type, owner_id, action, details)
    select actor, 'team', new.id, changed.action, changed.details
      from (values
        ('team_renamed', old.name is distinct from new.name,
          jsonb_build_object('from', old.name, 'to', new.name)),
        ('rule_changed', old.key_policy is distinct from new.key_policy,
          jsonb_build_object('from', old.key_policy, 'to', new.key_policy)),
        ('budget_changed', old.monthly_usd is distinct from new.monthly_usd,
          jsonb_build_object('of', 'team', 'from', old.monthly_usd, 'to', new.monthly_usd)),
        ('budget_changed', old.member_monthly_usd is distinct from new.member_monthly_usd,
          jsonb_build_object('of', 'default', 'from', old.member_monthly_usd, 'to', new.member_monthly_usd))
      ) as changed (action, is_change, details)
      where changed.is_change;
  return new;
end;
$$;

create or replace trigger teams_record
  after insert or update on public.teams
  for each row execute function public.teams_record();

-- Nothing of a team that is gone, or hidden, or brought back: that is one event of its own. Security definer, because
-- memberships also go with an account, which the role that deletes it does.
create or replace function public.team_members_record()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  actor uuid := nullif(current_setting('vault.actor', true), '')::uuid;
  invited_by text := nullif(current_setting('vault.invited_by', true), '');
begin
  if tg_op = 'INSERT' then
    insert into public.vault_events (actor_id, owner_type, owner_id, action, subject_id, details)
      select actor, 'team', new.team_id, 'member_joined', new.user_id,
          jsonb_strip_nulls(jsonb_build_object('role', new.role, 'invited_by', invited_by))
        from public.teams as team
        where team.id = new.team_id
          -- Its creator comes with it.
          and not (team.created_by is not distinct from new.user_id and team.created_at = now())
          and not exists (select from public.deleted_team_members as former
            where former.team_id = new.team_id and former.user_id = new.user_id);
    return new;
  end if;
  if tg_op = 'UPDATE' then
    insert into public.vault_events (actor_id, owner_type, owner_id, action, subject_id, details)
      select actor, 'team', new.team_id, changed.action, new.user_id, changed.details
        from (values
          ('role_changed', old.role is distinct from new.role, jsonb_build_object('from', old.role, 'to', new.role)),
          ('budget_changed', old.monthly_usd is distinct from new.monthly_usd,
            jsonb_build_object('of', 'member', 'from', old.monthly_usd, 'to', new.monthly_usd))
        ) as changed (action, is_change, details)
        where changed.is_change;
    return new;
  end if;
  insert into public.vault_events (actor_id, owner_type, owner_id, action, subject_id, details)
    select actor, 'team', old.team_id, case when actor = old.user_id then 'member_left' else 'member_removed' end,
        old.user_id, jsonb_build_object('role', old.role)
      from public.teams as team
      where team.id = old.team_id and team.deleted_at is null
        -- With an account, that was written down before.
        and exists (select from auth.users as account where account.id = old.user_id);
  return old;
end;
$$;

create or replace trigger team_members_record
  after insert or update or delete on public.team_members
  for each row execute function public.team_members_record();

-- Before an account is gone, and with its address where its deeds are in the team's log: a team has to know who it was
-- that has seen its keys.
create or replace function public.team_members_record_account()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.vault_events (actor_id, owner_type, owner_id, action, subject_id, details)
    select old.id, 'team', membership.team_id, 'member_left', old.id, jsonb_strip_nulls(jsonb_build_object(
          'role', membership.role, 'account_deleted', true,
          'email', case when exists (select from public.vault_events as event
            where event.owner_type = 'team' and event.owner_id = membership.team_id and event.actor_id = old.id
              and event.action <> 'member_joined') then old.email end))
      from (
        select member.team_id, member.role from public.team_members as member where member.user_id = old.id
        union all
        select former.team_id, former.role from public.deleted_team_members as former where former.user_id = old.id
      ) as membership;
  return old;
end;
$$;

create or replace trigger team_members_record_account
  before delete on auth.users
  for each row execute function public.team_members_record_account();

create or replace function public.team_invites_record()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    insert into public.vault_events (actor_id, owner_type, owner_id, action, details)
      values (new.created_by, 'team', new.team_id, 'member_invited',
        jsonb_strip_nulls(jsonb_build_object('role', new.role, 'label', new.label)));
    return new;
  end if;
  insert into public.vault_events (actor_id, owner_type, owner_id, action, details)
    select nullif(current_setting('vault.actor', true), '')::uuid, 'team', old.team_id, 'invite_withdrawn',
        jsonb_strip_nulls(jsonb_build_object('role', old.role, 'label', old.label))
      from public.teams as team
      where team.id = old.team_id and team.deleted_at is null and old.used_at is null and old.expires_at > now();
  return old;
end;
$$;

create or replace trigger team_invites_record
  after insert or delete on public.team_invites
  for each row execute function public.team_invites_record();

-- Accepting, as before; and who was removed does not come back through a link from before that, which somebody may have
-- passed on.
create or replace function public.team_invites_accept()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if old.used_at is not null or old.expires_at <= now()
    or exists (select from public.vault_events as event
      where event.owner_type = 'team' and event.owner_id = old.team_id and event.subject_id = new.used_by
        and event.action = 'member_removed' and event.created_at >= old.created_at) then
    return null;
  end if;
  perform set_config('vault.actor', new.used_by::text, true);
  perform set_config('vault.invited_by',
    coalesce((select profiles.email from public.profiles where profiles.user_id = old.created_by), ''), true);
  insert into public.team_members (team_id, user_id, role) values (old.team_id, new.used_by, old.role)
    on conflict (team_id, user_id) do nothing;
  new.used_at := now();
  return new;
end;
$$;

-- An admin may know links that others made, so all open ones go when an admin is demoted, removed, or leaves. Security
-- definer, because memberships also go with an account, and the role that deletes it has no right on invitations.
create or replace function public.team_members_withdraw_invites()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.team_invites where team_id = old.team_id and used_at is null;
  return old;
end;
$$;

create or replace trigger team_members_withdraw_invites
  after update of role on public.team_members
  for each row when (old.role = 'admin' and new.role <> 'admin')
  execute function public.team_members_withdraw_invites();

create or replace trigger team_members_withdraw_invites_of_leaver
  after delete on public.team_members
  for each row when (old.role = 'admin')
  execute function public.team_members_withdraw_invites();

revoke all on function public.change_team(uuid, uuid, jsonb) from public, anon, authenticated, service_role;
revoke all on function public.change_member(uuid, uuid, uuid, jsonb) from public, anon, authenticated, service_role;
revoke all on function public.remove_member(uuid, uuid, uuid) from public, anon, authenticated, service_role;
revoke all on function public.withdraw_invite(uuid, uuid, uuid) from public, anon, authenticated, service_role;
revoke all on function public.accept_invite(uuid, uuid) from public, anon, authenticated, service_role;
revoke all on function public.teams_record() from public, anon, authenticated, service_role;
revoke all on function public.team_members_record() from public, anon, authenticated, service_role;
revoke all on function public.team_members_record_account() from public, anon, authenticated, service_role;
revoke all on function public.team_invites_record() from public, anon, authenticated, service_role;
grant execute on function public.change_team(uuid, uuid, jsonb), public.change_member(uuid, uuid, uuid, jsonb),
  public.remove_member(uuid, uuid, uuid), public.withdraw_invite(uuid, uuid, uuid),
  public.accept_invite(uuid, uuid) to service_role;

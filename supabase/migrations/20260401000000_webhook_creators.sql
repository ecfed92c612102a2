-- Somebody answers for each webhook: who added it, gave it its address, or resumed it last. Once that person is no admin of
-- the team any more, nothing is sent to it until another admin answers for it, because it may lead to the one who left. What
-- is done to webhooks is written into the log, in the same transaction, whatever does it.

alter table public.webhooks
  -- Null in rows from before. Not a foreign key: it says who it was when the account is gone.
  add column if not exists created_by uuid,
  -- Since when nothing is sent. Null in rows that were paused before.
  add column if not exists paused_at timestamptz,
  drop constraint if exists webhooks_pause_reason_check,
  add constraint webhooks_pause_reason_check
    check (pause_reason in ('person', 'failures', 'gone', 'no_secret', 'creator_left'));

create or replace function public.webhooks_paused_at()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.paused_at := case when new.pause_reason is not null then now() end;
  return new;
end;
$$;

create or replace trigger webhooks_paused_at
  before update of pause_reason on public.webhooks
  for each row when (old.pause_reason is distinct from new.pause_reason)
  execute function public.webhooks_paused_at();

-- Makes sure that somebody may change an owner's webhooks at this moment, and says who it is to what writes the log.
create or replace function public.administer_owner(actor uuid, for_type text, for_owner uuid)
returns table (is_admin boolean)
language plpgsql
set search_path = ''
as $$
begin
  if for_type = 'team' then
    return query select * from public.administer_team(actor, for_owner);
  elsif actor is distinct from for_owner then
    raise exception using errcode = 'PT404', message = 'What is a person''s own is nobody else''s.';
  else
    perform set_config('vault.actor', actor::text, true);
    return query select true;
  end if;
end;
$$;

-- Adds a webhook: id, encrypted_url, address, description, events and encrypted_secret.
create or replace function public.add_webhook(actor uuid, for_type text, for_owner uuid, webhook jsonb)
returns table (id uuid)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform public.administer_owner(actor, for_type, for_owner);
  return query insert into public.webhooks
      (id, user_id, team_id, encrypted_url, address, description, events, encrypted_secret, created_by)
    values ((webhook ->> 'id')::uuid, case for_type when 'user' then for_owner end,
      case for_type when 'team' then for_owner end, webhook ->> 'encrypted_url', webhook ->> 'address',
      webhook ->> 'description', array(select jsonb_array_elements_text(webhook -> 'events')),
      webhook ->> 'encrypted_secret', actor)
    returning webhooks.id;
end;
$$;

-- Changes what `change` has of a webhook: encrypted_url and address, description, events, encrypted_secret, is_paused,
-- is_seen. Who gives it another address, or has it sent to again, answers for it from then on. Returns no row where the
-- owner has no such webhook.
create or replace function public.change_webhook(
  actor uuid, for_type text, for_owner uuid, for_webhook uuid, change jsonb
)
returns table (id uuid)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  is_moved constant boolean := change ? 'encrypted_url';
  is_resumed constant boolean := change @> '{"is_paused": false}';
begin
  perform public.administer_owner(actor, for_type, for_owner);
  return query update public.webhooks as webhook set
      url = case when is_moved then null else url end,
      encrypted_url = case when is_moved then change ->> 'encrypted_url' else encrypted_url end,
      address = case when is_moved then change ->> 'address' else address end,
      description = case when change ? 'description' then change ->> 'description' else description end,
      events = case when change ? 'events'
        then array(select jsonb_array_elements_text(change -> 'events')) else events end,
      encrypted_secret = case when change ? 'encrypted_secret' then change ->> 'encrypted_secret' else encrypted_secret end,
      pause_reason = case
        when is_resumed then null
        when change ? 'encrypted_secret' and pause_reason = 'no_secret' then null
        when change @> '{"is_paused": true}' then coalesce(pause_reason, 'person')
        when is_moved and pause_reason = 'creator_left' then 'person'
        else pause_reason end,
      failures = case when is_resumed then 0 else failures end,
      pause_is_unseen = pause_is_unseen and not is_resumed and not change @> '{"is_seen": true}',
      pause_is_untold = pause_is_untold and not is_resumed,
      created_by = case
        when is_moved or (is_resumed and pause_reason is not null)
          or (change ? 'encrypted_secret' and pause_reason = 'no_secret') then actor
        else created_by end
    where webhook.id = for_webhook
      and case for_type when 'team' then webhook.team_id else webhook.user_id end = for_owner
    returning webhook.id;
end;
$$;

-- Deletes a webhook with its deliveries. Returns no row where the owner has no such webhook.
create or replace function public.remove_webhook(actor uuid, for_type text, for_owner uuid, for_webhook uuid)
returns table (id uuid)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform public.administer_owner(actor, for_type, for_owner);
  return query delete from public.webhooks as webhook
    where webhook.id = for_webhook
      and case for_type when 'team' then webhook.team_id else webhook.user_id end = for_owner
    returning webhook.id;
end;
$$;

-- Gives the stored address of a webhook to be shown in full, and writes down who asked for it: no event, no address. Returns
-- no row, and writes no event, where the owner has no such webhook.
create or replace function public.show_webhook(actor uuid, for_type text, for_owner uuid, for_webhook uuid)
returns table (id uuid, url text, encrypted_url text)
language plpgsql
set search_path = ''
as $$
begin
  perform public.administer_owner(actor, for_type, for_owner);
  return query with shown as (
    select webhook.id, webhook.url, webhook.encrypted_url, webhook.address, webhook.description
      from public.webhooks as webhook
      where webhook.id = for_webhook
        and case for_type when 'team' then webhook.team_id else webhook.user_id end = for_owner
  ), event as (
    insert into public.vault_events (actor_id, owner_type, owner_id, action, details)
      select actor, for_type, for_owner, 'webhook_shown', jsonb_strip_nulls(jsonb_build_object(
          'address', shown.address, 'description', nullif(shown.description, '')))
        from shown
      returning vault_events.id
  )
  select shown.id, shown.url, shown.encrypted_url from shown, event;
end;
$$;

-- Pauses what somebody answers for who is no admin of the team any more: removed, demoted, gone of their own will or with
-- their account, also while the team was hidden. What was paused already is as well, so that whoever resumes it is asked
-- first. Hiding a team and bringing it back changes nothing. Security definer, because the role that deletes accounts has no
-- right on webhooks.
create or replace function public.team_members_pause_webhooks()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.webhooks as webhook set pause_reason = 'creator_left'
    where webhook.team_id = old.team_id and webhook.created_by = old.user_id
      and coalesce(webhook.pause_reason, '') not in ('creator_left', 'no_secret')
      and exists (select from public.teams as team
        where team.id = old.team_id and (team.deleted_at is null or tg_table_name = 'deleted_team_members'))
      and not exists (select from public.team_members as member
        where member.team_id = old.team_id and member.user_id = old.user_id and member.role = 'admin');
  return old;
end;
$$;

create or replace trigger team_members_pause_webhooks
  after update of role on public.team_members
  for each row when (old.role = 'admin' and new.role <> 'admin')
  execute function public.team_members_pause_webhooks();

create or replace trigger team_members_pause_webhooks_of_leaver
  after delete on public.team_members
  for each row when (old.role = 'admin')
  execute function public.team_members_pause_webhooks();

create or replace trigger deleted_team_members_pause_webhooks
  after delete on public.deleted_team_members
  for each row when (old.role = 'admin')
  execute function public.team_members_pause_webhooks();

-- Writes what is done to webhooks into their owner's log, with the shortened address and never the whole one. Encrypting
-- anew, which nobody asked for, is no change. Nothing of an owner that is gone: that is one event of its own. Security
-- definer, because webhooks are also paused by what has no right on the log.
create or replace function public.webhooks_record()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  actor constant uuid := nullif(current_setting('vault.actor', true), '')::uuid;
  webhook constant public.webhooks := case when tg_op = 'DELETE' then old else new end;
  which constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'address', webhook.address, 'description', nullif(webhook.description, '')));
  changed text[];
begin
  if tg_op = 'UPDATE' then
    changed := array_remove(array[
      case when (new.url is not null and new.url is distinct from old.url)
        or (actor is not null and new.encrypted_url is distinct from old.encrypted_url) then 'address' end,
      case when new.description is distinct from old.description then 'description' end,
      case when new.events is distinct from old.events then 'events' end], null);
  end if;
  insert into public.vault_events (actor_id, owner_type, owner_id, action, subject_id, details)
    select actor, case when webhook.team_id is null then 'user' else 'team' end,
        coalesce(webhook.team_id, webhook.user_id), deed.action, deed.subject_id, which || deed.details
      from (
        select 'webhook_added' as action, null::uuid as subject_id, '{}'::jsonb as details where tg_op = 'INSERT'
        union all
        select 'webhook_removed', null, '{}' where tg_op = 'DELETE'
        union all
        select 'webhook_changed', null, jsonb_build_object('changed', changed) where cardinality(changed) > 0
        union all
        select 'webhook_secret_renewed', null, '{}' where tg_op = 'UPDATE' and actor is not null
          and old.encrypted_secret is distinct from new.encrypted_secret
        union all
        select 'webhook_paused', case new.pause_reason when 'creator_left' then new.created_by end,
            jsonb_build_object('reason', new.pause_reason)
          where tg_op = 'UPDATE' and old.pause_reason is distinct from new.pause_reason
            and new.pause_reason is not null
            -- It goes on being paused, and somebody else answers for it now.
            and old.pause_reason is distinct from 'creator_left'
        union all
        select 'webhook_resumed', null, '{}'
          where tg_op = 'UPDATE' and old.pause_reason <> 'no_secret' and new.pause_reason is null
      ) as deed
      where case when webhook.team_id is null
        then exists (select from auth.users as account where account.id = webhook.user_id)
        else exists (select from public.teams as team where team.id = webhook.team_id and team.deleted_at is null) end;
  return null;
end;
$$;

create or replace trigger webhooks_record
  after insert or delete on public.webhooks
  for each row execute function public.webhooks_record();

-- Of each attempt, the row keeps a count, which is no change to write down.
create or replace trigger webhooks_record_change
  after update on public.webhooks
  for each row when ((old.url, old.encrypted_url, old.description, old.events, old.encrypted_secret, old.pause_reason)
    is distinct from (new.url, new.encrypted_url, new.description, new.events, new.encrypted_secret, new.pause_reason))
  execute function public.webhooks_record();

-- A team's webhooks that wait for an admin to answer for them, those that have waited longest first.
create or replace function public.left_webhooks(for_team uuid)
returns table (id uuid, address text, description text, created_by uuid, email text, paused_at timestamptz)
language sql
stable
set search_path = ''
as $$
  select webhook.id, webhook.address, webhook.description, webhook.created_by, known.email, webhook.paused_at
    from public.webhooks as webhook
    cross join lateral public.activity_address('team', for_team, webhook.created_by) as known
    where webhook.team_id = for_team and webhook.pause_reason = 'creator_left'
    order by webhook.paused_at, webhook.created_at, webhook.id;
$$;

revoke all on function public.webhooks_paused_at() from public, anon, authenticated, service_role;
revoke all on function public.administer_owner(uuid, text, uuid) from public, anon, authenticated, service_role;
revoke all on function public.add_webhook(uuid, text, uuid, jsonb) from public, anon, authenticated, service_role;
revoke all on function public.change_webhook(uuid, text, uuid, uuid, jsonb) from public, anon, authenticated, service_role;
revoke all on function public.show_webhook(uuid, text, uuid, uuid) from public, anon, authenticated, service_role;
revoke all on function public.remove_webhook(uuid, text, uuid, uuid) from public, anon, authenticated, service_role;
revoke all on function public.team_members_pause_webhooks() from public, anon, authenticated, service_role;
revoke all on function public.webhooks_record() from public, anon, authenticated, service_role;
revoke all on function public.left_webhooks(uuid) from public, anon, authenticated, service_role;
grant execute on function public.administer_owner(uuid, text, uuid), public.add_webhook(uuid, text, uuid, jsonb),
  public.change_webhook(uuid, text, uuid, uuid, jsonb), public.remove_webhook(uuid, text, uuid, uuid), public.show_webhook(uuid, text, uuid, uuid),
  public.left_webhooks(uuid) to service_role;

-- The log that a person, or a team's admins, can look things up in: each thing done to a key has a name of its own, an import
-- is one line, and what is not about a key has its place too.

alter table public.vault_events
  -- Null: nobody in the app did it. A webhook paused itself, say, or the operator wrote into the database.
  alter column actor_id drop not null,
  -- Null: it is about no single key.
  alter column key drop not null,
  -- Whom it was done to.
  add column if not exists subject_id uuid,
  -- What was changed, from what to what. Names, roles, amounts and shortened addresses; never a value or a whole address.
  add column if not exists details jsonb,
  -- The event of the import that this is a part of.
  add column if not exists import_id uuid;

alter table public.vault_events
  drop constraint if exists vault_events_action_check,
  drop constraint if exists vault_events_details_check,
  drop constraint if exists vault_events_import_check,
  drop constraint if exists vault_events_actor_check,
  add constraint vault_events_action_check check (case when key is not null then
    action in (
      'created', 'replaced', 'metadata', 'revealed', 'copied', 'checked', 'deleted',
      -- Replaced, where the old value could not be compared with the new one.
      'replaced_unread',
      -- Given the value that it had already.
      'resaved',
      -- An admin says that the key is another one now at its provider.
      'rotation_confirmed',
      -- From before: created, replaced or resaved.
      'set'
    )
  else
    action in (
      'imported',
      'team_created', 'team_renamed', 'rule_changed', 'budget_changed', 'team_deleted', 'team_restored',
      'member_invited', 'invite_withdrawn', 'member_joined', 'member_left', 'member_removed', 'role_changed',
      'webhook_added', 'webhook_changed', 'webhook_paused', 'webhook_resumed', 'webhook_removed', 'webhook_secret_renewed',
      'webhook_shown',
      'password_changed', 'email_changed', 'sessions_ended', 'confirmation_failed', 'factor_added', 'factor_removed'
    )
  end),
  add constraint vault_events_details_check
    check (jsonb_typeof(details) = 'object' and char_length(details::text) <= 4000),
  add constraint vault_events_import_check check (import_id is null or key is not null),
  -- Whatever is done to a key is somebody's: without a name, no event, and so no value.
  add constraint vault_events_actor_check check (actor_id is not null or key is null);

-- One for each thing to look by, so that a page is read from one place of an index, however long the log is.
create index if not exists vault_events_actor_time
  on public.vault_events (owner_type, owner_id, actor_id, created_at desc, id desc);
create index if not exists vault_events_subject_time
  on public.vault_events (owner_type, owner_id, subject_id, created_at desc, id desc) where subject_id is not null;
create index if not exists vault_events_action_time
  on public.vault_events (owner_type, owner_id, action, created_at desc, id desc);
-- For who knows a present value: the events after which a key has another one, and those after which somebody knows it.
create index if not exists vault_events_replaced
  on public.vault_events (owner_type, owner_id, key, created_at desc, id desc)
  where action in ('replaced', 'rotation_confirmed', 'set');
create index if not exists vault_events_seen
  on public.vault_events (owner_type, owner_id, actor_id, key, created_at desc)
  where action in ('revealed', 'copied', 'set', 'created', 'replaced', 'replaced_unread', 'resaved', 'rotation_confirmed');
create index if not exists vault_events_import
  on public.vault_events (import_id) where import_id is not null;

-- Somebody's e-mail address, as an owner's log knows it: their present one, or the last one that the team had of somebody
-- whose account is gone.
create or replace function public.activity_address(for_type text, for_owner uuid, person uuid)
returns table (email text)
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (select profiles.email from public.profiles where profiles.user_id = person),
    (select event.details ->> 'email' from public.vault_events as event
      where event.owner_type = for_type and event.owner_id = for_owner and event.subject_id = person
        and event.action = 'member_left' and event.details ? 'email'
      order by event.created_at desc, event.id desc limit 1));
$$;

-- The keys and the people that an owner's log is about, each once, as what to choose from. Each is found by a step from the
-- one before it, so that a million events of ten people take ten steps.
create or replace function public.activity_topics(for_type text, for_owner uuid)
returns table (key text, person_id uuid, email text)
language sql
stable
set search_path = ''
as $$
  with recursive keys as (
    (select event.key from public.vault_events as event
      where event.owner_type = for_type and event.owner_id = for_owner and event.key is not null
      order by event.key limit 1)
    union all
    select (select event.key from public.vault_events as event
        where event.owner_type = for_type and event.owner_id = for_owner and event.key > keys.key
        order by event.key limit 1)
      from keys where keys.key is not null
  ), actors as (
    (select event.actor_id from public.vault_events as event
      where event.owner_type = for_type and event.owner_id = for_owner and event.actor_id is not null
      order by event.actor_id limit 1)
    union all
    select (select event.actor_id from public.vault_events as event
        where event.owner_type = for_type and event.owner_id = for_owner and event.actor_id > actors.actor_id
        order by event.actor_id limit 1)
      from actors where actors.actor_id is not null
  ), subjects as (
    (select event.subject_id from public.vault_events as event
      where event.owner_type = for_type and event.owner_id = for_owner and event.subject_id is not null
      order by event.subject_id limit 1)
    union all
    select (select event.subject_id from public.vault_events as event
        where event.owner_type = for_type and event.owner_id = for_owner and event.subject_id > subjects.subject_id
        order by event.subject_id limit 1)
      from subjects where subjects.subject_id is not null
  ), people as (
    select actors.actor_id as id from actors where actors.actor_id is not null
    union
    select subjects.subject_id from subjects where subjects.subject_id is not null
  )
  select keys.key, null::uuid, null::text from keys where keys.key is not null
  union all
  select null::text, people.id, known.email
    from people, public.activity_address(for_type, for_owner, people.id) as known;
$$;

drop function if exists public.activity(text, uuid, integer, text, text[], uuid, text, uuid, timestamptz, timestamptz,
  timestamptz, uuid);
-- A part of an owner's log, newest first. What is null filters nothing.
--
-- only_person: who did it, or to whom it was done. search: a part of a key's name or of a person's address. of_import: what
-- came with that import. with_parts: what came with any import, beside it. from_time is included, to_time is not.
-- before_time and before_id: the last event of the part before.
--
-- The statement is put together because no single plan is good for all: each way to look reads its own index, and stops
-- after `most` rows. What is put together are the constant parts below; what people enter are its parameters.
create or replace function public.activity(
  for_type text, for_owner uuid, most integer,
  only_key text default null, only_actions text[] default null, only_person uuid default null,
  search text default null, of_import uuid default null,
  from_time timestamptz default null, to_time timestamptz default null,
  before_time timestamptz default null, before_id uuid default null, with_parts boolean default false
)
returns table (
  id uuid, key text, action text, actor_id uuid, actor_email text, subject_id uuid, subject_email text, details jsonb,
  import_id uuid, created_at timestamptz
)
language plpgsql
stable
set search_path = ''
as $$
declare
  -- Of an event, whatever it is looked up by.
  others constant text := $q$
    event.owner_type = $1 and event.owner_id = $2
    and ($4 is null or event.key = $4)
    and ($5 is null or event.action = any ($5))
    and ($6 is null or event.actor_id = $6 or event.subject_id = $6)
    and ($7 is null or event.created_at >= $7)
    and ($8 is null or event.created_at < $8)
    and ($9 is null or (event.created_at, event.id) < ($9, $10))
    order by event.created_at desc, event.id desc limit $3 $q$;
  -- An import is one event. What came with it is looked for by key, or by an action that is not the import's own.
  whole constant text := case
    when not with_parts and only_key is null and (only_actions is null or 'imported' = any (only_actions))
    then 'event.import_id is null and ' else '' end;
  ways text[];
  keys text[];
  people uuid[];
begin
  if search is not null then
    select array_agg(topic.key) filter (where topic.key ilike pattern),
        array_agg(topic.person_id) filter (where topic.email ilike pattern)
      into keys, people
      from public.activity_topics(for_type, for_owner) as topic,
        (select '%' || regexp_replace(search, '([\\%_])', '\\\1', 'g') || '%' as pattern) as looked_for;
  elsif only_key is not null then
    keys := array[only_key];
  elsif only_person is not null then
    people := array[only_person];
  end if;

  if of_import is not null then
    ways := array['select event.created_at, event.id from public.vault_events as event
      where event.import_id = $13 and ' || others];
  elsif search is not null or only_key is not null or only_person is not null then
    ways := array[
      'select event.* from unnest($11) as looked_for (key) cross join lateral (
        select event.created_at, event.id from public.vault_events as event where event.key = looked_for.key and ' || others || ') as event',
      'select event.* from unnest($12) as looked_for (id) cross join lateral (
        select event.created_at, event.id from public.vault_events as event where event.actor_id = looked_for.id and ' || whole || others || ') as event',
      'select event.* from unnest($12) as looked_for (id) cross join lateral (
        select event.created_at, event.id from public.vault_events as event where event.subject_id = looked_for.id and ' || whole || others || ') as event'];
  elsif only_actions is not null then
    ways := array['select event.* from unnest($5) as looked_for (action) cross join lateral (
      select event.created_at, event.id from public.vault_events as event
        where event.action = looked_for.action and ' || whole || others || ') as event'];
  else
    ways := array['select event.created_at, event.id from public.vault_events as event where ' || whole || others];
  end if;

  -- What is looked through is times and ids, mostly in an index; the rows themselves are read last, and only those asked for.
  return query execute
    'select event.id, event.key, event.action, event.actor_id, actor.email, event.subject_id, subject.email, event.details,
        event.import_id, event.created_at
      from (select found.id from ((' || array_to_string(ways, ') union (') || ')) as found
          order by found.created_at desc, found.id desc limit $3) as found
        join public.vault_events as event on event.id = found.id,
        public.activity_address($1, $2, event.actor_id) as actor, public.activity_address($1, $2, event.subject_id) as subject
      order by event.created_at desc, event.id desc'
    using for_type, for_owner, most, only_key, only_actions, only_person, from_time, to_time, before_time, before_id,
      keys, people, of_import;
end;
$$;

-- From when on an owner's events say who knows a key's present value. The event of a new value is written after it, so a
-- minute is taken off: nobody is left out who was shown the value in between.
create or replace function public.value_known_since(for_type text, for_owner uuid, for_key text)
returns table (moment timestamptz)
language sql
stable
set search_path = ''
as $$
  select coalesce((
    select event.created_at - case event.action when 'rotation_confirmed' then interval '0' else interval '1 minute' end
      from public.vault_events as event
      where event.owner_type = for_type and event.owner_id = for_owner and event.key = for_key
        and event.action in ('replaced', 'rotation_confirmed', 'set')
      order by event.created_at desc, event.id desc limit 1), '-infinity');
$$;

-- Which of a team's keys are known to people who are no longer in it. Who was shown a value knows it, and so does who
-- entered it, also where it was there already, and who says that they rotated it: nobody takes themselves off the list. A key is off the list once its value was replaced by another one, or an admin
-- has said that it is another one at its provider; not by deleting and adding it again, and not by a value that nobody could
-- compare.
drop function if exists public.team_exposures(uuid);
create function public.team_exposures(for_team uuid)
returns table (user_id uuid, email text, key text, seen_at timestamptz, rotated_at timestamptz)
language sql
stable
set search_path = ''
as $$
  -- Each person by a step from the one before, and then each of their keys by a step, so that nobody's history is read.
  with recursive actors as (
    (select event.actor_id from public.vault_events as event
      where event.owner_type = 'team' and event.owner_id = for_team
        and event.action in ('revealed', 'copied', 'set', 'created', 'replaced', 'replaced_unread', 'resaved', 'rotation_confirmed')
      order by event.actor_id limit 1)
    union all
    select (select event.actor_id from public.vault_events as event
        where event.owner_type = 'team' and event.owner_id = for_team and event.actor_id > actors.actor_id
          and event.action in ('revealed', 'copied', 'set', 'created', 'replaced', 'replaced_unread', 'resaved', 'rotation_confirmed')
        order by event.actor_id limit 1)
      from actors where actors.actor_id is not null
  ), gone as materialized (
    select actors.actor_id, known.email
      from actors cross join lateral public.activity_address('team', for_team, actors.actor_id) as known
      where actors.actor_id is not null
        and not exists (select from public.team_members as member
          where member.team_id = for_team and member.user_id = actors.actor_id)
  ), present as materialized (
    select secret.key, secret.last_rotated_at, since.moment
      from public.vault_secrets as secret
        cross join lateral public.value_known_since('team', for_team, secret.key) as since
      where secret.owner_type = 'team' and secret.owner_id = for_team
  )
  select gone.actor_id, gone.email, present.key, seen.latest, present.last_rotated_at
  from gone cross join present
    cross join lateral (
      select event.created_at as latest from public.vault_events as event
      where event.owner_type = 'team' and event.owner_id = for_team and event.actor_id = gone.actor_id
        and event.key = present.key and event.created_at >= present.moment
        and event.action in ('revealed', 'copied', 'set', 'created', 'replaced', 'replaced_unread', 'resaved', 'rotation_confirmed')
      order by event.created_at desc limit 1
    ) as seen
  order by gone.email nulls last, gone.actor_id, present.key;
$$;

-- Writes down that an admin rotated a key at its provider, in the statement that asks for the role and for the secret. The
-- lock on the membership waits for a removal that came first, as in vault_uses_record.
create or replace function public.confirm_rotation(admin uuid, for_team uuid, for_key text)
returns table (confirmed boolean)
language sql
set search_path = ''
as $$
  with allowed as (
    select member.user_id from public.team_members as member
      where member.team_id = for_team and member.user_id = admin and member.role = 'admin'
      for share
  ), written as (
    insert into public.vault_events (actor_id, owner_type, owner_id, key, action)
      select allowed.user_id, secret.owner_type, secret.owner_id, secret.key, 'rotation_confirmed'
        from allowed, public.vault_secrets as secret
        where secret.owner_type = 'team' and secret.owner_id = for_team and secret.key = for_key
      returning id
  )
  select count(*) = 1 from written;
$$;

-- Forgets an owner's events that are older than the operator keeps them, a thousand at a time. What says who knows a key's
-- present value stays, and so do the addresses of those people. Nobody can make it forget what is less than 90 days old.
--
-- Security definer: the server has no right to delete events.
create or replace function public.forget_activity(for_type text, for_owner uuid, keep_days integer)
returns table (forgotten bigint)
language sql
security definer
set search_path = ''
as $$
  with kept as materialized (
    select now() - make_interval(days => greatest(keep_days, 90)) as since
  ), present as materialized (
    select secret.key, known.moment
      from public.vault_secrets as secret, public.value_known_since(for_type, for_owner, secret.key) as known
      where secret.owner_type = for_type and secret.owner_id = for_owner
  ), gone as (
    delete from public.vault_events as event
      where event.id in (
        select old.id from kept, public.vault_events as old
          where old.owner_type = for_type and old.owner_id = for_owner and old.created_at < kept.since
            and not exists (select from present
              where present.key = old.key and old.created_at >= present.moment
                and old.action not in ('metadata', 'checked', 'deleted'))
            and not (old.action = 'member_left' and exists (select from public.vault_events as other
              where other.owner_type = for_type and other.owner_id = for_owner and other.actor_id = old.subject_id
                and (other.created_at >= kept.since or exists (select from present
                  where present.key = other.key and other.created_at >= present.moment))))
          limit 1000)
      returning event.id
  )
  select count(*) from gone;
$$;

revoke all on function public.activity_topics(text, uuid) from public, anon, authenticated, service_role;
revoke all on function public.activity_address(text, uuid, uuid) from public, anon, authenticated, service_role;
revoke all on function public.activity(text, uuid, integer, text, text[], uuid, text, uuid, timestamptz, timestamptz,
  timestamptz, uuid, boolean) from public, anon, authenticated, service_role;
revoke all on function public.team_exposures(uuid) from public, anon, authenticated, service_role;
revoke all on function public.value_known_since(text, uuid, text) from public, anon, authenticated, service_role;
revoke all on function public.confirm_rotation(uuid, uuid, text) from public, anon, authenticated, service_role;
revoke all on function public.forget_activity(text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.activity_topics(text, uuid), public.activity_address(text, uuid, uuid),
  public.activity(text, uuid, integer, text, text[], uuid, text, uuid, timestamptz, timestamptz, timestamptz, uuid,
    boolean),
  public.team_exposures(uuid), public.value_known_since(text, uuid, text), public.forget_activity(text, uuid, integer),
  public.confirm_rotation(uuid, uuid, text)
  to service_role;

-- Which of a team's keys are known to people who are no longer in it. In the database, because it compares four
-- tables, and the REST API hands out at most a thousand rows of any of them.

-- Whoever was shown a value knows it, and so does whoever entered it. A minute is taken off the time of the last
-- replacement, so that nobody is left out who belongs here: that time is the app server's, which may be ahead of
-- the database's, which an event has. At worst, somebody who saw the old value within the minute before is listed
-- too. (A later migration gives it other columns, which a replacement could not take back when this is run again.)
drop function if exists public.team_exposures(uuid);
create or replace function public.team_exposures(for_team uuid)
returns table (user_id uuid, email text, key text, seen_at timestamptz)
language sql
stable
set search_path = ''
as $$
  select seen.actor_id, profiles.email, secret.key, seen.latest
  from public.vault_secrets as secret
    -- Lateral, so that each key's own recent events are read from vault_events_key_time, and not all of the team's.
    cross join lateral (
      select event.actor_id, max(event.created_at) as latest
      from public.vault_events as event
      where event.owner_type = 'team' and event.owner_id = for_team and event.key = secret.key
        and event.created_at >= secret.last_rotated_at - interval '1 minute'
        and event.action in ('revealed', 'set')
      group by event.actor_id
    ) as seen
    left join public.profiles on profiles.user_id = seen.actor_id
  where secret.owner_type = 'team' and secret.owner_id = for_team
    and not exists (select from public.team_members as member
      where member.team_id = for_team and member.user_id = seen.actor_id)
  order by profiles.email nulls last, seen.actor_id, secret.key;
$$;

revoke all on function public.team_exposures(uuid) from public, anon, authenticated, service_role;
grant execute on function public.team_exposures(uuid) to service_role;

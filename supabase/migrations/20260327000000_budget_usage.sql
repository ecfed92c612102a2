-- What a team spends on its key against its budgets, and usage of a period that has an end.

-- Spent this month (UTC) on the team's key, for good and by runs under way, which hold the most that they may cost, in
-- USD: one row for the whole team, without runs too, and one for each person. Runs of deleted accounts are one person
-- without an id. Reads reveal_runs_team_key alone, and counts as enter_run does.
create or replace function public.team_spending(for_team uuid)
returns table (is_total boolean, user_id uuid, spent numeric, held numeric)
language sql
stable
set search_path = ''
as $$
  select grouping(run.user_id) = 1, run.user_id,
    coalesce(sum(run.cost_usd) filter (where run.status <> 'started'), 0),
    coalesce(sum(run.cost_usd) filter (where run.status = 'started'), 0)
  from public.reveal_runs as run
  where run.source = 'team' and run.team_id = for_team
    and run.created_at >= date_trunc('month', now() at time zone 'UTC') at time zone 'UTC'
  group by grouping sets ((), (run.user_id));
$$;

revoke all on function public.team_spending(uuid) from public, anon, authenticated, service_role;
grant execute on function public.team_spending(uuid) to service_role;

-- Sums as before, up to an end, which is not included.
drop function if exists public.reveal_usage(uuid, uuid, timestamptz);
-- Because a later migration gives it more columns, and this one may be applied again.
drop function if exists public.reveal_usage(uuid, uuid, timestamptz, timestamptz);
create or replace function public.reveal_usage(for_user uuid, for_team uuid, since timestamptz, until timestamptz)
returns table (
  day date, user_id uuid, source text, model text, runs bigint,
  input_tokens bigint, output_tokens bigint, cache_creation_input_tokens bigint, cache_read_input_tokens bigint,
  cost_usd numeric, unpriced bigint, inexact bigint
)
language plpgsql
stable
set search_path = ''
as $$
#variable_conflict use_column
begin
  -- Two statements, so that each has the plan of its own index.
  if for_team is null then
    return query
      select (created_at at time zone 'UTC')::date, user_id, source, model, count(*),
        sum(input_tokens), sum(output_tokens), sum(cache_creation_input_tokens), sum(cache_read_input_tokens),
        sum(cost_usd),
        -- What used nothing cost nothing, whatever the price.
        count(*) filter (where cost_usd is null
          and input_tokens::bigint + output_tokens + cache_creation_input_tokens + cache_read_input_tokens > 0),
        count(*) filter (where cost_usd > 0 and not cost_exact)
      from public.reveal_runs
      where user_id = for_user and created_at >= since and created_at < until
      group by 1, 2, 3, 4 order by 1, 2, 3, 4;
  else
    return query
      select (created_at at time zone 'UTC')::date, user_id, source, model, count(*),
        sum(input_tokens), sum(output_tokens), sum(cache_creation_input_tokens), sum(cache_read_input_tokens),
        sum(cost_usd),
        count(*) filter (where cost_usd is null
          and input_tokens::bigint + output_tokens + cache_creation_input_tokens + cache_read_input_tokens > 0),
        count(*) filter (where cost_usd > 0 and not cost_exact)
      from public.reveal_runs
      where team_id = for_team and created_at >= since and created_at < until
        and (for_user is null or user_id = for_user)
      group by 1, 2, 3, 4 order by 1, 2, 3, 4;
  end if;
end;
$$;

revoke all on function public.reveal_usage(uuid, uuid, timestamptz, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.reveal_usage(uuid, uuid, timestamptz, timestamptz) to service_role;

-- The operator's page: what the platform's key costs and who uses it, in sums alone, and what operators changed.

-- What operators did, in the order in which it took effect. Written by the functions below alone; nobody changes or
-- deletes an event.
create table if not exists public.platform_events (
  id uuid primary key default gen_random_uuid(),
  -- Not foreign keys: an event stays when the account is gone.
  actor_id uuid not null,
  action text not null check (action in ('stopped', 'resumed', 'limit_set', 'limit_removed')),
  -- Whose limit it is.
  subject_id uuid,
  -- The limit that was set. Null: no limit of their own.
  daily_tokens bigint check (daily_tokens >= 0),
  -- The clock's time: a change that waited for another one comes after it.
  created_at timestamptz not null default clock_timestamp(),
  check ((subject_id is not null) = (action in ('limit_set', 'limit_removed'))),
  check (daily_tokens is null or action = 'limit_set')
);
create index if not exists platform_events_time on public.platform_events (created_at desc, id desc);

revoke all on table public.platform_events from public, anon, authenticated, service_role;
grant select on table public.platform_events to service_role;

-- On, and without a policy: the server alone has to do with it.
alter table public.platform_events enable row level security;

-- An operator finds a person by their address.
create index if not exists profiles_email on public.profiles (email);

-- Stops the platform's key, or lets runs begin on it again. The change and its event are one statement.
--
-- Security definer: the server has no right to change the setting or to write an event in any other way.
--
-- Returns one row that says whether that was a change; otherwise there is no event.
create or replace function public.set_platform_stop(actor uuid, stop boolean)
returns table (is_changed boolean)
language sql
security definer
set search_path = ''
as $$
  with changed as (
    insert into public.platform_settings as settings (id, is_stopped)
      -- A key that was never stopped has no row, and is not resumed.
      select true, stop where stop or exists (select from public.platform_settings)
      on conflict (id) do update set is_stopped = excluded.is_stopped
        where settings.is_stopped <> excluded.is_stopped
      returning settings.is_stopped
  ), event as (
    insert into public.platform_events (actor_id, action)
      select actor, case when changed.is_stopped then 'stopped' else 'resumed' end from changed
      returning id
  )
  select exists (select from event);
$$;

-- Sets a person's own daily tokens on the platform's key, where null is no limit of their own; or, with is_default,
-- gives them the usual number again. The change and its event are one statement.
--
-- Returns one row that says whether that was a change; otherwise there is no event. Raises a foreign key violation
-- where there is no such person.
create or replace function public.set_platform_limit(
  actor uuid, for_user uuid, daily_tokens bigint, is_default boolean
)
returns table (is_changed boolean)
language sql
security definer
set search_path = ''
as $$
  with removed as (
    delete from public.platform_limits as own where is_default and own.user_id = for_user returning own.user_id
  ), changed as (
    insert into public.platform_limits as own (user_id, daily_tokens)
      select for_user, set_platform_limit.daily_tokens where not is_default
      on conflict (user_id) do update set daily_tokens = excluded.daily_tokens, created_at = now()
        where own.daily_tokens is distinct from excluded.daily_tokens
      returning own.user_id, own.daily_tokens
  ), event as (
    insert into public.platform_events (actor_id, action, subject_id, daily_tokens)
      select actor, 'limit_removed', removed.user_id, null::bigint from removed
      union all select actor, 'limit_set', changed.user_id, changed.daily_tokens from changed
      returning id
  )
  select exists (select from event);
$$;

-- The finest sums of what ran on the platform's key: by day (UTC), person and model, from since until before until.
-- Runs of accounts that are gone are summed up together, without a person.
create or replace function public.platform_usage(since timestamptz, until timestamptz)
returns table (
  day date, user_id uuid, model text, runs bigint,
  input_tokens bigint, output_tokens bigint, cache_creation_input_tokens bigint, cache_read_input_tokens bigint,
  cost_usd numeric, unpriced bigint, inexact bigint
)
language plpgsql
stable
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    select (created_at at time zone 'UTC')::date, user_id, model, count(*),
      sum(input_tokens), sum(output_tokens), sum(cache_creation_input_tokens), sum(cache_read_input_tokens),
      sum(cost_usd),
      -- What used nothing cost nothing, whatever the price.
      count(*) filter (where cost_usd is null
        and input_tokens::bigint + output_tokens + cache_creation_input_tokens + cache_read_input_tokens > 0),
      count(*) filter (where cost_usd > 0 and not cost_exact)
    from public.reveal_runs
    where source = 'env' and created_at >= since and created_at < until
    group by 1, 2, 3 order by 1, 2, 3;
end;
$$;

-- The same since then as a whole ('total'), by 'day', by 'person' and by 'model': of people and models, the hundred
-- with the highest costs. members says how many there are.
create or replace function public.platform_sums(since timestamptz)
returns table (
  part text, members bigint, day date, user_id uuid, model text, runs bigint,
  input_tokens bigint, output_tokens bigint, cache_creation_input_tokens bigint, cache_read_input_tokens bigint,
  cost_usd numeric, unpriced bigint, inexact bigint
)
language plpgsql
stable
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    with run as (
      select (created_at at time zone 'UTC')::date as day, user_id, model,
          input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens, cost_usd, cost_exact
        from public.reveal_runs
        where source = 'env' and created_at >= since
    ), sums as (
      select
          -- A bit for each column that is not of the group.
          case grouping(day, user_id, model)
            when 7 then 'total' when 3 then 'day' when 5 then 'person' else 'model' end as part,
          day, user_id, model, count(*) as runs,
          coalesce(sum(input_tokens), 0) as input_tokens, coalesce(sum(output_tokens), 0) as output_tokens,
          coalesce(sum(cache_creation_input_tokens), 0) as cache_creation_input_tokens,
          coalesce(sum(cache_read_input_tokens), 0) as cache_read_input_tokens,
          sum(cost_usd) as cost_usd,
          count(*) filter (where cost_usd is null
            and input_tokens::bigint + output_tokens + cache_creation_input_tokens + cache_read_input_tokens > 0)
            as unpriced,
          count(*) filter (where cost_usd > 0 and not cost_exact) as inexact
        from run
        group by grouping sets ((), (day), (user_id), (model))
    ), placed as (
      select *, count(*) over (partition by part) as members,
          row_number() over (partition by part order by cost_usd desc nulls last, runs desc, user_id, model) as place
        from sums
    )
    select part, members, day, user_id, model, runs, input_tokens, output_tokens, cache_creation_input_tokens,
        cache_read_input_tokens, cost_usd, unpriced, inexact
      from placed
      where part = 'day' or place <= 100
      order by part, day, place;
end;
$$;

-- What the platform's key has cost today and this month (UTC), in USD, what runs under way may still cost, and how
-- many those are. The month's are this day's, too.
create or replace function public.platform_spending()
returns table (
  today_spent numeric, today_held numeric, month_spent numeric, month_held numeric, under_way bigint
)
language plpgsql
stable
set search_path = ''
as $$
declare
  today constant timestamptz := date_trunc('day', now() at time zone 'UTC') at time zone 'UTC';
  this_month constant timestamptz := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
begin
  return query
    select
        coalesce(sum(run.cost_usd) filter (where run.status <> 'started' and run.created_at >= today), 0),
        coalesce(sum(run.cost_usd) filter (where run.status = 'started' and run.created_at >= today), 0),
        coalesce(sum(run.cost_usd) filter (where run.status <> 'started'), 0),
        coalesce(sum(run.cost_usd) filter (where run.status = 'started'), 0),
        count(*) filter (where run.status = 'started')
      from public.reveal_runs as run
      where run.source = 'env' and run.created_at >= this_month;
end;
$$;

-- The newest accounts, of those that were created since then and have used the platform's key.
--
-- Security definer: the server cannot read auth.users, which alone says when somebody signed up. Each account is looked
-- up by its id, because that table may be large.
create or replace function public.platform_newcomers(since timestamptz)
returns table (
  user_id uuid, signed_up_at timestamptz, first_run_at timestamptz, runs bigint,
  input_tokens bigint, output_tokens bigint, cache_creation_input_tokens bigint, cache_read_input_tokens bigint,
  cost_usd numeric, unpriced bigint, inexact bigint
)
language plpgsql
stable
security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    with used as (
      select user_id, min(created_at) as first_run_at, count(*) as runs,
          sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens,
          sum(cache_creation_input_tokens) as cache_creation_input_tokens,
          sum(cache_read_input_tokens) as cache_read_input_tokens,
          sum(cost_usd) as cost_usd,
          count(*) filter (where cost_usd is null
            and input_tokens::bigint + output_tokens + cache_creation_input_tokens + cache_read_input_tokens > 0)
            as unpriced,
          count(*) filter (where cost_usd > 0 and not cost_exact) as inexact
        from public.reveal_runs
        where source = 'env' and created_at >= since and user_id is not null
        group by user_id
    ), known as (
      select used.*,
          (select person.created_at from auth.users as person where person.id = used.user_id) as signed_up_at
        from used
    )
    select user_id, signed_up_at, first_run_at, runs, input_tokens, output_tokens, cache_creation_input_tokens,
        cache_read_input_tokens, cost_usd, unpriced, inexact
      from known
      where signed_up_at >= since
      order by signed_up_at desc, user_id
      limit 20;
end;
$$;

-- Refused runs since then by reason, where user_id is null, and by reason and person: the hundred who were refused most
-- often. members says of how many people a reason is.
create or replace function public.platform_refused(since date)
returns table (reason text, user_id uuid, times bigint, members bigint, last_day date)
language plpgsql
stable
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    with sums as (
      select reason, user_id, sum(times) as times, count(distinct user_id) as members, max(day) as last_day
        from public.platform_refusals
        where day >= since
        group by grouping sets ((reason), (reason, user_id))
    ), placed as (
      select *, row_number() over (partition by user_id is null order by times desc, last_day desc, reason, user_id)
          as place
        from sums
    )
    select reason, user_id, times, members, last_day from placed
      where user_id is null or place <= 100
      order by user_id is not null, place;
end;
$$;

revoke all on function
  public.set_platform_stop(uuid, boolean), public.set_platform_limit(uuid, uuid, bigint, boolean),
  public.platform_usage(timestamptz, timestamptz), public.platform_sums(timestamptz), public.platform_spending(),
  public.platform_newcomers(timestamptz), public.platform_refused(date)
  from public, anon, authenticated, service_role;
grant execute on function
  public.set_platform_stop(uuid, boolean), public.set_platform_limit(uuid, uuid, bigint, boolean),
  public.platform_usage(timestamptz, timestamptz), public.platform_sums(timestamptz), public.platform_spending(),
  public.platform_newcomers(timestamptz), public.platform_refused(date)
  to service_role;

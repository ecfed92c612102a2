-- How a run ended, what it cost by the prices of its day, and what is only an estimate.

alter table public.reveal_runs
  -- Why the model stopped; null where it did not say, or did not come so far.
  add column if not exists stop_reason text check (stop_reason in (
    'end_turn', 'stop_sequence', 'max_tokens', 'model_context_window_exceeded', 'refusal', 'pause_turn', 'tool_use',
    'other')),
  -- Whether the provider counted the whole of it. Otherwise the tokens are our estimate.
  add column if not exists is_counted boolean not null default false,
  -- By the list price at the time of the run; null for a model whose price is not known. NaN is above every number.
  add column if not exists cost_usd numeric check (cost_usd >= 0 and cost_usd < 1000000),
  -- Whether it was counted, and every part of it has a known price.
  add column if not exists cost_exact boolean not null default false,
  -- What else the provider said of its usage, where it said something: parts of the counts, tools, tiers.
  add column if not exists details jsonb not null default '{}' check (jsonb_typeof(details) = 'object');

-- Runs from before this migration.
update public.reveal_runs set is_counted = true
  where status in ('completed', 'provider_declined', 'provider_bad_answer') and not is_counted;
-- Their costs, by the list prices of 12 November 2026 (USD for a million tokens).
with price (model, input, output, cache_write, cache_read) as (values
  ('claude-fable-5-2', 8, 40, 10, 0.2), ('claude-fable-5-1', 10, 50, 12.5, 0.25),
  ('claude-mythos-5-1', 10, 50, 12.5, 0.25), ('claude-fable-5', 10, 50, 12.5, 1),
  ('claude-mythos-5', 10, 50, 12.5, 1), ('claude-opus-5-5', 4, 20, 5, 0.2), ('claude-opus-5', 5, 25, 6.25, 0.5),
  ('claude-opus-4-8', 5, 25, 6.25, 0.5), ('claude-opus-4-7', 5, 25, 6.25, 0.5), ('claude-opus-4-6', 5, 25, 6.25, 0.5),
  ('claude-opus-4-5', 5, 25, 6.25, 0.5), ('claude-opus-4-1', 15, 75, 18.75, 1.5), ('claude-opus-4', 15, 75, 18.75, 1.5),
  ('claude-sonnet-5-5', 2, 10, 2.5, 0.1), ('claude-sonnet-5', 2, 10, 2.5, 0.2), ('claude-sonnet-4-6', 3, 15, 3.75, 0.3),
  ('claude-sonnet-4-5', 3, 15, 3.75, 0.3), ('claude-sonnet-4', 3, 15, 3.75, 0.3), ('claude-haiku-5-5', 0.1, 0.5, 0.125, 0.01),
  ('claude-haiku-4-5', 1, 5, 1.25, 0.1)
)
update public.reveal_runs as run set
  cost_exact = run.is_counted,
  cost_usd = (run.input_tokens * price.input + run.output_tokens * price.output
    + run.cache_creation_input_tokens * price.cache_write + run.cache_read_input_tokens * price.cache_read) / 1000000
    -- Its prices are five times as high for a prompt of more than 100,000 tokens.
    * case when price.model = 'claude-haiku-5-5' and run.input_tokens::bigint + run.cache_creation_input_tokens
        + run.cache_read_input_tokens > 100000 then 5 else 1 end
from price
  where price.model = regexp_replace(run.model, '-[0-9]{8}$', '') and run.cost_usd is null;

-- Runs that are under way; few, so that looking for lost ones is cheap.
create index if not exists reveal_runs_open on public.reveal_runs (created_at) where status = 'started';

-- Ends the rows of runs that nothing will end any more: a run takes five minutes at most, and its server was
-- stopped. They keep the estimates with which they were entered. Called before the ledger is read.
create or replace function public.close_lost_runs()
returns table (id uuid)
language sql
set search_path = ''
as $$
  update public.reveal_runs as run set status = 'unfinished'
    where run.status = 'started' and run.created_at < now() - interval '10 minutes'
    returning run.id;
$$;

revoke all on function public.close_lost_runs() from public, anon, authenticated, service_role;
grant execute on function public.close_lost_runs() to service_role;

-- Sums as before, with what the runs cost, how many have no price, and how many have an estimated one.
drop function if exists public.reveal_usage(uuid, uuid, timestamptz);
create or replace function public.reveal_usage(for_user uuid, for_team uuid, since timestamptz)
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
      where user_id = for_user and created_at >= since
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
      where team_id = for_team and created_at >= since and (for_user is null or user_id = for_user)
      group by 1, 2, 3, 4 order by 1, 2, 3, 4;
  end if;
end;
$$;

revoke all on function public.reveal_usage(uuid, uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.reveal_usage(uuid, uuid, timestamptz) to service_role;

-- As before, with the cost of what is reserved.
drop function if exists public.enter_platform_run(uuid, uuid, text, text, integer, integer, bigint);
create or replace function public.enter_platform_run(
  for_user uuid, for_team uuid, run_kind text, run_model text,
  estimated_input integer, reserved_output integer, reserved_cost numeric, daily_limit bigint
)
returns table (id uuid)
language plpgsql
set search_path = ''
as $$
declare
  used bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('reveal_runs' || for_user::text, 0));
  select coalesce(sum(run.input_tokens::bigint + run.output_tokens + run.cache_creation_input_tokens
      + run.cache_read_input_tokens), 0)
    into used
    from public.reveal_runs as run
    where run.user_id = for_user and run.source = 'env'
      and run.created_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC';
  if used + estimated_input > daily_limit then
    return;
  end if;
  return query
    insert into public.reveal_runs as run
      (user_id, team_id, kind, model, source, input_tokens, output_tokens, cost_usd)
    values (for_user, for_team, run_kind, run_model, 'env', estimated_input, reserved_output, reserved_cost)
    returning run.id;
end;
$$;

revoke all on function
  public.enter_platform_run(uuid, uuid, text, text, integer, integer, numeric, bigint)
  from public, anon, authenticated, service_role;
grant execute on function
  public.enter_platform_run(uuid, uuid, text, text, integer, integer, numeric, bigint)
  to service_role;

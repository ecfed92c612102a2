-- The ledger has the calls of every feature, on any key, and those of jobs that nobody is signed in for.

-- The feature's name, in the column that it always had: a server of the version before goes on during a deployment.
alter table public.reveal_runs drop constraint if exists reveal_runs_kind_check;
alter table public.reveal_runs add constraint reveal_runs_kind_check check (kind ~ '^[a-z][a-z0-9-]{0,39}$');
-- Empty where a call has no model, or nobody knows it.
alter table public.reveal_runs drop constraint if exists reveal_runs_model_check;
alter table public.reveal_runs add constraint reveal_runs_model_check check (char_length(model) <= 200);
alter table public.reveal_runs
  -- The name of the key that paid.
  add column if not exists key text not null default 'ANTHROPIC_API_KEY' check (key ~ '^[A-Z][A-Z0-9_]{0,63}$');

-- Their next versions take more.
drop function if exists public.begin_run(uuid, uuid, text, boolean, text, uuid, text, text, integer, integer, integer,
  numeric, numeric, integer, bigint, numeric, numeric);
drop function if exists public.enter_run(uuid, uuid, text, text, text, integer, integer, integer, numeric, numeric, integer,
  bigint, numeric, numeric);

-- Enters a run, or says why it may not begin. Counting and entering are one step under locks, because runs that begin
-- at the same moment would otherwise all find the same room. Until its end, a run counts with all that it may use.
--
-- paid_by          whose key pays, as in the ledger's source
-- estimated_input  tokens that are sent, about; estimated_cost in USD, null where the price is not known
-- most_output      the longest answer, in tokens; shorter where less is left of a person's daily tokens,
-- least_output     but not shorter than this
-- most_cost        the most that the whole of it may cost, in USD; null where the price is not known
-- for_user         null for a job, which is its team's: it has no budget of a member's, and shares the places and the daily
--                  tokens of one person with the team's other jobs
-- run_key          the name of the key
-- most_runs        how many runs one person may have under way
-- daily_tokens, daily_usd, monthly_usd   the platform's limits: for each person, for all, for all. Null: no limit
-- daily_calls      where there is a limit in USD: how many calls whose price is not known all may make on the platform's
--                  key. Null: none
--
-- Returns one row: the entry's id, the longest answer that it may have, and whether a limit in money counts for it; or
-- the reason of the refusal, with what was spent, what runs under way hold, and the limit, in tokens or USD.
create or replace function public.enter_run(
  for_user uuid, for_team uuid, run_kind text, run_model text, paid_by text,
  estimated_input integer, most_output integer, least_output integer,
  estimated_cost numeric, most_cost numeric,
  most_runs integer, daily_tokens bigint, daily_usd numeric, monthly_usd numeric,
  run_key text default 'ANTHROPIC_API_KEY', daily_calls integer default null
)
returns table (
  id uuid, max_output integer, is_limited boolean, refusal text, spent numeric, held numeric, allowed numeric
)
language plpgsql
set search_path = ''
as $$
declare
  today constant timestamptz := date_trunc('day', now() at time zone 'UTC') at time zone 'UTC';
  this_month constant timestamptz := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
  under_way integer;
  own_tokens bigint := daily_tokens;
  team_usd numeric;
  member_usd numeric;
begin
  max_output := most_output;
  is_limited := false;
  perform pg_advisory_xact_lock(hashtextextended('reveal_runs' || coalesce(for_user, for_team)::text, 0));

  <<limits>>
  begin
    -- A run ends within five minutes. One that a stopped server left open holds its money, but no place.
    select count(*) into under_way from public.reveal_runs as run
      where (run.user_id = for_user or for_user is null and run.user_id is null and run.team_id = for_team)
        and run.status = 'started' and run.created_at > now() - interval '5 minutes';
    if under_way >= most_runs then
      refusal := 'too_many_runs';
      held := under_way;
      allowed := most_runs;
      exit limits;
    end if;

    if paid_by = 'env' then
      if (select settings.is_stopped from public.platform_settings as settings) then
        refusal := 'platform_key_off';
        exit limits;
      end if;
      select own.daily_tokens into own_tokens from public.platform_limits as own where own.user_id = for_user;
      if not found then
        own_tokens := daily_tokens;
      end if;
      if own_tokens is not null then
        select
            coalesce(sum(used.tokens) filter (where used.status <> 'started'), 0),
            coalesce(sum(used.tokens) filter (where used.status = 'started'), 0)
          into spent, held
          from (select run.status, run.input_tokens::bigint + run.output_tokens + run.cache_creation_input_tokens
              + run.cache_read_input_tokens as tokens
            from public.reveal_runs as run
            where (run.user_id = for_user or for_user is null and run.user_id is null and run.team_id = for_team)
              and run.source = 'env' and run.created_at >= today) as used;
        if spent + held + estimated_input + least_output > own_tokens then
          refusal := 'platform_budget_spent';
          allowed := own_tokens;
          exit limits;
        end if;
        max_output := least(most_output, own_tokens - spent - held - estimated_input);
      end if;
      is_limited := daily_usd is not null or enter_run.monthly_usd is not null;
      if is_limited then
        perform pg_advisory_xact_lock(hashtextextended('reveal_runs of the platform', 0));
      end if;
      if is_limited and most_cost is null then
        if daily_calls is null then
          refusal := 'model_price_unknown';
          exit limits;
        end if;
        select count(*) into spent from public.reveal_runs as run
          where run.source = 'env' and run.created_at >= today and run.cost_usd is null;
        if spent + 1 > daily_calls then
          refusal := 'platform_daily_calls';
          held := 0;
          allowed := daily_calls;
          exit limits;
        end if;
        is_limited := false;
      end if;
      if is_limited and daily_usd is not null then
        select
            coalesce(sum(run.cost_usd) filter (where run.status <> 'started'), 0),
            coalesce(sum(run.cost_usd) filter (where run.status = 'started'), 0)
          into spent, held
          from public.reveal_runs as run where run.source = 'env' and run.created_at >= today;
        if spent + held + most_cost > daily_usd then
          refusal := 'platform_daily_limit';
          allowed := daily_usd;
          exit limits;
        end if;
      end if;
      if is_limited and enter_run.monthly_usd is not null then
        select
            coalesce(sum(run.cost_usd) filter (where run.status <> 'started'), 0),
            coalesce(sum(run.cost_usd) filter (where run.status = 'started'), 0)
          into spent, held
          from public.reveal_runs as run where run.source = 'env' and run.created_at >= this_month;
        if spent + held + most_cost > enter_run.monthly_usd then
          refusal := 'platform_monthly_limit';
          allowed := enter_run.monthly_usd;
          exit limits;
        end if;
      end if;

    elsif paid_by = 'team' then
      select team.monthly_usd, case when for_user is not null then coalesce(member.monthly_usd, team.member_monthly_usd) end
        into team_usd, member_usd
        from public.teams as team
        left join public.team_members as member on member.team_id = team.id and member.user_id = for_user
        where team.id = for_team;
      is_limited := team_usd is not null or member_usd is not null;
      if is_limited and most_cost is null then
        refusal := 'model_price_unknown';
        exit limits;
      end if;
      if member_usd is not null then
        -- Under the person's own lock.
        select
            coalesce(sum(run.cost_usd) filter (where run.status <> 'started'), 0),
            coalesce(sum(run.cost_usd) filter (where run.status = 'started'), 0)
          into spent, held
          from public.reveal_runs as run
          where run.source = 'team' and run.team_id = for_team and run.user_id = for_user
            and run.created_at >= this_month;
        if spent + held + most_cost > member_usd then
          refusal := 'member_budget_spent';
          allowed := member_usd;
          exit limits;
        end if;
      end if;
      if team_usd is not null then
        perform pg_advisory_xact_lock(hashtextextended('reveal_runs of a team' || for_team::text, 0));
        select
            coalesce(sum(run.cost_usd) filter (where run.status <> 'started'), 0),
            coalesce(sum(run.cost_usd) filter (where run.status = 'started'), 0)
          into spent, held
          from public.reveal_runs as run
          where run.source = 'team' and run.team_id = for_team and run.created_at >= this_month;
        if spent + held + most_cost > team_usd then
          refusal := 'team_budget_spent';
          allowed := team_usd;
          exit limits;
        end if;
      end if;
    end if;

    insert into public.reveal_runs as run
        (user_id, team_id, kind, key, model, source, input_tokens, output_tokens, cost_usd)
      values (for_user, for_team, run_kind, run_key, run_model, paid_by, estimated_input,
        -- On a team's key without a budget too: one may be set while this runs.
        case when paid_by = 'user' then 0 else max_output end,
        case when paid_by = 'user' then estimated_cost else most_cost end)
      returning run.id into id;
    spent := null;
    held := null;
  end limits;

  if refusal is not null then
    -- What a crash left open is spent for good by then: the next refusal says so, and an alert can be due.
    perform public.close_lost_runs();
  end if;
  if refusal is not null and paid_by = 'env' and for_user is not null then
    insert into public.platform_refusals as refused (day, user_id, reason)
      values (today at time zone 'UTC', for_user, refusal)
      on conflict (day, user_id, reason) do update set times = least(refused.times, 2147483646) + 1;
  end if;
  return next;
end;
$$;

revoke all on function
  public.enter_run(uuid, uuid, text, text, text, integer, integer, integer, numeric, numeric, integer, bigint, numeric,
    numeric, text, integer)
  from public, anon, authenticated, service_role;
grant execute on function
  public.enter_run(uuid, uuid, text, text, text, integer, integer, integer, numeric, numeric, integer, bigint, numeric,
    numeric, text, integer)
  to service_role;

-- Finds the key that a run is to be paid with, the person's, else the team's, else the platform's, and enters the run
-- with enter_run. It enters none where it finds no key.
--
-- key_name         of the secret, in the vaults of the person and the team
-- has_platform_key whether the platform has that key to lend
-- only_source      the one layer whose key may pay this once; null: any of them
-- run_id           the page's own name for the run, which nothing else may have; null: a fresh one
-- all others as in enter_run. Without a person and a team, there is no key for a job.
--
-- Returns one row, as enter_run does, and also: whose key pays; its ciphertext, null for the platform's; and the team's
-- rule, null outside of teams. There are two more refusals: team_not_found, the same for a foreign team and for none;
-- and no_key. A run_id that is taken is a violation of the primary key, and then nothing has happened.
create or replace function public.begin_run(
  for_user uuid, for_team uuid, key_name text, has_platform_key boolean, only_source text,
  run_id uuid, run_kind text, run_model text,
  estimated_input integer, most_output integer, least_output integer,
  estimated_cost numeric, most_cost numeric,
  most_runs integer, daily_tokens bigint, daily_usd numeric, monthly_usd numeric, daily_calls integer default null
)
returns table (
  id uuid, max_output integer, is_limited boolean, refusal text, spent numeric, held numeric, allowed numeric,
  source text, ciphertext text, key_policy text
)
language plpgsql
set search_path = ''
as $$
declare
  own_ciphertext text;
  team_ciphertext text;
begin
  is_limited := false;
  if for_team is not null then
    -- A job has no person who could be in the team: its team is the server's own word.
    select team.key_policy into key_policy
      from public.teams as team
      where team.id = for_team and (for_user is null or exists (
        select from public.team_members as member where member.team_id = team.id and member.user_id = for_user));
    if not found then
      refusal := 'team_not_found';
      return next;
      return;
    end if;
    if key_policy <> 'own' then
      select secret.encrypted_value into team_ciphertext from public.vault_secrets as secret
        where secret.owner_type = 'team' and secret.owner_id = for_team and secret.key = key_name;
    end if;
  end if;
  select secret.encrypted_value into own_ciphertext from public.vault_secrets as secret
    where secret.owner_type = 'user' and secret.owner_id = for_user and secret.key = key_name;

  source := case
    when for_user is null and for_team is null then null
    when own_ciphertext is not null and coalesce(only_source, 'user') = 'user' then 'user'
    when team_ciphertext is not null and coalesce(only_source, 'team') = 'team' then 'team'
    when has_platform_key and coalesce(key_policy, 'platform') = 'platform' and coalesce(only_source, 'env') = 'env' then 'env'
  end;
  if source is null then
    refusal := 'no_key';
    return next;
    return;
  end if;

  select entry.id, entry.max_output, entry.is_limited, entry.refusal, entry.spent, entry.held, entry.allowed
    into id, max_output, is_limited, refusal, spent, held, allowed
    from public.enter_run(
      for_user, for_team, run_kind, run_model, source, estimated_input, most_output, least_output,
      estimated_cost, most_cost, most_runs, daily_tokens, daily_usd, begin_run.monthly_usd, key_name, daily_calls) as entry;
  if id is not null then
    ciphertext := case source when 'user' then own_ciphertext when 'team' then team_ciphertext end;
    if run_id is not null then
      update public.reveal_runs as run set id = run_id where run.id = begin_run.id;
      id := run_id;
    end if;
  end if;
  return next;
end;
$$;

revoke all on function
  public.begin_run(uuid, uuid, text, boolean, text, uuid, text, text, integer, integer, integer, numeric, numeric, integer,
    bigint, numeric, numeric, integer)
  from public, anon, authenticated, service_role;
grant execute on function
  public.begin_run(uuid, uuid, text, boolean, text, uuid, text, text, integer, integer, integer, numeric, numeric, integer,
    bigint, numeric, numeric, integer)
  to service_role;

-- Sums as before, and by feature.
drop function if exists public.reveal_usage(uuid, uuid, timestamptz, timestamptz);
create or replace function public.reveal_usage(for_user uuid, for_team uuid, since timestamptz, until timestamptz)
returns table (
  day date, user_id uuid, source text, model text, kind text, runs bigint,
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
      select (created_at at time zone 'UTC')::date, user_id, source, model, kind, count(*),
        sum(input_tokens), sum(output_tokens), sum(cache_creation_input_tokens), sum(cache_read_input_tokens),
        sum(cost_usd),
        -- What used nothing cost nothing, whatever the price.
        count(*) filter (where cost_usd is null
          and input_tokens::bigint + output_tokens + cache_creation_input_tokens + cache_read_input_tokens > 0),
        count(*) filter (where cost_usd > 0 and not cost_exact)
      from public.reveal_runs
      where user_id = for_user and created_at >= since and created_at < until
      group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5;
  else
    return query
      select (created_at at time zone 'UTC')::date, user_id, source, model, kind, count(*),
        sum(input_tokens), sum(output_tokens), sum(cache_creation_input_tokens), sum(cache_read_input_tokens),
        sum(cost_usd),
        count(*) filter (where cost_usd is null
          and input_tokens::bigint + output_tokens + cache_creation_input_tokens + cache_read_input_tokens > 0),
        count(*) filter (where cost_usd > 0 and not cost_exact)
      from public.reveal_runs
      where team_id = for_team and created_at >= since and created_at < until
        and (for_user is null or user_id = for_user)
      group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5;
  end if;
end;
$$;

revoke all on function public.reveal_usage(uuid, uuid, timestamptz, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.reveal_usage(uuid, uuid, timestamptz, timestamptz) to service_role;

-- Limits in money: for all that runs on the platform's key, and for what a team and each of its members run on the
-- team's key. What a run may cost at most is checked and reserved in the statement that enters it.

alter table public.teams
  -- USD a month (UTC) for runs on the team's key: for the whole team, and for each member who has no limit of their
  -- own. Null: no limit. NaN is above every number.
  add column if not exists monthly_usd numeric check (monthly_usd >= 0 and monthly_usd < 1000000),
  add column if not exists member_monthly_usd numeric check (member_monthly_usd >= 0 and member_monthly_usd < 1000000);

alter table public.team_members
  -- This member's own limit in place of the team's default. Null: the default counts.
  add column if not exists monthly_usd numeric check (monthly_usd >= 0 and monthly_usd < 1000000);

-- The operator's switch: one row, once it was used.
create table if not exists public.platform_settings (
  id boolean primary key default true check (id),
  -- Whether no run may begin on the platform's key.
  is_stopped boolean not null default false
);

-- People whose daily tokens on the platform's key are not the usual number.
create table if not exists public.platform_limits (
  user_id uuid primary key references auth.users (id) on delete cascade,
  -- Null: as many as the platform's total allows.
  daily_tokens bigint check (daily_tokens >= 0),
  created_at timestamptz not null default now()
);

-- How often somebody was refused a run on the platform's key, by day (UTC) and reason. A count, because a refused
-- request costs nothing and can be repeated for ever.
create table if not exists public.platform_refusals (
  day date not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  reason text not null check (reason ~ '^[a-z_]{1,40}$'),
  times integer not null default 1 check (times > 0),
  primary key (day, user_id, reason)
);
create index if not exists platform_refusals_user_id on public.platform_refusals (user_id);

revoke all on table public.platform_settings, public.platform_limits, public.platform_refusals
  from public, anon, authenticated, service_role;
grant select on table public.platform_settings, public.platform_limits to service_role;
grant select, insert, update on table public.platform_refusals to service_role;

-- On, and without a policy: the server alone has to do with these.
alter table public.platform_settings enable row level security;
alter table public.platform_limits enable row level security;
alter table public.platform_refusals enable row level security;

-- What was spent on the platform's key stays in its ledger, without a name, when the account and the team are gone.
-- Otherwise deleting an account would make room for the next one.
create or replace trigger reveal_runs_forget
  after update of user_id, team_id on public.reveal_runs
  for each row when (new.user_id is null and new.team_id is null and new.source <> 'env')
  execute function public.reveal_runs_forget();

-- A sum reads the index alone.
create index if not exists reveal_runs_platform
  on public.reveal_runs (created_at) include (user_id, status, cost_usd) where source = 'env';
create index if not exists reveal_runs_team_key
  on public.reveal_runs (team_id, created_at) include (user_id, status, cost_usd) where source = 'team';

-- Runs that are under way, to be counted by person, and to be found when they are lost.
drop index if exists public.reveal_runs_open;
create index if not exists reveal_runs_under_way
  on public.reveal_runs (user_id, created_at) where status = 'started';

-- Enters a run, or says why it may not begin. Counting and entering are one step under locks, because runs that begin
-- at the same moment would otherwise all find the same room. Until its end, a run counts with all that it may use.
--
-- paid_by          whose key pays, as in the ledger's source
-- estimated_input  tokens that are sent, about; estimated_cost in USD, null where the price is not known
-- most_output      the longest answer, in tokens; shorter where less is left of a person's daily tokens,
-- least_output     but not shorter than this
-- most_cost        the most that the whole of it may cost, in USD; null where the price is not known
-- most_runs        how many runs one person may have under way
-- daily_tokens, daily_usd, monthly_usd   the platform's limits: for each person, for all, for all. Null: no limit
--
-- Returns one row: the entry's id, the longest answer that it may have, and whether a limit in money counts for it; or
-- the reason of the refusal, with what was spent, what runs under way hold, and the limit, in tokens or USD.
create or replace function public.enter_run(
  for_user uuid, for_team uuid, run_kind text, run_model text, paid_by text,
  estimated_input integer, most_output integer, least_output integer,
  estimated_cost numeric, most_cost numeric,
  most_runs integer, daily_tokens bigint, daily_usd numeric, monthly_usd numeric
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
  perform pg_advisory_xact_lock(hashtextextended('reveal_runs' || for_user::text, 0));

  <<limits>>
  begin
    -- A run ends within five minutes. One that a stopped server left open holds its money, but no place.
    select count(*) into under_way from public.reveal_runs as run
      where run.user_id = for_user and run.status = 'started' and run.created_at > now() - interval '5 minutes';
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
            where run.user_id = for_user and run.source = 'env' and run.created_at >= today) as used;
        if spent + held + estimated_input + least_output > own_tokens then
          refusal := 'platform_budget_spent';
          allowed := own_tokens;
          exit limits;
        end if;
        max_output := least(most_output, own_tokens - spent - held - estimated_input);
      end if;
      is_limited := daily_usd is not null or enter_run.monthly_usd is not null;
      if is_limited and most_cost is null then
        refusal := 'model_price_unknown';
        exit limits;
      end if;
      if is_limited then
        perform pg_advisory_xact_lock(hashtextextended('reveal_runs of the platform', 0));
      end if;
      if daily_usd is not null then
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
      if enter_run.monthly_usd is not null then
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
      select team.monthly_usd, coalesce(member.monthly_usd, team.member_monthly_usd) into team_usd, member_usd
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
        (user_id, team_id, kind, model, source, input_tokens, output_tokens, cost_usd)
      values (for_user, for_team, run_kind, run_model, paid_by, estimated_input,
        case when is_limited or paid_by = 'env' then max_output else 0 end,
        case when is_limited or paid_by = 'env' then most_cost else estimated_cost end)
      returning run.id into id;
    spent := null;
    held := null;
  end limits;

  if refusal is not null and paid_by = 'env' then
    insert into public.platform_refusals as refused (day, user_id, reason)
      values (today at time zone 'UTC', for_user, refusal)
      on conflict (day, user_id, reason) do update set times = least(refused.times, 2147483646) + 1;
  end if;
  return next;
end;
$$;

revoke all on function
  public.enter_run(uuid, uuid, text, text, text, integer, integer, integer, numeric, numeric, integer, bigint, numeric,
    numeric)
  from public, anon, authenticated, service_role;
grant execute on function
  public.enter_run(uuid, uuid, text, text, text, integer, integer, integer, numeric, numeric, integer, bigint, numeric,
    numeric)
  to service_role;

-- What a person may use and has used today (UTC) on the platform's key, in tokens.
create or replace function public.platform_budget(for_user uuid, daily_tokens bigint)
returns table (is_stopped boolean, allowed bigint, used bigint)
language sql
stable
set search_path = ''
as $$
  select
    coalesce((select settings.is_stopped from public.platform_settings as settings), false),
    case when own.user_id is null then platform_budget.daily_tokens else own.daily_tokens end,
    (select coalesce(sum(run.input_tokens::bigint + run.output_tokens + run.cache_creation_input_tokens
        + run.cache_read_input_tokens), 0)::bigint
      from public.reveal_runs as run
      where run.user_id = for_user and run.source = 'env'
        and run.created_at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC')
  from (select for_user) as person
  left join public.platform_limits as own on own.user_id = person.for_user;
$$;

revoke all on function public.platform_budget(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.platform_budget(uuid, bigint) to service_role;

-- What it replaces.
drop function if exists public.enter_platform_run(uuid, uuid, text, text, integer, integer, numeric, bigint);

-- Nobody is in more than 50 teams. Under a lock on the person, because two memberships that begin at the same moment
-- would each find room. A person who is in the team already stays in it.
create or replace function public.team_members_limit()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('team_members' || new.user_id::text, 0));
  if (select count(*) from public.team_members as member
      where member.user_id = new.user_id and member.team_id <> new.team_id) >= 50 then
    -- PT422: PostgREST answers with HTTP 422, and passes the code on.
    raise exception using errcode = 'PT422', message = 'A person is in at most 50 teams.';
  end if;
  return new;
end;
$$;

revoke all on function public.team_members_limit() from public, anon, authenticated, service_role;

create or replace trigger team_members_limit
  before insert on public.team_members
  for each row execute function public.team_members_limit();

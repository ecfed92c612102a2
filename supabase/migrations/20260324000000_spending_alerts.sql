-- Alerts before and when a limit in USD is reached: each once for a period and an amount.

create table if not exists public.spending_alerts (
  cap text not null check (cap in ('platform_daily', 'platform_monthly', 'team_monthly', 'member_monthly')),
  -- Null for the platform's caps.
  team_id uuid references public.teams (id) on delete cascade,
  -- For a member's cap alone.
  user_id uuid references auth.users (id) on delete cascade,
  -- The first day of the period (UTC).
  period_start date not null,
  percent integer not null check (percent in (80, 100)),
  -- A limit that is raised has alerts of its own.
  limit_usd numeric not null check (limit_usd > 0),
  created_at timestamptz not null default now(),
  constraint spending_alerts_once
    unique nulls not distinct (cap, team_id, user_id, period_start, percent, limit_usd)
);
create index if not exists spending_alerts_team_id on public.spending_alerts (team_id);
create index if not exists spending_alerts_user_id on public.spending_alerts (user_id);

revoke all on table public.spending_alerts from public, anon, authenticated, service_role;
-- No delete and no change: an alert that was sent was sent.
grant select, insert on table public.spending_alerts to service_role;

-- On, and without a policy: the server alone has to do with it.
alter table public.spending_alerts enable row level security;

-- Claims the alerts that are due, so that each is sent by one caller, once. Counts what is spent: runs under way only
-- hold money, and most of them give some of it back.
--
-- for_user, for_team, paid_by   of the run that has ended or was refused, as in the ledger
-- daily_usd, monthly_usd        the platform's limits. Null: no limit
-- full_cap, least_cost          the cap that a run did not fit into, and what the shortest run may cost at most, in USD
--
-- 80 % is reached by spending. 100 % is reached by spending, or where the rest is too small for the shortest run: limits
-- are never passed, so that what is spent seldom equals one. A long run that does not fit says nothing about the cap,
-- only about its own size. Where both are reached at once, both are claimed, and 100 is returned.
--
-- A cap whose 100 % is claimed costs one look at an index, and no write, however often it is asked about.
create or replace function public.claim_spending_alerts(
  for_user uuid, for_team uuid, paid_by text, daily_usd numeric, monthly_usd numeric, full_cap text, least_cost numeric
)
returns table (
  cap text, team_id uuid, user_id uuid, period_start date, percent integer, spent_usd numeric, limit_usd numeric
)
language sql
set search_path = ''
as $$
  with periods as (
    select (now() at time zone 'UTC')::date as today,
      date_trunc('month', now() at time zone 'UTC')::date as this_month
  ), caps (cap, team_id, user_id, period_start, limit_usd) as (
    select 'platform_daily', null::uuid, null::uuid, periods.today, claim_spending_alerts.daily_usd
      from periods where claim_spending_alerts.paid_by = 'env'
    union all
    select 'platform_monthly', null, null, periods.this_month, claim_spending_alerts.monthly_usd
      from periods where claim_spending_alerts.paid_by = 'env'
    union all
    select 'team_monthly', team.id, null, periods.this_month, team.monthly_usd
      from periods, public.teams as team
      where claim_spending_alerts.paid_by = 'team' and team.id = for_team
    union all
    select 'member_monthly', team.id, for_user, periods.this_month,
        coalesce(member.monthly_usd, team.member_monthly_usd)
      from periods, public.teams as team
      join public.team_members as member on member.team_id = team.id and member.user_id = for_user
      where claim_spending_alerts.paid_by = 'team' and team.id = for_team
  ), open_caps as materialized (
    -- A limit of 0 is a switch, of which nothing can be spent.
    select caps.* from caps
      where caps.limit_usd > 0 and not exists (
        select from public.spending_alerts as alert
          where alert.cap = caps.cap and alert.team_id is not distinct from caps.team_id
            and alert.user_id is not distinct from caps.user_id and alert.period_start = caps.period_start
            and alert.percent = 100 and alert.limit_usd = caps.limit_usd)
  ), sums as materialized (
    -- Materialized, so that nothing is summed twice, or for a cap that is not open. One query for each kind of cap, so
    -- that each reads an index alone.
    select open_caps.*, coalesce(case open_caps.cap
        when 'team_monthly' then (
          select sum(run.cost_usd) from public.reveal_runs as run
            where run.source = 'team' and run.team_id = open_caps.team_id and run.status <> 'started'
              and run.created_at >= open_caps.period_start::timestamp at time zone 'UTC')
        when 'member_monthly' then (
          select sum(run.cost_usd) from public.reveal_runs as run
            where run.source = 'team' and run.team_id = open_caps.team_id and run.user_id = open_caps.user_id
              and run.status <> 'started'
              and run.created_at >= open_caps.period_start::timestamp at time zone 'UTC')
        else (
          select sum(run.cost_usd) from public.reveal_runs as run
            where run.source = 'env' and run.status <> 'started'
              and run.created_at >= open_caps.period_start::timestamp at time zone 'UTC')
        end, 0) as spent_usd
      from open_caps
  ), reached as (
    select sums.*, case
        when sums.spent_usd >= sums.limit_usd then 100
        when sums.cap = full_cap and sums.spent_usd + least_cost > sums.limit_usd then 100
        else 80 end as percent
      from sums
      where sums.spent_usd >= sums.limit_usd * 0.8
        -- Of a limit that is smaller than any run, nothing is ever spent.
        or sums.cap = full_cap and sums.spent_usd > 0 and sums.spent_usd + least_cost > sums.limit_usd
  ), claimed as (
    insert into public.spending_alerts as alert (cap, team_id, user_id, period_start, percent, limit_usd)
      select reached.cap, reached.team_id, reached.user_id, reached.period_start, step.percent, reached.limit_usd
        from reached join (values (80), (100)) as step (percent) on step.percent <= reached.percent
        -- In one order, so that two callers never wait for each other.
        order by reached.cap, step.percent
      on conflict do nothing
      returning alert.cap, alert.percent
  )
  select reached.cap, reached.team_id, reached.user_id, reached.period_start, reached.percent, reached.spent_usd,
      reached.limit_usd
    from reached join claimed on claimed.cap = reached.cap and claimed.percent = reached.percent;
$$;

revoke all on function public.claim_spending_alerts(uuid, uuid, text, numeric, numeric, text, numeric)
  from public, anon, authenticated, service_role;
grant execute on function public.claim_spending_alerts(uuid, uuid, text, numeric, numeric, text, numeric)
  to service_role;

-- Whose confirmed address is one of these, in lower case as the auth server has them: the operators' accounts, whose own
-- webhooks hear of the platform's limits. Security definer: the server cannot read auth.users.
create or replace function public.confirmed_accounts(emails text[])
returns table (id uuid)
language sql
stable
security definer
set search_path = ''
as $$
  select account.id from auth.users as account
    where account.email = any(emails) and account.email_confirmed_at is not null;
$$;

revoke all on function public.confirmed_accounts(text[]) from public, anon, authenticated, service_role;
grant execute on function public.confirmed_accounts(text[]) to service_role;

-- Three more events. Existing webhooks keep those that they have.
alter table public.webhooks
  alter column events set default array['reveal.completed', 'reveal.failed', 'vault.secret.created',
    'vault.secret.rotated', 'vault.secret.deleted', 'vault.secret.revealed', 'vault.secret.refused',
    'spending.threshold', 'webhook.paused'],
  drop constraint if exists webhooks_events_check,
  add constraint webhooks_events_check check (cardinality(events) > 0 and events <@ array['reveal.completed',
    'reveal.failed', 'vault.secret.created', 'vault.secret.rotated', 'vault.secret.deleted',
    'vault.secret.revealed', 'vault.secret.refused', 'spending.threshold', 'webhook.paused'])
    not valid; -- A later migration has more events, and this one may be applied again.

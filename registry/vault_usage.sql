-- One row for each call to a provider on a key of the vault: who, for which feature, whose key paid, how much. Never a
-- prompt, an answer, or a value. It needs the vault's migrations, and running it a second time changes nothing.

create table if not exists public.vault_usage (
  id uuid primary key default gen_random_uuid(),
  -- Null for a job's, and once the account is gone: what was spent was spent.
  user_id uuid references auth.users (id) on delete set null,
  -- Not a foreign key, because the teams are the app's: the id stays when the team is gone.
  team_id uuid,
  feature text not null check (feature ~ '^[a-z][a-z0-9-]{0,39}$'),
  -- The name of the key that paid, and whose it was.
  key text not null check (key ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  source text not null check (source in ('user', 'team', 'env')),
  -- Empty where a call has no model, or nobody knows it.
  model text not null check (char_length(model) <= 200),
  -- started, completed, or the code of what ended it.
  status text not null default 'started' check (status ~ '^[a-z_]{1,40}$'),
  -- Why the model stopped; null where it did not say, or did not come so far.
  stop_reason text check (stop_reason in (
    'end_turn', 'stop_sequence', 'max_tokens', 'model_context_window_exceeded', 'refusal', 'pause_turn', 'tool_use',
    'other')),
  input_tokens integer not null default 0 check (input_tokens >= 0),
  output_tokens integer not null default 0 check (output_tokens >= 0),
  cache_creation_input_tokens integer not null default 0 check (cache_creation_input_tokens >= 0),
  cache_read_input_tokens integer not null default 0 check (cache_read_input_tokens >= 0),
  -- Whether the provider counted the whole of it. Otherwise the tokens are an estimate.
  is_counted boolean not null default false,
  -- By the list price at the time of the call; null for a model whose price is not known. NaN is above every number.
  cost_usd numeric check (cost_usd >= 0 and cost_usd < 1000000),
  -- Whether it was counted, and every part of it has a known price.
  cost_exact boolean not null default false,
  -- What else the provider said of its usage, where it said something: parts of the counts, tools, tiers.
  details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  duration_ms integer check (duration_ms >= 0),
  created_at timestamptz not null default now()
);

comment on table public.vault_usage is
  'One row for each call to a provider: who, whose key paid, how much. No prompt, no answer, no value.';

-- Sums are of one person, and the deletion of an account looks for its rows.
create index if not exists vault_usage_user_time on public.vault_usage (user_id, created_at desc);
-- The limits of the platform's key count what it paid for today.
create index if not exists vault_usage_platform_time on public.vault_usage (created_at) where source = 'env';

-- Spelled out for every role, service_role too: hosted projects give new tables no grants by themselves since
-- 30 October 2026, and older ones give far too many. No delete: nobody can undo what was spent.
revoke all on table public.vault_usage from public, anon, authenticated, service_role;
grant select, insert, update on table public.vault_usage to service_role;
grant select on table public.vault_usage to authenticated;

alter table public.vault_usage enable row level security;

drop policy if exists "A person sees their own usage" on public.vault_usage;
create policy "A person sees their own usage"
  on public.vault_usage for select to authenticated
  using (user_id = (select auth.uid()));

-- Enters a call before it is made, or says why it may not be. On the platform's key, all features and people share one
-- limit a day (UTC). Counting and entering are one step under a lock, because calls that begin at the same moment would
-- otherwise all find the same room. Until its end, a call counts with all that it may cost.
--
-- call_id      null: a fresh one. One that is taken is a violation of the primary key, and then nothing has happened
-- for_user     null for a job
-- paid_by      whose key pays: user, team, or env, which is the platform's
-- estimated_input, estimated_cost   of what is sent, in tokens and USD
-- most_output, most_cost            the longest answer, in tokens, and the most that the whole of it may cost, in USD
-- daily_usd    the most that calls on the platform's key may cost together. Null: no limit
-- daily_calls  how many calls of unknown price, whose costs are null, the platform's key may pay for. Null: none where
--              there is a limit in USD
--
-- Returns one row: the entry's id, and whether a limit in USD counts for it; or the reason of the refusal, with what was
-- spent, what calls under way hold, and the limit, in USD or calls. Amounts leave the database as double precision, because
-- not every API writes a small numeric as a number.
create or replace function public.enter_usage(
  call_id uuid, for_user uuid, for_team uuid, feature_name text, key_name text, model_name text, paid_by text,
  estimated_input integer, estimated_cost numeric, most_output integer, most_cost numeric,
  daily_usd numeric, daily_calls integer
)
returns table (
  id uuid, is_limited boolean, refusal text, spent double precision, held double precision, allowed double precision
)
language plpgsql
set search_path = ''
as $$
declare
  today constant timestamptz := date_trunc('day', now() at time zone 'UTC') at time zone 'UTC';
  ended numeric;
  under_way numeric := 0;
begin
  is_limited := paid_by = 'env' and daily_usd is not null and most_cost is not null;
  if paid_by = 'env' then
    perform pg_advisory_xact_lock(hashtextextended('vault_usage of the platform', 0));
    if most_cost is null and daily_calls is not null then
      select count(*) into ended
        from public.vault_usage as usage
        where usage.source = 'env' and usage.created_at >= today and usage.cost_usd is null;
      if ended + 1 > daily_calls then
        refusal := 'daily_calls';
        allowed := daily_calls;
      end if;
    elsif most_cost is null and daily_usd is not null then
      refusal := 'model_price_unknown';
    elsif is_limited then
      select
          coalesce(sum(usage.cost_usd) filter (where usage.status <> 'started'), 0),
          coalesce(sum(usage.cost_usd) filter (where usage.status = 'started'), 0)
        into ended, under_way
        from public.vault_usage as usage
        where usage.source = 'env' and usage.created_at >= today;
      if ended + under_way + most_cost > daily_usd then
        refusal := 'daily_usd';
        allowed := daily_usd;
      end if;
    end if;
  end if;

  if refusal is not null then
    spent := ended;
    held := under_way;
  else
    insert into public.vault_usage as usage
        (id, user_id, team_id, feature, key, model, source, input_tokens, output_tokens, cost_usd)
      values (coalesce(call_id, gen_random_uuid()), for_user, for_team, feature_name, key_name, model_name, paid_by,
        estimated_input,
        case when paid_by = 'env' then most_output else 0 end,
        case when paid_by = 'env' then most_cost else estimated_cost end)
      returning usage.id into id;
  end if;
  return next;
end;
$$;

-- Enters what a call says about its key, where that is news, so that a busy key is not a busy row, and so that what a check
-- found out about the account stays as long as the result does. A value that was stored after this one was read is another
-- one: the lock keeps it waiting, or waits for it and looks again.
create or replace function public.enter_key_result(
  for_type text, for_owner uuid, for_key text, read_at timestamptz, result text
)
returns table (secret_id uuid)
language sql
set search_path = ''
as $$
  insert into public.vault_secret_details as present (secret_id, checked_at, check_result)
    select secret.id, read_at, result from public.vault_secrets as secret
      where secret.owner_type = for_type and secret.owner_id = for_owner and secret.key = for_key
        and secret.last_rotated_at <= read_at
      for share
    on conflict (secret_id) do update set
      checked_at = excluded.checked_at,
      check_result = excluded.check_result,
      check_facts = null
      where present.check_result is distinct from excluded.check_result
        and (present.checked_at is null or present.checked_at < excluded.checked_at)
    returning present.secret_id;
$$;

-- Sums of a person's calls by feature, key, and whose key it was. Here and not in the app, because the REST API hands out
-- at most a thousand rows, and a month may have more.
--
-- cost      USD; null where no call has a known price
-- unpriced  how many calls used something whose price is not known
create or replace function public.sum_usage(for_user uuid, since timestamptz)
returns table (feature text, key text, source text, calls bigint, tokens bigint, cost double precision, unpriced bigint)
language sql
stable
set search_path = ''
as $$
  select usage.feature, usage.key, usage.source, count(*), sum(used.tokens)::bigint, sum(usage.cost_usd)::double precision,
      -- What used nothing cost nothing, whatever the price.
      count(*) filter (where usage.cost_usd is null and used.tokens > 0)
    from public.vault_usage as usage
      cross join lateral (select usage.input_tokens::bigint + usage.output_tokens + usage.cache_creation_input_tokens
        + usage.cache_read_input_tokens as tokens) as used
    where usage.user_id = for_user and usage.created_at >= since
    group by usage.feature, usage.key, usage.source
    order by usage.feature, usage.key, usage.source;
$$;

-- Only the server: each of them trusts the person and the team that it is given.
revoke all on function
  public.enter_usage(uuid, uuid, uuid, text, text, text, text, integer, numeric, integer, numeric, numeric, integer),
  public.enter_key_result(text, uuid, text, timestamptz, text), public.sum_usage(uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function
  public.enter_usage(uuid, uuid, uuid, text, text, text, text, integer, numeric, integer, numeric, numeric, integer),
  public.enter_key_result(text, uuid, text, timestamptz, text), public.sum_usage(uuid, timestamptz)
  to service_role;

-- The ledger: one row for each call to a provider. Who, whose key, how much; never a prompt, an answer or a
-- value. A row is written before the provider is asked, so that a run that a crash ends is not forgotten.

create table if not exists public.reveal_runs (
  id uuid primary key default gen_random_uuid(),
  -- Null once the account is gone: the team's ledger stays whole.
  user_id uuid references auth.users (id) on delete set null,
  -- The workspace that it ran in; null for the person's own, and once the team is gone.
  team_id uuid references public.teams (id) on delete set null,
  kind text not null check (kind in ('run', 'analyze')),
  model text not null check (char_length(model) between 1 and 200),
  -- Whose key paid.
  source text not null check (source in ('user', 'team', 'env')),
  -- started, completed, or the code of what ended it.
  status text not null default 'started' check (status ~ '^[a-z_]{1,40}$'),
  input_tokens integer not null default 0 check (input_tokens >= 0),
  output_tokens integer not null default 0 check (output_tokens >= 0),
  cache_creation_input_tokens integer not null default 0 check (cache_creation_input_tokens >= 0),
  cache_read_input_tokens integer not null default 0 check (cache_read_input_tokens >= 0),
  duration_ms integer check (duration_ms >= 0),
  created_at timestamptz not null default now()
);

comment on table public.reveal_runs is
  'One row for each call to a provider: who, whose key paid, how many tokens. No prompt, no answer, no value.';

-- Lists and sums are of one person or one team, over a time, newest first.
create index if not exists reveal_runs_user_time on public.reveal_runs (user_id, created_at desc, id desc);
create index if not exists reveal_runs_team_time on public.reveal_runs (team_id, created_at desc, id desc);

revoke all on table public.reveal_runs from public, anon, authenticated, service_role;
-- No delete: what was spent was spent.
grant select, insert, update on table public.reveal_runs to service_role;
grant select on table public.reveal_runs to authenticated;

alter table public.reveal_runs enable row level security;

drop policy if exists "A user sees their own runs" on public.reveal_runs;
create policy "A user sees their own runs"
  on public.reveal_runs for select to authenticated
  using (user_id = (select auth.uid()));

drop policy if exists "An admin sees their team's runs" on public.reveal_runs;
create policy "An admin sees their team's runs"
  on public.reveal_runs for select to authenticated
  using (private.team_role(team_id) = 'admin');

-- A run belongs to a person and perhaps a team. Once both are gone it is nobody's.
create or replace function public.reveal_runs_forget()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.reveal_runs where id = new.id;
  return new;
end;
$$;

create or replace trigger reveal_runs_forget
  after update of user_id, team_id on public.reveal_runs
  for each row when (new.user_id is null and new.team_id is null)
  execute function public.reveal_runs_forget();

-- Sums by day (UTC), person, source and model: of a person's runs, of a team's, or of a person's in a team.
-- Here and not in the app, because the REST API hands out at most a thousand rows, and a month may have more.
-- Dropped first, because a later migration gives it more columns, and this one may be applied again.
drop function if exists public.reveal_usage(uuid, uuid, timestamptz);
create or replace function public.reveal_usage(for_user uuid, for_team uuid, since timestamptz)
returns table (
  day date, user_id uuid, source text, model text, runs bigint,
  input_tokens bigint, output_tokens bigint, cache_creation_input_tokens bigint, cache_read_input_tokens bigint
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
        sum(input_tokens), sum(output_tokens), sum(cache_creation_input_tokens), sum(cache_read_input_tokens)
      from public.reveal_runs
      where user_id = for_user and created_at >= since
      group by 1, 2, 3, 4 order by 1, 2, 3, 4;
  else
    return query
      select (created_at at time zone 'UTC')::date, user_id, source, model, count(*),
        sum(input_tokens), sum(output_tokens), sum(cache_creation_input_tokens), sum(cache_read_input_tokens)
      from public.reveal_runs
      where team_id = for_team and created_at >= since and (for_user is null or user_id = for_user)
      group by 1, 2, 3, 4 order by 1, 2, 3, 4;
  end if;
end;
$$;

-- Enters a run on the platform's key, unless it would take the person above their tokens for today (UTC): then
-- there is no row. Counting and entering are one step for each person, because runs that begin at the same moment
-- would otherwise all find the same room. Until its end, a run counts with the longest answer that it may get.
create or replace function public.enter_platform_run(
  for_user uuid, for_team uuid, run_kind text, run_model text,
  estimated_input integer, reserved_output integer, daily_limit bigint
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
      (user_id, team_id, kind, model, source, input_tokens, output_tokens)
    values (for_user, for_team, run_kind, run_model, 'env', estimated_input, reserved_output)
    returning run.id;
end;
$$;

revoke all on function public.enter_platform_run(uuid, uuid, text, text, integer, integer, bigint)
  from public, anon, authenticated, service_role;
grant execute on function public.enter_platform_run(uuid, uuid, text, text, integer, integer, bigint)
  to service_role;

revoke all on function public.reveal_runs_forget() from public, anon, authenticated, service_role;
revoke all on function public.reveal_usage(uuid, uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.reveal_usage(uuid, uuid, timestamptz) to service_role;

-- Webhooks are sent from now on: teams have them too, each is signed with a secret of its own and tells of chosen
-- events, and every attempt is a row.

alter table public.webhooks
  alter column user_id drop not null,
  add column if not exists team_id uuid references public.teams (id) on delete cascade,
  add column if not exists events text[] not null default array['reveal.completed', 'reveal.failed',
    'vault.secret.created', 'vault.secret.rotated', 'vault.secret.deleted', 'vault.secret.revealed'],
  -- The signing secret, encrypted together with the row's id. Null for webhooks from before there was one.
  add column if not exists encrypted_secret text,
  -- Attempts that failed since the last one that arrived.
  add column if not exists failures integer not null default 0,
  add column if not exists last_delivered_at timestamptz,
  -- Null: it is sent to. Else why it is not: a person paused it, it failed too often, its receiver wants no more
  -- (status 410), or it has no signing secret yet.
  add column if not exists pause_reason text;

update public.webhooks set pause_reason = 'no_secret' where encrypted_secret is null and pause_reason is null;

alter table public.webhooks
  drop constraint if exists webhooks_url_check,
  -- Whether http is accepted is the operator's switch, which the app asks.
  add constraint webhooks_url_check check (url ~ '^https?://' and char_length(url) <= 2048),
  drop constraint if exists webhooks_owner,
  add constraint webhooks_owner check (num_nonnulls(user_id, team_id) = 1),
  drop constraint if exists webhooks_team_url,
  add constraint webhooks_team_url unique (team_id, url),
  drop constraint if exists webhooks_events_check,
  add constraint webhooks_events_check check (cardinality(events) > 0 and events <@ array['reveal.completed',
    'reveal.failed', 'vault.secret.created', 'vault.secret.rotated', 'vault.secret.deleted',
    'vault.secret.revealed']) not valid, -- A later migration has more events, and this one may be applied again.
  drop constraint if exists webhooks_failures_check,
  add constraint webhooks_failures_check check (failures >= 0),
  drop constraint if exists webhooks_pause_reason_check,
  add constraint webhooks_pause_reason_check
    check (pause_reason in ('person', 'failures', 'gone', 'no_secret')) not valid, -- As above: a later one has more.
  drop constraint if exists webhooks_secret,
  -- Nothing is ever sent unsigned.
  add constraint webhooks_secret
    check ((encrypted_secret is null) = (pause_reason is not distinct from 'no_secret')),
  drop constraint if exists webhooks_encrypted_secret_check,
  add constraint webhooks_encrypted_secret_check check (char_length(encrypted_secret) between 1 and 8192);

-- Everything but the signing secret.
revoke all on table public.webhooks from authenticated;
grant select (id, user_id, team_id, url, description, events, failures, last_delivered_at, pause_reason, created_at)
  on public.webhooks to authenticated;

drop policy if exists "A user manages their own webhooks" on public.webhooks;
drop policy if exists "A user sees their own webhooks" on public.webhooks;
create policy "A user sees their own webhooks"
  on public.webhooks for select to authenticated
  using (user_id = (select auth.uid()));

drop policy if exists "An admin sees their team's webhooks" on public.webhooks;
create policy "An admin sees their team's webhooks"
  on public.webhooks for select to authenticated
  using (private.team_role(team_id) = 'admin');

-- Under a lock on the owner, because two who count for themselves would both find room.
create or replace function public.webhooks_limit()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('webhooks' || coalesce(new.user_id, new.team_id)::text, 0));
  if (select count(*) from public.webhooks where user_id = new.user_id or team_id = new.team_id) >= 20 then
    -- PT409: PostgREST answers with HTTP 409, and passes the code on.
    raise exception using errcode = 'PT409', message = 'There are at most 20 webhooks for each owner.';
  end if;
  return new;
end;
$$;

create or replace trigger webhooks_limit
  before insert on public.webhooks
  for each row execute function public.webhooks_limit();

-- One row for each attempt, written before it is made. One that stays "started" was interrupted.
create table if not exists public.webhook_deliveries (
  id uuid primary key default gen_random_uuid(),
  webhook_id uuid not null references public.webhooks (id) on delete cascade,
  -- The same for all attempts at one message, so that a receiver can tell repetitions.
  message_id text not null check (message_id ~ '^msg_[0-9a-f-]{36}$'),
  event text not null check (char_length(event) <= 40),
  -- The exact text, because it is signed. Ids, key names and counts; never a value, a prompt or an answer.
  payload text not null check (char_length(payload) <= 32768),
  attempt integer not null check (attempt >= 1),
  status text not null default 'started' check (status in ('started', 'delivered', 'failed')),
  response_status integer,
  response_excerpt text check (char_length(response_excerpt) <= 500),
  -- Why there was no answer.
  error text check (error ~ '^[a-z_]{1,40}$'),
  duration_ms integer check (duration_ms >= 0),
  -- The clock's time, because those of one message would all have the statement's.
  created_at timestamptz not null default clock_timestamp()
);

create index if not exists webhook_deliveries_time
  on public.webhook_deliveries (webhook_id, created_at desc, id desc);

revoke all on table public.webhook_deliveries from public, anon, authenticated, service_role;
grant select, insert, update on table public.webhook_deliveries to service_role;
grant select on table public.webhook_deliveries to authenticated;

alter table public.webhook_deliveries enable row level security;

-- What webhooks a person sees is said by the policies there.
drop policy if exists "A user sees what was sent to webhooks that they see" on public.webhook_deliveries;
create policy "A user sees what was sent to webhooks that they see"
  on public.webhook_deliveries for select to authenticated
  using (exists (select from public.webhooks where webhooks.id = webhook_id));

-- The newest hundred of each webhook are enough to find a fault with, and nobody has to clear them away. One that may
-- be under way stays, because its end still counts. Security definer: the server has no right to delete single ones.
create or replace function public.webhook_deliveries_forget()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from public.webhook_deliveries
    where (status <> 'started' or created_at < clock_timestamp() - interval '1 minute')
      and id in (select id from public.webhook_deliveries where webhook_id = new.webhook_id
        order by created_at desc, id desc offset 100);
  return new;
end;
$$;

create or replace trigger webhook_deliveries_forget
  after insert on public.webhook_deliveries
  for each row execute function public.webhook_deliveries_forget();

-- Counts failures in a row, and pauses after 20 of them, or at once where the receiver says that it is gone for
-- good. In the same statement as the attempt's end, so that attempts which end together all count.
create or replace function public.webhook_deliveries_count()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.status = 'delivered' then
    update public.webhooks set failures = 0, last_delivered_at = now() where id = new.webhook_id;
  else
    update public.webhooks set
      failures = failures + 1,
      pause_reason = case
        when pause_reason is not null then pause_reason
        when new.response_status = 410 then 'gone'
        when failures + 1 >= 20 then 'failures' end
      where id = new.webhook_id;
  end if;
  return new;
end;
$$;

create or replace trigger webhook_deliveries_count
  after update of status on public.webhook_deliveries
  for each row when (old.status = 'started' and new.status <> 'started')
  execute function public.webhook_deliveries_count();

revoke all on function public.webhooks_limit() from public, anon, authenticated, service_role;
revoke all on function public.webhook_deliveries_forget() from public, anon, authenticated, service_role;
revoke all on function public.webhook_deliveries_count() from public, anon, authenticated, service_role;

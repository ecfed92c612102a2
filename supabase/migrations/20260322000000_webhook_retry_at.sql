-- A receiver may ask not to be tried again before some time (Retry-After). Where no attempt follows by itself that
-- would be late enough, people see the time. Null everywhere else.
alter table public.webhook_deliveries add column if not exists retry_at timestamptz;

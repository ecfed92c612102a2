-- A session of the app is also a session for Supabase's REST API, where its access token works for up to an hour after
-- a sign-out. The app's server reads everything as service_role, so a signed-in person needs almost nothing there.
-- What remains is in the first migration: the metadata of one's own secrets, by a policy that reads an index.

-- Nothing in the app reads these as authenticated. Some of their policies asked for a role once for each row of the
-- table, so that a single request could keep the database busy for more than a second.
revoke all on table public.teams, public.team_members, public.profiles, public.reveal_runs, public.vault_events,
  public.webhooks, public.webhook_deliveries from authenticated;

-- Without a grant these policies never apply, and a grant made by mistake must open no row: with row-level security on
-- and no policy, it opens none.
drop policy if exists "A member sees their teams" on public.teams;
drop policy if exists "A member sees who is in their teams" on public.team_members;
drop policy if exists "A member sees who their teammates are" on public.profiles;
drop policy if exists "A user sees their own runs" on public.reveal_runs;
drop policy if exists "An admin sees their team's runs" on public.reveal_runs;
drop policy if exists "A user sees what was done with their own keys" on public.vault_events;
drop policy if exists "An admin sees what was done with their team's keys" on public.vault_events;
drop policy if exists "A user sees their own webhooks" on public.webhooks;
drop policy if exists "An admin sees their team's webhooks" on public.webhooks;
drop policy if exists "A user sees what was sent to webhooks that they see" on public.webhook_deliveries;

-- A team's secrets are read through the app only, which asks for the role at each request. Beside the owner's policy,
-- these two turned every read of one's own secrets into a read of the whole table.
drop policy if exists "A member sees their team's secrets" on public.vault_secrets;
drop policy if exists "An admin manages their team's secrets" on public.vault_secrets;

-- Only those policies called it. A policy or view of your own that calls it keeps it, grant included, instead of
-- stopping this migration; the REST API does not expose it, and it tells people nothing but their own role. (Postgres
-- does not track calls inside a function's body: such a function of yours raises an error from now on.)
do $$
begin
  drop function if exists private.team_role(uuid);
exception when dependent_objects_still_exist then
  raise notice 'private.team_role() stays: something else in this database uses it.';
end;
$$;

-- The function was all that the app had in it. If you keep anything there, or if it was yours before, it stays as it
-- is, because your own objects may need its grants.
do $$
begin
  drop schema if exists private;
exception when dependent_objects_still_exist or insufficient_privilege then
  raise notice 'The schema private stays: it holds objects of your own.';
end;
$$;

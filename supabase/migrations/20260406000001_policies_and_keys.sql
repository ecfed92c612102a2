-- What Supabase's database linter found: https://supabase.com/docs/guides/database/database-linter
-- Nobody may read or write anything else than before.

-- rls_enabled_no_policy: the server's tables, as in the migration before, each with a policy that opens no row.
do $$
declare
  name text;
begin
  foreach name in array array[
    'deleted_team_members', 'platform_events', 'platform_limits', 'platform_refusals', 'platform_settings', 'profiles',
    'refused_keys', 'reveal_runs', 'spending_alerts', 'team_invites', 'team_members', 'teams', 'vault_events',
    'webhook_deliveries', 'webhooks'
  ] loop
    execute format('drop policy if exists "A person sees and changes nothing" on public.%I', name);
    execute format(
      'create policy "A person sees and changes nothing" on public.%I for all to authenticated using (false)', name);
  end loop;
end;
$$;

-- no_primary_key: what makes an alert the only one of its kind has columns that can be null, which a key's cannot.
alter table public.spending_alerts add column if not exists id uuid primary key default gen_random_uuid();

-- unindexed_foreign_keys: the deletion of an account looks for the teams that the person created.
create index if not exists teams_created_by on public.teams (created_by);

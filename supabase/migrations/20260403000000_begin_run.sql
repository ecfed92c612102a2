-- Between a request and the provider there is one statement: whose key pays, by the team's rule, and whether the run may
-- begin on it. What it finds out counts for the run that it enters, and for no later one.

-- Finds the key that a run is to be paid with, the person's, else the team's, else the platform's, and enters the run
-- with enter_run. It enters none where it finds no key.
--
-- key_name         of the secret, in the vaults of the person and the team
-- has_platform_key whether the platform has that key to lend
-- only_source      the one layer whose key may pay this once; null: any of them
-- run_id           the page's own name for the run, which nothing else may have; null: a fresh one
-- all others as in enter_run
--
-- Returns one row, as enter_run does, and also: whose key pays; its ciphertext, null for the platform's; and the team's
-- rule, null outside of teams. There are two more refusals: team_not_found, the same for a foreign team and for none;
-- and no_key. A run_id that is taken is a violation of the primary key, and then nothing has happened.
create or replace function public.begin_run(
  for_user uuid, for_team uuid, key_name text, has_platform_key boolean, only_source text,
  run_id uuid, run_kind text, run_model text,
  estimated_input integer, most_output integer, least_output integer,
  estimated_cost numeric, most_cost numeric,
  most_runs integer, daily_tokens bigint, daily_usd numeric, monthly_usd numeric
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
    select team.key_policy into key_policy
      from public.team_members as member join public.teams as team on team.id = member.team_id
      where member.team_id = for_team and member.user_id = for_user;
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
      estimated_cost, most_cost, most_runs, daily_tokens, daily_usd, begin_run.monthly_usd) as entry;
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
    bigint, numeric, numeric)
  from public, anon, authenticated, service_role;
grant execute on function
  public.begin_run(uuid, uuid, text, boolean, text, uuid, text, text, integer, integer, integer, numeric, numeric, integer,
    bigint, numeric, numeric)
  to service_role;

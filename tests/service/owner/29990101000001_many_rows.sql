-- For tests/service/many-rows.test.ts alone: by the thousand, what takes the app minutes, or an account and a decision each.
create function public.add_people(how_many integer) returns table (id uuid)
  language sql security definer set search_path = ''
  as $$
    insert into auth.users (id, email)
      select person, person || '@example.com'
        from (select gen_random_uuid() as person from generate_series(1, how_many)) as people
      returning id
  $$;
create function public.add_deleted_teams(admin uuid, how_many integer) returns void
  language sql security definer set search_path = ''
  as $$
    with added as (
      insert into public.teams (name, deleted_at, deleted_by)
        select 'Team ' || number, now(), admin from generate_series(1, how_many) as number
        returning id
    )
    insert into public.deleted_team_members (team_id, user_id, role, created_at)
      select added.id, admin, 'admin', now() from added
  $$;
revoke all on function public.add_people(integer), public.add_deleted_teams(uuid, integer)
  from public, anon, authenticated;
grant execute on function public.add_people(integer), public.add_deleted_teams(uuid, integer) to service_role;

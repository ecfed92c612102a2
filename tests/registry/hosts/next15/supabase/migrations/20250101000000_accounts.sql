-- This app has accounts, as basejump makes them: a person's own has that person's id, and teams have members.
create schema basejump;
create type basejump.account_role as enum ('owner', 'member');
create table basejump.accounts (
  id uuid primary key default gen_random_uuid(),
  primary_owner_user_id uuid not null references auth.users default auth.uid(),
  name text,
  personal_account boolean not null default false
);
create table basejump.account_user (
  user_id uuid not null references auth.users on delete cascade,
  account_id uuid not null references basejump.accounts on delete cascade,
  account_role basejump.account_role not null,
  primary key (user_id, account_id)
);
alter table basejump.accounts enable row level security;
alter table basejump.account_user enable row level security;
grant usage on schema basejump to authenticated, service_role;
grant select, insert, update, delete on table basejump.accounts, basejump.account_user to service_role;

-- What the app's own pages do with teams, for its server.
create function public.create_account(owner uuid) returns uuid
language sql security definer set search_path = '' as $$
  with made as (
    insert into basejump.accounts (primary_owner_user_id, name) values (owner, 'Cartography') returning id
  )
  insert into basejump.account_user select owner, id, 'owner' from made returning account_id
$$;
create function public.add_member(account uuid, member uuid) returns void
language sql security definer set search_path = '' as $$
  insert into basejump.account_user values (member, account, 'member')
$$;
create function public.remove_member(account uuid, member uuid) returns void
language sql security definer set search_path = '' as $$
  delete from basejump.account_user where account_id = account and user_id = member
$$;
create function public.delete_account(account uuid) returns void
language sql security definer set search_path = '' as $$
  delete from basejump.accounts where id = account
$$;
revoke all on function public.create_account(uuid), public.add_member(uuid, uuid), public.remove_member(uuid, uuid),
  public.delete_account(uuid) from public, anon, authenticated;
grant execute on function public.create_account(uuid), public.add_member(uuid, uuid), public.remove_member(uuid, uuid),
  public.delete_account(uuid) to service_role;

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

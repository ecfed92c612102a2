-- What this app had before the vault came.
create table public.notes (
  id bigint generated always as identity primary key,
  text text not null
);
alter table public.notes enable row level security;

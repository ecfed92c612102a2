create table public.profiles (
  id uuid primary key references auth.users on delete cascade,
  name text not null
);
alter table public.profiles enable row level security;

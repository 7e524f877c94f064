create type public.staff_role as enum ('moderator', 'administrator');

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  username text not null,
  display_name text not null,
  bio text not null default '',
  locale text not null default 'en',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint profiles_username_key unique (username),
  constraint profiles_username_format check (username ~ '^[a-z0-9_]{3,30}$'),
  constraint profiles_display_name_length check (char_length(display_name) between 1 and 80),
  constraint profiles_bio_length check (char_length(bio) <= 500),
  constraint profiles_locale_format check (locale ~ '^[a-z]{2}(-[A-Z]{2})?$')
);
comment on table public.profiles is 'Public face of an account; one row per auth.users row.';

create table public.platform_staff (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  role public.staff_role not null,
  granted_at timestamptz not null default now()
);
comment on table public.platform_staff is 'People who moderate the whole platform. Written by service_role only.';

create table public.profile_blocks (
  blocker_id uuid not null default auth.uid() references public.profiles (id) on delete cascade,
  blocked_id uuid not null references public.profiles (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (blocker_id, blocked_id),
  constraint profile_blocks_not_self check (blocker_id <> blocked_id)
);
create index profile_blocks_blocked_id_idx on public.profile_blocks (blocked_id);

create trigger profiles_touch_updated_at
  before update on public.profiles
  for each row execute function private.touch_updated_at();

-- A profile appears with the account; the member chooses a better username afterwards.
create function private.create_profile_for_new_user()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.profiles (id, username, display_name)
  values (
    new.id,
    'user_' || right(replace(new.id::text, '-', ''), 25),
    coalesce(nullif(left(btrim(new.raw_user_meta_data ->> 'display_name'), 80), ''), 'New member')
  );
  return new;
end
$$;

create trigger on_auth_user_created
  after insert on auth.users
  for each row execute function private.create_profile_for_new_user();

create function private.is_staff()
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (select 1 from public.platform_staff s where s.user_id = (select auth.uid()))
$$;
grant execute on function private.is_staff() to authenticated;

alter table public.profiles enable row level security;
alter table public.platform_staff enable row level security;
alter table public.profile_blocks enable row level security;

grant select on public.profiles to authenticated;
grant update (username, display_name, bio, locale) on public.profiles to authenticated;
grant select on public.platform_staff to authenticated;
grant select, delete on public.profile_blocks to authenticated;
grant insert (blocker_id, blocked_id) on public.profile_blocks to authenticated;

create policy "Members can see every profile"
  on public.profiles for select to authenticated
  using (true);

create policy "Members can edit their own profile"
  on public.profiles for update to authenticated
  using (id = (select auth.uid()))
  with check (id = (select auth.uid()));

create policy "Staff can see their own entry"
  on public.platform_staff for select to authenticated
  using (user_id = (select auth.uid()));

create policy "Members can see the blocks they made"
  on public.profile_blocks for select to authenticated
  using (blocker_id = (select auth.uid()));

create policy "Members can block others"
  on public.profile_blocks for insert to authenticated
  with check (blocker_id = (select auth.uid()));

create policy "Members can lift their blocks"
  on public.profile_blocks for delete to authenticated
  using (blocker_id = (select auth.uid()));

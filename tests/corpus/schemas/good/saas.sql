-- Projects and tasks for many tenants, on Supabase: every table under row-level security.
create schema if not exists private;

create table public.organizations (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique check (slug ~ '^[a-z0-9-]{3,40}$'),
  name text not null,
  plan text not null default 'free' check (plan in ('free', 'pro', 'enterprise')),
  seats integer not null default 5 check (seats between 1 and 1000),
  created_at timestamptz not null default now()
);

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  display_name text not null,
  avatar_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.memberships (
  organization_id uuid not null references public.organizations on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null default 'member' check (role in ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (organization_id, user_id)
);
create index memberships_user_id_idx on public.memberships (user_id);

create table public.projects (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  name text not null,
  archived_at timestamptz,
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  unique (organization_id, name),
  unique (id, organization_id)
);
create index projects_created_by_idx on public.projects (created_by);

create table public.tasks (
  id bigint generated always as identity primary key,
  project_id uuid not null,
  organization_id uuid not null,
  title text not null check (length(title) <= 200),
  status text not null default 'todo' check (status in ('todo', 'doing', 'done')),
  priority smallint not null default 2 check (priority between 0 and 3),
  assignee_id uuid references auth.users (id) on delete set null,
  due_date date,
  created_at timestamptz not null default now(),
  foreign key (project_id, organization_id) references public.projects (id, organization_id) on delete cascade
);
create index tasks_project_idx on public.tasks (project_id, status);
create index tasks_organization_idx on public.tasks (organization_id);
create index tasks_assignee_idx on public.tasks (assignee_id) where assignee_id is not null;

create table public.invitations (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  email text not null,
  role text not null default 'member' check (role in ('admin', 'member', 'viewer')),
  token_hash text not null unique,
  expires_at timestamptz not null default now() + interval '7 days',
  accepted_at timestamptz,
  unique (organization_id, email)
);

create table public.webhook_events (
  id text primary key,
  event_type text not null,
  payload jsonb not null,
  received_at timestamptz not null default now(),
  processed_at timestamptz
);

create or replace function private.is_member(org uuid) returns boolean
  language sql stable security definer set search_path = ''
as $$
  select exists (
    select 1 from public.memberships m
    where m.organization_id = org and m.user_id = (select auth.uid())
  );
$$;

create or replace function public.handle_new_user() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.profiles (id, display_name) values (new.id, coalesce(new.email, ''));
  return new;
end;
$$;
create trigger on_auth_user_created after insert on auth.users
  for each row execute function public.handle_new_user();

create or replace function public.touch() returns trigger language plpgsql as $$
begin new.updated_at = now(); return new; end; $$;
create trigger profiles_touch before update on public.profiles
  for each row execute procedure public.touch();

alter table public.organizations enable row level security;
alter table public.profiles enable row level security;
alter table public.memberships enable row level security;
alter table public.projects enable row level security;
alter table public.tasks enable row level security;
alter table public.invitations enable row level security;
alter table public.webhook_events enable row level security;

create policy "members read their organization" on public.organizations
  for select to authenticated using (private.is_member(id));
create policy "profiles are readable" on public.profiles for select to authenticated using (true);
create policy "own profile" on public.profiles for update to authenticated
  using ((select auth.uid()) = id) with check ((select auth.uid()) = id);
create policy "members read memberships" on public.memberships
  for select to authenticated using (private.is_member(organization_id));
create policy "members use projects" on public.projects for all to authenticated
  using (private.is_member(organization_id)) with check (private.is_member(organization_id));
create policy "members use tasks" on public.tasks for all to authenticated
  using (private.is_member(organization_id)) with check (private.is_member(organization_id));
create policy "members read invitations" on public.invitations
  for select to authenticated using (private.is_member(organization_id));

create view public.open_tasks with (security_invoker = on) as
  select t.id, t.title, p.name as project from public.tasks t join public.projects p on p.id = t.project_id
  where t.status <> 'done';

grant usage on schema private to authenticated;
grant execute on function private.is_member(uuid) to authenticated;
grant select, insert, update, delete on all tables in schema public to authenticated;

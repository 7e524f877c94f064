create type public.space_visibility as enum ('public', 'private');
-- Declared from least to most power: policies compare with >=.
create type public.space_role as enum ('member', 'moderator', 'owner');

create table public.spaces (
  id uuid primary key default gen_random_uuid(),
  slug text not null,
  name text not null,
  description text not null default '',
  visibility public.space_visibility not null default 'public',
  created_by uuid default auth.uid() references public.profiles (id) on delete set null,
  member_count integer not null default 0,
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint spaces_slug_key unique (slug),
  constraint spaces_slug_format check (slug ~ '^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$'),
  constraint spaces_name_length check (char_length(name) between 1 and 80),
  constraint spaces_description_length check (char_length(description) <= 2000),
  constraint spaces_member_count_not_negative check (member_count >= 0)
);
create index spaces_created_by_idx on public.spaces (created_by);
create index spaces_listing_idx on public.spaces (created_at desc, id desc);

create table public.space_rules (
  id uuid primary key default gen_random_uuid(),
  space_id uuid not null references public.spaces (id) on delete cascade,
  position smallint not null,
  title text not null,
  body text not null default '',
  constraint space_rules_space_id_position_key unique (space_id, position) deferrable initially immediate,
  constraint space_rules_position_range check (position between 1 and 50),
  constraint space_rules_title_length check (char_length(title) between 1 and 120),
  constraint space_rules_body_length check (char_length(body) <= 1000)
);

create table public.space_members (
  space_id uuid not null references public.spaces (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  role public.space_role not null default 'member',
  joined_at timestamptz not null default now(),
  primary key (space_id, user_id)
);
create index space_members_user_id_idx on public.space_members (user_id);
create index space_members_listing_idx on public.space_members (space_id, joined_at, user_id);

create table public.space_bans (
  space_id uuid not null references public.spaces (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  banned_by uuid default auth.uid() references public.profiles (id) on delete set null,
  reason text not null,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (space_id, user_id),
  constraint space_bans_reason_length check (char_length(reason) between 1 and 500),
  constraint space_bans_expires_after_start check (expires_at > created_at)
);
create index space_bans_user_id_idx on public.space_bans (user_id);
create index space_bans_banned_by_idx on public.space_bans (banned_by);
comment on column public.space_bans.expires_at is 'Null means the ban does not lapse.';

create table public.invitations (
  id uuid primary key default gen_random_uuid(),
  space_id uuid not null references public.spaces (id) on delete cascade,
  invited_by uuid default auth.uid() references public.profiles (id) on delete set null,
  email text not null,
  role public.space_role not null default 'member',
  token_hash bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '14 days',
  accepted_at timestamptz,
  accepted_by uuid references public.profiles (id) on delete set null,
  revoked_at timestamptz,
  constraint invitations_token_hash_key unique (token_hash),
  constraint invitations_token_hash_size check (octet_length(token_hash) = 32),
  constraint invitations_email_shape check (
    email = lower(email) and email like '_%@_%' and char_length(email) <= 254
  ),
  constraint invitations_never_owner check (role <> 'owner'),
  constraint invitations_expires_after_creation check (expires_at > created_at),
  constraint invitations_accepted_by_needs_date check (accepted_by is null or accepted_at is not null),
  constraint invitations_accepted_or_revoked check (accepted_at is null or revoked_at is null)
);
create unique index invitations_one_pending_per_email
  on public.invitations (space_id, email)
  where accepted_at is null and revoked_at is null;
create index invitations_space_id_idx on public.invitations (space_id);
create index invitations_invited_by_idx on public.invitations (invited_by);
create index invitations_accepted_by_idx on public.invitations (accepted_by);
comment on column public.invitations.token_hash is 'SHA-256 of the token; the token itself is shown once, to the inviter.';

create trigger spaces_touch_updated_at
  before update of slug, name, description, visibility, archived_at on public.spaces
  for each row execute function private.touch_updated_at();

-- Policy helpers. They run as their owner, so a policy on space_members can use them without
-- recursing into itself, and they return sets so that a query evaluates them once.
create function private.space_ids_with_role(minimum public.space_role)
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select m.space_id
  from public.space_members m
  where m.user_id = (select auth.uid()) and m.role >= minimum
$$;

create function private.visible_space_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select s.id from public.spaces s where s.visibility = 'public' or (select private.is_staff())
  union
  select m.space_id from public.space_members m where m.user_id = (select auth.uid())
$$;

create function private.writable_space_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select m.space_id
  from public.space_members m
  join public.spaces s on s.id = m.space_id
  where m.user_id = (select auth.uid()) and s.archived_at is null
$$;

create function private.joinable_space_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select s.id from public.spaces s where s.visibility = 'public' and s.archived_at is null
$$;

grant execute on function private.space_ids_with_role(public.space_role) to authenticated;
grant execute on function private.visible_space_ids() to authenticated;
grant execute on function private.writable_space_ids() to authenticated;
grant execute on function private.joinable_space_ids() to authenticated;

create function private.make_creator_owner()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if new.created_by is not null then
    insert into public.space_members (space_id, user_id, role)
    values (new.id, new.created_by, 'owner');
  end if;
  return null;
end
$$;

create trigger spaces_make_creator_owner
  after insert on public.spaces
  for each row execute function private.make_creator_owner();

create function private.count_space_members()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    update public.spaces set member_count = member_count + 1 where id = new.space_id;
  else
    update public.spaces set member_count = member_count - 1 where id = old.space_id;
  end if;
  return null;
end
$$;

create trigger space_members_count
  after insert or delete on public.space_members
  for each row execute function private.count_space_members();

-- PTxyz codes become HTTP status xyz, both in PostgREST and in the FastAPI service.
create function private.refuse_banned_member()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if exists (
    select 1 from public.space_bans b
    where b.space_id = new.space_id
      and b.user_id = new.user_id
      and (b.expires_at is null or b.expires_at > now())
  ) then
    raise sqlstate 'PT403' using message = 'This account is banned from the space.';
  end if;
  return new;
end
$$;

create trigger space_members_refuse_banned
  before insert on public.space_members
  for each row execute function private.refuse_banned_member();

-- The space row is locked so that two owners cannot leave at the same moment. Nothing is refused
-- when the space or the account itself is going away: its row is gone before the cascade gets here.
create function private.keep_one_owner()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if old.role <> 'owner' or (tg_op = 'UPDATE' and new.role = 'owner') then
    return coalesce(new, old);
  end if;
  perform 1 from public.spaces s where s.id = old.space_id for update;
  if not found or not exists (select 1 from public.profiles p where p.id = old.user_id) then
    return coalesce(new, old);
  end if;
  if not exists (
    select 1 from public.space_members m
    where m.space_id = old.space_id and m.user_id <> old.user_id and m.role = 'owner'
  ) then
    raise sqlstate 'PT409' using message = 'A space must keep at least one owner.';
  end if;
  return coalesce(new, old);
end
$$;

create trigger space_members_keep_one_owner
  before update of role or delete on public.space_members
  for each row execute function private.keep_one_owner();

create function private.apply_ban()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if exists (
    select 1 from public.space_members m
    where m.space_id = new.space_id and m.user_id = new.user_id and m.role >= 'moderator'
  ) then
    raise sqlstate 'PT409' using message = 'Moderators and owners must be demoted before a ban.';
  end if;
  delete from public.space_members m
  where m.space_id = new.space_id and m.user_id = new.user_id;
  return new;
end
$$;

create trigger space_bans_apply
  after insert or update on public.space_bans
  for each row execute function private.apply_ban();

-- Accepting needs to read an invitation and a confirmed address that the caller may not select.
create function public.accept_invitation(token text)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  caller constant uuid := (select auth.uid());
  invitation public.invitations;
begin
  if caller is null then
    raise sqlstate 'PT401' using message = 'Sign in to accept an invitation.';
  end if;

  select i.* into invitation
  from public.invitations i
  join auth.users u on u.id = caller
  where i.token_hash = sha256(convert_to(token, 'UTF8'))
    and lower(u.email) = i.email
    and u.email_confirmed_at is not null
  for update of i;

  if not found then
    raise sqlstate 'PT404' using message = 'No such invitation for this account.';
  end if;
  if invitation.accepted_at is not null
     or invitation.revoked_at is not null
     or invitation.expires_at <= now() then
    raise sqlstate 'PT410' using message = 'The invitation is no longer valid.';
  end if;

  insert into public.space_members (space_id, user_id, role)
  values (invitation.space_id, caller, invitation.role)
  on conflict (space_id, user_id) do update
    set role = greatest(space_members.role, excluded.role);

  update public.invitations
  set accepted_at = now(), accepted_by = caller
  where id = invitation.id;

  return invitation.space_id;
end
$$;
grant execute on function public.accept_invitation(text) to authenticated;

alter table public.spaces enable row level security;
alter table public.space_rules enable row level security;
alter table public.space_members enable row level security;
alter table public.space_bans enable row level security;
alter table public.invitations enable row level security;

grant select on public.spaces to authenticated;
grant insert (id, slug, name, description, visibility, created_by) on public.spaces to authenticated;
grant update (name, description, visibility, archived_at) on public.spaces to authenticated;
grant select, insert, update, delete on public.space_rules to authenticated;
grant select, delete on public.space_members to authenticated;
grant insert (space_id, user_id, role), update (role) on public.space_members to authenticated;
grant select, delete on public.space_bans to authenticated;
grant insert (space_id, user_id, banned_by, reason, expires_at) on public.space_bans to authenticated;
grant update (reason, expires_at) on public.space_bans to authenticated;
-- token_hash is written but never read back.
grant select (id, space_id, invited_by, email, role, created_at, expires_at, accepted_at, accepted_by, revoked_at)
  on public.invitations to authenticated;
grant insert (id, space_id, invited_by, email, role, token_hash, expires_at) on public.invitations to authenticated;
grant update (revoked_at) on public.invitations to authenticated;

create policy "Public spaces and own spaces are visible"
  on public.spaces for select to authenticated
  using (
    visibility = 'public'
    or id in (select private.space_ids_with_role('member'))
    or (select private.is_staff())
  );

create policy "Members can open a space"
  on public.spaces for insert to authenticated
  with check (created_by = (select auth.uid()));

create policy "Owners can change their space"
  on public.spaces for update to authenticated
  using (id in (select private.space_ids_with_role('owner')))
  with check (id in (select private.space_ids_with_role('owner')));

create policy "Rules are visible with their space"
  on public.space_rules for select to authenticated
  using (space_id in (select private.visible_space_ids()));

create policy "Moderators can add rules"
  on public.space_rules for insert to authenticated
  with check (space_id in (select private.space_ids_with_role('moderator')));

create policy "Moderators can change rules"
  on public.space_rules for update to authenticated
  using (space_id in (select private.space_ids_with_role('moderator')))
  with check (space_id in (select private.space_ids_with_role('moderator')));

create policy "Moderators can remove rules"
  on public.space_rules for delete to authenticated
  using (space_id in (select private.space_ids_with_role('moderator')));

create policy "Members are visible with their space"
  on public.space_members for select to authenticated
  using (space_id in (select private.visible_space_ids()));

create policy "Anyone can join a public space as a member"
  on public.space_members for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and role = 'member'
    and space_id in (select private.joinable_space_ids())
  );

create policy "Owners can change roles"
  on public.space_members for update to authenticated
  using (space_id in (select private.space_ids_with_role('owner')))
  with check (space_id in (select private.space_ids_with_role('owner')));

create policy "Members can leave and moderators can remove members"
  on public.space_members for delete to authenticated
  using (
    user_id = (select auth.uid())
    or (role = 'member' and space_id in (select private.space_ids_with_role('moderator')))
    or space_id in (select private.space_ids_with_role('owner'))
  );

create policy "Moderators and the banned person can see a ban"
  on public.space_bans for select to authenticated
  using (
    user_id = (select auth.uid())
    or space_id in (select private.space_ids_with_role('moderator'))
  );

create policy "Moderators can ban"
  on public.space_bans for insert to authenticated
  with check (
    banned_by = (select auth.uid())
    and space_id in (select private.space_ids_with_role('moderator'))
  );

create policy "Moderators can amend a ban"
  on public.space_bans for update to authenticated
  using (space_id in (select private.space_ids_with_role('moderator')))
  with check (space_id in (select private.space_ids_with_role('moderator')));

create policy "Moderators can lift a ban"
  on public.space_bans for delete to authenticated
  using (space_id in (select private.space_ids_with_role('moderator')));

create policy "Moderators can see invitations"
  on public.invitations for select to authenticated
  using (space_id in (select private.space_ids_with_role('moderator')));

create policy "Moderators invite members and owners invite moderators"
  on public.invitations for insert to authenticated
  with check (
    invited_by = (select auth.uid())
    and space_id in (select private.writable_space_ids())
    and (
      (role = 'member' and space_id in (select private.space_ids_with_role('moderator')))
      or (role = 'moderator' and space_id in (select private.space_ids_with_role('owner')))
    )
  );

create policy "Moderators can revoke invitations"
  on public.invitations for update to authenticated
  using (space_id in (select private.space_ids_with_role('moderator')))
  with check (space_id in (select private.space_ids_with_role('moderator')));

create type public.notification_kind as enum (
  'comment_on_post', 'reply_to_comment', 'role_changed', 'event_cancelled', 'warning', 'content_removed'
);

create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  recipient_id uuid not null references public.profiles (id) on delete cascade,
  actor_id uuid references public.profiles (id) on delete set null,
  kind public.notification_kind not null,
  space_id uuid references public.spaces (id) on delete cascade,
  post_id uuid references public.posts (id) on delete cascade,
  comment_id uuid references public.comments (id) on delete cascade,
  event_id uuid references public.events (id) on delete cascade,
  created_at timestamptz not null default now(),
  read_at timestamptz
);
create index notifications_inbox_idx on public.notifications (recipient_id, created_at desc, id desc);
create index notifications_unread_idx on public.notifications (recipient_id, created_at desc, id desc)
  where read_at is null;
create index notifications_actor_id_idx on public.notifications (actor_id) where actor_id is not null;
create index notifications_space_id_idx on public.notifications (space_id) where space_id is not null;
create index notifications_post_id_idx on public.notifications (post_id) where post_id is not null;
create index notifications_comment_id_idx on public.notifications (comment_id) where comment_id is not null;
create index notifications_event_id_idx on public.notifications (event_id) where event_id is not null;

create function private.notify_comment()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  post public.posts;
  parent_author uuid;
begin
  select p.* into post from public.posts p where p.id = new.post_id;
  select c.author_id into parent_author from public.comments c where c.id = new.parent_id;

  -- The author of the comment that is answered hears of the reply, the author of the post of any
  -- other comment; nobody hears of their own, nor from someone they blocked.
  insert into public.notifications (recipient_id, actor_id, kind, space_id, post_id, comment_id)
  select r.recipient_id, new.author_id, r.kind, post.space_id, post.id, new.id
  from (
    values
      (parent_author, 'reply_to_comment'::public.notification_kind),
      (nullif(post.author_id, parent_author), 'comment_on_post'::public.notification_kind)
  ) as r (recipient_id, kind)
  where r.recipient_id is not null
    and r.recipient_id is distinct from new.author_id
    and not exists (
      select 1 from public.profile_blocks b
      where b.blocker_id = r.recipient_id and b.blocked_id = new.author_id
    );
  return null;
end
$$;

create trigger comments_notify
  after insert on public.comments
  for each row execute function private.notify_comment();

create function private.notify_role_change()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.notifications (recipient_id, actor_id, kind, space_id)
  values (new.user_id, (select auth.uid()), 'role_changed', new.space_id);
  return null;
end
$$;

create trigger space_members_notify_role
  after update of role on public.space_members
  for each row
  when (old.role is distinct from new.role)
  execute function private.notify_role_change();

create function private.notify_event_cancelled()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.notifications (recipient_id, actor_id, kind, space_id, event_id)
  select a.user_id, (select auth.uid()), 'event_cancelled', new.space_id, new.id
  from public.event_attendances a
  where a.event_id = new.id
    and a.status in ('going', 'maybe')
    and a.user_id is distinct from (select auth.uid());
  return null;
end
$$;

create trigger events_notify_cancelled
  after update of cancelled_at on public.events
  for each row
  when (old.cancelled_at is null and new.cancelled_at is not null)
  execute function private.notify_event_cancelled();

create function private.notify_moderation()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  -- The moderator is not named to the person concerned.
  insert into public.notifications (recipient_id, kind, space_id, post_id, comment_id)
  select
    new.target_profile_id,
    case new.action when 'warn' then 'warning' else 'content_removed' end::public.notification_kind,
    new.space_id, r.post_id, r.comment_id
  from public.reports r
  where r.id = new.report_id;
  return null;
end
$$;

create trigger moderation_actions_notify
  after insert on public.moderation_actions
  for each row
  when (new.action in ('warn', 'remove_content') and new.target_profile_id is not null)
  execute function private.notify_moderation();

alter table public.notifications enable row level security;

grant select, update (read_at), delete on public.notifications to authenticated;

create policy "Recipients can see their notifications"
  on public.notifications for select to authenticated
  using (recipient_id = (select auth.uid()));

create policy "Recipients can mark their notifications read"
  on public.notifications for update to authenticated
  using (recipient_id = (select auth.uid()))
  with check (recipient_id = (select auth.uid()));

create policy "Recipients can clear their notifications"
  on public.notifications for delete to authenticated
  using (recipient_id = (select auth.uid()));

alter publication supabase_realtime add table public.notifications;

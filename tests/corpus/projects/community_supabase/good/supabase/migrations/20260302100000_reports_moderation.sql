create type public.report_target as enum ('post', 'comment', 'message', 'profile');
create type public.report_reason as enum ('spam', 'harassment', 'hate', 'violence', 'misinformation', 'other');
create type public.report_status as enum ('open', 'actioned', 'dismissed');
create type public.moderation_action_kind as enum ('dismiss', 'warn', 'remove_content', 'ban_member');

create table public.reports (
  id uuid primary key default gen_random_uuid(),
  space_id uuid references public.spaces (id) on delete cascade,
  reporter_id uuid default auth.uid() references public.profiles (id) on delete set null,
  target_type public.report_target not null,
  post_id uuid references public.posts (id) on delete set null,
  comment_id uuid references public.comments (id) on delete set null,
  message_id uuid references public.messages (id) on delete set null,
  profile_id uuid references public.profiles (id) on delete set null,
  reason public.report_reason not null,
  details text not null default '',
  status public.report_status not null default 'open',
  created_at timestamptz not null default now(),
  resolved_at timestamptz,
  resolved_by uuid references public.profiles (id) on delete set null,
  -- At most one target, of the declared type; none once the target itself has been erased.
  constraint reports_target_matches_type check (
    (post_id is null or target_type = 'post')
    and (comment_id is null or target_type = 'comment')
    and (message_id is null or target_type = 'message')
    and (profile_id is null or target_type = 'profile')
  ),
  constraint reports_space_follows_target check (space_id is null or target_type in ('post', 'comment')),
  constraint reports_details_length check (char_length(details) <= 2000),
  constraint reports_resolved_has_date check ((status = 'open') = (resolved_at is null)),
  constraint reports_resolved_by_needs_date check (resolved_by is null or resolved_at is not null)
);
create index reports_space_queue_idx on public.reports (space_id, created_at) where status = 'open';
create index reports_space_id_idx on public.reports (space_id);
create index reports_post_id_idx on public.reports (post_id) where post_id is not null;
create index reports_comment_id_idx on public.reports (comment_id) where comment_id is not null;
create index reports_message_id_idx on public.reports (message_id) where message_id is not null;
create index reports_profile_id_idx on public.reports (profile_id) where profile_id is not null;
create index reports_resolved_by_idx on public.reports (resolved_by) where resolved_by is not null;
create unique index reports_one_open_per_target
  on public.reports (reporter_id, coalesce(post_id, comment_id, message_id, profile_id))
  where status = 'open';
create index reports_reporter_id_idx on public.reports (reporter_id);
comment on column public.reports.space_id is 'Set from the target by trigger; null for messages and profiles, which platform staff handle.';

create table public.moderation_actions (
  id uuid primary key default gen_random_uuid(),
  report_id uuid references public.reports (id) on delete set null,
  space_id uuid references public.spaces (id) on delete cascade,
  moderator_id uuid references public.profiles (id) on delete set null,
  target_profile_id uuid references public.profiles (id) on delete set null,
  action public.moderation_action_kind not null,
  note text not null default '',
  created_at timestamptz not null default now(),
  constraint moderation_actions_note_length check (char_length(note) <= 1000)
);
create index moderation_actions_report_id_idx on public.moderation_actions (report_id);
create index moderation_actions_space_log_idx on public.moderation_actions (space_id, created_at desc);
create index moderation_actions_moderator_id_idx on public.moderation_actions (moderator_id);
create index moderation_actions_target_profile_id_idx on public.moderation_actions (target_profile_id);

-- Requires exactly one target that the reporter can see, and routes the report to its space.
create function private.route_report()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  seen boolean := false;
begin
  if num_nonnulls(new.post_id, new.comment_id, new.message_id, new.profile_id) <> 1 then
    raise sqlstate 'PT422' using message = 'A report has exactly one target.';
  end if;

  case new.target_type
    when 'post' then
      select p.space_id, true into new.space_id, seen
      from public.posts p
      where p.id = new.post_id and p.deleted_at is null
        and p.space_id in (select private.visible_space_ids());
    when 'comment' then
      select p.space_id, true into new.space_id, seen
      from public.comments c
      join public.posts p on p.id = c.post_id
      where c.id = new.comment_id and c.deleted_at is null
        and p.space_id in (select private.visible_space_ids());
    when 'message' then
      new.space_id := null;
      select true into seen
      from public.messages m
      where m.id = new.message_id
        and m.conversation_id in (select private.own_conversation_ids());
    when 'profile' then
      new.space_id := null;
      select true into seen from public.profiles p where p.id = new.profile_id;
  end case;

  if seen is not true then
    raise sqlstate 'PT404' using message = 'The reported item does not exist.';
  end if;
  return new;
end
$$;

create trigger reports_route
  before insert on public.reports
  for each row execute function private.route_report();

create function public.resolve_report(
  report_id uuid,
  action public.moderation_action_kind,
  note text default '',
  ban_expires_at timestamptz default null
)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  caller constant uuid := (select auth.uid());
  report public.reports;
  culprit uuid;
  decision uuid;
begin
  select r.* into report from public.reports r where r.id = resolve_report.report_id for update;
  if not found
     or not (
       private.is_staff()
       or report.space_id in (select private.space_ids_with_role('moderator'))
     ) is true then
    raise sqlstate 'PT404' using message = 'No such report in a space that you moderate.';
  end if;
  if report.status <> 'open' then
    raise sqlstate 'PT409' using message = 'The report is already resolved.';
  end if;

  culprit := case report.target_type
    when 'post' then (select p.author_id from public.posts p where p.id = report.post_id)
    when 'comment' then (select c.author_id from public.comments c where c.id = report.comment_id)
    when 'message' then (select m.sender_id from public.messages m where m.id = report.message_id)
    when 'profile' then report.profile_id
  end;

  if action in ('warn', 'ban_member') and culprit is null then
    raise sqlstate 'PT409' using message = 'The account behind the reported item no longer exists.';
  end if;
  if action = 'remove_content' and report.target_type = 'profile' then
    raise sqlstate 'PT422' using message = 'A profile has no content to remove.';
  end if;
  if action = 'ban_member' and report.space_id is null then
    raise sqlstate 'PT422' using message = 'Only a report inside a space can lead to a ban.';
  end if;

  if action in ('remove_content', 'ban_member') then
    update public.posts p set deleted_at = now(), deleted_by = caller
    where p.id = report.post_id and p.deleted_at is null;
    update public.comments c set deleted_at = now(), deleted_by = caller
    where c.id = report.comment_id and c.deleted_at is null;
    update public.messages m set deleted_at = now()
    where m.id = report.message_id and m.deleted_at is null;
  end if;

  if action = 'ban_member' then
    insert into public.space_bans (space_id, user_id, banned_by, reason, expires_at)
    values (report.space_id, culprit, caller, report.reason::text, ban_expires_at)
    on conflict (space_id, user_id) do update
      set banned_by = excluded.banned_by, reason = excluded.reason, expires_at = excluded.expires_at;
  end if;

  update public.reports r
  set status = case when action = 'dismiss' then 'dismissed' else 'actioned' end::public.report_status,
      resolved_at = now(),
      resolved_by = caller
  where r.id = report.id;

  insert into public.moderation_actions (report_id, space_id, moderator_id, target_profile_id, action, note)
  values (report.id, report.space_id, caller, culprit, resolve_report.action, resolve_report.note)
  returning id into decision;
  return decision;
end
$$;
grant execute on function public.resolve_report(uuid, public.moderation_action_kind, text, timestamptz) to authenticated;

alter table public.reports enable row level security;
alter table public.moderation_actions enable row level security;

grant select on public.reports to authenticated;
grant insert (id, reporter_id, target_type, post_id, comment_id, message_id, profile_id, reason, details)
  on public.reports to authenticated;
grant select on public.moderation_actions to authenticated;

create policy "Reporters, moderators and staff can see a report"
  on public.reports for select to authenticated
  using (
    reporter_id = (select auth.uid())
    or space_id in (select private.space_ids_with_role('moderator'))
    or (select private.is_staff())
  );

create policy "Members can report what they can see"
  on public.reports for insert to authenticated
  with check (reporter_id = (select auth.uid()));

create policy "Moderators and staff can see decisions"
  on public.moderation_actions for select to authenticated
  using (
    space_id in (select private.space_ids_with_role('moderator'))
    or (select private.is_staff())
  );

create type public.attendance_status as enum ('going', 'maybe', 'declined');

create table public.events (
  id uuid primary key default gen_random_uuid(),
  space_id uuid not null references public.spaces (id) on delete cascade,
  organizer_id uuid default auth.uid() references public.profiles (id) on delete set null,
  title text not null,
  description text not null default '',
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  time_zone text not null,
  location text,
  online_url text,
  capacity integer,
  going_count integer not null default 0,
  cancelled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint events_title_length check (char_length(title) between 1 and 120),
  constraint events_description_length check (char_length(description) <= 5000),
  constraint events_ends_after_start check (ends_at > starts_at),
  constraint events_time_zone_length check (char_length(time_zone) between 3 and 64),
  constraint events_location_length check (char_length(location) between 1 and 300),
  constraint events_online_url_https check (online_url like 'https://%' and char_length(online_url) <= 500),
  constraint events_somewhere check (num_nonnulls(location, online_url) >= 1),
  constraint events_capacity_range check (capacity between 1 and 10000),
  constraint events_going_within_capacity check (going_count >= 0 and going_count <= coalesce(capacity, going_count))
);
create index events_space_agenda_idx on public.events (space_id, starts_at, id);
create index events_organizer_id_idx on public.events (organizer_id);
comment on column public.events.time_zone is 'IANA zone in which the organizer announced the event; the instants are UTC.';

create table public.event_attendances (
  event_id uuid not null references public.events (id) on delete cascade,
  user_id uuid not null default auth.uid() references public.profiles (id) on delete cascade,
  status public.attendance_status not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (event_id, user_id)
);
create index event_attendances_user_id_idx on public.event_attendances (user_id);

create trigger events_touch_updated_at
  before update of title, description, starts_at, ends_at, time_zone, location, online_url, capacity, cancelled_at
  on public.events
  for each row execute function private.touch_updated_at();

create trigger event_attendances_touch_updated_at
  before update on public.event_attendances
  for each row execute function private.touch_updated_at();

-- The UPDATE locks the event row, so two people cannot take the last seat together.
create function private.count_attendance()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  event constant uuid := coalesce(new.event_id, old.event_id);
  was_going constant boolean := tg_op <> 'INSERT' and old.status = 'going';
  is_going constant boolean := tg_op <> 'DELETE' and new.status = 'going';
begin
  if is_going and not was_going then
    update public.events e
    set going_count = e.going_count + 1
    where e.id = event
      and e.cancelled_at is null
      and e.ends_at > now()
      and (e.capacity is null or e.going_count < e.capacity);
    if not found then
      raise sqlstate 'PT409' using message = 'The event is full, over or cancelled.';
    end if;
  elsif was_going and not is_going then
    update public.events e set going_count = e.going_count - 1 where e.id = event;
  end if;
  return null;
end
$$;

create trigger event_attendances_count
  after insert or delete or update of status on public.event_attendances
  for each row execute function private.count_attendance();

alter table public.events enable row level security;
alter table public.event_attendances enable row level security;

grant select on public.events to authenticated;
grant insert (id, space_id, organizer_id, title, description, starts_at, ends_at, time_zone, location, online_url, capacity)
  on public.events to authenticated;
grant update (title, description, starts_at, ends_at, time_zone, location, online_url, capacity, cancelled_at)
  on public.events to authenticated;
grant select, delete on public.event_attendances to authenticated;
grant insert (event_id, user_id, status), update (status) on public.event_attendances to authenticated;

create policy "Events are visible with their space"
  on public.events for select to authenticated
  using (space_id in (select private.visible_space_ids()));

create policy "Moderators can announce events"
  on public.events for insert to authenticated
  with check (
    organizer_id = (select auth.uid())
    and space_id in (select private.space_ids_with_role('moderator'))
    and space_id in (select private.writable_space_ids())
  );

create policy "Moderators can change events"
  on public.events for update to authenticated
  using (space_id in (select private.space_ids_with_role('moderator')))
  with check (space_id in (select private.space_ids_with_role('moderator')));

create policy "Attendances are visible with their event"
  on public.event_attendances for select to authenticated
  using (exists (select 1 from public.events e where e.id = event_attendances.event_id));

create policy "Members can answer an event"
  on public.event_attendances for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and exists (
      select 1 from public.events e
      where e.id = event_attendances.event_id
        and e.space_id in (select private.space_ids_with_role('member'))
    )
  );

create policy "Members can change their answer"
  on public.event_attendances for update to authenticated
  using (user_id = (select auth.uid()))
  with check (
    user_id = (select auth.uid())
    and exists (
      select 1 from public.events e
      where e.id = event_attendances.event_id
        and e.space_id in (select private.space_ids_with_role('member'))
    )
  );

create policy "Members can withdraw their answer"
  on public.event_attendances for delete to authenticated
  using (user_id = (select auth.uid()));

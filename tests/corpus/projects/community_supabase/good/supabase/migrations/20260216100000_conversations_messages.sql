create table public.conversations (
  id uuid primary key default gen_random_uuid(),
  direct_key text,
  created_by uuid references public.profiles (id) on delete set null,
  created_at timestamptz not null default now(),
  last_message_at timestamptz,
  constraint conversations_direct_key_key unique (direct_key),
  constraint conversations_direct_key_shape check (direct_key ~ '^[0-9a-f-]{36}:[0-9a-f-]{36}$')
);
create index conversations_created_by_idx on public.conversations (created_by);
comment on column public.conversations.direct_key is
  'Both participants, ordered, for a one-to-one conversation: there is one per pair. Null for a group.';

create table public.conversation_participants (
  conversation_id uuid not null references public.conversations (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  joined_at timestamptz not null default now(),
  last_read_at timestamptz,
  primary key (conversation_id, user_id)
);
create index conversation_participants_user_id_idx on public.conversation_participants (user_id);

create table public.messages (
  id uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references public.conversations (id) on delete cascade,
  sender_id uuid default auth.uid() references public.profiles (id) on delete set null,
  body text not null,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint messages_body_length check (char_length(body) between 1 and 4000)
);
create index messages_conversation_listing_idx on public.messages (conversation_id, created_at desc, id desc);
create index messages_sender_id_idx on public.messages (sender_id);

create function private.own_conversation_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select c.conversation_id
  from public.conversation_participants c
  where c.user_id = (select auth.uid())
$$;

-- Conversations in which nobody has blocked the caller, nor the caller anybody.
create function private.open_conversation_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select mine.conversation_id
  from public.conversation_participants mine
  where mine.user_id = (select auth.uid())
    and not exists (
      select 1
      from public.conversation_participants other
      join public.profile_blocks b
        on (b.blocker_id = other.user_id and b.blocked_id = mine.user_id)
        or (b.blocker_id = mine.user_id and b.blocked_id = other.user_id)
      where other.conversation_id = mine.conversation_id
    )
$$;

grant execute on function private.own_conversation_ids() to authenticated;
grant execute on function private.open_conversation_ids() to authenticated;

create function private.note_last_message()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.conversations c
  set last_message_at = greatest(c.last_message_at, new.created_at)
  where c.id = new.conversation_id;
  return null;
end
$$;

create trigger messages_note_last
  after insert on public.messages
  for each row execute function private.note_last_message();

-- One may write to people with whom one shares a space and a block stands in neither direction.
create function public.start_conversation(participant_ids uuid[])
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  caller constant uuid := (select auth.uid());
  others constant uuid[] := array(
    select distinct p from unnest(participant_ids) as p where p <> (select auth.uid())
  );
  pair text;
  conversation uuid;
begin
  if caller is null then
    raise sqlstate 'PT401' using message = 'Sign in to start a conversation.';
  end if;
  if cardinality(others) not between 1 and 19 then
    raise sqlstate 'PT422' using message = 'A conversation has between 2 and 20 participants.';
  end if;
  if exists (
    select 1
    from unnest(others) as o(user_id)
    where not exists (
            select 1
            from public.space_members mine
            join public.space_members theirs on theirs.space_id = mine.space_id
            where mine.user_id = caller and theirs.user_id = o.user_id
          )
       or exists (
            select 1 from public.profile_blocks b
            where (b.blocker_id = caller and b.blocked_id = o.user_id)
               or (b.blocker_id = o.user_id and b.blocked_id = caller)
          )
  ) then
    raise sqlstate 'PT403' using message = 'You cannot write to one of these members.';
  end if;

  if cardinality(others) = 1 then
    pair := least(caller, others[1])::text || ':' || greatest(caller, others[1])::text;
  end if;

  insert into public.conversations (direct_key, created_by)
  values (pair, caller)
  on conflict (direct_key) do nothing
  returning id into conversation;

  if conversation is null then
    select c.id into strict conversation from public.conversations c where c.direct_key = pair;
  end if;

  -- Also brings back whoever left a one-to-one conversation that is taken up again.
  insert into public.conversation_participants (conversation_id, user_id)
  select conversation, p from unnest(others || caller) as p
  on conflict (conversation_id, user_id) do nothing;
  return conversation;
end
$$;
grant execute on function public.start_conversation(uuid[]) to authenticated;

alter table public.conversations enable row level security;
alter table public.conversation_participants enable row level security;
alter table public.messages enable row level security;

grant select on public.conversations to authenticated;
grant select, update (last_read_at), delete on public.conversation_participants to authenticated;
grant select on public.messages to authenticated;
grant insert (id, conversation_id, sender_id, body), update (deleted_at) on public.messages to authenticated;

create policy "Participants can see their conversations"
  on public.conversations for select to authenticated
  using (id in (select private.own_conversation_ids()));

create policy "Participants can see who takes part"
  on public.conversation_participants for select to authenticated
  using (conversation_id in (select private.own_conversation_ids()));

create policy "Participants can mark their conversation read"
  on public.conversation_participants for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy "Participants can leave"
  on public.conversation_participants for delete to authenticated
  using (user_id = (select auth.uid()));

create policy "Participants can read messages"
  on public.messages for select to authenticated
  using (conversation_id in (select private.own_conversation_ids()));

create policy "Participants can write unless blocked"
  on public.messages for insert to authenticated
  with check (
    sender_id = (select auth.uid())
    and conversation_id in (select private.open_conversation_ids())
  );

create policy "Senders can withdraw a message"
  on public.messages for update to authenticated
  using (sender_id = (select auth.uid()))
  with check (sender_id = (select auth.uid()) and deleted_at is not null);

alter publication supabase_realtime add table public.messages;

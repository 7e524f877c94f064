create type public.reaction_kind as enum ('like', 'celebrate', 'support', 'insightful');

create table public.posts (
  id uuid primary key default gen_random_uuid(),
  space_id uuid not null references public.spaces (id) on delete cascade,
  author_id uuid default auth.uid() references public.profiles (id) on delete set null,
  title text not null,
  body text not null,
  comment_count integer not null default 0,
  reaction_count integer not null default 0,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  deleted_by uuid references public.profiles (id) on delete set null,
  constraint posts_title_length check (char_length(title) between 1 and 200),
  constraint posts_body_length check (char_length(body) between 1 and 20000),
  constraint posts_counts_not_negative check (comment_count >= 0 and reaction_count >= 0),
  constraint posts_deleted_by_needs_date check (deleted_by is null or deleted_at is not null)
);
create index posts_space_listing_idx on public.posts (space_id, created_at desc, id desc)
  where deleted_at is null;
create index posts_space_id_idx on public.posts (space_id);
create index posts_author_id_idx on public.posts (author_id);
create index posts_deleted_by_idx on public.posts (deleted_by) where deleted_by is not null;
comment on column public.posts.author_id is 'Null once the account is erased; the discussion stays.';

create table public.post_uploads (
  post_id uuid not null references public.posts (id) on delete cascade,
  upload_id uuid not null references public.uploads (id) on delete cascade,
  position smallint not null,
  primary key (post_id, upload_id),
  constraint post_uploads_post_id_position_key unique (post_id, position),
  constraint post_uploads_position_range check (position between 1 and 10)
);
create index post_uploads_upload_id_idx on public.post_uploads (upload_id);

create table public.comments (
  id uuid primary key default gen_random_uuid(),
  post_id uuid not null references public.posts (id) on delete cascade,
  parent_id uuid,
  author_id uuid default auth.uid() references public.profiles (id) on delete set null,
  body text not null,
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  deleted_by uuid references public.profiles (id) on delete set null,
  constraint comments_post_id_id_key unique (post_id, id),
  -- A reply belongs to the post of the comment that it answers.
  constraint comments_parent_fkey foreign key (post_id, parent_id)
    references public.comments (post_id, id) on delete cascade,
  constraint comments_not_own_parent check (parent_id <> id),
  constraint comments_body_length check (char_length(body) between 1 and 5000),
  constraint comments_deleted_by_needs_date check (deleted_by is null or deleted_at is not null)
);
create index comments_post_listing_idx on public.comments (post_id, created_at, id);
create index comments_parent_idx on public.comments (post_id, parent_id) where parent_id is not null;
create index comments_author_id_idx on public.comments (author_id);
create index comments_deleted_by_idx on public.comments (deleted_by) where deleted_by is not null;

create table public.post_reactions (
  post_id uuid not null references public.posts (id) on delete cascade,
  user_id uuid not null default auth.uid() references public.profiles (id) on delete cascade,
  kind public.reaction_kind not null,
  created_at timestamptz not null default now(),
  primary key (post_id, user_id, kind)
);
create index post_reactions_user_id_idx on public.post_reactions (user_id);

create table public.comment_reactions (
  comment_id uuid not null references public.comments (id) on delete cascade,
  user_id uuid not null default auth.uid() references public.profiles (id) on delete cascade,
  kind public.reaction_kind not null,
  created_at timestamptz not null default now(),
  primary key (comment_id, user_id, kind)
);
create index comment_reactions_user_id_idx on public.comment_reactions (user_id);

create function private.mark_edited()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.edited_at := now();
  return new;
end
$$;

create trigger posts_mark_edited
  before update of title, body on public.posts
  for each row
  when (old.title is distinct from new.title or old.body is distinct from new.body)
  execute function private.mark_edited();

create trigger comments_mark_edited
  before update of body on public.comments
  for each row
  when (old.body is distinct from new.body)
  execute function private.mark_edited();

create function private.count_comments()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  target constant uuid := coalesce(new.post_id, old.post_id);
  delta integer := 0;
begin
  if tg_op in ('INSERT', 'UPDATE') and new.deleted_at is null then
    delta := delta + 1;
  end if;
  if tg_op in ('UPDATE', 'DELETE') and old.deleted_at is null then
    delta := delta - 1;
  end if;
  if delta <> 0 then
    update public.posts set comment_count = comment_count + delta where id = target;
  end if;
  return null;
end
$$;

create trigger comments_count
  after insert or delete or update of deleted_at on public.comments
  for each row execute function private.count_comments();

create function private.count_post_reactions()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    update public.posts set reaction_count = reaction_count + 1 where id = new.post_id;
  else
    update public.posts set reaction_count = reaction_count - 1 where id = old.post_id;
  end if;
  return null;
end
$$;

create trigger post_reactions_count
  after insert or delete on public.post_reactions
  for each row execute function private.count_post_reactions();

-- Soft deletion is a function and not an UPDATE grant: a moderator may remove a post, never rewrite it.
create function public.delete_post(post_id uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  caller constant uuid := (select auth.uid());
  target public.posts;
begin
  select p.* into target
  from public.posts p
  where p.id = delete_post.post_id
    and p.deleted_at is null
    and p.space_id in (select private.visible_space_ids())
  for update;

  if not found then
    raise sqlstate 'PT404' using message = 'No such post.';
  end if;
  if target.author_id is distinct from caller
     and target.space_id not in (select private.space_ids_with_role('moderator'))
     and not private.is_staff() then
    raise sqlstate 'PT403' using message = 'Only the author or a moderator may delete a post.';
  end if;

  update public.posts p set deleted_at = now(), deleted_by = caller where p.id = target.id;
end
$$;
grant execute on function public.delete_post(uuid) to authenticated;

create function public.delete_comment(comment_id uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  caller constant uuid := (select auth.uid());
  author uuid;
  space uuid;
begin
  select c.author_id, p.space_id into author, space
  from public.comments c
  join public.posts p on p.id = c.post_id
  where c.id = delete_comment.comment_id
    and c.deleted_at is null
    and p.space_id in (select private.visible_space_ids())
  for update of c;

  if not found then
    raise sqlstate 'PT404' using message = 'No such comment.';
  end if;
  if author is distinct from caller
     and space not in (select private.space_ids_with_role('moderator'))
     and not private.is_staff() then
    raise sqlstate 'PT403' using message = 'Only the author or a moderator may delete a comment.';
  end if;

  update public.comments c
  set deleted_at = now(), deleted_by = caller
  where c.id = delete_comment.comment_id;
end
$$;
grant execute on function public.delete_comment(uuid) to authenticated;

alter table public.posts enable row level security;
alter table public.post_uploads enable row level security;
alter table public.comments enable row level security;
alter table public.post_reactions enable row level security;
alter table public.comment_reactions enable row level security;

grant select on public.posts to authenticated;
grant insert (id, space_id, author_id, title, body), update (title, body) on public.posts to authenticated;
grant select, insert, delete on public.post_uploads to authenticated;
grant select on public.comments to authenticated;
grant insert (id, post_id, parent_id, author_id, body), update (body) on public.comments to authenticated;
grant select, delete on public.post_reactions to authenticated;
grant insert (post_id, user_id, kind) on public.post_reactions to authenticated;
grant select, delete on public.comment_reactions to authenticated;
grant insert (comment_id, user_id, kind) on public.comment_reactions to authenticated;

create policy "Posts are visible with their space"
  on public.posts for select to authenticated
  using (
    space_id in (select private.visible_space_ids())
    and (
      deleted_at is null
      or space_id in (select private.space_ids_with_role('moderator'))
      or (select private.is_staff())
    )
  );

create policy "Members can post in spaces that are not archived"
  on public.posts for insert to authenticated
  with check (
    author_id = (select auth.uid())
    and space_id in (select private.writable_space_ids())
  );

create policy "Authors can edit their posts"
  on public.posts for update to authenticated
  using (
    author_id = (select auth.uid())
    and deleted_at is null
    and space_id in (select private.writable_space_ids())
  )
  with check (author_id = (select auth.uid()));

create policy "Attachments are visible with their post"
  on public.post_uploads for select to authenticated
  using (exists (select 1 from public.posts p where p.id = post_uploads.post_id));

create policy "Authors can attach their finished uploads"
  on public.post_uploads for insert to authenticated
  with check (
    upload_id in (select private.own_ready_upload_ids())
    and exists (
      select 1 from public.posts p
      where p.id = post_uploads.post_id
        and p.author_id = (select auth.uid())
        and p.deleted_at is null
    )
  );

create policy "Authors can detach uploads"
  on public.post_uploads for delete to authenticated
  using (
    exists (
      select 1 from public.posts p
      where p.id = post_uploads.post_id and p.author_id = (select auth.uid())
    )
  );

create policy "Comments are visible with their post"
  on public.comments for select to authenticated
  using (exists (select 1 from public.posts p where p.id = comments.post_id));

create policy "Members can comment"
  on public.comments for insert to authenticated
  with check (
    author_id = (select auth.uid())
    and exists (
      select 1 from public.posts p
      where p.id = comments.post_id
        and p.deleted_at is null
        and p.space_id in (select private.writable_space_ids())
    )
  );

create policy "Authors can edit their comments"
  on public.comments for update to authenticated
  using (author_id = (select auth.uid()) and deleted_at is null)
  with check (author_id = (select auth.uid()));

create policy "Post reactions are visible with their post"
  on public.post_reactions for select to authenticated
  using (exists (select 1 from public.posts p where p.id = post_reactions.post_id));

create policy "Members can react to posts"
  on public.post_reactions for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and exists (
      select 1 from public.posts p
      where p.id = post_reactions.post_id
        and p.deleted_at is null
        and p.space_id in (select private.writable_space_ids())
    )
  );

create policy "Members can take back their post reactions"
  on public.post_reactions for delete to authenticated
  using (user_id = (select auth.uid()));

create policy "Comment reactions are visible with their comment"
  on public.comment_reactions for select to authenticated
  using (exists (select 1 from public.comments c where c.id = comment_reactions.comment_id));

create policy "Members can react to comments"
  on public.comment_reactions for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and exists (
      select 1
      from public.comments c
      join public.posts p on p.id = c.post_id
      where c.id = comment_reactions.comment_id
        and c.deleted_at is null
        and p.space_id in (select private.writable_space_ids())
    )
  );

create policy "Members can take back their comment reactions"
  on public.comment_reactions for delete to authenticated
  using (user_id = (select auth.uid()));

-- Attachments exist from here on, so uploads are now shown by posts as well. The lookup runs as
-- its owner: uploads -> post_uploads -> posts must not loop back through the policy on uploads.
create function private.visible_attachment(upload uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select 1
    from public.post_uploads a
    join public.posts p on p.id = a.post_id
    where a.upload_id = upload
      and p.deleted_at is null
      and p.space_id in (select private.visible_space_ids())
  )
$$;
grant execute on function private.visible_attachment(uuid) to authenticated;

alter policy "Uploads are visible to their owner and where they are shown"
  on public.uploads
  using (
    owner_id = (select auth.uid())
    or exists (select 1 from public.profiles p where p.avatar_upload_id = uploads.id)
    or exists (select 1 from public.spaces s where s.cover_upload_id = uploads.id)
    or private.visible_attachment(id)
  );

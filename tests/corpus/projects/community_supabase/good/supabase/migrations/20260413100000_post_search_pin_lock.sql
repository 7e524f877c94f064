-- Search, pinned posts and locked discussions.
alter table public.posts
  add column pinned_at timestamptz,
  add column locked_at timestamptz,
  add column search tsvector generated always as (
    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'B')
  ) stored;

create index posts_search_idx on public.posts using gin (search);

-- Moderators pin and lock through a function, as they do not hold UPDATE on posts.
create function public.set_post_flags(post_id uuid, pinned boolean, locked boolean)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  update public.posts p
  set pinned_at = case when pinned then coalesce(p.pinned_at, now()) end,
      locked_at = case when locked then coalesce(p.locked_at, now()) end
  where p.id = set_post_flags.post_id
    and p.deleted_at is null
    and p.space_id in (select private.space_ids_with_role('moderator'));
  if not found then
    raise sqlstate 'PT404' using message = 'No such post in a space that you moderate.';
  end if;
end
$$;
grant execute on function public.set_post_flags(uuid, boolean, boolean) to authenticated;

alter policy "Members can comment"
  on public.comments
  with check (
    author_id = (select auth.uid())
    and exists (
      select 1 from public.posts p
      where p.id = comments.post_id
        and p.deleted_at is null
        and p.locked_at is null
        and p.space_id in (select private.writable_space_ids())
    )
  );

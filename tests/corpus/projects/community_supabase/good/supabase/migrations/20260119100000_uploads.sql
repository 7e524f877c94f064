create type public.upload_status as enum ('pending', 'ready');

-- Metadata of files in Supabase Storage. A client inserts a row, puts the file at object_path
-- with its own token, then calls complete_upload().
create table public.uploads (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid default auth.uid() references public.profiles (id) on delete set null,
  bucket_id text not null default 'community-uploads',
  object_path text not null,
  media_type text not null,
  byte_size integer not null,
  status public.upload_status not null default 'pending',
  created_at timestamptz not null default now(),
  ready_at timestamptz,
  constraint uploads_bucket_id_object_path_key unique (bucket_id, object_path),
  constraint uploads_bucket_known check (bucket_id = 'community-uploads'),
  constraint uploads_object_path_length check (char_length(object_path) between 38 and 300),
  constraint uploads_media_type_allowed check (
    media_type in ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')
  ),
  constraint uploads_byte_size_range check (byte_size between 1 and 10485760),
  constraint uploads_ready_has_date check ((status = 'ready') = (ready_at is not null))
);
create index uploads_owner_id_idx on public.uploads (owner_id);
comment on column public.uploads.owner_id is
  'Null once the account is erased: the row stays so that the stored object can still be found and purged.';

alter table public.profiles
  add column avatar_upload_id uuid references public.uploads (id) on delete set null;
create index profiles_avatar_upload_id_idx on public.profiles (avatar_upload_id);

alter table public.spaces
  add column cover_upload_id uuid references public.uploads (id) on delete set null;
create index spaces_cover_upload_id_idx on public.spaces (cover_upload_id);

create function private.own_ready_upload_ids()
returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select u.id from public.uploads u
  where u.owner_id = (select auth.uid()) and u.status = 'ready'
$$;
grant execute on function private.own_ready_upload_ids() to authenticated;

-- A picture must be a finished upload of the person who sets it.
create function private.check_picture_upload()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  upload_id constant uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
begin
  if upload_id is not null
     and upload_id is distinct from (to_jsonb(old) ->> tg_argv[0])::uuid
     and not exists (
       select 1 from public.uploads u
       where u.id = upload_id
         and u.owner_id = (select auth.uid())
         and u.status = 'ready'
         and u.media_type like 'image/%'
     ) then
    raise sqlstate 'PT422' using message = 'The picture must be one of your finished image uploads.';
  end if;
  return new;
end
$$;

create trigger profiles_check_avatar
  before update of avatar_upload_id on public.profiles
  for each row execute function private.check_picture_upload('avatar_upload_id');

create trigger spaces_check_cover
  before update of cover_upload_id on public.spaces
  for each row execute function private.check_picture_upload('cover_upload_id');

create function public.complete_upload(upload_id uuid)
returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  stored_size integer;
  stored_type text;
begin
  select (o.metadata ->> 'size')::integer, o.metadata ->> 'mimetype'
  into stored_size, stored_type
  from public.uploads u
  join storage.objects o on o.bucket_id = u.bucket_id and o.name = u.object_path
  where u.id = complete_upload.upload_id
    and u.owner_id = (select auth.uid())
    and u.status = 'pending'
  for update of u;

  if not found then
    raise sqlstate 'PT404' using message = 'No stored object for a pending upload of yours.';
  end if;

  update public.uploads u
  set status = 'ready', ready_at = now(), byte_size = stored_size, media_type = stored_type
  where u.id = complete_upload.upload_id;
end
$$;
grant execute on function public.complete_upload(uuid) to authenticated;

alter table public.uploads enable row level security;

grant select on public.uploads to authenticated;
grant insert (id, owner_id, object_path, media_type, byte_size) on public.uploads to authenticated;
grant update (avatar_upload_id) on public.profiles to authenticated;
grant update (cover_upload_id) on public.spaces to authenticated;

-- The subqueries run under the policies of profiles and spaces: a cover is seen by those who see its space.
create policy "Uploads are visible to their owner and where they are shown"
  on public.uploads for select to authenticated
  using (
    owner_id = (select auth.uid())
    or exists (select 1 from public.profiles p where p.avatar_upload_id = uploads.id)
    or exists (select 1 from public.spaces s where s.cover_upload_id = uploads.id)
  );

create policy "Members can announce an upload in their own folder"
  on public.uploads for insert to authenticated
  with check (
    owner_id = (select auth.uid())
    and object_path like (select auth.uid())::text || '/%'
  );

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values (
  'community-uploads', 'community-uploads', false, 10485760,
  array['image/jpeg', 'image/png', 'image/webp', 'application/pdf']
)
on conflict (id) do nothing;

create policy "Members can store announced uploads"
  on storage.objects for insert to authenticated
  with check (
    bucket_id = 'community-uploads'
    and (storage.foldername(name))[1] = (select auth.uid())::text
    and exists (
      select 1 from public.uploads u
      where u.bucket_id = objects.bucket_id
        and u.object_path = objects.name
        and u.owner_id = (select auth.uid())
        and u.status = 'pending'
    )
  );

create policy "Members can read the objects of uploads they can see"
  on storage.objects for select to authenticated
  using (
    bucket_id = 'community-uploads'
    and exists (
      select 1 from public.uploads u
      where u.bucket_id = objects.bucket_id and u.object_path = objects.name
    )
  );

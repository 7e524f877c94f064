-- Supabase hands every new object in "public" to anon and authenticated. This project grants
-- table by table instead, so those defaults are withdrawn before the first table exists.
alter default privileges for role postgres in schema public
  revoke all on tables from anon, authenticated;
alter default privileges for role postgres in schema public
  revoke all on sequences from anon, authenticated;
alter default privileges for role postgres
  revoke execute on functions from public;
alter default privileges for role postgres in schema public
  revoke execute on functions from anon, authenticated;

-- Helpers for policies and triggers live outside the schemas that PostgREST exposes.
create schema private;
grant usage on schema private to authenticated, service_role;

-- Login role of the FastAPI service. It owns nothing and inherits nothing: each request does
-- SET LOCAL ROLE authenticated, so row-level security applies to it as to any other client.
-- The password is set out of band (alter role community_api with password '...').
do $$
begin
  if not exists (select 1 from pg_catalog.pg_roles where rolname = 'community_api') then
    create role community_api login noinherit;
  end if;
end
$$;
grant authenticated to community_api;

create function private.touch_updated_at()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

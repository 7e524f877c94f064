-- Identifiers here are deliberately not foreign keys: the log outlives the rows it speaks of.
create table public.audit_log (
  id bigint generated always as identity primary key,
  occurred_at timestamptz not null default now(),
  actor_id uuid,
  space_id uuid,
  table_name text not null,
  operation text not null,
  old_row jsonb,
  new_row jsonb,
  constraint audit_log_operation_known check (operation in ('INSERT', 'UPDATE', 'DELETE')),
  constraint audit_log_rows_fit_operation check (
    (operation = 'INSERT') = (old_row is null) and (operation = 'DELETE') = (new_row is null)
  )
);
create index audit_log_space_idx on public.audit_log (space_id, occurred_at desc);
create index audit_log_occurred_at_idx on public.audit_log using brin (occurred_at);
comment on table public.audit_log is 'Append-only. Written by triggers, read by platform staff and space owners.';

-- tg_argv[0] names the column that holds the space, or is empty for platform-wide tables.
create function private.write_audit()
returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  before_row constant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  after_row constant jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
begin
  insert into public.audit_log (actor_id, space_id, table_name, operation, old_row, new_row)
  values (
    (select auth.uid()),
    (coalesce(after_row, before_row) ->> nullif(tg_argv[0], ''))::uuid,
    tg_table_name,
    tg_op,
    before_row,
    after_row
  );
  return null;
end
$$;

create trigger spaces_audit
  after insert or delete or update of slug, name, visibility, archived_at on public.spaces
  for each row execute function private.write_audit('id');

create trigger space_members_audit
  after insert or delete or update of role on public.space_members
  for each row execute function private.write_audit('space_id');

create trigger space_bans_audit
  after insert or update or delete on public.space_bans
  for each row execute function private.write_audit('space_id');

create trigger moderation_actions_audit
  after insert on public.moderation_actions
  for each row execute function private.write_audit('space_id');

create trigger platform_staff_audit
  after insert or update or delete on public.platform_staff
  for each row execute function private.write_audit('');

alter table public.audit_log enable row level security;

grant select on public.audit_log to authenticated;
revoke insert, update, delete, truncate on public.audit_log from service_role;

create policy "Staff and space owners can read the log"
  on public.audit_log for select to authenticated
  using (
    (select private.is_staff())
    or space_id in (select private.space_ids_with_role('owner'))
  );

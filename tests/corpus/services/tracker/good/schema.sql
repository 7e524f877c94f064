-- Project tracking: the whole schema, from empty.
--
-- Row level security is enabled on every table and there are no policies:
-- only the service reads and writes these tables. It owns them and so passes
-- by row level security; anon and authenticated see no row through the hosted
-- API.

-- The users that the token's sub points to. The id equals that of auth.users.
create table public.users (
    id uuid not null default gen_random_uuid(),
    display_name text not null,
    created_at timestamptz not null default now(),
    constraint users_pkey primary key (id),
    constraint users_display_name_length
    check (char_length(display_name) between 1 and 100)
);

-- Service only, no policies.
alter table public.users enable row level security;

create table public.workspaces (
    id bigint generated always as identity,
    name text not null,
    created_at timestamptz not null default now(),
    constraint workspaces_pkey primary key (id),
    constraint workspaces_name_length
    check (char_length(name) between 1 and 100)
);

-- Service only, no policies.
alter table public.workspaces enable row level security;

create table public.workspace_members (
    workspace_id bigint not null,
    user_id uuid not null,
    role text not null default 'member',
    created_at timestamptz not null default now(),
    constraint workspace_members_pkey primary key (workspace_id, user_id),
    constraint workspace_members_workspace_id_fkey
    foreign key (workspace_id) references public.workspaces (id)
    on delete cascade,
    constraint workspace_members_user_id_fkey
    foreign key (user_id) references public.users (id)
    on delete restrict,
    constraint workspace_members_role_values
    check (role in ('owner', 'admin', 'member'))
);

-- The list of the caller's workspaces, in its order.
create index workspace_members_user_id_workspace_id_idx
on public.workspace_members (user_id, workspace_id);

-- One owner per workspace.
create unique index workspace_members_one_owner_key
on public.workspace_members (workspace_id)
where role = 'owner';

-- Service only, no policies.
alter table public.workspace_members enable row level security;

create table public.projects (
    id bigint generated always as identity,
    workspace_id bigint not null,
    name text not null,
    description text not null default '',
    created_at timestamptz not null default now(),
    constraint projects_pkey primary key (id),
    constraint projects_workspace_id_name_key unique (workspace_id, name),
    constraint projects_workspace_id_fkey
    foreign key (workspace_id) references public.workspaces (id)
    on delete cascade,
    constraint projects_name_length
    check (char_length(name) between 1 and 100),
    constraint projects_description_length
    check (char_length(description) <= 5000)
);

-- Service only, no policies.
alter table public.projects enable row level security;

create table public.boards (
    id bigint generated always as identity,
    project_id bigint not null,
    name text not null,
    created_at timestamptz not null default now(),
    constraint boards_pkey primary key (id),
    constraint boards_project_id_name_key unique (project_id, name),
    constraint boards_project_id_fkey
    foreign key (project_id) references public.projects (id)
    on delete cascade,
    constraint boards_name_length
    check (char_length(name) between 1 and 100)
);

-- Service only, no policies.
alter table public.boards enable row level security;

create table public.tasks (
    id bigint generated always as identity,
    board_id bigint not null,
    created_by uuid not null,
    -- Absent: nobody is assigned.
    assignee_id uuid,
    title text not null,
    description text not null default '',
    status text not null default 'todo',
    -- Absent: no due date.
    due_on date,
    created_at timestamptz not null default now(),
    constraint tasks_pkey primary key (id),
    constraint tasks_board_id_fkey
    foreign key (board_id) references public.boards (id)
    on delete cascade,
    constraint tasks_created_by_fkey
    foreign key (created_by) references public.users (id)
    on delete restrict,
    constraint tasks_assignee_id_fkey
    foreign key (assignee_id) references public.users (id)
    on delete set null,
    constraint tasks_title_length
    check (char_length(title) between 1 and 200),
    constraint tasks_description_length
    check (char_length(description) <= 5000),
    constraint tasks_status_values
    check (status in ('todo', 'in_progress', 'done'))
);

create index tasks_board_id_id_idx
on public.tasks (board_id, id);

create index tasks_board_id_status_id_idx
on public.tasks (board_id, status, id);

create index tasks_created_by_idx
on public.tasks (created_by);

create index tasks_assignee_id_idx
on public.tasks (assignee_id);

-- Service only, no policies.
alter table public.tasks enable row level security;

create table public.labels (
    id bigint generated always as identity,
    workspace_id bigint not null,
    name text not null,
    color text not null,
    created_at timestamptz not null default now(),
    constraint labels_pkey primary key (id),
    constraint labels_workspace_id_name_key unique (workspace_id, name),
    constraint labels_workspace_id_fkey
    foreign key (workspace_id) references public.workspaces (id)
    on delete cascade,
    constraint labels_name_length
    check (char_length(name) between 1 and 50),
    constraint labels_color_length
    check (char_length(color) = 7),
    constraint labels_color_format
    check (color ~ '^#[0-9A-Fa-f]{6}$')
);

-- Service only, no policies.
alter table public.labels enable row level security;

create table public.task_labels (
    task_id bigint not null,
    label_id bigint not null,
    constraint task_labels_pkey primary key (task_id, label_id),
    constraint task_labels_task_id_fkey
    foreign key (task_id) references public.tasks (id)
    on delete cascade,
    constraint task_labels_label_id_fkey
    foreign key (label_id) references public.labels (id)
    on delete cascade
);

create index task_labels_label_id_idx
on public.task_labels (label_id);

-- Service only, no policies.
alter table public.task_labels enable row level security;

create table public.comments (
    id bigint generated always as identity,
    task_id bigint not null,
    author_id uuid not null,
    body text not null,
    created_at timestamptz not null default now(),
    constraint comments_pkey primary key (id),
    constraint comments_task_id_fkey
    foreign key (task_id) references public.tasks (id)
    on delete cascade,
    constraint comments_author_id_fkey
    foreign key (author_id) references public.users (id)
    on delete restrict,
    constraint comments_body_length
    check (char_length(body) between 1 and 5000)
);

create index comments_task_id_id_idx
on public.comments (task_id, id);

create index comments_author_id_idx
on public.comments (author_id);

-- Service only, no policies.
alter table public.comments enable row level security;

create table public.time_entries (
    id bigint generated always as identity,
    task_id bigint not null,
    user_id uuid not null,
    spent_on date not null,
    minutes integer not null,
    note text not null default '',
    created_at timestamptz not null default now(),
    constraint time_entries_pkey primary key (id),
    constraint time_entries_task_id_fkey
    foreign key (task_id) references public.tasks (id)
    on delete cascade,
    constraint time_entries_user_id_fkey
    foreign key (user_id) references public.users (id)
    on delete restrict,
    constraint time_entries_minutes_range
    check (minutes between 1 and 1440),
    constraint time_entries_note_length
    check (char_length(note) <= 500)
);

create index time_entries_task_id_id_idx
on public.time_entries (task_id, id);

create index time_entries_user_id_idx
on public.time_entries (user_id);

-- Service only, no policies.
alter table public.time_entries enable row level security;

-- Answers of creations that were sent with an Idempotency-Key.
create table public.idempotency_keys (
    user_id uuid not null,
    idempotency_key text not null,
    fingerprint text not null,
    location text not null,
    response jsonb not null,
    created_at timestamptz not null default now(),
    constraint idempotency_keys_pkey primary key (user_id, idempotency_key),
    constraint idempotency_keys_user_id_fkey
    foreign key (user_id) references public.users (id)
    on delete cascade,
    constraint idempotency_keys_idempotency_key_length
    check (char_length(idempotency_key) between 1 and 100),
    constraint idempotency_keys_fingerprint_length
    check (char_length(fingerprint) = 64),
    constraint idempotency_keys_location_length
    check (char_length(location) between 1 and 200)
);

-- Removal of the caller's expired keys.
create index idempotency_keys_user_id_created_at_idx
on public.idempotency_keys (user_id, created_at);

-- Service only, no policies.
alter table public.idempotency_keys enable row level security;

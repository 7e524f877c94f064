-- Bookings: rooms, who has them when, and the hours that members may still book.
-- Times are UTC with a time zone.

-- A range of ids, so that the exclusion below needs no extension.
create type uuid_span as range (subtype = uuid);

create table users (
    id uuid not null default gen_random_uuid(),
    email text not null,
    display_name text not null,
    password_hash text not null,
    role text not null default 'member',
    credit_hours integer not null default 20,
    created_at timestamptz not null default now(),
    constraint users_pkey primary key (id),
    constraint users_email_key unique (email),
    constraint users_email_form check (email = lower(email) and char_length(email) between 3 and 254),
    constraint users_display_name_length check (char_length(display_name) between 1 and 80),
    constraint users_role_known check (role in ('member', 'admin')),
    constraint users_credit_hours_range check (credit_hours between 0 and 10000)
);

-- One row for each address that somebody tried, known or not; the address itself is not kept.
create table sign_in_attempts (
    address_digest text not null,
    attempts integer not null default 1,
    first_at timestamptz not null default now(),
    constraint sign_in_attempts_pkey primary key (address_digest),
    constraint sign_in_attempts_digest_length check (char_length(address_digest) = 64),
    constraint sign_in_attempts_positive check (attempts > 0)
);

create index sign_in_attempts_first_at_idx on sign_in_attempts (first_at);

create table api_keys (
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    key_digest text not null,
    label text not null,
    revoked_at timestamptz,
    created_at timestamptz not null default now(),
    constraint api_keys_pkey primary key (id),
    constraint api_keys_user_id_fkey foreign key (user_id) references users (id) on delete cascade,
    constraint api_keys_key_digest_key unique (key_digest),
    constraint api_keys_key_digest_length check (char_length(key_digest) = 64),
    constraint api_keys_label_length check (char_length(label) between 1 and 60)
);

create index api_keys_user_idx on api_keys (user_id, created_at, id);

create table rooms (
    id uuid not null default gen_random_uuid(),
    name text not null,
    seats integer not null,
    status text not null default 'open',
    version integer not null default 1,
    created_at timestamptz not null default now(),
    constraint rooms_pkey primary key (id),
    constraint rooms_name_key unique (name),
    constraint rooms_name_length check (char_length(name) between 1 and 80),
    constraint rooms_seats_range check (seats between 1 and 1000),
    constraint rooms_status_known check (status in ('open', 'closed')),
    constraint rooms_version_positive check (version > 0)
);

create index rooms_seats_idx on rooms (seats, id);

create table bookings (
    id uuid not null default gen_random_uuid(),
    room_id uuid not null,
    organiser_id uuid not null,
    title text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    hours integer not null,
    status text not null default 'booked',
    version integer not null default 1,
    created_at timestamptz not null default now(),
    constraint bookings_pkey primary key (id),
    constraint bookings_room_id_fkey foreign key (room_id) references rooms (id) on delete restrict,
    constraint bookings_organiser_id_fkey foreign key (organiser_id) references users (id) on delete restrict,
    constraint bookings_title_length check (char_length(title) between 1 and 120),
    constraint bookings_ends_later check (ends_at > starts_at),
    constraint bookings_hours_range check (hours between 1 and 12),
    constraint bookings_status_known check (status in ('booked', 'cancelled')),
    constraint bookings_version_positive check (version > 0),
    constraint bookings_do_not_overlap exclude using gist (
        uuid_span(room_id, room_id, '[]') with &&,
        tstzrange(starts_at, ends_at) with &&
    ) where (status = 'booked')
);

create index bookings_organiser_idx on bookings (organiser_id, starts_at, id);
create index bookings_room_idx on bookings (room_id, starts_at, id);
create index bookings_starts_at_idx on bookings (starts_at, id);

create table invitations (
    id uuid not null default gen_random_uuid(),
    booking_id uuid not null,
    invitee_id uuid not null,
    status text not null default 'pending',
    created_at timestamptz not null default now(),
    constraint invitations_pkey primary key (id),
    constraint invitations_booking_id_fkey foreign key (booking_id) references bookings (id) on delete cascade,
    constraint invitations_invitee_id_fkey foreign key (invitee_id) references users (id) on delete restrict,
    constraint invitations_booking_invitee_key unique (booking_id, invitee_id),
    constraint invitations_status_known check (status in ('pending', 'accepted', 'declined'))
);

create index invitations_invitee_idx on invitations (invitee_id, created_at, id);

-- Each change of a user's hours; what a user has is what they began with and the sum of these.
create table credit_entries (
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    booking_id uuid,
    hours integer not null,
    reason text not null,
    created_at timestamptz not null default now(),
    constraint credit_entries_pkey primary key (id),
    constraint credit_entries_user_id_fkey foreign key (user_id) references users (id) on delete restrict,
    constraint credit_entries_booking_id_fkey foreign key (booking_id) references bookings (id) on delete restrict,
    constraint credit_entries_hours_some check (hours <> 0),
    constraint credit_entries_reason_known check (reason in ('grant', 'booking', 'cancellation'))
);

create index credit_entries_user_idx on credit_entries (user_id, created_at, id);
create index credit_entries_booking_idx on credit_entries (booking_id);

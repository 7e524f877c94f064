-- Clinic appointments: the whole schema, for SQLite.

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    role TEXT NOT NULL DEFAULT 'patient'
    CHECK (role IN ('patient', 'staff'))
) STRICT;

CREATE TABLE patients (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_user_id INTEGER NOT NULL
    REFERENCES users (id) ON DELETE RESTRICT,
    full_name TEXT NOT NULL
    CHECK (length(full_name) BETWEEN 1 AND 100),
    birth_date TEXT NOT NULL
    CHECK (
        birth_date LIKE '____-__-__'
        AND julianday(birth_date) IS NOT NULL
    ),
    UNIQUE (owner_user_id, full_name, birth_date)
) STRICT;

CREATE INDEX patients_owner_user_id_idx ON patients (owner_user_id);

CREATE TABLE practitioners (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    full_name TEXT NOT NULL
    CHECK (length(full_name) BETWEEN 1 AND 100),
    license_number TEXT NOT NULL UNIQUE
    CHECK (length(license_number) BETWEEN 1 AND 40)
) STRICT;

CREATE TABLE services (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
    CHECK (length(name) BETWEEN 1 AND 100),
    duration_minutes INTEGER NOT NULL
    CHECK (duration_minutes BETWEEN 5 AND 480),
    price_cents INTEGER NOT NULL
    CHECK (price_cents BETWEEN 0 AND 10000000)
) STRICT;

CREATE TABLE opening_hours (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    practitioner_id INTEGER NOT NULL
    REFERENCES practitioners (id) ON DELETE CASCADE,
    weekday INTEGER NOT NULL
    CHECK (weekday BETWEEN 1 AND 7),
    opens_minute INTEGER NOT NULL
    CHECK (opens_minute BETWEEN 0 AND 1439),
    closes_minute INTEGER NOT NULL
    CHECK (closes_minute BETWEEN 1 AND 1440),
    CHECK (closes_minute > opens_minute),
    UNIQUE (practitioner_id, weekday)
) STRICT;

CREATE INDEX opening_hours_practitioner_id_idx
ON opening_hours (practitioner_id);

CREATE TABLE slots (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    practitioner_id INTEGER NOT NULL
    REFERENCES practitioners (id) ON DELETE RESTRICT,
    service_id INTEGER NOT NULL
    REFERENCES services (id) ON DELETE RESTRICT,
    starts_at TEXT NOT NULL
    CHECK (
        starts_at LIKE '____-__-__T__:__:__Z'
        AND julianday(starts_at) IS NOT NULL
    ),
    ends_at TEXT NOT NULL
    CHECK (
        ends_at LIKE '____-__-__T__:__:__Z'
        AND julianday(ends_at) IS NOT NULL
    ),
    status TEXT NOT NULL DEFAULT 'open'
    CHECK (status IN ('open', 'withdrawn')),
    CHECK (ends_at > starts_at)
) STRICT;

CREATE UNIQUE INDEX slots_open_start_key
ON slots (practitioner_id, starts_at) WHERE status = 'open';

CREATE INDEX slots_practitioner_id_idx ON slots (practitioner_id, starts_at);

CREATE INDEX slots_service_id_idx ON slots (service_id);

CREATE INDEX slots_starts_at_idx ON slots (starts_at, id);

CREATE TABLE bookings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slot_id INTEGER NOT NULL
    REFERENCES slots (id) ON DELETE RESTRICT,
    patient_id INTEGER NOT NULL
    REFERENCES patients (id) ON DELETE RESTRICT,
    price_cents INTEGER NOT NULL
    CHECK (price_cents BETWEEN 0 AND 10000000),
    status TEXT NOT NULL DEFAULT 'booked'
    CHECK (status IN ('booked', 'cancelled', 'completed')),
    created_at TEXT NOT NULL
    DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK (
        created_at LIKE '____-__-__T__:__:__Z'
        AND julianday(created_at) IS NOT NULL
    )
) STRICT;

CREATE UNIQUE INDEX bookings_active_slot_key
ON bookings (slot_id) WHERE status IN ('booked', 'completed');

CREATE INDEX bookings_slot_id_idx ON bookings (slot_id);

CREATE INDEX bookings_patient_id_idx ON bookings (patient_id);

CREATE TABLE waiting_list_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slot_id INTEGER NOT NULL
    REFERENCES slots (id) ON DELETE RESTRICT,
    patient_id INTEGER NOT NULL
    REFERENCES patients (id) ON DELETE RESTRICT,
    status TEXT NOT NULL DEFAULT 'waiting'
    CHECK (status IN ('waiting', 'promoted', 'left', 'closed')),
    created_at TEXT NOT NULL
    DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK (
        created_at LIKE '____-__-__T__:__:__Z'
        AND julianday(created_at) IS NOT NULL
    )
) STRICT;

CREATE UNIQUE INDEX waiting_list_entries_waiting_key
ON waiting_list_entries (slot_id, patient_id) WHERE status = 'waiting';

CREATE INDEX waiting_list_entries_slot_id_idx
ON waiting_list_entries (slot_id);

CREATE INDEX waiting_list_entries_patient_id_idx
ON waiting_list_entries (patient_id);

CREATE TABLE invoices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    booking_id INTEGER NOT NULL UNIQUE
    REFERENCES bookings (id) ON DELETE RESTRICT,
    amount_cents INTEGER NOT NULL
    CHECK (amount_cents BETWEEN 0 AND 10000000),
    status TEXT NOT NULL DEFAULT 'issued'
    CHECK (status IN ('issued', 'paid', 'void')),
    issued_at TEXT NOT NULL
    DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    CHECK (
        issued_at LIKE '____-__-__T__:__:__Z'
        AND julianday(issued_at) IS NOT NULL
    ),
    paid_at TEXT
    CHECK (
        paid_at IS NULL
        OR (
            paid_at LIKE '____-__-__T__:__:__Z'
            AND julianday(paid_at) IS NOT NULL
        )
    ),
    CHECK ((status = 'paid') = (paid_at IS NOT NULL))
) STRICT;

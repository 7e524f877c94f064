-- Parking operator service, SQLite. Loaded once into an empty database.
-- Money is INTEGER euro cents. Time is UTC text, YYYY-MM-DDTHH:MM:SSZ.

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL DEFAULT 'driver',
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    CONSTRAINT users_display_name_length
    CHECK (length(display_name) BETWEEN 1 AND 100),
    CONSTRAINT users_role CHECK (role IN ('driver', 'operator')),
    CONSTRAINT users_created_at CHECK (
        created_at LIKE '____-__-__T__:__:__Z'
        AND datetime(created_at) IS NOT NULL
    )
) STRICT;

-- key_hash is the lower-case hexadecimal SHA-256 of the key in X-API-Key.
CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key_hash TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    expires_at TEXT NOT NULL
    DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+365 days')),
    revoked_at TEXT,
    CONSTRAINT api_keys_key_hash CHECK (
        length(key_hash) = 64 AND key_hash NOT GLOB '*[^0-9a-f]*'
    ),
    CONSTRAINT api_keys_created_at CHECK (
        created_at LIKE '____-__-__T__:__:__Z'
        AND datetime(created_at) IS NOT NULL
    ),
    CONSTRAINT api_keys_expires_at CHECK (
        expires_at LIKE '____-__-__T__:__:__Z'
        AND datetime(expires_at) IS NOT NULL
    ),
    CONSTRAINT api_keys_revoked_at CHECK (
        revoked_at IS NULL
        OR (
            revoked_at LIKE '____-__-__T__:__:__Z'
            AND datetime(revoked_at) IS NOT NULL
        )
    )
) STRICT;

CREATE INDEX api_keys_user_id_idx ON api_keys (user_id);

CREATE TABLE garages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    capacity INTEGER NOT NULL,
    occupied INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    CONSTRAINT garages_name_length CHECK (length(name) BETWEEN 1 AND 100),
    CONSTRAINT garages_address_length
    CHECK (length(address) BETWEEN 1 AND 200),
    CONSTRAINT garages_capacity CHECK (capacity BETWEEN 1 AND 100000),
    CONSTRAINT garages_occupied CHECK (occupied BETWEEN 0 AND capacity),
    CONSTRAINT garages_created_at CHECK (
        created_at LIKE '____-__-__T__:__:__Z'
        AND datetime(created_at) IS NOT NULL
    )
) STRICT;

CREATE TABLE tariffs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    garage_id INTEGER NOT NULL REFERENCES garages (id) ON DELETE RESTRICT,
    name TEXT NOT NULL,
    rate_cents_per_hour INTEGER NOT NULL,
    day_max_cents INTEGER NOT NULL,
    free_minutes INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'active',
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    CONSTRAINT tariffs_name_length CHECK (length(name) BETWEEN 1 AND 100),
    CONSTRAINT tariffs_rate CHECK (rate_cents_per_hour BETWEEN 0 AND 100000),
    CONSTRAINT tariffs_day_max CHECK (day_max_cents BETWEEN 0 AND 1000000),
    CONSTRAINT tariffs_free_minutes CHECK (free_minutes BETWEEN 0 AND 1440),
    CONSTRAINT tariffs_status CHECK (status IN ('active', 'retired')),
    CONSTRAINT tariffs_created_at CHECK (
        created_at LIKE '____-__-__T__:__:__Z'
        AND datetime(created_at) IS NOT NULL
    )
) STRICT;

CREATE UNIQUE INDEX tariffs_garage_name_key ON tariffs (garage_id, name);

CREATE UNIQUE INDEX tariffs_one_active_key ON tariffs (garage_id)
WHERE status = 'active';

CREATE TABLE vehicles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    country_code TEXT NOT NULL,
    plate TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    CONSTRAINT vehicles_country_code
    CHECK (country_code GLOB '[A-Z][A-Z]'),
    CONSTRAINT vehicles_plate CHECK (
        length(plate) BETWEEN 2 AND 12 AND plate NOT GLOB '*[^A-Z0-9]*'
    ),
    CONSTRAINT vehicles_label_length CHECK (length(label) BETWEEN 1 AND 60),
    CONSTRAINT vehicles_created_at CHECK (
        created_at LIKE '____-__-__T__:__:__Z'
        AND datetime(created_at) IS NOT NULL
    )
) STRICT;

CREATE UNIQUE INDEX vehicles_country_plate_key
ON vehicles (country_code, plate);

CREATE INDEX vehicles_owner_id_idx ON vehicles (owner_id);

CREATE TABLE permits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    vehicle_id INTEGER NOT NULL REFERENCES vehicles (id) ON DELETE RESTRICT,
    garage_id INTEGER NOT NULL REFERENCES garages (id) ON DELETE RESTRICT,
    month TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'active',
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    revoked_at TEXT,
    CONSTRAINT permits_month CHECK (
        month GLOB '20[2-9][0-9]-[01][0-9]'
        AND substr(month, 6, 2) BETWEEN '01' AND '12'
    ),
    CONSTRAINT permits_status CHECK (
        (status = 'active' AND revoked_at IS NULL)
        OR (status = 'revoked' AND revoked_at IS NOT NULL)
    ),
    CONSTRAINT permits_created_at CHECK (
        created_at LIKE '____-__-__T__:__:__Z'
        AND datetime(created_at) IS NOT NULL
    ),
    CONSTRAINT permits_revoked_at CHECK (
        revoked_at IS NULL
        OR (
            revoked_at LIKE '____-__-__T__:__:__Z'
            AND datetime(revoked_at) IS NOT NULL
        )
    )
) STRICT;

CREATE UNIQUE INDEX permits_one_active_key
ON permits (vehicle_id, garage_id, month)
WHERE status = 'active';

CREATE INDEX permits_vehicle_id_idx ON permits (vehicle_id);

CREATE INDEX permits_garage_id_idx ON permits (garage_id);

CREATE TABLE parking_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    vehicle_id INTEGER NOT NULL REFERENCES vehicles (id) ON DELETE RESTRICT,
    garage_id INTEGER NOT NULL REFERENCES garages (id) ON DELETE RESTRICT,
    tariff_id INTEGER NOT NULL REFERENCES tariffs (id) ON DELETE RESTRICT,
    status TEXT NOT NULL DEFAULT 'active',
    started_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    ended_at TEXT,
    amount_cents INTEGER,
    CONSTRAINT parking_sessions_status
    CHECK (status IN ('active', 'unpaid', 'settled')),
    CONSTRAINT parking_sessions_amount CHECK (
        amount_cents IS NULL OR amount_cents BETWEEN 0 AND 100000000
    ),
    CONSTRAINT parking_sessions_state CHECK (
        (status = 'active' AND ended_at IS NULL AND amount_cents IS NULL)
        OR (
            status = 'unpaid'
            AND ended_at IS NOT NULL
            AND amount_cents IS NOT NULL
            AND amount_cents > 0
        )
        OR (
            status = 'settled'
            AND ended_at IS NOT NULL
            AND amount_cents IS NOT NULL
        )
    ),
    CONSTRAINT parking_sessions_started_at CHECK (
        started_at LIKE '____-__-__T__:__:__Z'
        AND datetime(started_at) IS NOT NULL
    ),
    CONSTRAINT parking_sessions_ended_at CHECK (
        ended_at IS NULL
        OR (
            ended_at LIKE '____-__-__T__:__:__Z'
            AND datetime(ended_at) IS NOT NULL
            AND ended_at >= started_at
        )
    )
) STRICT;

CREATE UNIQUE INDEX parking_sessions_one_active_key
ON parking_sessions (vehicle_id)
WHERE status = 'active';

CREATE INDEX parking_sessions_vehicle_id_idx ON parking_sessions (vehicle_id);

CREATE INDEX parking_sessions_garage_id_idx ON parking_sessions (garage_id);

CREATE INDEX parking_sessions_tariff_id_idx ON parking_sessions (tariff_id);

CREATE TABLE fines (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    vehicle_id INTEGER NOT NULL REFERENCES vehicles (id) ON DELETE RESTRICT,
    garage_id INTEGER NOT NULL REFERENCES garages (id) ON DELETE RESTRICT,
    issued_by INTEGER NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    notice_number TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'open',
    issued_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    CONSTRAINT fines_notice_number CHECK (
        length(notice_number) BETWEEN 4 AND 20
        AND notice_number NOT GLOB '*[^A-Z0-9-]*'
    ),
    CONSTRAINT fines_reason CHECK (
        reason IN (
            'no_valid_session',
            'permit_misuse',
            'blocked_access',
            'outside_bay',
            'other'
        )
    ),
    CONSTRAINT fines_amount CHECK (amount_cents BETWEEN 1 AND 1000000),
    CONSTRAINT fines_status CHECK (status IN ('open', 'paid', 'cancelled')),
    CONSTRAINT fines_issued_at CHECK (
        issued_at LIKE '____-__-__T__:__:__Z'
        AND datetime(issued_at) IS NOT NULL
    )
) STRICT;

CREATE INDEX fines_vehicle_id_idx ON fines (vehicle_id);

CREATE INDEX fines_garage_id_idx ON fines (garage_id);

CREATE INDEX fines_issued_by_idx ON fines (issued_by);

-- A payment settles exactly one session or exactly one fine, once.
CREATE TABLE payments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    vehicle_id INTEGER NOT NULL REFERENCES vehicles (id) ON DELETE RESTRICT,
    session_id INTEGER UNIQUE
    REFERENCES parking_sessions (id) ON DELETE RESTRICT,
    fine_id INTEGER UNIQUE REFERENCES fines (id) ON DELETE RESTRICT,
    recorded_by INTEGER NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    method TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    paid_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    CONSTRAINT payments_one_target CHECK (
        (session_id IS NOT NULL AND fine_id IS NULL)
        OR (session_id IS NULL AND fine_id IS NOT NULL)
    ),
    CONSTRAINT payments_method CHECK (method IN ('cash', 'card')),
    CONSTRAINT payments_amount CHECK (amount_cents BETWEEN 1 AND 100000000),
    CONSTRAINT payments_paid_at CHECK (
        paid_at LIKE '____-__-__T__:__:__Z'
        AND datetime(paid_at) IS NOT NULL
    )
) STRICT;

CREATE INDEX payments_vehicle_id_idx ON payments (vehicle_id);

CREATE INDEX payments_recorded_by_idx ON payments (recorded_by);

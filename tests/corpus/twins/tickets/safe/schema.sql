PRAGMA foreign_keys = ON;

CREATE TABLE users (
    id integer PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
    password_salt text NOT NULL,
    password_hash text NOT NULL
);

CREATE TABLE sessions (
    id text PRIMARY KEY CHECK (length(id) = 32),
    user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    revoked_at text
);

CREATE TABLE refresh_tokens (
    token_key text PRIMARY KEY,
    session_id text NOT NULL REFERENCES sessions (id) ON DELETE CASCADE
);

CREATE TABLE shows (
    id integer PRIMARY KEY,
    title text NOT NULL,
    seats_left integer NOT NULL CHECK (seats_left >= 0)
);

CREATE TABLE reminders (
    id integer PRIMARY KEY,
    user_id integer NOT NULL REFERENCES users (id),
    show_id integer NOT NULL REFERENCES shows (id),
    UNIQUE (user_id, show_id)
);

CREATE TABLE tickets (
    id integer PRIMARY KEY,
    user_id integer NOT NULL REFERENCES users (id),
    show_id integer NOT NULL REFERENCES shows (id),
    status text NOT NULL DEFAULT 'reserved' CHECK (status IN ('reserved', 'paid', 'cancelled', 'refunded'))
);

CREATE TABLE payments (
    id integer PRIMARY KEY,
    ticket_id integer NOT NULL REFERENCES tickets (id),
    kind text NOT NULL CHECK (kind IN ('charge', 'refund'))
);

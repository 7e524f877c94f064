PRAGMA foreign_keys = ON;

CREATE TABLE users (
    id integer PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
    display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 80),
    password_salt text NOT NULL,
    password_hash text NOT NULL,
    hint text,
    token_version integer NOT NULL DEFAULT 0,
    disabled_at text
);

CREATE TABLE refresh_tokens (
    id integer PRIMARY KEY,
    token_key text NOT NULL UNIQUE,
    user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at text NOT NULL
);
CREATE INDEX refresh_tokens_user_id ON refresh_tokens (user_id);

CREATE TABLE attempts (
    email_key text PRIMARY KEY,
    failures integer NOT NULL
);

CREATE TABLE notes (
    id integer PRIMARY KEY,
    owner_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 2000),
    UNIQUE (owner_id, title)
);

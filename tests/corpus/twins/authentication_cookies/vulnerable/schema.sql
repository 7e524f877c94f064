PRAGMA foreign_keys = ON;

CREATE TABLE people (
    id integer PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
    password_hash text NOT NULL
);

CREATE TABLE sessions (
    id integer PRIMARY KEY,
    session_key text NOT NULL UNIQUE,
    person_id integer NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    expires_at text NOT NULL
);
CREATE INDEX sessions_person_id ON sessions (person_id);

CREATE TABLE letters (
    id integer PRIMARY KEY,
    person_id integer NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 500)
);
CREATE INDEX letters_person_id ON letters (person_id);

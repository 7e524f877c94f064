PRAGMA foreign_keys = ON;

CREATE TABLE notes (
    id integer PRIMARY KEY,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    body text NOT NULL,
    created_at text NOT NULL DEFAULT '2030-01-01T00:00:00Z'
);
CREATE TABLE pages (
    id integer PRIMARY KEY,
    heading text NOT NULL,
    body text NOT NULL
);
CREATE TABLE letters (
    id integer PRIMARY KEY,
    addressee text NOT NULL,
    wording text NOT NULL
);
CREATE TABLE greetings (
    id integer PRIMARY KEY,
    wording text NOT NULL
);
CREATE TABLE pictures (
    id integer PRIMARY KEY,
    label text NOT NULL,
    kind text NOT NULL DEFAULT 'text/plain',
    content blob NOT NULL
);
CREATE TABLE links (
    id integer PRIMARY KEY,
    label text NOT NULL,
    target text NOT NULL
);
CREATE TABLE hooks (
    id integer PRIMARY KEY,
    target text NOT NULL
);
CREATE TABLE prices (
    id integer PRIMARY KEY,
    code text NOT NULL,
    cents integer NOT NULL
);
CREATE TABLE tags (
    id integer PRIMARY KEY,
    word text NOT NULL
);
CREATE TABLE trees (
    id integer PRIMARY KEY,
    depth integer NOT NULL
);

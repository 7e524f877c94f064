PRAGMA foreign_keys = ON;

CREATE TABLE shelves (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL,
    remark TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL DEFAULT '2024-01-01T00:00:00Z',
    updated_at TEXT NOT NULL DEFAULT '2024-01-01T00:00:00Z'
);

CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    bio TEXT NOT NULL,
    country TEXT NOT NULL CHECK (country IN ('north', 'south')),
    read_on TEXT NOT NULL DEFAULT '2024-01-01T00:00:00Z',
    created_at TEXT NOT NULL DEFAULT '2024-01-01T00:00:00Z'
);

CREATE TABLE tags (
    id INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE,
    weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 1000)
);

CREATE TABLE books (
    id INTEGER PRIMARY KEY,
    shelf_id INTEGER NOT NULL REFERENCES shelves (id),
    title TEXT NOT NULL,
    pages INTEGER NOT NULL CHECK (pages > 0),
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'used', 'worn'))
);

CREATE TABLE loans (
    id INTEGER PRIMARY KEY,
    book_id INTEGER NOT NULL REFERENCES books (id),
    borrower TEXT NOT NULL
);

CREATE TABLE holds (
    id INTEGER PRIMARY KEY,
    book_id INTEGER NOT NULL REFERENCES books (id),
    reader TEXT NOT NULL
);

CREATE TABLE memos (
    id INTEGER PRIMARY KEY,
    book_id INTEGER NOT NULL REFERENCES books (id),
    body TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT '2024-01-01T00:00:00Z'
);

CREATE TABLE refusals (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL
);

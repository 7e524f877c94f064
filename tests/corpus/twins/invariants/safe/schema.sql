PRAGMA foreign_keys = ON;

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);

CREATE TABLE wallets (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    balance INTEGER NOT NULL DEFAULT 0,
    points INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE moves (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES wallets (id),
    target_id INTEGER NOT NULL REFERENCES wallets (id),
    amount INTEGER NOT NULL
);

CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL,
    request_key TEXT NOT NULL
);

CREATE TABLE topics (id INTEGER PRIMARY KEY, title TEXT NOT NULL);

CREATE TABLE votes (
    id INTEGER PRIMARY KEY,
    topic_id INTEGER NOT NULL REFERENCES topics (id),
    user_id INTEGER NOT NULL REFERENCES users (id)
);

CREATE TABLE shows (id INTEGER PRIMARY KEY, title TEXT NOT NULL, seats INTEGER NOT NULL CHECK (seats > 0));

CREATE TABLE places (
    id INTEGER PRIMARY KEY,
    show_id INTEGER NOT NULL REFERENCES shows (id),
    user_id INTEGER NOT NULL REFERENCES users (id)
);

CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, stock INTEGER NOT NULL, deleted_at TEXT);

CREATE TABLE remarks (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id),
    body TEXT NOT NULL
);

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'cancelled'))
);

CREATE TABLE receipts (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id));

CREATE TABLE parcels (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'packed' CHECK (status IN ('packed', 'sent', 'delivered', 'lost'))
);

CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL);

CREATE TABLE labels (id INTEGER PRIMARY KEY, words TEXT NOT NULL);

CREATE TABLE fees (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL);

CREATE TABLE meters (id INTEGER PRIMARY KEY, reading INTEGER NOT NULL);

CREATE TABLE reminders (id INTEGER PRIMARY KEY, due_at TEXT NOT NULL);

CREATE TABLE alarms (id INTEGER PRIMARY KEY, rings_at TEXT NOT NULL);

CREATE TABLE seasons (id INTEGER PRIMARY KEY, starts_on TEXT NOT NULL, ends_on TEXT NOT NULL);

CREATE TABLE rooms (id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1);

CREATE TABLE stays (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL
);

CREATE TABLE links (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE CHECK (length(token) = 32),
    title TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

CREATE TABLE fines (
    id INTEGER PRIMARY KEY,
    reason TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'cancelled'))
);

CREATE TABLE shelves (id INTEGER PRIMARY KEY, name TEXT NOT NULL, pages INTEGER NOT NULL DEFAULT 0);

CREATE TABLE books (
    id INTEGER PRIMARY KEY,
    shelf_id INTEGER NOT NULL REFERENCES shelves (id),
    pages INTEGER NOT NULL CHECK (pages > 0)
);

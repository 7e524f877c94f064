-- Chat: rooms with members, messages, reactions and webhooks. SQLite.
-- Times are UTC, as ISO 8601 text with a Z, which sorts as it is.

CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY,
    handle TEXT NOT NULL COLLATE NOCASE,
    password_hash TEXT NOT NULL,
    is_admin INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    CONSTRAINT users_handle_key UNIQUE (handle),
    CONSTRAINT users_handle_length CHECK (length(handle) BETWEEN 3 AND 30),
    CONSTRAINT users_is_admin_flag CHECK (is_admin IN (0, 1))
);

CREATE TABLE rooms (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    greeting TEXT NOT NULL DEFAULT 'Welcome, $handle, to $room.',
    status TEXT NOT NULL DEFAULT 'open',
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    CONSTRAINT rooms_name_key UNIQUE (name),
    CONSTRAINT rooms_name_length CHECK (length(name) BETWEEN 1 AND 60),
    CONSTRAINT rooms_greeting_length CHECK (length(greeting) BETWEEN 1 AND 300),
    CONSTRAINT rooms_status_known CHECK (status IN ('open', 'archived'))
);

CREATE TABLE memberships (
    room_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    role TEXT NOT NULL DEFAULT 'member',
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    CONSTRAINT memberships_pkey PRIMARY KEY (room_id, user_id),
    CONSTRAINT memberships_room_fkey FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE,
    CONSTRAINT memberships_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT memberships_role_known CHECK (role IN ('owner', 'member'))
);

CREATE INDEX memberships_user_idx ON memberships (user_id, room_id);

CREATE TABLE messages (
    id INTEGER NOT NULL PRIMARY KEY,
    room_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    edited_at TEXT,
    CONSTRAINT messages_room_fkey FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE,
    CONSTRAINT messages_author_fkey FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT messages_body_length CHECK (length(body) BETWEEN 1 AND 2000)
);

CREATE INDEX messages_room_idx ON messages (room_id, id);
CREATE INDEX messages_author_idx ON messages (author_id);

CREATE TABLE reactions (
    message_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    CONSTRAINT reactions_pkey PRIMARY KEY (message_id, user_id, emoji),
    CONSTRAINT reactions_message_fkey FOREIGN KEY (message_id) REFERENCES messages (id) ON DELETE CASCADE,
    CONSTRAINT reactions_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT reactions_emoji_known CHECK (emoji IN ('like', 'heart', 'laugh', 'sad'))
);

CREATE INDEX reactions_user_idx ON reactions (user_id);

CREATE TABLE webhooks (
    id INTEGER NOT NULL PRIMARY KEY,
    room_id INTEGER NOT NULL,
    url TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    CONSTRAINT webhooks_room_fkey FOREIGN KEY (room_id) REFERENCES rooms (id) ON DELETE CASCADE,
    CONSTRAINT webhooks_room_url_key UNIQUE (room_id, url),
    CONSTRAINT webhooks_url_length CHECK (length(url) BETWEEN 9 AND 500)
);

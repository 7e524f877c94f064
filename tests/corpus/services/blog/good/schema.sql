-- Times are UTC, written as 2030-01-02T10:00:00Z. Keys of tokens are HMACs, never the tokens themselves.

PRAGMA foreign_keys = ON;

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254 AND email = lower(email)),
    handle TEXT NOT NULL CHECK (length(handle) BETWEEN 3 AND 30),
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL DEFAULT 'reader' CHECK (role IN ('reader', 'author', 'moderator')),
    verified_at TEXT CHECK (verified_at IS NULL OR strftime('%Y-%m-%dT%H:%M:%SZ', verified_at) = verified_at),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
        CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at) = created_at),
    UNIQUE (email),
    UNIQUE (handle)
) STRICT;

CREATE TABLE verifications (
    token_key TEXT NOT NULL PRIMARY KEY CHECK (length(token_key) = 64),
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', expires_at) = expires_at)
) STRICT;

CREATE INDEX verifications_user ON verifications (user_id);

CREATE TABLE sessions (
    token_key TEXT NOT NULL PRIMARY KEY CHECK (length(token_key) = 64),
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
        CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at) = created_at),
    expires_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', expires_at) = expires_at)
) STRICT;

CREATE INDEX sessions_user ON sessions (user_id);

-- Failed logins by the HMAC of the address that was tried, whether or not an account has it.
CREATE TABLE login_attempts (
    address_key TEXT NOT NULL PRIMARY KEY CHECK (length(address_key) = 64),
    failures INTEGER NOT NULL CHECK (failures >= 0),
    started_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', started_at) = started_at)
) STRICT;

CREATE INDEX login_attempts_started ON login_attempts (started_at);

CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 3 AND 80),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 160),
    body TEXT NOT NULL CHECK (length(body) BETWEEN 1 AND 20000),
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'hidden')),
    revision INTEGER NOT NULL DEFAULT 1 CHECK (revision >= 1),
    like_count INTEGER NOT NULL DEFAULT 0 CHECK (like_count >= 0),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
        CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at) = created_at),
    published_at TEXT CHECK (published_at IS NULL OR strftime('%Y-%m-%dT%H:%M:%SZ', published_at) = published_at),
    CHECK ((status = 'draft') = (published_at IS NULL))
) STRICT;

CREATE INDEX posts_author ON posts (author_id);
CREATE INDEX posts_status_published ON posts (status, published_at);

CREATE TABLE tags (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 2 AND 30)
) STRICT;

CREATE TABLE post_tags (
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (post_id, tag_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX post_tags_tag ON post_tags (tag_id);

CREATE TABLE likes (
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (post_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX likes_user ON likes (user_id);

CREATE TABLE comments (
    id INTEGER PRIMARY KEY,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    author_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    body TEXT NOT NULL CHECK (length(body) BETWEEN 1 AND 2000),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
        CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at) = created_at)
) STRICT;

CREATE INDEX comments_post ON comments (post_id, id);
CREATE INDEX comments_author ON comments (author_id);

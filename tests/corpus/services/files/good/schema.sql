CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254 AND email = lower(email)),
    display_name text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 80),
    password_hash text NOT NULL,
    role text NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'admin')),
    quota_bytes bigint NOT NULL DEFAULT 20971520 CHECK (quota_bytes BETWEEN 0 AND 1099511627776),
    used_bytes bigint NOT NULL DEFAULT 0 CHECK (used_bytes >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_within_quota CHECK (used_bytes <= quota_bytes)
);
COMMENT ON COLUMN users.used_bytes IS 'The sum of size_bytes over the user''s files.';

CREATE INDEX users_created_at ON users (created_at, id);

CREATE TABLE sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CHECK (expires_at > created_at)
);

CREATE INDEX sessions_user_id ON sessions (user_id);

-- Each refresh token is used once. A second use means that somebody copied it, and ends the session.
CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz
);

CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);

CREATE TABLE folders (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    parent_id uuid,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (id, owner_id),
    CHECK (parent_id <> id),
    -- With the owner in the key, a folder cannot lie in somebody else's.
    CONSTRAINT folders_parent_fkey FOREIGN KEY (parent_id, owner_id)
        REFERENCES folders (id, owner_id) ON DELETE RESTRICT
);
COMMENT ON COLUMN folders.parent_id IS 'NULL at the top.';

CREATE UNIQUE INDEX folders_name_inside ON folders (owner_id, parent_id, name) WHERE parent_id IS NOT NULL;
CREATE UNIQUE INDEX folders_name_at_top ON folders (owner_id, name) WHERE parent_id IS NULL;
CREATE INDEX folders_owner_id ON folders (owner_id, name);
CREATE INDEX folders_parent_id ON folders (parent_id, owner_id);

CREATE TABLE files (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    folder_id uuid,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT files_folder_fkey FOREIGN KEY (folder_id, owner_id)
        REFERENCES folders (id, owner_id) ON DELETE RESTRICT
);
COMMENT ON COLUMN files.folder_id IS 'NULL at the top.';

CREATE UNIQUE INDEX files_name_inside ON files (owner_id, folder_id, name) WHERE folder_id IS NOT NULL;
CREATE UNIQUE INDEX files_name_at_top ON files (owner_id, name) WHERE folder_id IS NULL;
CREATE INDEX files_owner_id ON files (owner_id, name);
CREATE INDEX files_folder_id ON files (folder_id, owner_id);

CREATE TABLE share_links (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    file_id uuid NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CHECK (expires_at > created_at)
);

CREATE INDEX share_links_file_id ON share_links (file_id);

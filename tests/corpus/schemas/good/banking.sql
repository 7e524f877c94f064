-- Accounts, transfers and a double-entry ledger.
CREATE EXTENSION IF NOT EXISTS citext;

DO $$ BEGIN
    CREATE TYPE transfer_status AS ENUM ('pending', 'completed', 'failed', 'reversed');
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;

CREATE DOMAIN money_amount AS numeric(19, 4);
CREATE DOMAIN currency_code AS text CHECK (VALUE ~ '^[A-Z]{3}$');

CREATE TABLE IF NOT EXISTS users (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email         citext NOT NULL,
    full_name     text NOT NULL CHECK (char_length(full_name) BETWEEN 1 AND 200),
    password_hash text NOT NULL,
    is_active     boolean NOT NULL DEFAULT true,
    email_verified_at timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_email_key UNIQUE (email)
);

CREATE TABLE IF NOT EXISTS accounts (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner_id    uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    account_number text NOT NULL UNIQUE CHECK (account_number ~ '^[A-Z0-9]{10,34}$'),
    kind        text NOT NULL DEFAULT 'checking' CHECK (kind IN ('checking', 'savings')),
    currency    currency_code NOT NULL,
    balance     money_amount NOT NULL DEFAULT 0,
    overdraft_limit numeric(19, 4) NOT NULL DEFAULT 0 CHECK (overdraft_limit >= 0),
    version     integer NOT NULL DEFAULT 1,
    closed_at   timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT accounts_balance_floor CHECK (balance >= -overdraft_limit)
);
CREATE INDEX IF NOT EXISTS accounts_owner_id_idx ON accounts (owner_id);

CREATE TABLE IF NOT EXISTS transfers (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    from_account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    to_account_id   uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    initiated_by    uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    amount          numeric(19, 4) NOT NULL CHECK (amount > 0),
    currency        currency_code NOT NULL,
    status          transfer_status NOT NULL DEFAULT 'pending',
    memo            text CHECK (char_length(memo) <= 280),
    idempotency_key text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    completed_at    timestamptz,
    CONSTRAINT transfers_distinct_accounts CHECK (from_account_id <> to_account_id),
    UNIQUE (initiated_by, idempotency_key)
);
CREATE INDEX transfers_from_account_idx ON transfers (from_account_id, created_at DESC);
CREATE INDEX transfers_to_account_idx ON transfers (to_account_id, created_at DESC);
CREATE INDEX transfers_pending_idx ON transfers (created_at) WHERE status = 'pending';

CREATE TABLE ledger_entries (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id uuid NOT NULL REFERENCES transfers (id) ON DELETE RESTRICT,
    account_id  uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    amount      numeric(19, 4) NOT NULL CHECK (amount <> 0),
    balance_after numeric(19, 4) NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (transfer_id, account_id)
);
CREATE INDEX ledger_entries_account_id_idx ON ledger_entries (account_id, id);

CREATE TABLE refresh_tokens (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id     uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash  bytea NOT NULL UNIQUE,
    replaced_by uuid REFERENCES refresh_tokens (id) ON DELETE SET NULL,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX refresh_tokens_user_id_idx ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_replaced_by_idx ON refresh_tokens (replaced_by) WHERE replaced_by IS NOT NULL;

-- A log keeps its references loose: it outlives what it speaks of.
CREATE TABLE audit_log (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor_id    uuid,
    user_id     uuid,
    action      text NOT NULL,
    entity_type text NOT NULL,
    entity_id   text NOT NULL,
    details     jsonb NOT NULL DEFAULT '{}',
    ip_address  inet,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_log_entity_idx ON audit_log (entity_type, entity_id);

CREATE OR REPLACE FUNCTION set_updated_at() RETURNS trigger AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER users_set_updated_at BEFORE UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON COLUMN accounts.balance IS 'Kept by the transfer procedure; equals the sum of ledger entries.';

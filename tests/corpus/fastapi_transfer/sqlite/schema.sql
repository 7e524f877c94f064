-- Money that users move between accounts. Amounts are whole cents.
CREATE TABLE users (
    id integer PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254 AND instr(email, '@') > 1),
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE accounts (
    id integer PRIMARY KEY,
    owner_id integer NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    currency text NOT NULL CHECK (currency IN ('EUR', 'USD', 'GBP')),
    balance_cents integer NOT NULL DEFAULT 0 CHECK (balance_cents >= 0),
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX accounts_owner_id_idx ON accounts (owner_id);

CREATE TABLE transfers (
    id integer PRIMARY KEY,
    from_account_id integer NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    to_account_id integer NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    amount_cents integer NOT NULL CHECK (amount_cents BETWEEN 1 AND 100000000),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 140),
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CHECK (from_account_id <> to_account_id)
);
CREATE INDEX transfers_from_account_id_idx ON transfers (from_account_id);
CREATE INDEX transfers_to_account_id_idx ON transfers (to_account_id);

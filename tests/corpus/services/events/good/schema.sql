-- Ids are ULIDs, made by the service. Amounts are euro cents.

CREATE TABLE accounts (
    id text PRIMARY KEY CHECK (char_length(id) = 26),
    username text NOT NULL UNIQUE CHECK (char_length(username) BETWEEN 3 AND 32),
    password_hash text NOT NULL,
    role text NOT NULL DEFAULT 'attendee' CHECK (role IN ('attendee', 'organiser', 'admin')),
    token_version integer NOT NULL DEFAULT 1 CHECK (token_version >= 1),
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN accounts.token_version IS 'Tokens of an earlier version are refused.';

CREATE TABLE login_failures (
    username text PRIMARY KEY CHECK (char_length(username) BETWEEN 3 AND 32),
    failures integer NOT NULL CHECK (failures >= 1),
    started_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE login_failures IS 'By the name that was tried, whether or not an account has it.';

CREATE INDEX login_failures_started_at ON login_failures (started_at);

CREATE TABLE events (
    id text PRIMARY KEY CHECK (char_length(id) = 26),
    organiser_id text NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 150),
    venue text NOT NULL CHECK (char_length(venue) BETWEEN 1 AND 150),
    starts_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published')),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX events_organiser_id ON events (organiser_id);
CREATE INDEX events_venue ON events (venue, starts_at);
CREATE INDEX events_starts_at ON events (starts_at, id);

CREATE TABLE ticket_types (
    id text PRIMARY KEY CHECK (char_length(id) = 26),
    event_id text NOT NULL REFERENCES events (id) ON DELETE RESTRICT,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
    price_cents bigint NOT NULL CHECK (price_cents BETWEEN 0 AND 1000000),
    capacity integer NOT NULL CHECK (capacity BETWEEN 1 AND 100000),
    available integer NOT NULL CHECK (available >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (event_id, name),
    CHECK (available <= capacity)
);
COMMENT ON COLUMN ticket_types.available IS 'The capacity less the quantities of orders that hold tickets.';

CREATE TABLE orders (
    id text PRIMARY KEY CHECK (char_length(id) = 26),
    buyer_id text NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    ticket_type_id text NOT NULL REFERENCES ticket_types (id) ON DELETE RESTRICT,
    quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 10),
    total_cents bigint NOT NULL CHECK (total_cents BETWEEN 0 AND 10000000),
    status text NOT NULL DEFAULT 'reserved'
        CHECK (status IN ('reserved', 'paid', 'checked_in', 'cancelled', 'expired', 'refunded')),
    reserved_until timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX orders_buyer_id ON orders (buyer_id, id);
CREATE INDEX orders_ticket_type_id ON orders (ticket_type_id, status, reserved_until);

CREATE TABLE payments (
    id text PRIMARY KEY CHECK (char_length(id) = 26),
    order_id text NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
    account_id text NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('charge', 'refund')),
    amount_cents bigint NOT NULL CHECK (amount_cents BETWEEN 0 AND 10000000),
    idempotency_key text NOT NULL CHECK (char_length(idempotency_key) BETWEEN 8 AND 64),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, idempotency_key),
    UNIQUE (order_id, kind)
);
COMMENT ON TABLE payments IS 'An order is charged once and refunded at most once.';

-- Retail bank. Amounts are integer euro cents. Times are UTC with a time zone.

create sequence account_number_seq as bigint
    minvalue 1000000000
    maxvalue 9999999999
    start with 1000000000
    no cycle;

create table users (
    id uuid not null default gen_random_uuid(),
    role text not null default 'customer',
    full_name text not null,
    email text not null,
    created_at timestamptz not null default now(),
    constraint users_pkey primary key (id),
    constraint users_role_check check (role in ('customer', 'staff')),
    constraint users_full_name_length check (char_length(full_name) between 1 and 120),
    constraint users_email_length check (char_length(email) between 5 and 254)
);

create index users_role_created_at_idx on users (role, created_at, id);

create table accounts (
    id uuid not null default gen_random_uuid(),
    customer_id uuid not null,
    account_number text not null default nextval('account_number_seq')::text,
    kind text not null,
    status text not null default 'open',
    balance_minor bigint not null default 0,
    created_at timestamptz not null default now(),
    constraint accounts_pkey primary key (id),
    constraint accounts_customer_id_fkey foreign key (customer_id)
        references users (id) on delete restrict,
    constraint accounts_account_number_key unique (account_number),
    constraint accounts_account_number_format check (
        char_length(account_number) = 10 and account_number ~ '^[0-9]{10}$'
    ),
    constraint accounts_kind_check check (kind in ('current', 'savings')),
    constraint accounts_status_check check (status in ('open', 'closed')),
    constraint accounts_balance_range check (balance_minor between 0 and 1000000000000),
    constraint accounts_closed_is_empty check (status = 'open' or balance_minor = 0)
);

create index accounts_customer_created_at_idx on accounts (customer_id, created_at, id);
create index accounts_created_at_idx on accounts (created_at, id);

create table payees (
    id uuid not null default gen_random_uuid(),
    customer_id uuid not null,
    account_number text not null,
    name text not null,
    created_at timestamptz not null default now(),
    constraint payees_pkey primary key (id),
    constraint payees_customer_id_fkey foreign key (customer_id)
        references users (id) on delete restrict,
    constraint payees_account_number_fkey foreign key (account_number)
        references accounts (account_number) on delete restrict,
    constraint payees_customer_account_key unique (customer_id, account_number),
    constraint payees_account_number_length check (char_length(account_number) = 10),
    constraint payees_name_length check (char_length(name) between 1 and 120)
);

create index payees_customer_created_at_idx on payees (customer_id, created_at, id);
create index payees_account_number_idx on payees (account_number);

create table standing_orders (
    id uuid not null default gen_random_uuid(),
    account_id uuid not null,
    destination_account_id uuid not null,
    amount_minor bigint not null,
    reference text not null,
    day_of_month integer not null,
    status text not null default 'active',
    next_due_on date not null,
    last_due_on date,
    last_outcome text,
    created_at timestamptz not null default now(),
    constraint standing_orders_pkey primary key (id),
    constraint standing_orders_account_id_fkey foreign key (account_id)
        references accounts (id) on delete restrict,
    constraint standing_orders_destination_account_id_fkey foreign key (destination_account_id)
        references accounts (id) on delete restrict,
    constraint standing_orders_accounts_differ check (account_id <> destination_account_id),
    constraint standing_orders_amount_range check (amount_minor between 1 and 100000000),
    constraint standing_orders_reference_length check (char_length(reference) between 1 and 140),
    constraint standing_orders_day_range check (day_of_month between 1 and 28),
    constraint standing_orders_status_check check (status in ('active', 'cancelled')),
    constraint standing_orders_last_outcome_check check (
        last_outcome in ('paid', 'insufficient_funds', 'account_closed', 'limit_reached')
    ),
    constraint standing_orders_last_run_complete check (
        (last_due_on is null) = (last_outcome is null)
    )
);

create index standing_orders_account_created_at_idx
on standing_orders (account_id, created_at, id);
create index standing_orders_destination_account_idx
on standing_orders (destination_account_id);
create index standing_orders_due_idx
on standing_orders (next_due_on, id) where status = 'active';

create table payments (
    id uuid not null default gen_random_uuid(),
    kind text not null,
    source_account_id uuid,
    destination_account_id uuid not null,
    amount_minor bigint not null,
    reference text not null,
    standing_order_id uuid,
    due_on date,
    created_by uuid,
    created_at timestamptz not null default now(),
    constraint payments_pkey primary key (id),
    constraint payments_source_account_id_fkey foreign key (source_account_id)
        references accounts (id) on delete restrict,
    constraint payments_destination_account_id_fkey foreign key (destination_account_id)
        references accounts (id) on delete restrict,
    constraint payments_standing_order_id_fkey foreign key (standing_order_id)
        references standing_orders (id) on delete restrict,
    constraint payments_created_by_fkey foreign key (created_by)
        references users (id) on delete restrict,
    constraint payments_standing_order_due_key unique (standing_order_id, due_on),
    constraint payments_kind_check check (
        kind in ('transfer', 'standing_order', 'deposit', 'refund')
    ),
    constraint payments_source_by_kind check (
        (source_account_id is null) = (kind in ('deposit', 'refund'))
    ),
    constraint payments_standing_order_by_kind check (
        (standing_order_id is not null) = (kind = 'standing_order')
    ),
    constraint payments_due_on_by_kind check (
        (due_on is not null) = (kind = 'standing_order')
    ),
    constraint payments_accounts_differ check (source_account_id <> destination_account_id),
    constraint payments_amount_range check (amount_minor between 1 and 100000000),
    constraint payments_reference_length check (char_length(reference) between 1 and 140)
);

create index payments_source_created_at_idx
on payments (source_account_id, created_at, id);
create index payments_destination_created_at_idx
on payments (destination_account_id, created_at, id);
create index payments_created_by_idx on payments (created_by);

create table cards (
    id uuid not null default gen_random_uuid(),
    account_id uuid not null,
    last_four text not null,
    expires_on date not null,
    status text not null default 'active',
    created_at timestamptz not null default now(),
    constraint cards_pkey primary key (id),
    constraint cards_account_id_fkey foreign key (account_id)
        references accounts (id) on delete restrict,
    constraint cards_last_four_format check (
        char_length(last_four) = 4 and last_four ~ '^[0-9]{4}$'
    ),
    constraint cards_status_check check (status in ('active', 'frozen', 'cancelled'))
);

create index cards_account_created_at_idx on cards (account_id, created_at, id);
create unique index cards_one_live_for_account_key
on cards (account_id) where status <> 'cancelled';

create table disputes (
    id uuid not null default gen_random_uuid(),
    payment_id uuid not null,
    customer_id uuid not null,
    reason text not null,
    description text not null,
    status text not null default 'open',
    resolution_note text,
    refund_payment_id uuid,
    resolved_by uuid,
    resolved_at timestamptz,
    created_at timestamptz not null default now(),
    constraint disputes_pkey primary key (id),
    constraint disputes_payment_id_fkey foreign key (payment_id)
        references payments (id) on delete restrict,
    constraint disputes_customer_id_fkey foreign key (customer_id)
        references users (id) on delete restrict,
    constraint disputes_refund_payment_id_fkey foreign key (refund_payment_id)
        references payments (id) on delete restrict,
    constraint disputes_resolved_by_fkey foreign key (resolved_by)
        references users (id) on delete restrict,
    constraint disputes_payment_id_key unique (payment_id),
    constraint disputes_refund_payment_id_key unique (refund_payment_id),
    constraint disputes_reason_check check (
        reason in ('unauthorised', 'wrong_amount', 'duplicate', 'not_received')
    ),
    constraint disputes_description_length check (char_length(description) between 1 and 2000),
    constraint disputes_status_check check (status in ('open', 'upheld', 'rejected')),
    constraint disputes_resolution_note_length check (
        char_length(resolution_note) between 1 and 2000
    ),
    constraint disputes_note_by_status check ((resolution_note is null) = (status = 'open')),
    constraint disputes_resolver_by_status check ((resolved_by is null) = (status = 'open')),
    constraint disputes_resolved_at_by_status check ((resolved_at is null) = (status = 'open')),
    constraint disputes_refund_by_status check (
        (refund_payment_id is not null) = (status = 'upheld')
    )
);

create index disputes_customer_created_at_idx on disputes (customer_id, created_at, id);
create index disputes_status_created_at_idx on disputes (status, created_at, id);
create index disputes_created_at_idx on disputes (created_at, id);
create index disputes_resolved_by_idx on disputes (resolved_by);

create table idempotency_keys (
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    idempotency_key uuid not null,
    operation text not null,
    request_hash text not null,
    resource_id uuid not null,
    created_at timestamptz not null default now(),
    constraint idempotency_keys_pkey primary key (id),
    constraint idempotency_keys_user_id_fkey foreign key (user_id)
        references users (id) on delete cascade,
    constraint idempotency_keys_user_key unique (user_id, idempotency_key),
    constraint idempotency_keys_operation_check check (
        operation in (
            'createCustomer', 'openAccount', 'createDeposit', 'createPayment', 'createStandingOrder'
        )
    ),
    constraint idempotency_keys_request_hash_length check (char_length(request_hash) = 64)
);

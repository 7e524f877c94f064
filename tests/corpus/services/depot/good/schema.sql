-- Depot: what is on hand in which warehouse, who holds it, and what it costs.
-- Prices are integer cents. Times are UTC with a time zone.

create table clients (
    id bigint generated always as identity,
    client_key text not null,
    secret_hash text not null,
    label text not null,
    disabled_at timestamptz,
    created_at timestamptz not null default now(),
    constraint clients_pkey primary key (id),
    constraint clients_client_key_key unique (client_key),
    constraint clients_client_key_length check (char_length(client_key) between 3 and 43),
    constraint clients_label_length check (char_length(label) between 1 and 80)
);

create table client_scopes (
    client_id bigint not null,
    scope text not null,
    constraint client_scopes_pkey primary key (client_id, scope),
    constraint client_scopes_client_id_fkey foreign key (client_id)
        references clients (id) on delete cascade,
    constraint client_scopes_scope_known check (scope in ('stock:read', 'stock:write', 'admin'))
);

-- One row for each client key that somebody tried, known or not: both are slowed down alike.
create table token_attempts (
    client_key text not null,
    attempts integer not null default 1,
    window_started_at timestamptz not null default now(),
    constraint token_attempts_pkey primary key (client_key),
    constraint token_attempts_client_key_length check (char_length(client_key) between 1 and 64),
    constraint token_attempts_positive check (attempts > 0)
);

create index token_attempts_window_idx on token_attempts (window_started_at);

create table warehouses (
    id bigint generated always as identity,
    code text not null,
    name text not null,
    created_at timestamptz not null default now(),
    constraint warehouses_pkey primary key (id),
    constraint warehouses_code_key unique (code),
    constraint warehouses_code_form check (code ~ '^[A-Z0-9]{2,12}$'),
    constraint warehouses_name_length check (char_length(name) between 1 and 120)
);

create table suppliers (
    id bigint generated always as identity,
    code text not null,
    name text not null,
    created_at timestamptz not null default now(),
    constraint suppliers_pkey primary key (id),
    constraint suppliers_code_key unique (code),
    constraint suppliers_code_form check (code ~ '^[A-Z0-9]{2,12}$'),
    constraint suppliers_name_length check (char_length(name) between 1 and 120)
);

create table products (
    id bigint generated always as identity,
    supplier_id bigint not null,
    sku text not null,
    name text not null,
    price_cents bigint not null,
    status text not null default 'active',
    created_at timestamptz not null default now(),
    constraint products_pkey primary key (id),
    constraint products_supplier_id_fkey foreign key (supplier_id)
        references suppliers (id) on delete restrict,
    constraint products_sku_key unique (sku),
    constraint products_sku_form check (sku ~ '^[A-Z0-9][A-Z0-9-]{1,31}$'),
    constraint products_name_length check (char_length(name) between 1 and 120),
    constraint products_price_range check (price_cents between 1 and 100000000),
    constraint products_status_known check (status in ('active', 'discontinued'))
);

create index products_supplier_idx on products (supplier_id, id);
create index products_name_idx on products (name, id);
create index products_price_idx on products (price_cents, id);

create table stock_levels (
    warehouse_id bigint not null,
    product_id bigint not null,
    on_hand bigint not null default 0,
    constraint stock_levels_pkey primary key (warehouse_id, product_id),
    constraint stock_levels_warehouse_id_fkey foreign key (warehouse_id)
        references warehouses (id) on delete restrict,
    constraint stock_levels_product_id_fkey foreign key (product_id)
        references products (id) on delete restrict,
    constraint stock_levels_range check (on_hand between 0 and 1000000000000)
);

create index stock_levels_product_idx on stock_levels (product_id, warehouse_id);

create table reservations (
    id bigint generated always as identity,
    client_id bigint not null,
    warehouse_id bigint not null,
    product_id bigint not null,
    quantity bigint not null,
    status text not null default 'held',
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    constraint reservations_pkey primary key (id),
    constraint reservations_client_id_fkey foreign key (client_id)
        references clients (id) on delete restrict,
    constraint reservations_stock_fkey foreign key (warehouse_id, product_id)
        references stock_levels (warehouse_id, product_id) on delete restrict,
    constraint reservations_quantity_range check (quantity between 1 and 1000000),
    constraint reservations_status_known check (status in ('held', 'fulfilled', 'released')),
    constraint reservations_expires_later check (expires_at > created_at)
);

create index reservations_client_idx on reservations (client_id, id);
create index reservations_stock_idx on reservations (warehouse_id, product_id, status);

-- A movement without a source is a receipt, one without a destination an issue.
create table movements (
    id bigint generated always as identity,
    client_id bigint not null,
    product_id bigint not null,
    from_warehouse_id bigint,
    to_warehouse_id bigint,
    quantity bigint not null,
    idempotency_key uuid not null,
    created_at timestamptz not null default now(),
    constraint movements_pkey primary key (id),
    constraint movements_client_id_fkey foreign key (client_id)
        references clients (id) on delete restrict,
    constraint movements_from_fkey foreign key (from_warehouse_id, product_id)
        references stock_levels (warehouse_id, product_id) on delete restrict,
    constraint movements_to_fkey foreign key (to_warehouse_id, product_id)
        references stock_levels (warehouse_id, product_id) on delete restrict,
    constraint movements_client_key_key unique (client_id, idempotency_key),
    constraint movements_quantity_range check (quantity between 1 and 1000000),
    constraint movements_has_an_end check (num_nonnulls(from_warehouse_id, to_warehouse_id) > 0),
    constraint movements_ends_differ check (from_warehouse_id is distinct from to_warehouse_id)
);

create index movements_client_idx on movements (client_id, id);
create index movements_product_idx on movements (product_id, id);
create index movements_from_idx on movements (from_warehouse_id, product_id);
create index movements_to_idx on movements (to_warehouse_id, product_id);

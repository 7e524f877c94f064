CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY,
    email text NOT NULL,
    password_hash text,
    role text NOT NULL DEFAULT 'customer',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_length CHECK (char_length(email) BETWEEN 3 AND 254),
    CONSTRAINT users_password_hash_length CHECK (char_length(password_hash) BETWEEN 1 AND 255),
    CONSTRAINT users_role_values CHECK (role IN ('customer', 'admin'))
);

CREATE UNIQUE INDEX users_email_lower_key ON users (lower(email));

CREATE TABLE categories (
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT categories_pkey PRIMARY KEY (id),
    CONSTRAINT categories_name_key UNIQUE (name),
    CONSTRAINT categories_name_length CHECK (char_length(name) BETWEEN 1 AND 80)
);

CREATE TABLE products (
    id bigint GENERATED ALWAYS AS IDENTITY,
    category_id bigint NOT NULL,
    sku text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    price_cents bigint NOT NULL,
    stock_quantity integer NOT NULL DEFAULT 0,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT products_pkey PRIMARY KEY (id),
    CONSTRAINT products_category_id_fkey FOREIGN KEY (category_id)
        REFERENCES categories (id) ON DELETE RESTRICT,
    CONSTRAINT products_sku_key UNIQUE (sku),
    CONSTRAINT products_sku_length CHECK (char_length(sku) BETWEEN 1 AND 40),
    CONSTRAINT products_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT products_description_length CHECK (char_length(description) <= 4000),
    CONSTRAINT products_price_cents_range CHECK (price_cents BETWEEN 1 AND 100000000),
    CONSTRAINT products_stock_quantity_range CHECK (stock_quantity BETWEEN 0 AND 2000000000)
);

CREATE INDEX products_category_id_is_active_id_idx ON products (category_id, is_active, id);
CREATE INDEX products_is_active_id_idx ON products (is_active, id);

CREATE TABLE coupons (
    id bigint GENERATED ALWAYS AS IDENTITY,
    code text NOT NULL,
    percent_off integer NOT NULL,
    max_redemptions integer NOT NULL,
    redeemed_count integer NOT NULL DEFAULT 0,
    is_active boolean NOT NULL DEFAULT true,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT coupons_pkey PRIMARY KEY (id),
    CONSTRAINT coupons_code_key UNIQUE (code),
    CONSTRAINT coupons_code_length CHECK (char_length(code) BETWEEN 3 AND 32),
    CONSTRAINT coupons_percent_off_range CHECK (percent_off BETWEEN 1 AND 100),
    CONSTRAINT coupons_max_redemptions_range CHECK (max_redemptions BETWEEN 1 AND 1000000),
    CONSTRAINT coupons_redeemed_count_range CHECK (redeemed_count BETWEEN 0 AND max_redemptions)
);

CREATE TABLE cart_items (
    user_id bigint NOT NULL,
    product_id bigint NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT cart_items_pkey PRIMARY KEY (user_id, product_id),
    CONSTRAINT cart_items_user_id_fkey FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT cart_items_product_id_fkey FOREIGN KEY (product_id)
        REFERENCES products (id) ON DELETE CASCADE,
    CONSTRAINT cart_items_quantity_range CHECK (quantity BETWEEN 1 AND 99)
);

CREATE INDEX cart_items_product_id_idx ON cart_items (product_id);

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id bigint NOT NULL,
    coupon_id bigint,
    idempotency_key text NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    subtotal_cents bigint NOT NULL,
    discount_cents bigint NOT NULL,
    total_cents bigint NOT NULL,
    recipient text NOT NULL,
    address text NOT NULL,
    city text NOT NULL,
    postal_code text NOT NULL,
    country text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT orders_coupon_id_fkey FOREIGN KEY (coupon_id)
        REFERENCES coupons (id) ON DELETE RESTRICT,
    CONSTRAINT orders_user_id_idempotency_key_key UNIQUE (user_id, idempotency_key),
    CONSTRAINT orders_idempotency_key_length CHECK (char_length(idempotency_key) BETWEEN 8 AND 64),
    CONSTRAINT orders_status_values CHECK (
        status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')
    ),
    CONSTRAINT orders_subtotal_cents_range CHECK (subtotal_cents BETWEEN 1 AND 495000000000),
    CONSTRAINT orders_discount_cents_range CHECK (discount_cents BETWEEN 0 AND subtotal_cents),
    CONSTRAINT orders_total_cents_sum CHECK (total_cents = subtotal_cents - discount_cents),
    CONSTRAINT orders_total_cents_range CHECK (total_cents BETWEEN 0 AND 495000000000),
    CONSTRAINT orders_recipient_length CHECK (char_length(recipient) BETWEEN 1 AND 100),
    CONSTRAINT orders_address_length CHECK (char_length(address) BETWEEN 1 AND 200),
    CONSTRAINT orders_city_length CHECK (char_length(city) BETWEEN 1 AND 100),
    CONSTRAINT orders_postal_code_length CHECK (char_length(postal_code) BETWEEN 1 AND 20),
    CONSTRAINT orders_country_length CHECK (char_length(country) = 2)
);

CREATE UNIQUE INDEX orders_user_id_coupon_id_key ON orders (user_id, coupon_id)
    WHERE coupon_id IS NOT NULL AND status <> 'cancelled';
CREATE INDEX orders_user_id_id_idx ON orders (user_id, id);
CREATE INDEX orders_coupon_id_idx ON orders (coupon_id);
CREATE INDEX orders_status_id_idx ON orders (status, id);

CREATE TABLE order_items (
    order_id bigint NOT NULL,
    product_id bigint NOT NULL,
    product_name text NOT NULL,
    unit_price_cents bigint NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT order_items_pkey PRIMARY KEY (order_id, product_id),
    CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id)
        REFERENCES orders (id) ON DELETE CASCADE,
    CONSTRAINT order_items_product_id_fkey FOREIGN KEY (product_id)
        REFERENCES products (id) ON DELETE RESTRICT,
    CONSTRAINT order_items_product_name_length CHECK (char_length(product_name) BETWEEN 1 AND 200),
    CONSTRAINT order_items_unit_price_cents_range CHECK (unit_price_cents BETWEEN 1 AND 100000000),
    CONSTRAINT order_items_quantity_range CHECK (quantity BETWEEN 1 AND 99)
);

CREATE INDEX order_items_product_id_idx ON order_items (product_id);

CREATE TABLE payments (
    id bigint GENERATED ALWAYS AS IDENTITY,
    order_id bigint NOT NULL,
    idempotency_key text NOT NULL,
    method text NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    amount_cents bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT payments_pkey PRIMARY KEY (id),
    CONSTRAINT payments_order_id_fkey FOREIGN KEY (order_id)
        REFERENCES orders (id) ON DELETE RESTRICT,
    CONSTRAINT payments_order_id_idempotency_key_key UNIQUE (order_id, idempotency_key),
    CONSTRAINT payments_idempotency_key_length CHECK (char_length(idempotency_key) BETWEEN 8 AND 64),
    CONSTRAINT payments_method_values CHECK (method IN ('bank_transfer', 'cash')),
    CONSTRAINT payments_status_values CHECK (status IN ('pending', 'succeeded', 'failed', 'refunded')),
    CONSTRAINT payments_amount_cents_range CHECK (amount_cents BETWEEN 0 AND 495000000000)
);

CREATE UNIQUE INDEX payments_order_id_open_key ON payments (order_id)
    WHERE status IN ('pending', 'succeeded');
CREATE INDEX payments_order_id_id_idx ON payments (order_id, id);
CREATE INDEX payments_status_id_idx ON payments (status, id);

CREATE TABLE stock_movements (
    id bigint GENERATED ALWAYS AS IDENTITY,
    product_id bigint NOT NULL,
    user_id bigint NOT NULL,
    order_id bigint,
    idempotency_key text,
    kind text NOT NULL,
    quantity integer NOT NULL,
    note text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT stock_movements_pkey PRIMARY KEY (id),
    CONSTRAINT stock_movements_product_id_fkey FOREIGN KEY (product_id)
        REFERENCES products (id) ON DELETE RESTRICT,
    CONSTRAINT stock_movements_user_id_fkey FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT stock_movements_order_id_fkey FOREIGN KEY (order_id)
        REFERENCES orders (id) ON DELETE RESTRICT,
    CONSTRAINT stock_movements_user_id_idempotency_key_key UNIQUE (user_id, idempotency_key),
    CONSTRAINT stock_movements_order_id_product_id_kind_key UNIQUE (order_id, product_id, kind),
    CONSTRAINT stock_movements_idempotency_key_length CHECK (char_length(idempotency_key) BETWEEN 8 AND 64),
    CONSTRAINT stock_movements_kind_values CHECK (kind IN ('receipt', 'writeoff', 'sale', 'return')),
    CONSTRAINT stock_movements_quantity_range CHECK (quantity BETWEEN 1 AND 1000000),
    CONSTRAINT stock_movements_note_length CHECK (char_length(note) <= 200),
    CONSTRAINT stock_movements_order_presence CHECK (
        (kind IN ('sale', 'return')) = (order_id IS NOT NULL)
    ),
    CONSTRAINT stock_movements_key_presence CHECK (
        (kind IN ('receipt', 'writeoff')) = (idempotency_key IS NOT NULL)
    )
);

CREATE INDEX stock_movements_product_id_id_idx ON stock_movements (product_id, id);

CREATE TABLE reviews (
    id bigint GENERATED ALWAYS AS IDENTITY,
    product_id bigint NOT NULL,
    user_id bigint NOT NULL,
    rating integer NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reviews_pkey PRIMARY KEY (id),
    CONSTRAINT reviews_product_id_fkey FOREIGN KEY (product_id)
        REFERENCES products (id) ON DELETE RESTRICT,
    CONSTRAINT reviews_user_id_fkey FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT reviews_product_id_user_id_key UNIQUE (product_id, user_id),
    CONSTRAINT reviews_rating_range CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT reviews_body_length CHECK (char_length(body) BETWEEN 1 AND 2000)
);

CREATE INDEX reviews_product_id_id_idx ON reviews (product_id, id);
CREATE INDEX reviews_user_id_idx ON reviews (user_id);

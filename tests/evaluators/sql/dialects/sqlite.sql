-- A shop in SQLite.

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    display_name TEXT NOT NULL,
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (email)
) STRICT;

CREATE TABLE addresses (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    street TEXT NOT NULL,
    city TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    country_code TEXT NOT NULL CHECK (length(country_code) = 2),
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT;

CREATE INDEX addresses_user_id_idx ON addresses (user_id);

CREATE TABLE categories (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES categories (id) ON DELETE SET NULL,
    slug TEXT NOT NULL,
    label TEXT NOT NULL,
    UNIQUE (slug),
    CHECK (parent_id <> id)
) STRICT;

CREATE INDEX categories_parent_id_idx ON categories (parent_id);

CREATE TABLE suppliers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (name)
) STRICT;

CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    category_id INTEGER NOT NULL REFERENCES categories (id) ON DELETE RESTRICT,
    supplier_id INTEGER NOT NULL REFERENCES suppliers (id) ON DELETE RESTRICT,
    sku TEXT NOT NULL,
    title TEXT NOT NULL,
    price INTEGER NOT NULL,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (sku),
    CHECK (price >= 0)
) STRICT;

CREATE INDEX products_category_id_idx ON products (category_id);
CREATE INDEX products_supplier_id_idx ON products (supplier_id);

CREATE TABLE product_images (
    id INTEGER PRIMARY KEY,
    product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    position INTEGER NOT NULL,
    UNIQUE (product_id, position),
    CHECK (position >= 0)
) STRICT;

CREATE TABLE warehouses (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    city TEXT NOT NULL,
    UNIQUE (code)
) STRICT;

CREATE TABLE stock_levels (
    product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    warehouse_id INTEGER NOT NULL REFERENCES warehouses (id) ON DELETE RESTRICT,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (product_id, warehouse_id),
    CHECK (quantity >= 0)
) STRICT;

CREATE INDEX stock_levels_warehouse_id_idx ON stock_levels (warehouse_id);

CREATE TABLE carts (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT;

CREATE INDEX carts_user_id_idx ON carts (user_id);

CREATE TABLE cart_items (
    cart_id INTEGER NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (cart_id, product_id),
    CHECK (quantity > 0)
) STRICT;

CREATE INDEX cart_items_product_id_idx ON cart_items (product_id);

CREATE TABLE coupons (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    discount_percent INTEGER NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    UNIQUE (code),
    CHECK (discount_percent BETWEEN 1 AND 100),
    CHECK (ends_at > starts_at)
) STRICT;

CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    coupon_id INTEGER REFERENCES coupons (id) ON DELETE SET NULL,
    order_number TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'shipped', 'closed')),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    total INTEGER NOT NULL,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (order_number),
    CHECK (total >= 0)
) STRICT;

CREATE INDEX orders_coupon_id_idx ON orders (coupon_id);
CREATE INDEX orders_user_id_created_at_idx ON orders (user_id, created_at);

CREATE TABLE order_items (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
    quantity INTEGER NOT NULL,
    unit_price INTEGER NOT NULL,
    UNIQUE (order_id, product_id),
    CHECK (quantity > 0),
    CHECK (unit_price >= 0)
) STRICT;

CREATE INDEX order_items_product_id_idx ON order_items (product_id);

CREATE TABLE payments (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
    amount INTEGER NOT NULL,
    provider TEXT NOT NULL,
    paid_at TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CHECK (amount > 0)
) STRICT;

CREATE INDEX payments_order_id_idx ON payments (order_id);

CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    product_id INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    rating INTEGER NOT NULL,
    body TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (user_id, product_id),
    CHECK (rating BETWEEN 1 AND 5)
) STRICT;

CREATE INDEX reviews_product_id_idx ON reviews (product_id);

-- A shop on Supabase: PostgreSQL with row-level security.

CREATE TABLE users (
    id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
    email text NOT NULL CHECK (char_length(email) <= 255),
    display_name text NOT NULL CHECK (char_length(display_name) <= 120),
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (email)
);

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_user ON users FOR ALL TO authenticated USING (id = (SELECT auth.uid())) WITH CHECK (id = (SELECT auth.uid()));

CREATE TABLE addresses (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    street text NOT NULL CHECK (char_length(street) <= 200),
    city text NOT NULL CHECK (char_length(city) <= 120),
    postal_code text NOT NULL CHECK (char_length(postal_code) <= 20),
    country_code text NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX addresses_user_id_idx ON addresses (user_id);

ALTER TABLE addresses ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_addresses ON addresses FOR ALL TO authenticated USING (user_id = (SELECT auth.uid())) WITH CHECK (user_id = (SELECT auth.uid()));

CREATE TABLE categories (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id bigint REFERENCES categories (id) ON DELETE SET NULL,
    slug text NOT NULL CHECK (char_length(slug) <= 80),
    label text NOT NULL CHECK (char_length(label) <= 120),
    UNIQUE (slug),
    CHECK (parent_id <> id)
);

CREATE INDEX categories_parent_id_idx ON categories (parent_id);

ALTER TABLE categories ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_categories ON categories FOR SELECT TO authenticated USING (true);

CREATE TABLE suppliers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) <= 200),
    contact_email text NOT NULL CHECK (char_length(contact_email) <= 255),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (name)
);

ALTER TABLE suppliers ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_suppliers ON suppliers FOR SELECT TO authenticated USING (true);

CREATE TABLE products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    category_id bigint NOT NULL REFERENCES categories (id) ON DELETE RESTRICT,
    supplier_id bigint NOT NULL REFERENCES suppliers (id) ON DELETE RESTRICT,
    sku text NOT NULL CHECK (char_length(sku) <= 40),
    title text NOT NULL CHECK (char_length(title) <= 200),
    price numeric(12, 2) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (sku),
    CHECK (price >= 0)
);

CREATE INDEX products_category_id_idx ON products (category_id);
CREATE INDEX products_supplier_id_idx ON products (supplier_id);

ALTER TABLE products ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_products ON products FOR SELECT TO authenticated USING (true);

CREATE TABLE product_images (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    url text NOT NULL CHECK (char_length(url) <= 500),
    position integer NOT NULL,
    UNIQUE (product_id, position),
    CHECK (position >= 0)
);

ALTER TABLE product_images ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_product_images ON product_images FOR SELECT TO authenticated USING (true);

CREATE TABLE warehouses (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL CHECK (char_length(code) <= 20),
    city text NOT NULL CHECK (char_length(city) <= 120),
    UNIQUE (code)
);

ALTER TABLE warehouses ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_warehouses ON warehouses FOR SELECT TO authenticated USING (true);

CREATE TABLE stock_levels (
    product_id bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    warehouse_id bigint NOT NULL REFERENCES warehouses (id) ON DELETE RESTRICT,
    quantity integer NOT NULL,
    PRIMARY KEY (product_id, warehouse_id),
    CHECK (quantity >= 0)
);

CREATE INDEX stock_levels_warehouse_id_idx ON stock_levels (warehouse_id);

ALTER TABLE stock_levels ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_stock_levels ON stock_levels FOR SELECT TO authenticated USING (true);

CREATE TABLE carts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX carts_user_id_idx ON carts (user_id);

ALTER TABLE carts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_carts ON carts FOR ALL TO authenticated USING (user_id = (SELECT auth.uid())) WITH CHECK (user_id = (SELECT auth.uid()));

CREATE TABLE cart_items (
    cart_id bigint NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    quantity integer NOT NULL,
    PRIMARY KEY (cart_id, product_id),
    CHECK (quantity > 0)
);

CREATE INDEX cart_items_product_id_idx ON cart_items (product_id);

ALTER TABLE cart_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_cart_items ON cart_items FOR SELECT TO authenticated USING (true);

CREATE TABLE coupons (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL CHECK (char_length(code) <= 40),
    discount_percent smallint NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    UNIQUE (code),
    CHECK (discount_percent BETWEEN 1 AND 100),
    CHECK (ends_at > starts_at)
);

ALTER TABLE coupons ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_coupons ON coupons FOR SELECT TO authenticated USING (true);

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    coupon_id bigint REFERENCES coupons (id) ON DELETE SET NULL,
    order_number text NOT NULL CHECK (char_length(order_number) <= 40),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'paid', 'shipped', 'closed')),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    total numeric(12, 2) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (order_number),
    CHECK (total >= 0)
);

CREATE INDEX orders_coupon_id_idx ON orders (coupon_id);
CREATE INDEX orders_user_id_created_at_idx ON orders (user_id, created_at);

ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_orders ON orders FOR ALL TO authenticated USING (user_id = (SELECT auth.uid())) WITH CHECK (user_id = (SELECT auth.uid()));

CREATE TABLE order_items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
    quantity integer NOT NULL,
    unit_price numeric(12, 2) NOT NULL,
    UNIQUE (order_id, product_id),
    CHECK (quantity > 0),
    CHECK (unit_price >= 0)
);

CREATE INDEX order_items_product_id_idx ON order_items (product_id);

ALTER TABLE order_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_order_items ON order_items FOR SELECT TO authenticated USING (true);

CREATE TABLE payments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
    amount numeric(12, 2) NOT NULL,
    provider text NOT NULL CHECK (char_length(provider) <= 40),
    paid_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (amount > 0)
);

CREATE INDEX payments_order_id_idx ON payments (order_id);

ALTER TABLE payments ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_payments ON payments FOR SELECT TO authenticated USING (true);

CREATE TABLE reviews (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    rating smallint NOT NULL,
    body text,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, product_id),
    CHECK (rating BETWEEN 1 AND 5)
);

CREATE INDEX reviews_product_id_idx ON reviews (product_id);

ALTER TABLE reviews ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_reviews ON reviews FOR ALL TO authenticated USING (user_id = (SELECT auth.uid())) WITH CHECK (user_id = (SELECT auth.uid()));

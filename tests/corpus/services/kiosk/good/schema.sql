-- Kiosk: customers with a balance, products with a stock, and orders.
-- Money is integer cents. Times are UTC.

CREATE TABLE customers (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Drawn by the database.',
    email VARCHAR(120) NOT NULL COMMENT 'In lower case; what somebody signs in with.',
    name VARCHAR(80) NOT NULL COMMENT 'For people.',
    role ENUM('customer', 'staff') NOT NULL DEFAULT 'customer' COMMENT 'What they may do.',
    password_hash VARCHAR(200) NOT NULL COMMENT 'argon2id.',
    balance_cents BIGINT NOT NULL DEFAULT 0 COMMENT 'What they may spend.',
    is_active TINYINT(1) NOT NULL DEFAULT 1 COMMENT 'Nobody else gets in.',
    created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC.',
    CONSTRAINT customers_pkey PRIMARY KEY (id),
    CONSTRAINT customers_email_key UNIQUE (email),
    CONSTRAINT customers_balance_range CHECK (balance_cents BETWEEN 0 AND 1000000000000)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Who signs in.';

-- One row for each address that somebody tried, known or not: both are slowed down alike.
CREATE TABLE login_attempts (
    email_digest CHAR(64) NOT NULL COMMENT 'SHA-256 of the address, in hexadecimal.',
    attempts INT NOT NULL DEFAULT 1 COMMENT 'Since the window began.',
    window_started_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC.',
    CONSTRAINT login_attempts_pkey PRIMARY KEY (email_digest),
    CONSTRAINT login_attempts_positive CHECK (attempts > 0),
    INDEX login_attempts_window_idx (window_started_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'Who is slowed down.';

CREATE TABLE products (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Drawn by the database.',
    sku VARCHAR(32) NOT NULL COMMENT 'The article''s code.',
    name VARCHAR(120) NOT NULL COMMENT 'For people.',
    price_cents INT NOT NULL COMMENT 'Of one piece.',
    stock INT NOT NULL DEFAULT 0 COMMENT 'Pieces on hand.',
    is_listed TINYINT(1) NOT NULL DEFAULT 1 COMMENT 'Whether it can be ordered.',
    created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC.',
    CONSTRAINT products_pkey PRIMARY KEY (id),
    CONSTRAINT products_sku_key UNIQUE (sku),
    CONSTRAINT products_price_range CHECK (price_cents BETWEEN 1 AND 100000000),
    CONSTRAINT products_stock_range CHECK (stock BETWEEN 0 AND 2000000000)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'What is sold.';

CREATE TABLE orders (
    id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Drawn by the database.',
    customer_id BIGINT NOT NULL COMMENT 'Whose it is.',
    idempotency_key CHAR(36) NOT NULL COMMENT 'A UUID of the client''s.',
    status ENUM('placed', 'shipped', 'cancelled') NOT NULL DEFAULT 'placed' COMMENT 'Where it is.',
    total_cents BIGINT NOT NULL COMMENT 'What was paid.',
    created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC.',
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_customer_id_idempotency_key_key UNIQUE (customer_id, idempotency_key),
    CONSTRAINT orders_total_positive CHECK (total_cents > 0),
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'What was bought.';

CREATE TABLE order_items (
    order_id BIGINT NOT NULL COMMENT 'Of which order.',
    product_id BIGINT NOT NULL COMMENT 'Of what.',
    quantity INT NOT NULL COMMENT 'Pieces.',
    price_cents INT NOT NULL COMMENT 'Of one piece, when it was bought.',
    CONSTRAINT order_items_pkey PRIMARY KEY (order_id, product_id),
    CONSTRAINT order_items_quantity_range CHECK (quantity BETWEEN 1 AND 1000),
    CONSTRAINT order_items_price_positive CHECK (price_cents > 0),
    CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
    CONSTRAINT order_items_product_id_fkey FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE RESTRICT,
    INDEX order_items_product_id_idx (product_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci COMMENT = 'What an order holds.';

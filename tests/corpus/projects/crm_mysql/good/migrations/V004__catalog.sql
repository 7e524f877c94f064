-- The rate of a category is the row with the latest valid_from that is not in
-- the future, so rates of one category can never overlap.
CREATE TABLE tax_rates (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id BIGINT UNSIGNED NOT NULL,
  category     ENUM('standard', 'reduced', 'zero') NOT NULL,
  percentage   DECIMAL(6,3) NOT NULL,
  valid_from   DATE NOT NULL,
  created_at   DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_tax_rates_workspace_id (workspace_id, id),
  UNIQUE KEY uq_tax_rates_category_from (workspace_id, category, valid_from),
  CONSTRAINT fk_tax_rates_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT,
  CONSTRAINT chk_tax_rates_percentage CHECK (percentage BETWEEN 0 AND 100),
  CONSTRAINT chk_tax_rates_zero CHECK (category <> 'zero' OR percentage = 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE products (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id BIGINT UNSIGNED NOT NULL,
  code         VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name         VARCHAR(120) NOT NULL,
  description  VARCHAR(1000) NULL,
  tax_category ENUM('standard', 'reduced', 'zero') NOT NULL DEFAULT 'standard',
  is_active    TINYINT(1) NOT NULL DEFAULT 1,
  created_at   DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at   DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_products_workspace_id (workspace_id, id),
  UNIQUE KEY uq_products_workspace_code (workspace_id, code),
  CONSTRAINT fk_products_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT,
  CONSTRAINT chk_products_code CHECK (REGEXP_LIKE(code, '^[A-Z0-9][A-Z0-9_-]{1,39}$', 'c')),
  CONSTRAINT chk_products_is_active CHECK (is_active IN (0, 1))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

-- A price is never edited: a new amount is a new row, and subscriptions keep
-- the price they were sold at.
CREATE TABLE prices (
  id                BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id      BIGINT UNSIGNED NOT NULL,
  product_id        BIGINT UNSIGNED NOT NULL,
  nickname          VARCHAR(80) NULL,
  currency          CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  unit_amount_minor BIGINT NOT NULL,
  billing_interval  ENUM('month', 'year') NOT NULL,
  interval_count    TINYINT UNSIGNED NOT NULL DEFAULT 1,
  is_active         TINYINT(1) NOT NULL DEFAULT 1,
  created_at        DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_prices_workspace_id (workspace_id, id),
  KEY idx_prices_workspace_product (workspace_id, product_id),
  KEY idx_prices_currency (currency),
  CONSTRAINT fk_prices_product FOREIGN KEY (workspace_id, product_id)
    REFERENCES products (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_prices_currency FOREIGN KEY (currency)
    REFERENCES currencies (code) ON DELETE RESTRICT,
  CONSTRAINT chk_prices_unit_amount_minor CHECK (unit_amount_minor BETWEEN 0 AND 999999999),
  CONSTRAINT chk_prices_interval_count CHECK (interval_count BETWEEN 1 AND 12),
  CONSTRAINT chk_prices_is_active CHECK (is_active IN (0, 1))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

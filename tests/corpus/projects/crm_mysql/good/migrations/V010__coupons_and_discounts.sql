CREATE TABLE coupons (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id    BIGINT UNSIGNED NOT NULL,
  code            VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  percent_off     DECIMAL(5,2) NOT NULL,
  duration        ENUM('once', 'forever') NOT NULL,
  redeem_by       DATE NULL COMMENT 'last day, in the time zone of the workspace',
  max_redemptions INT UNSIGNED NULL,
  times_redeemed  INT UNSIGNED NOT NULL DEFAULT 0,
  created_at      DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at      DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_coupons_workspace_id (workspace_id, id),
  UNIQUE KEY uq_coupons_workspace_code (workspace_id, code),
  CONSTRAINT fk_coupons_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT,
  CONSTRAINT chk_coupons_code CHECK (REGEXP_LIKE(code, '^[A-Z0-9]{4,40}$', 'c')),
  CONSTRAINT chk_coupons_percent_off CHECK (percent_off > 0 AND percent_off <= 100),
  CONSTRAINT chk_coupons_redemptions CHECK (max_redemptions IS NULL OR times_redeemed <= max_redemptions)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

ALTER TABLE subscriptions
  ADD COLUMN coupon_id BIGINT UNSIGNED NULL AFTER billing_account_id,
  ADD KEY idx_subscriptions_workspace_coupon (workspace_id, coupon_id),
  ADD CONSTRAINT fk_subscriptions_coupon FOREIGN KEY (workspace_id, coupon_id)
    REFERENCES coupons (workspace_id, id) ON DELETE RESTRICT;

ALTER TABLE invoices
  ADD COLUMN discount_minor BIGINT NOT NULL DEFAULT 0 AFTER subtotal_minor,
  DROP CHECK chk_invoices_total;

ALTER TABLE invoices
  ADD CONSTRAINT chk_invoices_discount CHECK (discount_minor BETWEEN 0 AND subtotal_minor),
  ADD CONSTRAINT chk_invoices_total CHECK (total_minor = subtotal_minor - discount_minor + tax_minor);

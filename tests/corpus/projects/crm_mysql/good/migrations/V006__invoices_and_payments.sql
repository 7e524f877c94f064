-- One row per workspace and calendar year; incremented in the transaction that
-- inserts the invoice, so numbers have no gaps.
CREATE TABLE invoice_sequences (
  workspace_id BIGINT UNSIGNED NOT NULL,
  invoice_year SMALLINT UNSIGNED NOT NULL,
  last_number  INT UNSIGNED NOT NULL,
  PRIMARY KEY (workspace_id, invoice_year),
  CONSTRAINT fk_invoice_sequences_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE invoices (
  id                 BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id       BIGINT UNSIGNED NOT NULL,
  billing_account_id BIGINT UNSIGNED NOT NULL,
  subscription_id    BIGINT UNSIGNED NOT NULL,
  number             VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status             ENUM('open', 'paid', 'void') NOT NULL,
  currency           CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  issued_on          DATE NOT NULL,
  due_on             DATE NOT NULL,
  period_start       DATE NOT NULL,
  period_end         DATE NOT NULL,
  subtotal_minor     BIGINT NOT NULL,
  tax_minor          BIGINT NOT NULL,
  total_minor        BIGINT NOT NULL,
  amount_paid_minor  BIGINT NOT NULL DEFAULT 0,
  bill_to            JSON NOT NULL COMMENT 'name and address as printed; later edits of the company do not change it',
  paid_at            DATETIME(3) NULL,
  voided_at          DATETIME(3) NULL,
  void_reason        VARCHAR(200) NULL,
  created_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_invoices_workspace_id (workspace_id, id),
  UNIQUE KEY uq_invoices_workspace_number (workspace_id, number),
  -- A period is billed at most once; voiding an invoice waives its period.
  UNIQUE KEY uq_invoices_subscription_period (workspace_id, subscription_id, period_start),
  KEY idx_invoices_workspace_account (workspace_id, billing_account_id, subscription_id),
  KEY idx_invoices_workspace_due (workspace_id, status, due_on),
  KEY idx_invoices_currency (currency),
  CONSTRAINT fk_invoices_subscription FOREIGN KEY (workspace_id, billing_account_id, subscription_id)
    REFERENCES subscriptions (workspace_id, billing_account_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_invoices_currency FOREIGN KEY (currency)
    REFERENCES currencies (code) ON DELETE RESTRICT,
  CONSTRAINT chk_invoices_due_on CHECK (due_on >= issued_on),
  CONSTRAINT chk_invoices_period CHECK (period_end > period_start),
  CONSTRAINT chk_invoices_amounts CHECK (
    subtotal_minor BETWEEN 0 AND 999999999999999 AND tax_minor BETWEEN 0 AND 999999999999999
  ),
  CONSTRAINT chk_invoices_total CHECK (total_minor = subtotal_minor + tax_minor),
  CONSTRAINT chk_invoices_amount_paid CHECK (amount_paid_minor BETWEEN 0 AND total_minor),
  CONSTRAINT chk_invoices_paid CHECK (
    (status = 'paid') = (paid_at IS NOT NULL)
    AND (status <> 'paid' OR amount_paid_minor = total_minor)
  ),
  CONSTRAINT chk_invoices_void CHECK (
    (status = 'void') = (voided_at IS NOT NULL)
    AND (status = 'void') = (void_reason IS NOT NULL)
    AND (status <> 'void' OR amount_paid_minor = 0)
  )
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE invoice_lines (
  id                   BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id         BIGINT UNSIGNED NOT NULL,
  invoice_id           BIGINT UNSIGNED NOT NULL,
  position             TINYINT UNSIGNED NOT NULL,
  subscription_item_id BIGINT UNSIGNED NOT NULL,
  description          VARCHAR(240) NOT NULL,
  quantity             SMALLINT UNSIGNED NOT NULL,
  unit_amount_minor    BIGINT NOT NULL,
  amount_minor         BIGINT NOT NULL,
  tax_category         ENUM('standard', 'reduced', 'zero') NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_invoice_lines_position (workspace_id, invoice_id, position),
  KEY idx_invoice_lines_workspace_item (workspace_id, subscription_item_id),
  CONSTRAINT fk_invoice_lines_invoice FOREIGN KEY (workspace_id, invoice_id)
    REFERENCES invoices (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_invoice_lines_item FOREIGN KEY (workspace_id, subscription_item_id)
    REFERENCES subscription_items (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT chk_invoice_lines_quantity CHECK (quantity >= 1),
  CONSTRAINT chk_invoice_lines_amount CHECK (
    unit_amount_minor >= 0 AND amount_minor = quantity * unit_amount_minor
  )
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

-- The tax summary printed on the invoice, one row per category.
CREATE TABLE invoice_taxes (
  workspace_id  BIGINT UNSIGNED NOT NULL,
  invoice_id    BIGINT UNSIGNED NOT NULL,
  category      ENUM('standard', 'reduced', 'zero') NOT NULL,
  tax_rate_id   BIGINT UNSIGNED NOT NULL,
  percentage    DECIMAL(6,3) NOT NULL,
  taxable_minor BIGINT NOT NULL,
  tax_minor     BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, invoice_id, category),
  KEY idx_invoice_taxes_workspace_rate (workspace_id, tax_rate_id),
  CONSTRAINT fk_invoice_taxes_invoice FOREIGN KEY (workspace_id, invoice_id)
    REFERENCES invoices (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_invoice_taxes_rate FOREIGN KEY (workspace_id, tax_rate_id)
    REFERENCES tax_rates (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT chk_invoice_taxes_percentage CHECK (percentage BETWEEN 0 AND 100),
  CONSTRAINT chk_invoice_taxes_amounts CHECK (taxable_minor >= 0 AND tax_minor BETWEEN 0 AND taxable_minor)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE payments (
  id                  BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id        BIGINT UNSIGNED NOT NULL,
  invoice_id          BIGINT UNSIGNED NOT NULL,
  amount_minor        BIGINT NOT NULL COMMENT 'in the currency of the invoice',
  method              ENUM('card', 'bank_transfer', 'direct_debit', 'cash') NOT NULL,
  reference           VARCHAR(100) NULL,
  received_on         DATE NOT NULL,
  recorded_by_user_id BIGINT UNSIGNED NOT NULL,
  created_at          DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  KEY idx_payments_workspace_invoice (workspace_id, invoice_id),
  KEY idx_payments_workspace_user (workspace_id, recorded_by_user_id),
  CONSTRAINT fk_payments_invoice FOREIGN KEY (workspace_id, invoice_id)
    REFERENCES invoices (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_payments_user FOREIGN KEY (workspace_id, recorded_by_user_id)
    REFERENCES workspace_members (workspace_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT chk_payments_amount_minor CHECK (amount_minor BETWEEN 1 AND 999999999999999)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

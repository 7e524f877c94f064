CREATE TABLE billing_accounts (
  id                 BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id       BIGINT UNSIGNED NOT NULL,
  company_id         BIGINT UNSIGNED NOT NULL,
  legal_name         VARCHAR(160) NOT NULL,
  billing_email      VARCHAR(254) COLLATE utf8mb4_0900_as_ci NOT NULL,
  currency           CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_terms_days TINYINT UNSIGNED NOT NULL DEFAULT 14,
  created_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_billing_accounts_workspace_id (workspace_id, id),
  UNIQUE KEY uq_billing_accounts_company_currency (workspace_id, company_id, currency),
  KEY idx_billing_accounts_currency (currency),
  CONSTRAINT fk_billing_accounts_company FOREIGN KEY (workspace_id, company_id)
    REFERENCES companies (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_billing_accounts_currency FOREIGN KEY (currency)
    REFERENCES currencies (code) ON DELETE RESTRICT,
  CONSTRAINT chk_billing_accounts_terms CHECK (payment_terms_days <= 90)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

-- Periods are half-open: [current_period_start, current_period_end).
CREATE TABLE subscriptions (
  id                   BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id         BIGINT UNSIGNED NOT NULL,
  billing_account_id   BIGINT UNSIGNED NOT NULL,
  status               ENUM('trialing', 'active', 'past_due', 'canceled') NOT NULL,
  billing_interval     ENUM('month', 'year') NOT NULL,
  interval_count       TINYINT UNSIGNED NOT NULL,
  anchor_day           TINYINT UNSIGNED NOT NULL COMMENT 'day of month on which periods start, clamped to short months',
  current_period_start DATE NOT NULL,
  current_period_end   DATE NOT NULL,
  trial_ends_on        DATE NULL,
  cancel_at_period_end TINYINT(1) NOT NULL DEFAULT 0,
  canceled_at          DATETIME(3) NULL,
  created_by_user_id   BIGINT UNSIGNED NOT NULL,
  created_at           DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at           DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_subscriptions_workspace_id (workspace_id, id),
  -- Target of fk_invoices_subscription: an invoice bills its subscription's account.
  UNIQUE KEY uq_subscriptions_account (workspace_id, billing_account_id, id),
  KEY idx_subscriptions_workspace_renewal (workspace_id, status, current_period_end),
  KEY idx_subscriptions_workspace_creator (workspace_id, created_by_user_id),
  CONSTRAINT fk_subscriptions_account FOREIGN KEY (workspace_id, billing_account_id)
    REFERENCES billing_accounts (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_subscriptions_creator FOREIGN KEY (workspace_id, created_by_user_id)
    REFERENCES workspace_members (workspace_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT chk_subscriptions_interval_count CHECK (interval_count BETWEEN 1 AND 12),
  CONSTRAINT chk_subscriptions_anchor_day CHECK (anchor_day BETWEEN 1 AND 31),
  CONSTRAINT chk_subscriptions_period CHECK (current_period_end > current_period_start),
  CONSTRAINT chk_subscriptions_trial CHECK (status <> 'trialing' OR trial_ends_on = current_period_end),
  CONSTRAINT chk_subscriptions_cancel_flag CHECK (cancel_at_period_end IN (0, 1)),
  CONSTRAINT chk_subscriptions_canceled_at CHECK ((status = 'canceled') = (canceled_at IS NOT NULL))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE subscription_items (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id    BIGINT UNSIGNED NOT NULL,
  subscription_id BIGINT UNSIGNED NOT NULL,
  price_id        BIGINT UNSIGNED NOT NULL,
  quantity        SMALLINT UNSIGNED NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_subscription_items_workspace_id (workspace_id, id),
  UNIQUE KEY uq_subscription_items_price (workspace_id, subscription_id, price_id),
  KEY idx_subscription_items_workspace_price (workspace_id, price_id),
  CONSTRAINT fk_subscription_items_subscription FOREIGN KEY (workspace_id, subscription_id)
    REFERENCES subscriptions (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_subscription_items_price FOREIGN KEY (workspace_id, price_id)
    REFERENCES prices (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT chk_subscription_items_quantity CHECK (quantity BETWEEN 1 AND 10000)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE subscription_status_changes (
  id                 BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id       BIGINT UNSIGNED NOT NULL,
  subscription_id    BIGINT UNSIGNED NOT NULL,
  from_status        ENUM('trialing', 'active', 'past_due', 'canceled') NULL COMMENT 'NULL when the subscription was created',
  to_status          ENUM('trialing', 'active', 'past_due', 'canceled') NOT NULL,
  reason             VARCHAR(200) NULL,
  changed_by_user_id BIGINT UNSIGNED NULL COMMENT 'NULL when the billing run did it',
  changed_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  KEY idx_subscription_status_changes_subscription (workspace_id, subscription_id),
  KEY idx_subscription_status_changes_user (workspace_id, changed_by_user_id),
  CONSTRAINT fk_subscription_status_changes_subscription FOREIGN KEY (workspace_id, subscription_id)
    REFERENCES subscriptions (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_subscription_status_changes_user FOREIGN KEY (workspace_id, changed_by_user_id)
    REFERENCES workspace_members (workspace_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT chk_subscription_status_changes_moved CHECK (from_status IS NULL OR from_status <> to_status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

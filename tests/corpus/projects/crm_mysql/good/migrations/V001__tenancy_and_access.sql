-- Workspaces (the small businesses that use the product), their people, and
-- the currencies that may be billed. All DATETIME values are UTC: every
-- connection sets time_zone = '+00:00'.

CREATE TABLE currencies (
  code              CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'ISO 4217',
  name              VARCHAR(60) NOT NULL,
  minor_unit_digits TINYINT UNSIGNED NOT NULL COMMENT 'digits after the decimal point; amounts are stored in minor units',
  PRIMARY KEY (code),
  CONSTRAINT chk_currencies_code CHECK (REGEXP_LIKE(code, '^[A-Z]{3}$', 'c')),
  CONSTRAINT chk_currencies_minor_unit_digits CHECK (minor_unit_digits <= 3)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

INSERT INTO currencies (code, name, minor_unit_digits) VALUES
  ('AUD', 'Australian dollar', 2),
  ('CAD', 'Canadian dollar', 2),
  ('CHF', 'Swiss franc', 2),
  ('DKK', 'Danish krone', 2),
  ('EUR', 'Euro', 2),
  ('GBP', 'Pound sterling', 2),
  ('JPY', 'Japanese yen', 0),
  ('NOK', 'Norwegian krone', 2),
  ('PLN', 'Polish zloty', 2),
  ('SEK', 'Swedish krona', 2),
  ('USD', 'US dollar', 2);

CREATE TABLE workspaces (
  id                 BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  name               VARCHAR(120) NOT NULL,
  slug               VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  country_code       CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'ISO 3166-1 alpha-2',
  time_zone          VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'IANA name; decides the local billing day',
  default_currency   CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  invoice_prefix     VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status             ENUM('active', 'suspended', 'closed') NOT NULL DEFAULT 'active',
  created_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_workspaces_slug (slug),
  KEY idx_workspaces_default_currency (default_currency),
  CONSTRAINT fk_workspaces_default_currency FOREIGN KEY (default_currency)
    REFERENCES currencies (code) ON DELETE RESTRICT,
  CONSTRAINT chk_workspaces_slug CHECK (REGEXP_LIKE(slug, '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$', 'c')),
  CONSTRAINT chk_workspaces_country_code CHECK (REGEXP_LIKE(country_code, '^[A-Z]{2}$', 'c')),
  CONSTRAINT chk_workspaces_invoice_prefix CHECK (REGEXP_LIKE(invoice_prefix, '^[A-Z0-9]{1,8}$', 'c'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE users (
  id               BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  identity_subject VARCHAR(255) COLLATE utf8mb4_0900_bin NOT NULL COMMENT 'the "sub" claim of the identity provider',
  email            VARCHAR(254) COLLATE utf8mb4_0900_as_ci NOT NULL,
  display_name     VARCHAR(120) NOT NULL,
  status           ENUM('active', 'disabled') NOT NULL DEFAULT 'active',
  created_at       DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at       DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_users_identity_subject (identity_subject),
  UNIQUE KEY uq_users_email (email)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

-- Members are revoked, never deleted, because records keep pointing at them.
CREATE TABLE workspace_members (
  workspace_id BIGINT UNSIGNED NOT NULL,
  user_id      BIGINT UNSIGNED NOT NULL,
  role         ENUM('owner', 'admin', 'sales', 'billing', 'viewer') NOT NULL,
  status       ENUM('active', 'revoked') NOT NULL DEFAULT 'active',
  created_at   DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at   DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (workspace_id, user_id),
  KEY idx_workspace_members_user (user_id),
  CONSTRAINT fk_workspace_members_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT,
  CONSTRAINT fk_workspace_members_user FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

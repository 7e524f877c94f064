-- Foreign keys between tenant tables carry workspace_id, so a row can never
-- point at a row of another workspace. UNIQUE (workspace_id, id) is the target
-- of those keys and also serves the newest-first list queries.

CREATE TABLE companies (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id    BIGINT UNSIGNED NOT NULL,
  name            VARCHAR(160) NOT NULL,
  domain          VARCHAR(253) CHARACTER SET ascii COLLATE ascii_general_ci NULL,
  vat_number      VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
  phone           VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'E.164',
  lifecycle_stage ENUM('lead', 'prospect', 'customer', 'former_customer') NOT NULL DEFAULT 'lead',
  owner_user_id   BIGINT UNSIGNED NULL,
  created_at      DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at      DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_companies_workspace_id (workspace_id, id),
  UNIQUE KEY uq_companies_workspace_domain (workspace_id, domain),
  KEY idx_companies_workspace_name (workspace_id, name),
  KEY idx_companies_workspace_stage (workspace_id, lifecycle_stage),
  KEY idx_companies_workspace_owner (workspace_id, owner_user_id),
  CONSTRAINT fk_companies_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT,
  CONSTRAINT fk_companies_owner FOREIGN KEY (workspace_id, owner_user_id)
    REFERENCES workspace_members (workspace_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT chk_companies_name CHECK (CHAR_LENGTH(name) >= 1),
  CONSTRAINT chk_companies_vat_number CHECK (REGEXP_LIKE(vat_number, '^[A-Z]{2}[A-Z0-9]{2,18}$', 'c')),
  CONSTRAINT chk_companies_phone CHECK (REGEXP_LIKE(phone, '^[+][1-9][0-9]{6,14}$'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE company_addresses (
  workspace_id BIGINT UNSIGNED NOT NULL,
  company_id   BIGINT UNSIGNED NOT NULL,
  kind         ENUM('billing', 'shipping') NOT NULL,
  line1        VARCHAR(120) NOT NULL,
  line2        VARCHAR(120) NULL,
  city         VARCHAR(80) NOT NULL,
  region       VARCHAR(80) NULL,
  postal_code  VARCHAR(16) NULL,
  country_code CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (workspace_id, company_id, kind),
  CONSTRAINT fk_company_addresses_company FOREIGN KEY (workspace_id, company_id)
    REFERENCES companies (workspace_id, id) ON DELETE CASCADE,
  CONSTRAINT chk_company_addresses_country_code CHECK (REGEXP_LIKE(country_code, '^[A-Z]{2}$', 'c'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE contacts (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id  BIGINT UNSIGNED NOT NULL,
  company_id    BIGINT UNSIGNED NULL,
  first_name    VARCHAR(80) NOT NULL,
  last_name     VARCHAR(80) NOT NULL,
  email         VARCHAR(254) COLLATE utf8mb4_0900_as_ci NULL,
  phone         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'E.164',
  job_title     VARCHAR(120) NULL,
  owner_user_id BIGINT UNSIGNED NULL,
  created_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at    DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_contacts_workspace_id (workspace_id, id),
  UNIQUE KEY uq_contacts_workspace_email (workspace_id, email),
  KEY idx_contacts_workspace_company (workspace_id, company_id),
  KEY idx_contacts_workspace_owner (workspace_id, owner_user_id),
  CONSTRAINT fk_contacts_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT,
  CONSTRAINT fk_contacts_company FOREIGN KEY (workspace_id, company_id)
    REFERENCES companies (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_contacts_owner FOREIGN KEY (workspace_id, owner_user_id)
    REFERENCES workspace_members (workspace_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT chk_contacts_reachable CHECK (email IS NOT NULL OR phone IS NOT NULL),
  CONSTRAINT chk_contacts_phone CHECK (REGEXP_LIKE(phone, '^[+][1-9][0-9]{6,14}$'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE tags (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id BIGINT UNSIGNED NOT NULL,
  name         VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at   DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_tags_workspace_id (workspace_id, id),
  UNIQUE KEY uq_tags_workspace_name (workspace_id, name),
  CONSTRAINT fk_tags_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT,
  CONSTRAINT chk_tags_name CHECK (REGEXP_LIKE(name, '^[a-z0-9][a-z0-9-]{0,39}$', 'c'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE contact_tags (
  workspace_id BIGINT UNSIGNED NOT NULL,
  contact_id   BIGINT UNSIGNED NOT NULL,
  tag_id       BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (workspace_id, contact_id, tag_id),
  KEY idx_contact_tags_workspace_tag (workspace_id, tag_id, contact_id),
  CONSTRAINT fk_contact_tags_contact FOREIGN KEY (workspace_id, contact_id)
    REFERENCES contacts (workspace_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_contact_tags_tag FOREIGN KEY (workspace_id, tag_id)
    REFERENCES tags (workspace_id, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

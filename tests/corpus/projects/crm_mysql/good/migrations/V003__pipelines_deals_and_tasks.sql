CREATE TABLE pipelines (
  id                       BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id             BIGINT UNSIGNED NOT NULL,
  name                     VARCHAR(80) NOT NULL,
  is_default               TINYINT(1) NOT NULL DEFAULT 0,
  -- NULL unless default, so the unique key allows one default per workspace.
  default_for_workspace_id BIGINT UNSIGNED GENERATED ALWAYS AS (IF(is_default = 1, workspace_id, NULL)) VIRTUAL,
  created_at               DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_pipelines_workspace_id (workspace_id, id),
  UNIQUE KEY uq_pipelines_workspace_name (workspace_id, name),
  UNIQUE KEY uq_pipelines_one_default (default_for_workspace_id),
  CONSTRAINT fk_pipelines_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT,
  CONSTRAINT chk_pipelines_is_default CHECK (is_default IN (0, 1))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE pipeline_stages (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id    BIGINT UNSIGNED NOT NULL,
  pipeline_id     BIGINT UNSIGNED NOT NULL,
  name            VARCHAR(80) NOT NULL,
  position        SMALLINT UNSIGNED NOT NULL,
  kind            ENUM('open', 'won', 'lost') NOT NULL DEFAULT 'open',
  win_probability TINYINT UNSIGNED NOT NULL COMMENT 'percent',
  PRIMARY KEY (id),
  UNIQUE KEY uq_pipeline_stages_workspace_id (workspace_id, id),
  UNIQUE KEY uq_pipeline_stages_pipeline_name (workspace_id, pipeline_id, name),
  UNIQUE KEY uq_pipeline_stages_pipeline_position (workspace_id, pipeline_id, position),
  -- Target of fk_deals_stage, which ties a deal's status to its stage's kind.
  UNIQUE KEY uq_pipeline_stages_kind (workspace_id, pipeline_id, id, kind),
  CONSTRAINT fk_pipeline_stages_pipeline FOREIGN KEY (workspace_id, pipeline_id)
    REFERENCES pipelines (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT chk_pipeline_stages_win_probability CHECK (
    (kind = 'open' AND win_probability BETWEEN 0 AND 99)
    OR (kind = 'won' AND win_probability = 100)
    OR (kind = 'lost' AND win_probability = 0)
  )
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE deals (
  id                BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id      BIGINT UNSIGNED NOT NULL,
  company_id        BIGINT UNSIGNED NOT NULL,
  pipeline_id       BIGINT UNSIGNED NOT NULL,
  stage_id          BIGINT UNSIGNED NOT NULL,
  status            ENUM('open', 'won', 'lost') NOT NULL DEFAULT 'open',
  owner_user_id     BIGINT UNSIGNED NOT NULL,
  title             VARCHAR(160) NOT NULL,
  amount_minor      BIGINT NOT NULL,
  currency          CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expected_close_on DATE NULL,
  closed_at         DATETIME(3) NULL,
  created_at        DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at        DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uq_deals_workspace_id (workspace_id, id),
  KEY idx_deals_workspace_company (workspace_id, company_id),
  KEY idx_deals_workspace_owner (workspace_id, owner_user_id, status),
  KEY idx_deals_workspace_stage (workspace_id, pipeline_id, stage_id, status),
  KEY idx_deals_currency (currency),
  CONSTRAINT fk_deals_company FOREIGN KEY (workspace_id, company_id)
    REFERENCES companies (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_deals_owner FOREIGN KEY (workspace_id, owner_user_id)
    REFERENCES workspace_members (workspace_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT fk_deals_stage FOREIGN KEY (workspace_id, pipeline_id, stage_id, status)
    REFERENCES pipeline_stages (workspace_id, pipeline_id, id, kind) ON DELETE RESTRICT,
  CONSTRAINT fk_deals_currency FOREIGN KEY (currency)
    REFERENCES currencies (code) ON DELETE RESTRICT,
  CONSTRAINT chk_deals_amount_minor CHECK (amount_minor BETWEEN 0 AND 999999999999),
  CONSTRAINT chk_deals_closed_at CHECK ((status = 'open') = (closed_at IS NULL))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE deal_contacts (
  workspace_id BIGINT UNSIGNED NOT NULL,
  deal_id      BIGINT UNSIGNED NOT NULL,
  contact_id   BIGINT UNSIGNED NOT NULL,
  role         ENUM('decision_maker', 'influencer', 'user', 'billing') NOT NULL,
  PRIMARY KEY (workspace_id, deal_id, contact_id),
  KEY idx_deal_contacts_workspace_contact (workspace_id, contact_id),
  CONSTRAINT fk_deal_contacts_deal FOREIGN KEY (workspace_id, deal_id)
    REFERENCES deals (workspace_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_deal_contacts_contact FOREIGN KEY (workspace_id, contact_id)
    REFERENCES contacts (workspace_id, id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE deal_stage_changes (
  id                 BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id       BIGINT UNSIGNED NOT NULL,
  deal_id            BIGINT UNSIGNED NOT NULL,
  from_stage_id      BIGINT UNSIGNED NULL COMMENT 'NULL for the first stage of a new deal',
  to_stage_id        BIGINT UNSIGNED NOT NULL,
  changed_by_user_id BIGINT UNSIGNED NOT NULL,
  changed_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  KEY idx_deal_stage_changes_workspace_deal (workspace_id, deal_id),
  KEY idx_deal_stage_changes_workspace_from (workspace_id, from_stage_id),
  KEY idx_deal_stage_changes_workspace_to (workspace_id, to_stage_id),
  KEY idx_deal_stage_changes_workspace_user (workspace_id, changed_by_user_id),
  CONSTRAINT fk_deal_stage_changes_deal FOREIGN KEY (workspace_id, deal_id)
    REFERENCES deals (workspace_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_deal_stage_changes_from FOREIGN KEY (workspace_id, from_stage_id)
    REFERENCES pipeline_stages (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_deal_stage_changes_to FOREIGN KEY (workspace_id, to_stage_id)
    REFERENCES pipeline_stages (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_deal_stage_changes_user FOREIGN KEY (workspace_id, changed_by_user_id)
    REFERENCES workspace_members (workspace_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT chk_deal_stage_changes_moved CHECK (from_stage_id IS NULL OR from_stage_id <> to_stage_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

CREATE TABLE tasks (
  id                 BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id       BIGINT UNSIGNED NOT NULL,
  kind               ENUM('call', 'email', 'meeting', 'todo') NOT NULL,
  title              VARCHAR(200) NOT NULL,
  description        VARCHAR(2000) NULL,
  status             ENUM('open', 'done', 'canceled') NOT NULL DEFAULT 'open',
  due_at             DATETIME(3) NOT NULL,
  completed_at       DATETIME(3) NULL,
  assignee_user_id   BIGINT UNSIGNED NOT NULL,
  created_by_user_id BIGINT UNSIGNED NOT NULL,
  company_id         BIGINT UNSIGNED NULL,
  contact_id         BIGINT UNSIGNED NULL,
  deal_id            BIGINT UNSIGNED NULL,
  created_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  KEY idx_tasks_workspace_due (workspace_id, due_at),
  KEY idx_tasks_workspace_assignee (workspace_id, assignee_user_id, status, due_at),
  KEY idx_tasks_workspace_creator (workspace_id, created_by_user_id),
  KEY idx_tasks_workspace_company (workspace_id, company_id),
  KEY idx_tasks_workspace_contact (workspace_id, contact_id),
  KEY idx_tasks_workspace_deal (workspace_id, deal_id),
  CONSTRAINT fk_tasks_assignee FOREIGN KEY (workspace_id, assignee_user_id)
    REFERENCES workspace_members (workspace_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT fk_tasks_creator FOREIGN KEY (workspace_id, created_by_user_id)
    REFERENCES workspace_members (workspace_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT fk_tasks_company FOREIGN KEY (workspace_id, company_id)
    REFERENCES companies (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_tasks_contact FOREIGN KEY (workspace_id, contact_id)
    REFERENCES contacts (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_tasks_deal FOREIGN KEY (workspace_id, deal_id)
    REFERENCES deals (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT chk_tasks_one_subject CHECK (
    (company_id IS NOT NULL) + (contact_id IS NOT NULL) + (deal_id IS NOT NULL) = 1
  ),
  CONSTRAINT chk_tasks_completed_at CHECK ((status = 'done') = (completed_at IS NOT NULL))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

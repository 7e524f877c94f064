-- Append-only: the application account is granted SELECT and INSERT only.
-- details names the changed fields and never copies personal data.
CREATE TABLE audit_events (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id  BIGINT UNSIGNED NOT NULL,
  actor_user_id BIGINT UNSIGNED NULL COMMENT 'NULL for the billing run and other system work',
  action        VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  entity_type   VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  entity_id     BIGINT UNSIGNED NOT NULL,
  request_id    CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  details       JSON NULL,
  occurred_at   DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  KEY idx_audit_events_workspace_entity (workspace_id, entity_type, entity_id),
  KEY idx_audit_events_workspace_actor (workspace_id, actor_user_id),
  CONSTRAINT fk_audit_events_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT,
  CONSTRAINT fk_audit_events_actor FOREIGN KEY (workspace_id, actor_user_id)
    REFERENCES workspace_members (workspace_id, user_id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

-- Inserted and completed in the same transaction as the work it protects, so
-- a committed row always holds the answer to replay.
CREATE TABLE idempotency_keys (
  workspace_id    BIGINT UNSIGNED NOT NULL,
  idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  operation_id    VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request_hash    BINARY(32) NOT NULL COMMENT 'SHA-256 of operation, path and body',
  response_status SMALLINT UNSIGNED NULL,
  response_body   JSON NULL,
  created_at      DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  expires_at      DATETIME(3) NOT NULL,
  PRIMARY KEY (workspace_id, idempotency_key),
  KEY idx_idempotency_keys_expires_at (expires_at),
  CONSTRAINT fk_idempotency_keys_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT,
  CONSTRAINT chk_idempotency_keys_expires_at CHECK (expires_at > created_at),
  CONSTRAINT chk_idempotency_keys_response CHECK ((response_status IS NULL) = (response_body IS NULL))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

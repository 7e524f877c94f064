-- Contacts are archived instead of deleted. The address of an archived contact
-- may be used again, so uniqueness moves to a column that is NULL once archived.
ALTER TABLE contacts
  ADD COLUMN email_marketing_consent ENUM('unknown', 'granted', 'withdrawn') NOT NULL DEFAULT 'unknown' AFTER job_title,
  ADD COLUMN archived_at DATETIME(3) NULL AFTER owner_user_id,
  ADD COLUMN active_email VARCHAR(254) COLLATE utf8mb4_0900_as_ci
    GENERATED ALWAYS AS (IF(archived_at IS NULL, email, NULL)) VIRTUAL AFTER archived_at,
  DROP INDEX uq_contacts_workspace_email,
  ADD UNIQUE KEY uq_contacts_workspace_active_email (workspace_id, active_email);

-- Evidence for each change of consent.
CREATE TABLE contact_consent_events (
  id                  BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id        BIGINT UNSIGNED NOT NULL,
  contact_id          BIGINT UNSIGNED NOT NULL,
  consent             ENUM('unknown', 'granted', 'withdrawn') NOT NULL,
  recorded_by_user_id BIGINT UNSIGNED NOT NULL,
  recorded_at         DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  KEY idx_contact_consent_events_contact (workspace_id, contact_id),
  KEY idx_contact_consent_events_user (workspace_id, recorded_by_user_id),
  CONSTRAINT fk_contact_consent_events_contact FOREIGN KEY (workspace_id, contact_id)
    REFERENCES contacts (workspace_id, id) ON DELETE RESTRICT,
  CONSTRAINT fk_contact_consent_events_user FOREIGN KEY (workspace_id, recorded_by_user_id)
    REFERENCES workspace_members (workspace_id, user_id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

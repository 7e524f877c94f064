-- Every lost deal has a reason from its pipeline's own list.
CREATE TABLE deal_lost_reasons (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id BIGINT UNSIGNED NOT NULL,
  pipeline_id  BIGINT UNSIGNED NOT NULL,
  label        VARCHAR(80) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_deal_lost_reasons_pipeline_id (workspace_id, pipeline_id, id),
  UNIQUE KEY uq_deal_lost_reasons_label (workspace_id, pipeline_id, label),
  CONSTRAINT fk_deal_lost_reasons_pipeline FOREIGN KEY (workspace_id, pipeline_id)
    REFERENCES pipelines (workspace_id, id) ON DELETE RESTRICT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

INSERT INTO deal_lost_reasons (workspace_id, pipeline_id, label)
SELECT workspace_id, id, 'Not recorded' FROM pipelines;

ALTER TABLE deals
  ADD COLUMN lost_reason_id BIGINT UNSIGNED NULL AFTER closed_at,
  ADD KEY idx_deals_workspace_lost_reason (workspace_id, pipeline_id, lost_reason_id),
  ADD CONSTRAINT fk_deals_lost_reason FOREIGN KEY (workspace_id, pipeline_id, lost_reason_id)
    REFERENCES deal_lost_reasons (workspace_id, pipeline_id, id) ON DELETE RESTRICT;

UPDATE deals d
JOIN deal_lost_reasons r
  ON r.workspace_id = d.workspace_id AND r.pipeline_id = d.pipeline_id AND r.label = 'Not recorded'
SET d.lost_reason_id = r.id,
    d.updated_at = d.updated_at
WHERE d.status = 'lost';

ALTER TABLE deals
  ADD CONSTRAINT chk_deals_lost_reason CHECK ((status = 'lost') = (lost_reason_id IS NOT NULL));

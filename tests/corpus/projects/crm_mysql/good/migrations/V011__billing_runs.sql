-- One run per workspace and local day; a run that was interrupted has no
-- finished_at and is taken up again.
CREATE TABLE billing_runs (
  id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  workspace_id    BIGINT UNSIGNED NOT NULL,
  run_on          DATE NOT NULL,
  invoices_issued INT UNSIGNED NOT NULL DEFAULT 0,
  failures        INT UNSIGNED NOT NULL DEFAULT 0,
  started_at      DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  finished_at     DATETIME(3) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY uq_billing_runs_workspace_id (workspace_id, id),
  UNIQUE KEY uq_billing_runs_workspace_day (workspace_id, run_on),
  CONSTRAINT fk_billing_runs_workspace FOREIGN KEY (workspace_id)
    REFERENCES workspaces (id) ON DELETE RESTRICT,
  CONSTRAINT chk_billing_runs_finished_at CHECK (finished_at IS NULL OR finished_at >= started_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;

-- NULL for the first invoice of a subscription, which is issued at sign-up.
ALTER TABLE invoices
  ADD COLUMN billing_run_id BIGINT UNSIGNED NULL AFTER subscription_id,
  ADD KEY idx_invoices_workspace_run (workspace_id, billing_run_id),
  ADD CONSTRAINT fk_invoices_billing_run FOREIGN KEY (workspace_id, billing_run_id)
    REFERENCES billing_runs (workspace_id, id) ON DELETE RESTRICT;

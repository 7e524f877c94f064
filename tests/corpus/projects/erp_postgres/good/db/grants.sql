-- Applied by the owner of the schemas after db/schema.sql, and again after every migration.
-- The login users of the service and of the reports are members of these roles; their passwords
-- come from the secret store and never from this repository.
\set ON_ERROR_STOP on
BEGIN;

DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'erp_app') THEN
    CREATE ROLE erp_app NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'erp_report') THEN
    CREATE ROLE erp_report NOLOGIN;
  END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA core, sales, ops, fin FROM PUBLIC;

GRANT USAGE ON SCHEMA core, sales, ops, fin TO erp_app, erp_report;

-- service: reads and writes, but the ledgers and the audit trail cannot be rewritten
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA core, sales, ops, fin TO erp_app;
REVOKE INSERT, UPDATE, DELETE ON core.audit_event FROM erp_app;
REVOKE UPDATE, DELETE ON ops.stock_movement FROM erp_app;
REVOKE UPDATE ON fin.payment_allocation FROM erp_app;
GRANT EXECUTE ON FUNCTION core.next_document_number(bigint, core.document_type, date) TO erp_app;

-- reports: business data only, no sign-in accounts, audit trail or absences
GRANT SELECT ON ALL TABLES IN SCHEMA sales, ops, fin TO erp_report;
GRANT SELECT ON core.company, core.site, core.currency, core.unit, core.item, core.item_category,
  core.payment_term, core.department, core.project, core.project_task TO erp_report;

COMMIT;

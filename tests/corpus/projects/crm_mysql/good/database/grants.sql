-- Privileges of the application's account. An administrator runs this in the
-- schema of the application after the migrations, having made the account:
--   CREATE USER 'crm_app'@'%' IDENTIFIED BY '<from the secret store>' REQUIRE SSL;
-- (leave REQUIRE SSL out on a local database without MYSQL_SSL_CA).
-- Grants are by table, because a privilege on the schema cannot be taken back
-- for one table.

-- Reference data.
GRANT SELECT ON currencies TO 'crm_app'@'%';

-- Append-only histories.
GRANT SELECT, INSERT ON audit_events TO 'crm_app'@'%';
GRANT SELECT, INSERT ON contact_consent_events TO 'crm_app'@'%';
GRANT SELECT, INSERT ON deal_stage_changes TO 'crm_app'@'%';
GRANT SELECT, INSERT ON subscription_status_changes TO 'crm_app'@'%';

-- Rows that are never changed once written.
GRANT SELECT, INSERT ON invoice_lines TO 'crm_app'@'%';
GRANT SELECT, INSERT ON invoice_taxes TO 'crm_app'@'%';
GRANT SELECT, INSERT ON payments TO 'crm_app'@'%';
GRANT SELECT, INSERT ON subscription_items TO 'crm_app'@'%';
GRANT SELECT, INSERT ON deal_contacts TO 'crm_app'@'%';
GRANT SELECT, INSERT ON tax_rates TO 'crm_app'@'%';
GRANT SELECT, INSERT ON pipelines TO 'crm_app'@'%';
GRANT SELECT, INSERT ON pipeline_stages TO 'crm_app'@'%';
GRANT SELECT, INSERT ON deal_lost_reasons TO 'crm_app'@'%';

-- Rows that are replaced or expire.
GRANT SELECT, INSERT, UPDATE, DELETE ON company_addresses TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON contact_tags TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO 'crm_app'@'%';

-- Everything else: changed or archived, never deleted.
GRANT SELECT, INSERT, UPDATE ON workspaces TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON users TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON workspace_members TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON companies TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON contacts TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON tags TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON deals TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON tasks TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON products TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON prices TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON billing_accounts TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON subscriptions TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON invoice_sequences TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON invoices TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON coupons TO 'crm_app'@'%';
GRANT SELECT, INSERT, UPDATE ON billing_runs TO 'crm_app'@'%';

--
-- PostgreSQL database dump
--

\restrict erpschema

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: core; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA core;


--
-- Name: SCHEMA core; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA core IS 'Organisation, identity, item master, people, projects, documents, workflow and audit';


--
-- Name: fin; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA fin;


--
-- Name: SCHEMA fin; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA fin IS 'Taxes, general ledger, invoices, payments and fixed assets';


--
-- Name: ops; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA ops;


--
-- Name: SCHEMA ops; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA ops IS 'Purchasing, stock, engineering data, production, quality and maintenance';


--
-- Name: sales; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA sales;


--
-- Name: SCHEMA sales; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON SCHEMA sales IS 'Customers, price lists, quotations, sales orders and deliveries';


--
-- Name: btree_gist; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;


--
-- Name: EXTENSION btree_gist; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';


--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;


--
-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';


--
-- Name: amount; Type: DOMAIN; Schema: core; Owner: -
--

CREATE DOMAIN core.amount AS numeric(18,2);


--
-- Name: DOMAIN amount; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON DOMAIN core.amount IS 'Money in the currency of the row; currencies with more than two decimals are not traded';


--
-- Name: approval_status; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.approval_status AS ENUM (
    'pending',
    'approved',
    'rejected',
    'withdrawn'
);


--
-- Name: approval_subject; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.approval_subject AS ENUM (
    'purchase_order',
    'leave_request',
    'journal_entry'
);


--
-- Name: approval_verdict; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.approval_verdict AS ENUM (
    'approve',
    'reject'
);


--
-- Name: audit_action; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.audit_action AS ENUM (
    'insert',
    'update',
    'delete'
);


--
-- Name: business_code; Type: DOMAIN; Schema: core; Owner: -
--

CREATE DOMAIN core.business_code AS character varying(32)
	CONSTRAINT business_code_format CHECK (((VALUE)::text ~ '^[A-Z0-9][A-Z0-9._/-]*$'::text));


--
-- Name: DOMAIN business_code; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON DOMAIN core.business_code IS 'Upper-case code that people type and read: SKU, site code, price list code';


--
-- Name: country_code; Type: DOMAIN; Schema: core; Owner: -
--

CREATE DOMAIN core.country_code AS character varying(2)
	CONSTRAINT country_code_format CHECK (((VALUE)::text ~ '^[A-Z]{2}$'::text));


--
-- Name: currency_code; Type: DOMAIN; Schema: core; Owner: -
--

CREATE DOMAIN core.currency_code AS character varying(3)
	CONSTRAINT currency_code_format CHECK (((VALUE)::text ~ '^[A-Z]{3}$'::text));


--
-- Name: document_category; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.document_category AS ENUM (
    'drawing',
    'specification',
    'certificate',
    'contract',
    'correspondence',
    'photo',
    'other'
);


--
-- Name: document_number; Type: DOMAIN; Schema: core; Owner: -
--

CREATE DOMAIN core.document_number AS character varying(24)
	CONSTRAINT document_number_format CHECK (((VALUE)::text ~ '^[A-Z]{2,4}-[0-9]{4}-[0-9]{6}$'::text));


--
-- Name: DOMAIN document_number; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON DOMAIN core.document_number IS 'Prefix, year and six-digit counter, for example SO-2026-000123; see core.next_document_number';


--
-- Name: document_type; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.document_type AS ENUM (
    'quotation',
    'sales_order',
    'delivery',
    'sales_invoice',
    'payment',
    'purchase_order',
    'goods_receipt',
    'purchase_invoice',
    'production_order',
    'inspection',
    'nonconformity',
    'maintenance_order',
    'journal_entry',
    'fixed_asset'
);


--
-- Name: email_address; Type: DOMAIN; Schema: core; Owner: -
--

CREATE DOMAIN core.email_address AS character varying(254)
	CONSTRAINT email_address_format CHECK (((VALUE)::text ~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$'::text));


--
-- Name: employment_type; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.employment_type AS ENUM (
    'permanent',
    'fixed_term',
    'apprentice',
    'agency'
);


--
-- Name: item_sourcing; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.item_sourcing AS ENUM (
    'make',
    'buy'
);


--
-- Name: item_tracking; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.item_tracking AS ENUM (
    'none',
    'lot',
    'serial'
);


--
-- Name: item_type; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.item_type AS ENUM (
    'raw_material',
    'component',
    'semi_finished',
    'finished_good',
    'consumable',
    'service'
);


--
-- Name: leave_status; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.leave_status AS ENUM (
    'pending',
    'approved',
    'rejected',
    'cancelled'
);


--
-- Name: percentage; Type: DOMAIN; Schema: core; Owner: -
--

CREATE DOMAIN core.percentage AS numeric(6,3)
	CONSTRAINT percentage_range CHECK (((VALUE >= (0)::numeric) AND (VALUE <= (100)::numeric)));


--
-- Name: DOMAIN percentage; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON DOMAIN core.percentage IS 'Percentage from 0 to 100';


--
-- Name: phone_number; Type: DOMAIN; Schema: core; Owner: -
--

CREATE DOMAIN core.phone_number AS character varying(20)
	CONSTRAINT phone_number_format CHECK (((VALUE)::text ~ '^\+?[0-9 ()/-]{5,20}$'::text));


--
-- Name: project_status; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.project_status AS ENUM (
    'planned',
    'active',
    'on_hold',
    'completed',
    'cancelled'
);


--
-- Name: quantity; Type: DOMAIN; Schema: core; Owner: -
--

CREATE DOMAIN core.quantity AS numeric(18,6)
	CONSTRAINT quantity_not_negative CHECK ((VALUE >= (0)::numeric));


--
-- Name: DOMAIN quantity; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON DOMAIN core.quantity IS 'Quantity in the unit of the row';


--
-- Name: site_kind; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.site_kind AS ENUM (
    'plant',
    'warehouse',
    'office'
);


--
-- Name: task_status; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.task_status AS ENUM (
    'open',
    'in_progress',
    'done',
    'cancelled'
);


--
-- Name: timesheet_status; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.timesheet_status AS ENUM (
    'draft',
    'submitted',
    'approved',
    'rejected'
);


--
-- Name: unit_dimension; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.unit_dimension AS ENUM (
    'count',
    'mass',
    'length',
    'area',
    'volume',
    'time'
);


--
-- Name: unit_price; Type: DOMAIN; Schema: core; Owner: -
--

CREATE DOMAIN core.unit_price AS numeric(18,6)
	CONSTRAINT unit_price_not_negative CHECK ((VALUE >= (0)::numeric));


--
-- Name: DOMAIN unit_price; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON DOMAIN core.unit_price IS 'Price or cost per unit, six decimals so that cheap parts keep their precision';


--
-- Name: user_status; Type: TYPE; Schema: core; Owner: -
--

CREATE TYPE core.user_status AS ENUM (
    'invited',
    'active',
    'disabled'
);


--
-- Name: account_type; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.account_type AS ENUM (
    'asset',
    'liability',
    'equity',
    'revenue',
    'expense'
);


--
-- Name: asset_status; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.asset_status AS ENUM (
    'under_construction',
    'in_use',
    'disposed'
);


--
-- Name: depreciation_method; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.depreciation_method AS ENUM (
    'straight_line',
    'declining_balance'
);


--
-- Name: entry_status; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.entry_status AS ENUM (
    'draft',
    'posted'
);


--
-- Name: invoice_kind; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.invoice_kind AS ENUM (
    'invoice',
    'credit_note'
);


--
-- Name: invoice_status; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.invoice_status AS ENUM (
    'draft',
    'posted',
    'cancelled'
);


--
-- Name: journal_kind; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.journal_kind AS ENUM (
    'sales',
    'purchase',
    'bank',
    'inventory',
    'asset',
    'general'
);


--
-- Name: payment_direction; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.payment_direction AS ENUM (
    'incoming',
    'outgoing'
);


--
-- Name: payment_method; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.payment_method AS ENUM (
    'bank_transfer',
    'direct_debit',
    'card',
    'cheque',
    'cash'
);


--
-- Name: payment_status; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.payment_status AS ENUM (
    'recorded',
    'cleared',
    'cancelled'
);


--
-- Name: period_status; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.period_status AS ENUM (
    'future',
    'open',
    'closed'
);


--
-- Name: tax_direction; Type: TYPE; Schema: fin; Owner: -
--

CREATE TYPE fin.tax_direction AS ENUM (
    'sales',
    'purchase'
);


--
-- Name: bin_kind; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.bin_kind AS ENUM (
    'receiving',
    'storage',
    'production',
    'quarantine',
    'shipping'
);


--
-- Name: characteristic_kind; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.characteristic_kind AS ENUM (
    'measured',
    'attribute'
);


--
-- Name: disposition; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.disposition AS ENUM (
    'use_as_is',
    'rework',
    'return_to_supplier',
    'scrap'
);


--
-- Name: equipment_status; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.equipment_status AS ENUM (
    'in_service',
    'down',
    'retired'
);


--
-- Name: inspection_stage; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.inspection_stage AS ENUM (
    'incoming',
    'in_process',
    'final'
);


--
-- Name: inspection_status; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.inspection_status AS ENUM (
    'open',
    'accepted',
    'rejected'
);


--
-- Name: lot_status; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.lot_status AS ENUM (
    'quarantine',
    'released',
    'blocked'
);


--
-- Name: maintenance_kind; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.maintenance_kind AS ENUM (
    'preventive',
    'corrective'
);


--
-- Name: maintenance_status; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.maintenance_status AS ENUM (
    'open',
    'in_progress',
    'completed',
    'cancelled'
);


--
-- Name: master_status; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.master_status AS ENUM (
    'draft',
    'active',
    'obsolete'
);


--
-- Name: movement_kind; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.movement_kind AS ENUM (
    'purchase_receipt',
    'sales_issue',
    'production_issue',
    'production_receipt',
    'transfer',
    'adjustment_in',
    'adjustment_out',
    'scrap'
);


--
-- Name: nonconformity_severity; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.nonconformity_severity AS ENUM (
    'minor',
    'major',
    'critical'
);


--
-- Name: nonconformity_status; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.nonconformity_status AS ENUM (
    'open',
    'under_review',
    'closed'
);


--
-- Name: operation_status; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.operation_status AS ENUM (
    'waiting',
    'in_progress',
    'completed',
    'skipped'
);


--
-- Name: priority; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.priority AS ENUM (
    'low',
    'normal',
    'high',
    'urgent'
);


--
-- Name: production_status; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.production_status AS ENUM (
    'planned',
    'released',
    'in_progress',
    'completed',
    'closed',
    'cancelled'
);


--
-- Name: purchase_order_status; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.purchase_order_status AS ENUM (
    'draft',
    'pending_approval',
    'approved',
    'partially_received',
    'received',
    'closed',
    'cancelled'
);


--
-- Name: receipt_status; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.receipt_status AS ENUM (
    'draft',
    'posted'
);


--
-- Name: scrap_reason; Type: TYPE; Schema: ops; Owner: -
--

CREATE TYPE ops.scrap_reason AS ENUM (
    'material_defect',
    'machine_fault',
    'operator_error',
    'setup_loss',
    'other'
);


--
-- Name: address_kind; Type: TYPE; Schema: sales; Owner: -
--

CREATE TYPE sales.address_kind AS ENUM (
    'billing',
    'shipping'
);


--
-- Name: delivery_status; Type: TYPE; Schema: sales; Owner: -
--

CREATE TYPE sales.delivery_status AS ENUM (
    'planned',
    'picked',
    'shipped',
    'cancelled'
);


--
-- Name: order_status; Type: TYPE; Schema: sales; Owner: -
--

CREATE TYPE sales.order_status AS ENUM (
    'draft',
    'confirmed',
    'partially_delivered',
    'delivered',
    'closed',
    'cancelled'
);


--
-- Name: quotation_status; Type: TYPE; Schema: sales; Owner: -
--

CREATE TYPE sales.quotation_status AS ENUM (
    'draft',
    'sent',
    'accepted',
    'rejected',
    'expired'
);


--
-- Name: forbid_change(); Type: FUNCTION; Schema: core; Owner: -
--

CREATE FUNCTION core.forbid_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;


--
-- Name: FUNCTION forbid_change(); Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON FUNCTION core.forbid_change() IS 'Refuses UPDATE and DELETE on append-only tables';


--
-- Name: next_document_number(bigint, core.document_type, date); Type: FUNCTION; Schema: core; Owner: -
--

CREATE FUNCTION core.next_document_number(p_company_id bigint, p_document_type core.document_type, p_document_date date) RETURNS core.document_number
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_year smallint := EXTRACT(year FROM p_document_date)::smallint;
  v_value integer;
  v_prefix text;
BEGIN
  v_prefix := CASE p_document_type
    WHEN 'quotation' THEN 'QU' WHEN 'sales_order' THEN 'SO' WHEN 'delivery' THEN 'DN'
    WHEN 'sales_invoice' THEN 'SI' WHEN 'payment' THEN 'PAY' WHEN 'purchase_order' THEN 'PO'
    WHEN 'goods_receipt' THEN 'GR' WHEN 'purchase_invoice' THEN 'PI' WHEN 'production_order' THEN 'MO'
    WHEN 'inspection' THEN 'QI' WHEN 'nonconformity' THEN 'NC' WHEN 'maintenance_order' THEN 'WO'
    WHEN 'journal_entry' THEN 'JE' WHEN 'fixed_asset' THEN 'FA' END;
  INSERT INTO core.number_sequence AS s (company_id, document_type, calendar_year, last_value)
  VALUES (p_company_id, p_document_type, v_year, 1)
  ON CONFLICT (company_id, document_type, calendar_year) DO UPDATE SET last_value = s.last_value + 1
  RETURNING s.last_value INTO v_value;
  RETURN format('%s-%s-%s', v_prefix, v_year, lpad(v_value::text, 6, '0'));
END $$;


--
-- Name: FUNCTION next_document_number(p_company_id bigint, p_document_type core.document_type, p_document_date date); Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON FUNCTION core.next_document_number(p_company_id bigint, p_document_type core.document_type, p_document_date date) IS 'Next gap-free number; locks the counter until the transaction ends';


--
-- Name: record_audit(); Type: FUNCTION; Schema: core; Owner: -
--

CREATE FUNCTION core.record_audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_old jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
  v_new jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
  v_row jsonb := v_old || v_new;
  v_changes jsonb;
BEGIN
  SELECT COALESCE(jsonb_object_agg(k.key, jsonb_build_array(v_old -> k.key, v_new -> k.key)), '{}'::jsonb)
    INTO v_changes
    FROM jsonb_object_keys(v_row) AS k(key)
   WHERE k.key NOT IN ('version', 'created_at', 'updated_at')
     AND v_old -> k.key IS DISTINCT FROM v_new -> k.key;
  IF v_changes <> '{}'::jsonb THEN
    INSERT INTO core.audit_event (user_id, request_id, action, table_name, row_key, changes)
    VALUES (NULLIF(current_setting('erp.user_id', true), '')::bigint,
            NULLIF(current_setting('erp.request_id', true), '')::uuid,
            lower(TG_OP)::core.audit_action,
            TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME,
            COALESCE(v_row ->> 'id', concat_ws(',', v_row ->> TG_ARGV[0], v_row ->> TG_ARGV[1])),
            v_changes);
  END IF;
  RETURN NULL;
END $$;


--
-- Name: FUNCTION record_audit(); Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON FUNCTION core.record_audit() IS 'Writes core.audit_event; tables without id name their two key columns as trigger arguments';


--
-- Name: refresh_document_totals(); Type: FUNCTION; Schema: core; Owner: -
--

CREATE FUNCTION core.refresh_document_totals() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
  v_header regclass := TG_ARGV[0]::regclass;
  v_key text := TG_ARGV[1];
  v_old_id bigint := CASE WHEN TG_OP <> 'INSERT' THEN (to_jsonb(OLD) ->> v_key)::bigint END;
  v_new_id bigint := CASE WHEN TG_OP <> 'DELETE' THEN (to_jsonb(NEW) ->> v_key)::bigint END;
BEGIN
  EXECUTE format(
    'UPDATE %s AS h SET net_amount = t.net, tax_amount = t.tax
       FROM (SELECT i.id, COALESCE(sum(l.net_amount), 0) AS net, COALESCE(sum(l.tax_amount), 0) AS tax
               FROM unnest($1) AS i(id) LEFT JOIN %I.%I AS l ON l.%I = i.id
              WHERE i.id IS NOT NULL GROUP BY i.id) AS t
      WHERE h.id = t.id AND (h.net_amount, h.tax_amount) IS DISTINCT FROM (t.net, t.tax)',
    v_header, TG_TABLE_SCHEMA, TG_TABLE_NAME, v_key)
  USING ARRAY[v_old_id, v_new_id];
  RETURN NULL;
END $_$;


--
-- Name: FUNCTION refresh_document_totals(); Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON FUNCTION core.refresh_document_totals() IS 'Sums the lines of a document into its header; arguments: header table, key column of the line';


--
-- Name: touch_row(); Type: FUNCTION; Schema: core; Owner: -
--

CREATE FUNCTION core.touch_row() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  NEW.created_at := OLD.created_at;
  NEW.updated_at := now();
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;


--
-- Name: FUNCTION touch_row(); Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON FUNCTION core.touch_row() IS 'Keeps updated_at and the version that the API sends as ETag';


--
-- Name: apply_payment_allocation(); Type: FUNCTION; Schema: fin; Owner: -
--

CREATE FUNCTION fin.apply_payment_allocation() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_row fin.payment_allocation := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  v_sign integer := CASE WHEN TG_OP = 'DELETE' THEN -1 ELSE 1 END;
  v_payment fin.payment;
BEGIN
  UPDATE fin.payment SET allocated_amount = allocated_amount + v_sign * v_row.amount
   WHERE id = v_row.payment_id RETURNING * INTO STRICT v_payment;
  IF v_row.sales_invoice_id IS NOT NULL THEN
    UPDATE fin.sales_invoice AS i SET paid_amount = i.paid_amount + v_sign * v_row.amount
     WHERE i.id = v_row.sales_invoice_id AND i.status = 'posted'
       AND i.customer_id = v_payment.customer_id AND i.currency_code::text = v_payment.currency_code::text;
  ELSE
    UPDATE fin.purchase_invoice AS i SET paid_amount = i.paid_amount + v_sign * v_row.amount
     WHERE i.id = v_row.purchase_invoice_id AND i.status = 'posted'
       AND i.supplier_id = v_payment.supplier_id AND i.currency_code::text = v_payment.currency_code::text;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'payment % settles only posted invoices of its own party and currency', v_payment.payment_number
      USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_allocation_matches_invoice';
  END IF;
  RETURN NULL;
END $$;


--
-- Name: FUNCTION apply_payment_allocation(); Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON FUNCTION fin.apply_payment_allocation() IS 'Keeps the paid and allocated amounts; their checks refuse over-payment';


--
-- Name: guard_invoice(); Type: FUNCTION; Schema: fin; Owner: -
--

CREATE FUNCTION fin.guard_invoice() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_free CONSTANT text[] := ARRAY['paid_amount', 'open_amount', 'total_amount', 'version', 'updated_at'];
BEGIN
  IF OLD.status <> 'draft' AND (TG_OP = 'DELETE' OR to_jsonb(OLD) - v_free IS DISTINCT FROM to_jsonb(NEW) - v_free) THEN
    RAISE EXCEPTION 'invoice % is %, only its payment state changes', OLD.invoice_number, OLD.status USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;


--
-- Name: FUNCTION guard_invoice(); Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON FUNCTION fin.guard_invoice() IS 'Freezes posted and cancelled invoices, but for their payment state; generated columns are not yet computed here and follow from guarded ones';


--
-- Name: guard_journal_entry(); Type: FUNCTION; Schema: fin; Owner: -
--

CREATE FUNCTION fin.guard_journal_entry() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_debit numeric;
  v_credit numeric;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.status = 'posted' THEN
    RAISE EXCEPTION 'journal entry % is posted', OLD.entry_number USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.status = 'posted' THEN
    RAISE EXCEPTION 'journal entries start as draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_starts_as_draft';
  END IF;
  IF NEW.status = 'posted' THEN
    PERFORM 1 FROM fin.fiscal_period AS p
      WHERE p.id = NEW.fiscal_period_id AND p.status = 'open' AND NEW.entry_date BETWEEN p.starts_on AND p.ends_on
      FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the period of entry % is not open on %', NEW.entry_number, NEW.entry_date
        USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_period_open';
    END IF;
    SELECT sum(l.debit_amount), sum(l.credit_amount) INTO v_debit, v_credit
      FROM fin.journal_entry_line AS l WHERE l.journal_entry_id = NEW.id;
    IF v_debit IS NULL OR v_debit <> v_credit THEN
      RAISE EXCEPTION 'entry % does not balance: % debit, % credit', NEW.entry_number, v_debit, v_credit
        USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_balanced';
    END IF;
  END IF;
  RETURN NEW;
END $$;


--
-- Name: FUNCTION guard_journal_entry(); Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON FUNCTION fin.guard_journal_entry() IS 'Posts only balanced entries into an open period and freezes what is posted';


--
-- Name: guard_journal_entry_line(); Type: FUNCTION; Schema: fin; Owner: -
--

CREATE FUNCTION fin.guard_journal_entry_line() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_row fin.journal_entry_line := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  v_status fin.entry_status;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.journal_entry_id <> OLD.journal_entry_id THEN
    RAISE EXCEPTION 'a line stays with its journal entry' USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT e.status INTO v_status FROM fin.journal_entry AS e WHERE e.id = v_row.journal_entry_id FOR UPDATE;
  IF v_status = 'posted' THEN
    RAISE EXCEPTION 'the journal entry of this line is posted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP <> 'DELETE' AND NOT EXISTS (SELECT 1 FROM fin.account AS a WHERE a.id = v_row.account_id AND a.is_postable AND a.is_active) THEN
    RAISE EXCEPTION 'account % takes no postings', v_row.account_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_line_account_postable';
  END IF;
  RETURN v_row;
END $$;


--
-- Name: FUNCTION guard_journal_entry_line(); Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON FUNCTION fin.guard_journal_entry_line() IS 'Lines change only while their entry is a draft, on accounts that take postings';


--
-- Name: guard_purchase_invoice_line(); Type: FUNCTION; Schema: fin; Owner: -
--

CREATE FUNCTION fin.guard_purchase_invoice_line() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM 1 FROM fin.purchase_invoice AS i WHERE i.id = OLD.purchase_invoice_id AND i.status <> 'draft' FOR SHARE;
    IF FOUND THEN
      RAISE EXCEPTION 'lines of a posted invoice do not change' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  PERFORM 1 FROM fin.purchase_invoice AS i WHERE i.id = NEW.purchase_invoice_id AND i.status <> 'draft' FOR SHARE;
  IF FOUND THEN
    RAISE EXCEPTION 'lines of a posted invoice do not change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;


--
-- Name: FUNCTION guard_purchase_invoice_line(); Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON FUNCTION fin.guard_purchase_invoice_line() IS 'Freezes the lines of posted purchase invoices';


--
-- Name: guard_sales_invoice_line(); Type: FUNCTION; Schema: fin; Owner: -
--

CREATE FUNCTION fin.guard_sales_invoice_line() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM 1 FROM fin.sales_invoice AS i WHERE i.id = OLD.sales_invoice_id AND i.status <> 'draft' FOR SHARE;
    IF FOUND THEN
      RAISE EXCEPTION 'lines of a posted invoice do not change' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  PERFORM 1 FROM fin.sales_invoice AS i WHERE i.id = NEW.sales_invoice_id AND i.status <> 'draft' FOR SHARE;
  IF FOUND THEN
    RAISE EXCEPTION 'lines of a posted invoice do not change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;


--
-- Name: FUNCTION guard_sales_invoice_line(); Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON FUNCTION fin.guard_sales_invoice_line() IS 'Freezes the lines of posted sales invoices';


--
-- Name: apply_stock_movement(); Type: FUNCTION; Schema: ops; Owner: -
--

CREATE FUNCTION ops.apply_stock_movement() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NEW.from_bin_id IS NOT NULL THEN
    UPDATE ops.stock_balance SET quantity = quantity - NEW.quantity, updated_at = now()
     WHERE storage_bin_id = NEW.from_bin_id AND item_id = NEW.item_id AND lot_id IS NOT DISTINCT FROM NEW.lot_id
       AND quantity >= NEW.quantity;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'not enough stock of item % in bin %', NEW.item_id, NEW.from_bin_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_balance_available';
    END IF;
  END IF;
  IF NEW.to_bin_id IS NOT NULL THEN
    INSERT INTO ops.stock_balance AS b (storage_bin_id, item_id, lot_id, quantity)
    VALUES (NEW.to_bin_id, NEW.item_id, NEW.lot_id, NEW.quantity)
    ON CONFLICT (storage_bin_id, item_id, lot_id) DO UPDATE SET quantity = b.quantity + EXCLUDED.quantity, updated_at = now();
  END IF;
  RETURN NULL;
END $$;


--
-- Name: FUNCTION apply_stock_movement(); Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON FUNCTION ops.apply_stock_movement() IS 'Applies a movement to ops.stock_balance and refuses to go below zero';


--
-- Name: check_movement_tracking(); Type: FUNCTION; Schema: ops; Owner: -
--

CREATE FUNCTION ops.check_movement_tracking() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_tracking core.item_tracking;
BEGIN
  SELECT i.tracking INTO STRICT v_tracking FROM core.item AS i WHERE i.id = NEW.item_id;
  IF (v_tracking = 'none') <> (NEW.lot_id IS NULL) THEN
    RAISE EXCEPTION 'item % is tracked by %, the lot does not fit', NEW.item_id, v_tracking
      USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_movement_lot_tracking';
  END IF;
  IF v_tracking = 'serial' AND NEW.quantity <> 1 THEN
    RAISE EXCEPTION 'serial-tracked item % moves one piece at a time', NEW.item_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_movement_serial_quantity';
  END IF;
  RETURN NEW;
END $$;


--
-- Name: FUNCTION check_movement_tracking(); Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON FUNCTION ops.check_movement_tracking() IS 'A lot is given exactly for tracked items';


--
-- Name: forbid_bom_cycle(); Type: FUNCTION; Schema: ops; Owner: -
--

CREATE FUNCTION ops.forbid_bom_cycle() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  v_item_id bigint;
BEGIN
  -- one change of structure at a time, or two transactions could close a loop together
  PERFORM pg_advisory_xact_lock('ops.bill_of_material_line'::regclass::oid::bigint);
  SELECT b.item_id INTO STRICT v_item_id FROM ops.bill_of_material AS b WHERE b.id = NEW.bill_of_material_id;
  IF EXISTS (
    WITH RECURSIVE part(item_id) AS (
      SELECT NEW.component_item_id
      UNION
      SELECT l.component_item_id
        FROM part AS p
        JOIN ops.bill_of_material AS b ON b.item_id = p.item_id AND b.status <> 'obsolete'
        JOIN ops.bill_of_material_line AS l ON l.bill_of_material_id = b.id
    )
    SELECT 1 FROM part WHERE part.item_id = v_item_id
  ) THEN
    RAISE EXCEPTION 'item % would contain itself', v_item_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_of_material_line_no_cycle';
  END IF;
  RETURN NEW;
END $$;


--
-- Name: FUNCTION forbid_bom_cycle(); Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON FUNCTION ops.forbid_bom_cycle() IS 'Refuses a bill of material in which an item contains itself, directly or not';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: app_user; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.app_user (
    id bigint NOT NULL,
    oidc_subject character varying(255),
    email core.email_address NOT NULL,
    display_name character varying(120) NOT NULL,
    locale character varying(10) DEFAULT 'en'::character varying NOT NULL,
    status core.user_status DEFAULT 'invited'::core.user_status NOT NULL,
    last_login_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT app_user_active_has_subject_check CHECK (((status <> 'active'::core.user_status) OR (oidc_subject IS NOT NULL))),
    CONSTRAINT app_user_locale_check CHECK (((locale)::text ~ '^[a-z]{2}(-[A-Z]{2})?$'::text))
);


--
-- Name: TABLE app_user; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.app_user IS 'People who sign in; credentials stay with the identity provider';


--
-- Name: COLUMN app_user.oidc_subject; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.app_user.oidc_subject IS 'The sub claim, bound at the first sign-in';


--
-- Name: app_user_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.app_user ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.app_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: approval_decision; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.approval_decision (
    approval_request_id bigint NOT NULL,
    step_no smallint NOT NULL,
    verdict core.approval_verdict NOT NULL,
    comment character varying(500),
    decided_by bigint NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT approval_decision_reject_comment_check CHECK (((verdict <> 'reject'::core.approval_verdict) OR (comment IS NOT NULL))),
    CONSTRAINT approval_decision_step_no_check CHECK (((step_no >= 1) AND (step_no <= 10)))
);


--
-- Name: TABLE approval_decision; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.approval_decision IS 'The verdict given at each step; a rejection says why';


--
-- Name: approval_request; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.approval_request (
    id bigint NOT NULL,
    workflow_id bigint NOT NULL,
    subject core.approval_subject NOT NULL,
    purchase_order_id bigint,
    leave_request_id bigint,
    journal_entry_id bigint,
    status core.approval_status DEFAULT 'pending'::core.approval_status NOT NULL,
    current_step_no smallint DEFAULT 1 NOT NULL,
    requested_by bigint NOT NULL,
    requested_at timestamp with time zone DEFAULT now() NOT NULL,
    completed_at timestamp with time zone,
    CONSTRAINT approval_request_completed_check CHECK (((status = 'pending'::core.approval_status) = (completed_at IS NULL))),
    CONSTRAINT approval_request_current_step_no_check CHECK (((current_step_no >= 1) AND (current_step_no <= 10))),
    CONSTRAINT approval_request_subject_check CHECK (((num_nonnulls(purchase_order_id, leave_request_id, journal_entry_id) = 1) AND ((subject = 'purchase_order'::core.approval_subject) = (purchase_order_id IS NOT NULL)) AND ((subject = 'leave_request'::core.approval_subject) = (leave_request_id IS NOT NULL)) AND ((subject = 'journal_entry'::core.approval_subject) = (journal_entry_id IS NOT NULL))))
);


--
-- Name: TABLE approval_request; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.approval_request IS 'A business object waiting for, or through with, approval; at most one is pending per object';


--
-- Name: approval_request_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.approval_request ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.approval_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: audit_event; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.audit_event (
    id bigint NOT NULL,
    occurred_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    user_id bigint,
    request_id uuid,
    action core.audit_action NOT NULL,
    table_name character varying(63) NOT NULL,
    row_key character varying(100) NOT NULL,
    changes jsonb NOT NULL,
    CONSTRAINT audit_event_changes_check CHECK ((jsonb_typeof(changes) = 'object'::text))
);


--
-- Name: TABLE audit_event; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.audit_event IS 'Append-only trail of changes to sensitive tables, written by triggers';


--
-- Name: COLUMN audit_event.user_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.audit_event.user_id IS 'From the setting erp.user_id of the transaction; null for batch jobs';


--
-- Name: COLUMN audit_event.changes; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.audit_event.changes IS 'Changed columns: {"column": [old, new]}';


--
-- Name: audit_event_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.audit_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.audit_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: company; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.company (
    id bigint NOT NULL,
    code core.business_code NOT NULL,
    legal_name character varying(200) NOT NULL,
    vat_number character varying(20),
    registration_number character varying(40),
    country_code core.country_code NOT NULL,
    base_currency_code core.currency_code NOT NULL,
    time_zone character varying(64) DEFAULT 'UTC'::character varying NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT company_vat_number_check CHECK (((vat_number)::text ~ '^[A-Z]{2}[A-Z0-9]{2,18}$'::text))
);


--
-- Name: TABLE company; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.company IS 'Legal entities of the group; every business document belongs to one';


--
-- Name: COLUMN company.base_currency_code; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.company.base_currency_code IS 'Currency of the general ledger; never changed once entries are posted';


--
-- Name: COLUMN company.time_zone; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.company.time_zone IS 'IANA name, decides the business day of a timestamp';


--
-- Name: company_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.company ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.company_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: currency; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.currency (
    code core.currency_code NOT NULL,
    name character varying(60) NOT NULL,
    minor_units smallint DEFAULT 2 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    CONSTRAINT currency_minor_units_check CHECK (((minor_units >= 0) AND (minor_units <= 2)))
);


--
-- Name: TABLE currency; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.currency IS 'ISO 4217 currencies in which the group trades';


--
-- Name: COLUMN currency.minor_units; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.currency.minor_units IS 'Decimals of the currency; amounts are stored with two, so three-decimal currencies are refused';


--
-- Name: department; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.department (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(120) NOT NULL,
    is_active boolean DEFAULT true NOT NULL
);


--
-- Name: TABLE department; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.department IS 'Organisational units of a company';


--
-- Name: department_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.department ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.department_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: document; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.document (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    title character varying(200) NOT NULL,
    category core.document_category NOT NULL,
    file_name character varying(255) NOT NULL,
    media_type character varying(100) NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    storage_key character varying(200) NOT NULL,
    created_by bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT document_file_name_check CHECK (((file_name)::text !~ '[/\\]'::text)),
    CONSTRAINT document_media_type_check CHECK (((media_type)::text ~ '^[a-z]+/[a-z0-9.+-]+$'::text)),
    CONSTRAINT document_sha256_check CHECK (((sha256)::text ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT document_size_bytes_check CHECK (((size_bytes > 0) AND (size_bytes <= 104857600)))
);


--
-- Name: TABLE document; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.document IS 'Metadata of files kept in object storage';


--
-- Name: COLUMN document.storage_key; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.document.storage_key IS 'Object key; never shown to clients, who get a signed link';


--
-- Name: COLUMN document.deleted_at; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.document.deleted_at IS 'Set when the user deletes the file; the object is purged after the retention period';


--
-- Name: document_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.document ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.document_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: document_link; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.document_link (
    id bigint NOT NULL,
    document_id bigint NOT NULL,
    item_id bigint,
    customer_id bigint,
    supplier_id bigint,
    sales_order_id bigint,
    purchase_order_id bigint,
    production_order_id bigint,
    equipment_id bigint,
    project_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT document_link_one_target_check CHECK ((num_nonnulls(item_id, customer_id, supplier_id, sales_order_id, purchase_order_id, production_order_id, equipment_id, project_id) = 1))
);


--
-- Name: TABLE document_link; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.document_link IS 'Attaches a document to exactly one business object per row';


--
-- Name: document_link_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.document_link ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.document_link_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: employee; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.employee (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    employee_number character varying(16) NOT NULL,
    user_id bigint,
    first_name character varying(80) NOT NULL,
    last_name character varying(80) NOT NULL,
    full_name character varying(161) GENERATED ALWAYS AS ((((first_name)::text || ' '::text) || (last_name)::text)) STORED NOT NULL,
    work_email core.email_address,
    job_title character varying(120) NOT NULL,
    department_id bigint NOT NULL,
    site_id bigint NOT NULL,
    manager_id bigint,
    employment_type core.employment_type NOT NULL,
    weekly_hours numeric(4,2) NOT NULL,
    hired_on date NOT NULL,
    terminated_on date,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT employee_employee_number_check CHECK (((employee_number)::text ~ '^[A-Z0-9-]{1,16}$'::text)),
    CONSTRAINT employee_manager_id_check CHECK ((manager_id <> id)),
    CONSTRAINT employee_terminated_on_check CHECK ((terminated_on >= hired_on)),
    CONSTRAINT employee_weekly_hours_check CHECK (((weekly_hours > (0)::numeric) AND (weekly_hours <= (60)::numeric)))
);


--
-- Name: TABLE employee; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.employee IS 'Staff of a company; pay is kept in the payroll system, not here';


--
-- Name: COLUMN employee.user_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.employee.user_id IS 'Sign-in account, absent for shop-floor staff who use a terminal';


--
-- Name: employee_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.employee ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.employee_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: idempotency_key; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.idempotency_key (
    user_id bigint NOT NULL,
    key uuid NOT NULL,
    operation character varying(80) NOT NULL,
    request_hash bytea NOT NULL,
    response_status smallint,
    response_body jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone DEFAULT (now() + '24:00:00'::interval) NOT NULL,
    CONSTRAINT idempotency_key_expires_at_check CHECK ((expires_at > created_at)),
    CONSTRAINT idempotency_key_request_hash_check CHECK ((octet_length(request_hash) = 32)),
    CONSTRAINT idempotency_key_response_status_check CHECK (((response_status >= 200) AND (response_status <= 499)))
);


--
-- Name: TABLE idempotency_key; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.idempotency_key IS 'Answers remembered for the Idempotency-Key header';


--
-- Name: COLUMN idempotency_key.response_status; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.idempotency_key.response_status IS 'Null while the first request is still running';


--
-- Name: item; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.item (
    id bigint NOT NULL,
    sku core.business_code NOT NULL,
    name character varying(200) NOT NULL,
    description character varying(2000),
    category_id bigint NOT NULL,
    base_unit_code character varying(8) NOT NULL,
    item_type core.item_type NOT NULL,
    tracking core.item_tracking DEFAULT 'none'::core.item_tracking NOT NULL,
    sourcing core.item_sourcing NOT NULL,
    gtin character varying(14),
    revision character varying(8),
    standard_cost core.unit_price,
    net_weight_kg numeric(12,4),
    shelf_life_days integer,
    is_active boolean DEFAULT true NOT NULL,
    search_vector tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, (((((sku)::text || ' '::text) || (name)::text) || ' '::text) || (COALESCE(description, ''::character varying))::text))) STORED,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT item_gtin_check CHECK (((gtin)::text ~ '^([0-9]{8}|[0-9]{12,14})$'::text)),
    CONSTRAINT item_net_weight_kg_check CHECK ((net_weight_kg > (0)::numeric)),
    CONSTRAINT item_service_untracked_check CHECK (((item_type <> 'service'::core.item_type) OR (tracking = 'none'::core.item_tracking))),
    CONSTRAINT item_shelf_life_days_check CHECK ((shelf_life_days > 0)),
    CONSTRAINT item_shelf_life_tracked_check CHECK (((shelf_life_days IS NULL) OR (tracking <> 'none'::core.item_tracking)))
);


--
-- Name: TABLE item; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.item IS 'Item master, shared by all companies of the group';


--
-- Name: COLUMN item.base_unit_code; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.item.base_unit_code IS 'Unit in which stock is held';


--
-- Name: COLUMN item.standard_cost; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.item.standard_cost IS 'Cost per base unit in the group currency, null until first costed';


--
-- Name: COLUMN item.search_vector; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.item.search_vector IS 'Words of SKU, name and description';


--
-- Name: item_category; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.item_category (
    id bigint NOT NULL,
    parent_id bigint,
    code core.business_code NOT NULL,
    name character varying(120) NOT NULL,
    CONSTRAINT item_category_parent_id_check CHECK ((parent_id <> id))
);


--
-- Name: TABLE item_category; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.item_category IS 'Tree of item categories';


--
-- Name: item_category_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.item_category ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.item_category_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: item_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.item ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: item_unit_conversion; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.item_unit_conversion (
    item_id bigint NOT NULL,
    unit_code character varying(8) NOT NULL,
    base_quantity numeric(18,6) NOT NULL,
    CONSTRAINT item_unit_conversion_base_quantity_check CHECK ((base_quantity > (0)::numeric))
);


--
-- Name: TABLE item_unit_conversion; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.item_unit_conversion IS 'Further units in which an item is bought, sold or consumed';


--
-- Name: COLUMN item_unit_conversion.base_quantity; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.item_unit_conversion.base_quantity IS 'Base units contained in one of this unit';


--
-- Name: leave_entitlement; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.leave_entitlement (
    employee_id bigint NOT NULL,
    leave_type_id bigint NOT NULL,
    calendar_year smallint NOT NULL,
    entitled_days numeric(4,1) NOT NULL,
    carried_over_days numeric(4,1) DEFAULT 0 NOT NULL,
    CONSTRAINT leave_entitlement_calendar_year_check CHECK (((calendar_year >= 2000) AND (calendar_year <= 2999))),
    CONSTRAINT leave_entitlement_carried_over_days_check CHECK ((carried_over_days >= (0)::numeric)),
    CONSTRAINT leave_entitlement_entitled_days_check CHECK ((entitled_days >= (0)::numeric))
);


--
-- Name: TABLE leave_entitlement; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.leave_entitlement IS 'Days of leave granted to an employee for a year';


--
-- Name: leave_request; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.leave_request (
    id bigint NOT NULL,
    employee_id bigint NOT NULL,
    leave_type_id bigint NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    working_days numeric(4,1) NOT NULL,
    status core.leave_status DEFAULT 'pending'::core.leave_status NOT NULL,
    reason character varying(500),
    decided_by bigint,
    decided_at timestamp with time zone,
    decision_note character varying(500),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT leave_request_dates_check CHECK ((ends_on >= starts_on)),
    CONSTRAINT leave_request_decision_check CHECK ((((decided_at IS NULL) = (decided_by IS NULL)) AND ((status <> ALL (ARRAY['approved'::core.leave_status, 'rejected'::core.leave_status])) OR (decided_at IS NOT NULL)) AND ((status <> 'pending'::core.leave_status) OR (decided_at IS NULL)))),
    CONSTRAINT leave_request_working_days_check CHECK ((working_days > (0)::numeric))
);


--
-- Name: TABLE leave_request; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.leave_request IS 'Requests for leave and their decision';


--
-- Name: COLUMN leave_request.working_days; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.leave_request.working_days IS 'Days counted against the entitlement, half days allowed';


--
-- Name: leave_request_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.leave_request ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.leave_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: leave_type; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.leave_type (
    id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(80) NOT NULL,
    is_paid boolean NOT NULL,
    needs_entitlement boolean DEFAULT true NOT NULL,
    is_active boolean DEFAULT true NOT NULL
);


--
-- Name: TABLE leave_type; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.leave_type IS 'Kinds of absence';


--
-- Name: leave_type_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.leave_type ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.leave_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: number_sequence; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.number_sequence (
    company_id bigint NOT NULL,
    document_type core.document_type NOT NULL,
    calendar_year smallint NOT NULL,
    last_value integer NOT NULL,
    CONSTRAINT number_sequence_calendar_year_check CHECK (((calendar_year >= 2000) AND (calendar_year <= 2999))),
    CONSTRAINT number_sequence_last_value_check CHECK (((last_value >= 0) AND (last_value <= 999999)))
);


--
-- Name: TABLE number_sequence; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.number_sequence IS 'Gap-free counters of document numbers, one per company, type and year';


--
-- Name: payment_term; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.payment_term (
    id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(120) NOT NULL,
    net_days smallint NOT NULL,
    discount_days smallint,
    discount_percent core.percentage,
    is_active boolean DEFAULT true NOT NULL,
    CONSTRAINT payment_term_discount_check CHECK ((((discount_days IS NULL) = (discount_percent IS NULL)) AND ((discount_days IS NULL) OR ((discount_days >= 0) AND (discount_days <= net_days))))),
    CONSTRAINT payment_term_net_days_check CHECK (((net_days >= 0) AND (net_days <= 365)))
);


--
-- Name: TABLE payment_term; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.payment_term IS 'Terms of payment, with an optional early-payment discount';


--
-- Name: payment_term_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.payment_term ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.payment_term_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: permission; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.permission (
    code character varying(60) NOT NULL,
    description character varying(200) NOT NULL,
    CONSTRAINT permission_code_check CHECK (((code)::text ~ '^[a-z_]+:[a-z_]+$'::text))
);


--
-- Name: TABLE permission; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.permission IS 'Rights that the application checks, for example purchase_order:approve';


--
-- Name: project; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.project (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(200) NOT NULL,
    customer_id bigint,
    manager_id bigint NOT NULL,
    status core.project_status DEFAULT 'planned'::core.project_status NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    budget_amount core.amount,
    currency_code core.currency_code NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT project_budget_amount_check CHECK (((budget_amount)::numeric >= (0)::numeric)),
    CONSTRAINT project_dates_check CHECK ((ends_on >= starts_on))
);


--
-- Name: TABLE project; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.project IS 'Customer and internal projects';


--
-- Name: COLUMN project.customer_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.project.customer_id IS 'Null for an internal project';


--
-- Name: project_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.project ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.project_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: project_task; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.project_task (
    id bigint NOT NULL,
    project_id bigint NOT NULL,
    task_no smallint NOT NULL,
    name character varying(200) NOT NULL,
    status core.task_status DEFAULT 'open'::core.task_status NOT NULL,
    planned_hours numeric(8,2),
    due_on date,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT project_task_planned_hours_check CHECK ((planned_hours >= (0)::numeric)),
    CONSTRAINT project_task_task_no_check CHECK ((task_no > 0))
);


--
-- Name: TABLE project_task; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.project_task IS 'Tasks on which project time is booked';


--
-- Name: project_task_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.project_task ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.project_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: role; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.role (
    id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(80) NOT NULL,
    description character varying(500),
    is_system boolean DEFAULT false NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE role; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.role IS 'Named sets of permissions';


--
-- Name: COLUMN role.is_system; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.role.is_system IS 'Shipped with the product, not editable by administrators';


--
-- Name: role_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.role ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.role_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: role_permission; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.role_permission (
    role_id bigint NOT NULL,
    permission_code character varying(60) NOT NULL
);


--
-- Name: TABLE role_permission; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.role_permission IS 'Permissions held by a role';


--
-- Name: site; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.site (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(120) NOT NULL,
    kind core.site_kind NOT NULL,
    street character varying(200) NOT NULL,
    postal_code character varying(16) NOT NULL,
    city character varying(100) NOT NULL,
    country_code core.country_code NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE site; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.site IS 'Plants, warehouses and offices of a company';


--
-- Name: site_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.site ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.site_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: timesheet_entry; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.timesheet_entry (
    id bigint NOT NULL,
    employee_id bigint NOT NULL,
    project_id bigint NOT NULL,
    task_id bigint,
    work_date date NOT NULL,
    hours numeric(4,2) NOT NULL,
    is_billable boolean DEFAULT true NOT NULL,
    description character varying(500) NOT NULL,
    status core.timesheet_status DEFAULT 'draft'::core.timesheet_status NOT NULL,
    approved_by bigint,
    approved_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT timesheet_entry_approval_check CHECK ((((status = 'approved'::core.timesheet_status) = (approved_at IS NOT NULL)) AND ((approved_at IS NULL) = (approved_by IS NULL)))),
    CONSTRAINT timesheet_entry_hours_check CHECK (((hours > (0)::numeric) AND (hours <= (24)::numeric)))
);


--
-- Name: TABLE timesheet_entry; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.timesheet_entry IS 'Hours worked by an employee on a project on one day';


--
-- Name: timesheet_entry_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.timesheet_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.timesheet_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: unit; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.unit (
    code character varying(8) NOT NULL,
    name character varying(60) NOT NULL,
    dimension core.unit_dimension NOT NULL,
    decimals smallint DEFAULT 0 NOT NULL,
    CONSTRAINT unit_code_check CHECK (((code)::text ~ '^[A-Z0-9]{1,8}$'::text)),
    CONSTRAINT unit_decimals_check CHECK (((decimals >= 0) AND (decimals <= 6)))
);


--
-- Name: TABLE unit; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.unit IS 'Units of measure';


--
-- Name: COLUMN unit.decimals; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.unit.decimals IS 'Decimals shown and accepted for quantities in this unit';


--
-- Name: user_role; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.user_role (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    role_id bigint NOT NULL,
    company_id bigint,
    granted_by bigint NOT NULL,
    granted_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE user_role; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.user_role IS 'Roles granted to a user, for one company or for the whole group';


--
-- Name: COLUMN user_role.company_id; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.user_role.company_id IS 'Null means every company';


--
-- Name: user_role_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.user_role ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.user_role_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: workflow; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.workflow (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    subject core.approval_subject NOT NULL,
    name character varying(120) NOT NULL,
    minimum_amount core.amount DEFAULT 0 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workflow_minimum_amount_check CHECK (((minimum_amount)::numeric >= (0)::numeric))
);


--
-- Name: TABLE workflow; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.workflow IS 'Approval rules; the active one with the highest threshold not above the amount applies';


--
-- Name: COLUMN workflow.minimum_amount; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON COLUMN core.workflow.minimum_amount IS 'In the base currency of the company; zero for subjects without an amount';


--
-- Name: workflow_id_seq; Type: SEQUENCE; Schema: core; Owner: -
--

ALTER TABLE core.workflow ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.workflow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: workflow_step; Type: TABLE; Schema: core; Owner: -
--

CREATE TABLE core.workflow_step (
    workflow_id bigint NOT NULL,
    step_no smallint NOT NULL,
    role_id bigint NOT NULL,
    CONSTRAINT workflow_step_step_no_check CHECK (((step_no >= 1) AND (step_no <= 10)))
);


--
-- Name: TABLE workflow_step; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON TABLE core.workflow_step IS 'Roles that approve, in order';


--
-- Name: account; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.account (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    account_number character varying(20) NOT NULL,
    name character varying(120) NOT NULL,
    account_type fin.account_type NOT NULL,
    parent_id bigint,
    is_postable boolean DEFAULT true NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT account_account_number_check CHECK (((account_number)::text ~ '^[0-9]{3,20}$'::text)),
    CONSTRAINT account_parent_id_check CHECK ((parent_id <> id))
);


--
-- Name: TABLE account; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.account IS 'Chart of accounts of a company';


--
-- Name: COLUMN account.is_postable; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON COLUMN fin.account.is_postable IS 'False for headings that only sum their children';


--
-- Name: account_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.account ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: bank_account; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.bank_account (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    name character varying(120) NOT NULL,
    iban character varying(34) NOT NULL,
    bic character varying(11) NOT NULL,
    currency_code core.currency_code NOT NULL,
    account_id bigint NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    CONSTRAINT bank_account_bic_check CHECK (((bic)::text ~ '^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$'::text)),
    CONSTRAINT bank_account_iban_check CHECK (((iban)::text ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'::text))
);


--
-- Name: TABLE bank_account; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.bank_account IS 'Bank accounts of a company, each with its own ledger account';


--
-- Name: bank_account_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.bank_account ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.bank_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: cost_centre; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.cost_centre (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(120) NOT NULL,
    department_id bigint,
    is_active boolean DEFAULT true NOT NULL
);


--
-- Name: TABLE cost_centre; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.cost_centre IS 'Cost centres for management accounting';


--
-- Name: cost_centre_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.cost_centre ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.cost_centre_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: depreciation_entry; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.depreciation_entry (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    fixed_asset_id bigint NOT NULL,
    fiscal_period_id bigint NOT NULL,
    amount core.amount NOT NULL,
    journal_entry_id bigint,
    CONSTRAINT depreciation_entry_amount_check CHECK (((amount)::numeric > (0)::numeric))
);


--
-- Name: TABLE depreciation_entry; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.depreciation_entry IS 'Planned and posted depreciation, at most one per asset and period';


--
-- Name: COLUMN depreciation_entry.journal_entry_id; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON COLUMN fin.depreciation_entry.journal_entry_id IS 'Null while only planned';


--
-- Name: depreciation_entry_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.depreciation_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.depreciation_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: exchange_rate; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.exchange_rate (
    from_currency_code core.currency_code NOT NULL,
    to_currency_code core.currency_code NOT NULL,
    rate_date date NOT NULL,
    rate numeric(18,8) NOT NULL,
    CONSTRAINT exchange_rate_currencies_check CHECK (((from_currency_code)::text <> (to_currency_code)::text)),
    CONSTRAINT exchange_rate_rate_check CHECK ((rate > (0)::numeric))
);


--
-- Name: TABLE exchange_rate; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.exchange_rate IS 'Daily closing rates: one unit of the first currency in the second';


--
-- Name: fiscal_period; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.fiscal_period (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    fiscal_year_id bigint NOT NULL,
    period_no smallint NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    status fin.period_status DEFAULT 'future'::fin.period_status NOT NULL,
    CONSTRAINT fiscal_period_dates_check CHECK ((ends_on >= starts_on)),
    CONSTRAINT fiscal_period_period_no_check CHECK (((period_no >= 1) AND (period_no <= 12)))
);


--
-- Name: TABLE fiscal_period; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.fiscal_period IS 'Posting periods; entries are posted only into an open one';


--
-- Name: fiscal_period_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.fiscal_period ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.fiscal_period_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: fiscal_year; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.fiscal_year (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    name character varying(9) NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    CONSTRAINT fiscal_year_dates_check CHECK ((ends_on > starts_on)),
    CONSTRAINT fiscal_year_name_check CHECK (((name)::text ~ '^[0-9]{4}(/[0-9]{4})?$'::text))
);


--
-- Name: TABLE fiscal_year; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.fiscal_year IS 'Fiscal years of a company';


--
-- Name: fiscal_year_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.fiscal_year ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.fiscal_year_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: fixed_asset; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.fixed_asset (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    asset_number core.document_number NOT NULL,
    name character varying(200) NOT NULL,
    status fin.asset_status DEFAULT 'under_construction'::fin.asset_status NOT NULL,
    asset_account_id bigint NOT NULL,
    depreciation_account_id bigint NOT NULL,
    cost_centre_id bigint NOT NULL,
    acquired_on date NOT NULL,
    in_use_from date,
    disposed_on date,
    acquisition_cost core.amount NOT NULL,
    residual_value core.amount DEFAULT 0 NOT NULL,
    depreciation_method fin.depreciation_method DEFAULT 'straight_line'::fin.depreciation_method NOT NULL,
    useful_life_months smallint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT fixed_asset_acquisition_cost_check CHECK (((acquisition_cost)::numeric > (0)::numeric)),
    CONSTRAINT fixed_asset_disposed_check CHECK ((((status = 'disposed'::fin.asset_status) = (disposed_on IS NOT NULL)) AND (disposed_on >= acquired_on))),
    CONSTRAINT fixed_asset_in_use_check CHECK (((in_use_from >= acquired_on) AND ((status <> 'in_use'::fin.asset_status) OR (in_use_from IS NOT NULL)))),
    CONSTRAINT fixed_asset_residual_value_check CHECK ((((residual_value)::numeric >= (0)::numeric) AND ((residual_value)::numeric < (acquisition_cost)::numeric))),
    CONSTRAINT fixed_asset_useful_life_months_check CHECK (((useful_life_months >= 1) AND (useful_life_months <= 600)))
);


--
-- Name: TABLE fixed_asset; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.fixed_asset IS 'Asset register, in the base currency of the company';


--
-- Name: fixed_asset_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.fixed_asset ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.fixed_asset_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: journal; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.journal (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(120) NOT NULL,
    kind fin.journal_kind NOT NULL
);


--
-- Name: TABLE journal; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.journal IS 'Books of original entry';


--
-- Name: journal_entry; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.journal_entry (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    entry_number core.document_number NOT NULL,
    journal_id bigint NOT NULL,
    fiscal_period_id bigint NOT NULL,
    entry_date date NOT NULL,
    description character varying(500) NOT NULL,
    status fin.entry_status DEFAULT 'draft'::fin.entry_status NOT NULL,
    reverses_entry_id bigint,
    posted_at timestamp with time zone,
    posted_by bigint,
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT journal_entry_posted_check CHECK ((((status = 'posted'::fin.entry_status) = (posted_at IS NOT NULL)) AND ((posted_at IS NULL) = (posted_by IS NULL)))),
    CONSTRAINT journal_entry_reverses_entry_id_check CHECK ((reverses_entry_id <> id))
);


--
-- Name: TABLE journal_entry; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.journal_entry IS 'General ledger entries; a posted entry is balanced and never changes, only a reversal undoes it';


--
-- Name: COLUMN journal_entry.reverses_entry_id; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON COLUMN fin.journal_entry.reverses_entry_id IS 'The posted entry that this one undoes; an entry is reversed at most once';


--
-- Name: journal_entry_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.journal_entry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.journal_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: journal_entry_line; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.journal_entry_line (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    journal_entry_id bigint NOT NULL,
    line_no smallint NOT NULL,
    account_id bigint NOT NULL,
    cost_centre_id bigint,
    debit_amount core.amount DEFAULT 0 NOT NULL,
    credit_amount core.amount DEFAULT 0 NOT NULL,
    description character varying(200),
    CONSTRAINT journal_entry_line_amounts_check CHECK ((((debit_amount)::numeric >= (0)::numeric) AND ((credit_amount)::numeric >= (0)::numeric) AND (((debit_amount)::numeric = (0)::numeric) <> ((credit_amount)::numeric = (0)::numeric)))),
    CONSTRAINT journal_entry_line_line_no_check CHECK ((line_no > 0))
);


--
-- Name: TABLE journal_entry_line; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.journal_entry_line IS 'Debits and credits, in the base currency of the company';


--
-- Name: journal_entry_line_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.journal_entry_line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.journal_entry_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: journal_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.journal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.journal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: sales_invoice; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.sales_invoice (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    invoice_number core.document_number NOT NULL,
    kind fin.invoice_kind DEFAULT 'invoice'::fin.invoice_kind NOT NULL,
    customer_id bigint NOT NULL,
    sales_order_id bigint,
    credited_invoice_id bigint,
    status fin.invoice_status DEFAULT 'draft'::fin.invoice_status NOT NULL,
    invoice_date date NOT NULL,
    due_date date NOT NULL,
    currency_code core.currency_code NOT NULL,
    exchange_rate numeric(18,8) DEFAULT 1 NOT NULL,
    net_amount core.amount DEFAULT 0 NOT NULL,
    tax_amount core.amount DEFAULT 0 NOT NULL,
    total_amount core.amount GENERATED ALWAYS AS (((net_amount)::numeric + (tax_amount)::numeric)) STORED NOT NULL,
    paid_amount core.amount DEFAULT 0 NOT NULL,
    open_amount core.amount GENERATED ALWAYS AS ((((net_amount)::numeric + (tax_amount)::numeric) - (paid_amount)::numeric)) STORED NOT NULL,
    journal_entry_id bigint,
    posted_at timestamp with time zone,
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sales_invoice_credit_check CHECK ((((kind = 'credit_note'::fin.invoice_kind) = (credited_invoice_id IS NOT NULL)) AND (credited_invoice_id <> id))),
    CONSTRAINT sales_invoice_due_date_check CHECK ((due_date >= invoice_date)),
    CONSTRAINT sales_invoice_exchange_rate_check CHECK ((exchange_rate > (0)::numeric)),
    CONSTRAINT sales_invoice_paid_amount_check CHECK ((((paid_amount)::numeric >= (0)::numeric) AND ((paid_amount)::numeric <= ((net_amount)::numeric + (tax_amount)::numeric)))),
    CONSTRAINT sales_invoice_posted_check CHECK ((((status = 'posted'::fin.invoice_status) = (posted_at IS NOT NULL)) AND ((posted_at IS NULL) = (journal_entry_id IS NULL))))
);


--
-- Name: TABLE sales_invoice; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.sales_invoice IS 'Invoices and credit notes to customers; amounts are positive in both';


--
-- Name: COLUMN sales_invoice.exchange_rate; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON COLUMN fin.sales_invoice.exchange_rate IS 'Base currency per unit of the invoice currency on the invoice date';


--
-- Name: COLUMN sales_invoice.paid_amount; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON COLUMN fin.sales_invoice.paid_amount IS 'Sum of the payment allocations, kept by a trigger';


--
-- Name: customer; Type: TABLE; Schema: sales; Owner: -
--

CREATE TABLE sales.customer (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    customer_number core.business_code NOT NULL,
    name character varying(200) NOT NULL,
    vat_number character varying(20),
    email core.email_address,
    phone core.phone_number,
    currency_code core.currency_code NOT NULL,
    payment_term_id bigint NOT NULL,
    price_list_id bigint,
    credit_limit_amount core.amount,
    is_blocked boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customer_credit_limit_amount_check CHECK (((credit_limit_amount)::numeric >= (0)::numeric)),
    CONSTRAINT customer_vat_number_check CHECK (((vat_number)::text ~ '^[A-Z]{2}[A-Z0-9]{2,18}$'::text))
);


--
-- Name: TABLE customer; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON TABLE sales.customer IS 'Customers of a company';


--
-- Name: COLUMN customer.price_list_id; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON COLUMN sales.customer.price_list_id IS 'Null means the default list of the company in the currency of the customer';


--
-- Name: COLUMN customer.credit_limit_amount; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON COLUMN sales.customer.credit_limit_amount IS 'Null means no limit';


--
-- Name: COLUMN customer.is_blocked; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON COLUMN sales.customer.is_blocked IS 'No order can be confirmed while true';


--
-- Name: open_receivable; Type: VIEW; Schema: fin; Owner: -
--

CREATE VIEW fin.open_receivable WITH (security_invoker='true') AS
 SELECT i.company_id,
    i.customer_id,
    c.name AS customer_name,
    i.id AS sales_invoice_id,
    i.invoice_number,
    i.kind,
    i.due_date,
    i.currency_code,
        CASE i.kind
            WHEN 'credit_note'::fin.invoice_kind THEN (- (i.open_amount)::numeric)
            ELSE (i.open_amount)::numeric
        END AS open_amount,
    GREATEST((CURRENT_DATE - i.due_date), 0) AS days_overdue
   FROM (fin.sales_invoice i
     JOIN sales.customer c ON ((c.id = i.customer_id)))
  WHERE ((i.status = 'posted'::fin.invoice_status) AND ((i.open_amount)::numeric > (0)::numeric));


--
-- Name: VIEW open_receivable; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON VIEW fin.open_receivable IS 'Unpaid customer invoices with their age; credit notes count negative';


--
-- Name: payment; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.payment (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    payment_number core.document_number NOT NULL,
    direction fin.payment_direction NOT NULL,
    customer_id bigint,
    supplier_id bigint,
    bank_account_id bigint NOT NULL,
    method fin.payment_method NOT NULL,
    status fin.payment_status DEFAULT 'recorded'::fin.payment_status NOT NULL,
    payment_date date NOT NULL,
    currency_code core.currency_code NOT NULL,
    amount core.amount NOT NULL,
    allocated_amount core.amount DEFAULT 0 NOT NULL,
    bank_reference character varying(140),
    journal_entry_id bigint,
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT payment_allocated_amount_check CHECK ((((allocated_amount)::numeric >= (0)::numeric) AND ((allocated_amount)::numeric <= (amount)::numeric))),
    CONSTRAINT payment_amount_check CHECK (((amount)::numeric > (0)::numeric)),
    CONSTRAINT payment_cancelled_check CHECK (((status <> 'cancelled'::fin.payment_status) OR ((allocated_amount)::numeric = (0)::numeric))),
    CONSTRAINT payment_cleared_check CHECK (((status = 'cleared'::fin.payment_status) = (journal_entry_id IS NOT NULL))),
    CONSTRAINT payment_party_check CHECK (
CASE direction
    WHEN 'incoming'::fin.payment_direction THEN ((customer_id IS NOT NULL) AND (supplier_id IS NULL))
    ELSE ((supplier_id IS NOT NULL) AND (customer_id IS NULL))
END)
);


--
-- Name: TABLE payment; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.payment IS 'Money received from customers and paid to suppliers';


--
-- Name: COLUMN payment.allocated_amount; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON COLUMN fin.payment.allocated_amount IS 'Sum of the allocations, kept by a trigger';


--
-- Name: payment_allocation; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.payment_allocation (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    payment_id bigint NOT NULL,
    sales_invoice_id bigint,
    purchase_invoice_id bigint,
    amount core.amount NOT NULL,
    created_by bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT payment_allocation_amount_check CHECK (((amount)::numeric > (0)::numeric)),
    CONSTRAINT payment_allocation_one_invoice_check CHECK ((num_nonnulls(sales_invoice_id, purchase_invoice_id) = 1))
);


--
-- Name: TABLE payment_allocation; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.payment_allocation IS 'Which invoices a payment settles; inserted and deleted, never updated';


--
-- Name: payment_allocation_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.payment_allocation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.payment_allocation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: payment_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.payment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.payment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: purchase_invoice; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.purchase_invoice (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    invoice_number core.document_number NOT NULL,
    kind fin.invoice_kind DEFAULT 'invoice'::fin.invoice_kind NOT NULL,
    supplier_id bigint NOT NULL,
    purchase_order_id bigint,
    supplier_invoice_number character varying(60) NOT NULL,
    status fin.invoice_status DEFAULT 'draft'::fin.invoice_status NOT NULL,
    invoice_date date NOT NULL,
    due_date date NOT NULL,
    currency_code core.currency_code NOT NULL,
    exchange_rate numeric(18,8) DEFAULT 1 NOT NULL,
    net_amount core.amount DEFAULT 0 NOT NULL,
    tax_amount core.amount DEFAULT 0 NOT NULL,
    total_amount core.amount GENERATED ALWAYS AS (((net_amount)::numeric + (tax_amount)::numeric)) STORED NOT NULL,
    paid_amount core.amount DEFAULT 0 NOT NULL,
    open_amount core.amount GENERATED ALWAYS AS ((((net_amount)::numeric + (tax_amount)::numeric) - (paid_amount)::numeric)) STORED NOT NULL,
    journal_entry_id bigint,
    posted_at timestamp with time zone,
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT purchase_invoice_due_date_check CHECK ((due_date >= invoice_date)),
    CONSTRAINT purchase_invoice_exchange_rate_check CHECK ((exchange_rate > (0)::numeric)),
    CONSTRAINT purchase_invoice_paid_amount_check CHECK ((((paid_amount)::numeric >= (0)::numeric) AND ((paid_amount)::numeric <= ((net_amount)::numeric + (tax_amount)::numeric)))),
    CONSTRAINT purchase_invoice_posted_check CHECK ((((status = 'posted'::fin.invoice_status) = (posted_at IS NOT NULL)) AND ((posted_at IS NULL) = (journal_entry_id IS NULL))))
);


--
-- Name: TABLE purchase_invoice; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.purchase_invoice IS 'Invoices and credit notes from suppliers; the same supplier number is not entered twice';


--
-- Name: COLUMN purchase_invoice.invoice_number; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON COLUMN fin.purchase_invoice.invoice_number IS 'Our own number';


--
-- Name: purchase_invoice_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.purchase_invoice ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.purchase_invoice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: purchase_invoice_line; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.purchase_invoice_line (
    id bigint NOT NULL,
    purchase_invoice_id bigint NOT NULL,
    line_no smallint NOT NULL,
    purchase_order_line_id bigint,
    item_id bigint,
    description character varying(200) NOT NULL,
    quantity core.quantity NOT NULL,
    unit_code character varying(8) NOT NULL,
    unit_price core.unit_price NOT NULL,
    discount_percent core.percentage DEFAULT 0 NOT NULL,
    tax_code_id bigint NOT NULL,
    tax_rate core.percentage NOT NULL,
    net_amount core.amount GENERATED ALWAYS AS (round((((quantity)::numeric * (unit_price)::numeric) * ((1)::numeric - ((discount_percent)::numeric / (100)::numeric))), 2)) STORED NOT NULL,
    tax_amount core.amount GENERATED ALWAYS AS (round(((round((((quantity)::numeric * (unit_price)::numeric) * ((1)::numeric - ((discount_percent)::numeric / (100)::numeric))), 2) * (tax_rate)::numeric) / (100)::numeric), 2)) STORED NOT NULL,
    CONSTRAINT purchase_invoice_line_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT purchase_invoice_line_quantity_check CHECK (((quantity)::numeric > (0)::numeric))
);


--
-- Name: TABLE purchase_invoice_line; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.purchase_invoice_line IS 'Lines of a purchase invoice; frozen once it is posted';


--
-- Name: purchase_invoice_line_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.purchase_invoice_line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.purchase_invoice_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: sales_invoice_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.sales_invoice ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.sales_invoice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: sales_invoice_line; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.sales_invoice_line (
    id bigint NOT NULL,
    sales_invoice_id bigint NOT NULL,
    line_no smallint NOT NULL,
    sales_order_line_id bigint,
    item_id bigint,
    description character varying(200) NOT NULL,
    quantity core.quantity NOT NULL,
    unit_code character varying(8) NOT NULL,
    unit_price core.unit_price NOT NULL,
    discount_percent core.percentage DEFAULT 0 NOT NULL,
    tax_code_id bigint NOT NULL,
    tax_rate core.percentage NOT NULL,
    net_amount core.amount GENERATED ALWAYS AS (round((((quantity)::numeric * (unit_price)::numeric) * ((1)::numeric - ((discount_percent)::numeric / (100)::numeric))), 2)) STORED NOT NULL,
    tax_amount core.amount GENERATED ALWAYS AS (round(((round((((quantity)::numeric * (unit_price)::numeric) * ((1)::numeric - ((discount_percent)::numeric / (100)::numeric))), 2) * (tax_rate)::numeric) / (100)::numeric), 2)) STORED NOT NULL,
    CONSTRAINT sales_invoice_line_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT sales_invoice_line_quantity_check CHECK (((quantity)::numeric > (0)::numeric))
);


--
-- Name: TABLE sales_invoice_line; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.sales_invoice_line IS 'Lines of a sales invoice; frozen once it is posted';


--
-- Name: COLUMN sales_invoice_line.item_id; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON COLUMN fin.sales_invoice_line.item_id IS 'Null for a free-text line such as freight';


--
-- Name: sales_invoice_line_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.sales_invoice_line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.sales_invoice_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tax_code; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.tax_code (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(120) NOT NULL,
    direction fin.tax_direction NOT NULL,
    account_id bigint NOT NULL,
    is_active boolean DEFAULT true NOT NULL
);


--
-- Name: TABLE tax_code; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.tax_code IS 'Value-added tax codes; the rate is dated in fin.tax_rate';


--
-- Name: tax_code_id_seq; Type: SEQUENCE; Schema: fin; Owner: -
--

ALTER TABLE fin.tax_code ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME fin.tax_code_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: tax_rate; Type: TABLE; Schema: fin; Owner: -
--

CREATE TABLE fin.tax_rate (
    tax_code_id bigint NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    rate core.percentage NOT NULL,
    CONSTRAINT tax_rate_dates_check CHECK ((valid_to >= valid_from))
);


--
-- Name: TABLE tax_rate; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON TABLE fin.tax_rate IS 'Rates of a tax code over time; documents copy the rate that was valid on their date';


--
-- Name: trial_balance; Type: VIEW; Schema: fin; Owner: -
--

CREATE VIEW fin.trial_balance WITH (security_invoker='true') AS
 SELECT e.company_id,
    e.fiscal_period_id,
    l.account_id,
    a.account_number,
    a.name AS account_name,
    sum((l.debit_amount)::numeric) AS debit_amount,
    sum((l.credit_amount)::numeric) AS credit_amount,
    sum(((l.debit_amount)::numeric - (l.credit_amount)::numeric)) AS balance_amount
   FROM ((fin.journal_entry e
     JOIN fin.journal_entry_line l ON ((l.journal_entry_id = e.id)))
     JOIN fin.account a ON ((a.id = l.account_id)))
  WHERE (e.status = 'posted'::fin.entry_status)
  GROUP BY e.company_id, e.fiscal_period_id, l.account_id, a.account_number, a.name;


--
-- Name: VIEW trial_balance; Type: COMMENT; Schema: fin; Owner: -
--

COMMENT ON VIEW fin.trial_balance IS 'Posted debits and credits by period and account';


--
-- Name: bill_of_material; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.bill_of_material (
    id bigint NOT NULL,
    item_id bigint NOT NULL,
    revision character varying(8) NOT NULL,
    status ops.master_status DEFAULT 'draft'::ops.master_status NOT NULL,
    base_quantity core.quantity DEFAULT 1 NOT NULL,
    valid_from date NOT NULL,
    notes character varying(2000),
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT bill_of_material_base_quantity_check CHECK (((base_quantity)::numeric > (0)::numeric))
);


--
-- Name: TABLE bill_of_material; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.bill_of_material IS 'Bills of material; one active revision per item';


--
-- Name: COLUMN bill_of_material.base_quantity; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.bill_of_material.base_quantity IS 'Output, in the base unit of the item, for which the line quantities are stated';


--
-- Name: bill_of_material_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.bill_of_material ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.bill_of_material_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: bill_of_material_line; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.bill_of_material_line (
    id bigint NOT NULL,
    bill_of_material_id bigint NOT NULL,
    line_no smallint NOT NULL,
    component_item_id bigint NOT NULL,
    quantity core.quantity NOT NULL,
    unit_code character varying(8) NOT NULL,
    scrap_percent core.percentage DEFAULT 0 NOT NULL,
    position_text character varying(60),
    CONSTRAINT bill_of_material_line_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT bill_of_material_line_quantity_check CHECK (((quantity)::numeric > (0)::numeric)),
    CONSTRAINT bill_of_material_line_scrap_percent_check CHECK (((scrap_percent)::numeric < (100)::numeric))
);


--
-- Name: TABLE bill_of_material_line; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.bill_of_material_line IS 'Components; a trigger refuses a structure that contains itself';


--
-- Name: COLUMN bill_of_material_line.scrap_percent; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.bill_of_material_line.scrap_percent IS 'Expected loss, added to the required quantity';


--
-- Name: bill_of_material_line_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.bill_of_material_line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.bill_of_material_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: equipment; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.equipment (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    site_id bigint NOT NULL,
    work_centre_id bigint,
    fixed_asset_id bigint,
    code core.business_code NOT NULL,
    name character varying(120) NOT NULL,
    serial_number character varying(60),
    status ops.equipment_status DEFAULT 'in_service'::ops.equipment_status NOT NULL,
    commissioned_on date,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE equipment; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.equipment IS 'Machines, tools and vehicles that are maintained';


--
-- Name: equipment_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.equipment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.equipment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: goods_receipt; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.goods_receipt (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    receipt_number core.document_number NOT NULL,
    purchase_order_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    delivery_note_number character varying(60),
    status ops.receipt_status DEFAULT 'draft'::ops.receipt_status NOT NULL,
    received_on date NOT NULL,
    posted_at timestamp with time zone,
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT goods_receipt_posted_check CHECK (((status = 'posted'::ops.receipt_status) = (posted_at IS NOT NULL)))
);


--
-- Name: TABLE goods_receipt; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.goods_receipt IS 'Deliveries received against a purchase order';


--
-- Name: goods_receipt_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.goods_receipt ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.goods_receipt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: goods_receipt_line; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.goods_receipt_line (
    id bigint NOT NULL,
    goods_receipt_id bigint NOT NULL,
    purchase_order_id bigint NOT NULL,
    line_no smallint NOT NULL,
    purchase_order_line_id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint,
    storage_bin_id bigint NOT NULL,
    quantity core.quantity NOT NULL,
    CONSTRAINT goods_receipt_line_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT goods_receipt_line_quantity_check CHECK (((quantity)::numeric > (0)::numeric))
);


--
-- Name: TABLE goods_receipt_line; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.goods_receipt_line IS 'Received quantities in the unit of the order line; the keys hold receipt, order line and lot together';


--
-- Name: goods_receipt_line_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.goods_receipt_line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.goods_receipt_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: inspection; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.inspection (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    inspection_number core.document_number NOT NULL,
    inspection_plan_id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint,
    goods_receipt_line_id bigint,
    production_order_id bigint,
    status ops.inspection_status DEFAULT 'open'::ops.inspection_status NOT NULL,
    sample_size integer NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT inspection_decision_check CHECK ((((status = 'open'::ops.inspection_status) = (decided_at IS NULL)) AND ((decided_at IS NULL) = (decided_by IS NULL)))),
    CONSTRAINT inspection_sample_size_check CHECK ((sample_size > 0)),
    CONSTRAINT inspection_source_check CHECK ((num_nonnulls(goods_receipt_line_id, production_order_id) = 1))
);


--
-- Name: TABLE inspection; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.inspection IS 'Inspections of received or produced goods';


--
-- Name: inspection_characteristic; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.inspection_characteristic (
    id bigint NOT NULL,
    inspection_plan_id bigint NOT NULL,
    sequence_no smallint NOT NULL,
    name character varying(120) NOT NULL,
    kind ops.characteristic_kind NOT NULL,
    unit_code character varying(8),
    lower_limit numeric(14,6),
    upper_limit numeric(14,6),
    CONSTRAINT inspection_characteristic_limits_check CHECK (
CASE kind
    WHEN 'measured'::ops.characteristic_kind THEN ((unit_code IS NOT NULL) AND (num_nonnulls(lower_limit, upper_limit) > 0) AND COALESCE((lower_limit <= upper_limit), true))
    ELSE (num_nonnulls(unit_code, lower_limit, upper_limit) = 0)
END),
    CONSTRAINT inspection_characteristic_sequence_no_check CHECK ((sequence_no > 0))
);


--
-- Name: TABLE inspection_characteristic; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.inspection_characteristic IS 'Dimensions measured and attributes judged by a plan';


--
-- Name: inspection_characteristic_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.inspection_characteristic ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.inspection_characteristic_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: inspection_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.inspection ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.inspection_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: inspection_plan; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.inspection_plan (
    id bigint NOT NULL,
    item_id bigint NOT NULL,
    stage ops.inspection_stage NOT NULL,
    revision character varying(8) NOT NULL,
    status ops.master_status DEFAULT 'draft'::ops.master_status NOT NULL,
    sample_percent core.percentage DEFAULT 100 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT inspection_plan_sample_percent_check CHECK (((sample_percent)::numeric > (0)::numeric))
);


--
-- Name: TABLE inspection_plan; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.inspection_plan IS 'What is inspected on an item at a stage; one active revision';


--
-- Name: inspection_plan_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.inspection_plan ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.inspection_plan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: inspection_result; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.inspection_result (
    inspection_id bigint NOT NULL,
    inspection_plan_id bigint NOT NULL,
    characteristic_id bigint NOT NULL,
    sample_no integer NOT NULL,
    measured_value numeric(14,6),
    is_conforming boolean NOT NULL,
    note character varying(500),
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT inspection_result_sample_no_check CHECK ((sample_no > 0))
);


--
-- Name: TABLE inspection_result; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.inspection_result IS 'One finding per sample and characteristic of the plan of the inspection';


--
-- Name: COLUMN inspection_result.measured_value; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.inspection_result.measured_value IS 'Null for attributes';


--
-- Name: item_site; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.item_site (
    item_id bigint NOT NULL,
    site_id bigint NOT NULL,
    default_bin_id bigint,
    reorder_point core.quantity DEFAULT 0 NOT NULL,
    safety_stock core.quantity DEFAULT 0 NOT NULL,
    order_multiple core.quantity DEFAULT 1 NOT NULL,
    lead_time_days smallint DEFAULT 0 NOT NULL,
    CONSTRAINT item_site_lead_time_days_check CHECK (((lead_time_days >= 0) AND (lead_time_days <= 730))),
    CONSTRAINT item_site_order_multiple_check CHECK (((order_multiple)::numeric > (0)::numeric)),
    CONSTRAINT item_site_safety_stock_check CHECK (((safety_stock)::numeric <= (reorder_point)::numeric))
);


--
-- Name: TABLE item_site; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.item_site IS 'Planning parameters of an item at a site';


--
-- Name: lot; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.lot (
    id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_number character varying(40) NOT NULL,
    supplier_id bigint,
    supplier_lot_number character varying(60),
    status ops.lot_status DEFAULT 'quarantine'::ops.lot_status NOT NULL,
    manufactured_on date,
    expires_on date,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lot_dates_check CHECK ((expires_on > manufactured_on)),
    CONSTRAINT lot_lot_number_check CHECK (((lot_number)::text ~ '^[A-Z0-9][A-Z0-9._/-]*$'::text))
);


--
-- Name: TABLE lot; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.lot IS 'Lots, and for serial-tracked items single pieces';


--
-- Name: COLUMN lot.lot_number; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.lot.lot_number IS 'Lot number, or the serial number when the item is tracked by serial';


--
-- Name: lot_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.lot ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.lot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: maintenance_order; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.maintenance_order (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    order_number core.document_number NOT NULL,
    equipment_id bigint NOT NULL,
    maintenance_plan_id bigint,
    kind ops.maintenance_kind NOT NULL,
    priority ops.priority DEFAULT 'normal'::ops.priority NOT NULL,
    status ops.maintenance_status DEFAULT 'open'::ops.maintenance_status NOT NULL,
    description character varying(2000) NOT NULL,
    resolution character varying(2000),
    assigned_to bigint,
    scheduled_on date,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    downtime_minutes integer,
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT maintenance_order_completed_check CHECK ((((status = 'completed'::ops.maintenance_status) = (completed_at IS NOT NULL)) AND ((status <> 'completed'::ops.maintenance_status) OR (resolution IS NOT NULL)))),
    CONSTRAINT maintenance_order_downtime_minutes_check CHECK ((downtime_minutes >= 0)),
    CONSTRAINT maintenance_order_plan_check CHECK (((kind = 'preventive'::ops.maintenance_kind) = (maintenance_plan_id IS NOT NULL))),
    CONSTRAINT maintenance_order_started_check CHECK (((status <> ALL (ARRAY['in_progress'::ops.maintenance_status, 'completed'::ops.maintenance_status])) OR (started_at IS NOT NULL))),
    CONSTRAINT maintenance_order_times_check CHECK ((completed_at >= started_at))
);


--
-- Name: TABLE maintenance_order; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.maintenance_order IS 'Preventive and corrective work; a plan has at most one order under way';


--
-- Name: maintenance_order_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.maintenance_order ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.maintenance_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: maintenance_plan; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.maintenance_plan (
    id bigint NOT NULL,
    equipment_id bigint NOT NULL,
    name character varying(120) NOT NULL,
    instructions character varying(2000) NOT NULL,
    interval_days smallint NOT NULL,
    starts_on date NOT NULL,
    last_done_on date,
    next_due_on date GENERATED ALWAYS AS (COALESCE((last_done_on + (interval_days)::integer), starts_on)) STORED NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT maintenance_plan_interval_days_check CHECK (((interval_days >= 1) AND (interval_days <= 3650)))
);


--
-- Name: TABLE maintenance_plan; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.maintenance_plan IS 'Preventive maintenance at a fixed interval';


--
-- Name: maintenance_plan_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.maintenance_plan ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.maintenance_plan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: production_component; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.production_component (
    id bigint NOT NULL,
    production_order_id bigint NOT NULL,
    line_no smallint NOT NULL,
    item_id bigint NOT NULL,
    unit_code character varying(8) NOT NULL,
    required_quantity core.quantity NOT NULL,
    issued_quantity core.quantity DEFAULT 0 NOT NULL,
    CONSTRAINT production_component_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT production_component_required_quantity_check CHECK (((required_quantity)::numeric > (0)::numeric))
);


--
-- Name: TABLE production_component; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.production_component IS 'Material needed by a production order, copied from the bill of material at release';


--
-- Name: COLUMN production_component.issued_quantity; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.production_component.issued_quantity IS 'May exceed the required quantity when material was wasted';


--
-- Name: production_order; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.production_order (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    order_number core.document_number NOT NULL,
    site_id bigint NOT NULL,
    item_id bigint NOT NULL,
    bill_of_material_id bigint NOT NULL,
    routing_id bigint NOT NULL,
    sales_order_line_id bigint,
    lot_id bigint,
    status ops.production_status DEFAULT 'planned'::ops.production_status NOT NULL,
    priority ops.priority DEFAULT 'normal'::ops.priority NOT NULL,
    planned_quantity core.quantity NOT NULL,
    completed_quantity core.quantity DEFAULT 0 NOT NULL,
    scrapped_quantity core.quantity DEFAULT 0 NOT NULL,
    planned_start_date date NOT NULL,
    planned_end_date date NOT NULL,
    released_at timestamp with time zone,
    completed_at timestamp with time zone,
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT production_order_completed_check CHECK (((status = ANY (ARRAY['completed'::ops.production_status, 'closed'::ops.production_status])) = (completed_at IS NOT NULL))),
    CONSTRAINT production_order_dates_check CHECK ((planned_end_date >= planned_start_date)),
    CONSTRAINT production_order_planned_quantity_check CHECK (((planned_quantity)::numeric > (0)::numeric)),
    CONSTRAINT production_order_released_check CHECK (((status = ANY (ARRAY['planned'::ops.production_status, 'cancelled'::ops.production_status])) OR (released_at IS NOT NULL)))
);


--
-- Name: TABLE production_order; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.production_order IS 'Orders to make an item; the keys keep item, bill of material, routing and lot together';


--
-- Name: COLUMN production_order.sales_order_line_id; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.production_order.sales_order_line_id IS 'Set when made to order';


--
-- Name: COLUMN production_order.lot_id; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.production_order.lot_id IS 'Lot of the output, null until the first completion';


--
-- Name: material_shortage; Type: VIEW; Schema: ops; Owner: -
--

CREATE VIEW ops.material_shortage WITH (security_invoker='true') AS
 SELECT o.company_id,
    o.id AS production_order_id,
    o.order_number,
    o.planned_start_date,
    c.item_id,
    c.unit_code,
    ((c.required_quantity)::numeric - (c.issued_quantity)::numeric) AS open_quantity
   FROM (ops.production_order o
     JOIN ops.production_component c ON ((c.production_order_id = o.id)))
  WHERE ((o.status = ANY (ARRAY['released'::ops.production_status, 'in_progress'::ops.production_status])) AND ((c.issued_quantity)::numeric < (c.required_quantity)::numeric));


--
-- Name: VIEW material_shortage; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON VIEW ops.material_shortage IS 'Components not yet issued to released production orders';


--
-- Name: nonconformity; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.nonconformity (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    nonconformity_number core.document_number NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint,
    inspection_id bigint,
    severity ops.nonconformity_severity NOT NULL,
    affected_quantity core.quantity NOT NULL,
    description character varying(2000) NOT NULL,
    root_cause character varying(2000),
    disposition ops.disposition,
    status ops.nonconformity_status DEFAULT 'open'::ops.nonconformity_status NOT NULL,
    closed_at timestamp with time zone,
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT nonconformity_affected_quantity_check CHECK (((affected_quantity)::numeric > (0)::numeric)),
    CONSTRAINT nonconformity_closed_check CHECK ((((status = 'closed'::ops.nonconformity_status) = (closed_at IS NOT NULL)) AND ((status <> 'closed'::ops.nonconformity_status) OR ((disposition IS NOT NULL) AND (root_cause IS NOT NULL)))))
);


--
-- Name: TABLE nonconformity; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.nonconformity IS 'Defects and what was decided about them';


--
-- Name: nonconformity_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.nonconformity ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.nonconformity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: production_booking; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.production_booking (
    id bigint NOT NULL,
    production_order_id bigint NOT NULL,
    production_operation_id bigint NOT NULL,
    employee_id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    worked_minutes numeric(9,2) GENERATED ALWAYS AS (round((EXTRACT(epoch FROM (ended_at - started_at)) / (60)::numeric), 2)) STORED NOT NULL,
    good_quantity core.quantity NOT NULL,
    scrap_quantity core.quantity DEFAULT 0 NOT NULL,
    scrap_reason ops.scrap_reason,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT production_booking_scrap_check CHECK ((((scrap_quantity)::numeric > (0)::numeric) = (scrap_reason IS NOT NULL))),
    CONSTRAINT production_booking_times_check CHECK (((ended_at > started_at) AND (ended_at <= (started_at + '24:00:00'::interval))))
);


--
-- Name: TABLE production_booking; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.production_booking IS 'Time and quantity reported from the shop floor';


--
-- Name: production_booking_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.production_booking ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.production_booking_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: production_component_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.production_component ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.production_component_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: production_operation; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.production_operation (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    production_order_id bigint NOT NULL,
    operation_no smallint NOT NULL,
    work_centre_id bigint NOT NULL,
    description character varying(200) NOT NULL,
    status ops.operation_status DEFAULT 'waiting'::ops.operation_status NOT NULL,
    planned_minutes numeric(11,2) NOT NULL,
    CONSTRAINT production_operation_operation_no_check CHECK ((operation_no > 0)),
    CONSTRAINT production_operation_planned_minutes_check CHECK ((planned_minutes >= (0)::numeric))
);


--
-- Name: TABLE production_operation; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.production_operation IS 'Operations of a production order, copied from the routing at release';


--
-- Name: production_operation_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.production_operation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.production_operation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: production_order_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.production_order ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.production_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: purchase_order; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.purchase_order (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    order_number core.document_number NOT NULL,
    site_id bigint NOT NULL,
    supplier_id bigint NOT NULL,
    project_id bigint,
    status ops.purchase_order_status DEFAULT 'draft'::ops.purchase_order_status NOT NULL,
    order_date date NOT NULL,
    expected_date date,
    currency_code core.currency_code NOT NULL,
    payment_term_id bigint NOT NULL,
    notes character varying(2000),
    net_amount core.amount DEFAULT 0 NOT NULL,
    tax_amount core.amount DEFAULT 0 NOT NULL,
    total_amount core.amount GENERATED ALWAYS AS (((net_amount)::numeric + (tax_amount)::numeric)) STORED NOT NULL,
    approved_at timestamp with time zone,
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT purchase_order_approved_check CHECK (((status = ANY (ARRAY['draft'::ops.purchase_order_status, 'pending_approval'::ops.purchase_order_status, 'cancelled'::ops.purchase_order_status])) OR (approved_at IS NOT NULL))),
    CONSTRAINT purchase_order_expected_date_check CHECK ((expected_date >= order_date))
);


--
-- Name: TABLE purchase_order; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.purchase_order IS 'Orders to suppliers';


--
-- Name: COLUMN purchase_order.site_id; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.purchase_order.site_id IS 'Site that receives the goods';


--
-- Name: purchase_order_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.purchase_order ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.purchase_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: purchase_order_line; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.purchase_order_line (
    id bigint NOT NULL,
    purchase_order_id bigint NOT NULL,
    line_no smallint NOT NULL,
    item_id bigint NOT NULL,
    description character varying(200) NOT NULL,
    quantity core.quantity NOT NULL,
    unit_code character varying(8) NOT NULL,
    received_quantity core.quantity DEFAULT 0 NOT NULL,
    unit_price core.unit_price NOT NULL,
    discount_percent core.percentage DEFAULT 0 NOT NULL,
    tax_code_id bigint NOT NULL,
    tax_rate core.percentage NOT NULL,
    net_amount core.amount GENERATED ALWAYS AS (round((((quantity)::numeric * (unit_price)::numeric) * ((1)::numeric - ((discount_percent)::numeric / (100)::numeric))), 2)) STORED NOT NULL,
    tax_amount core.amount GENERATED ALWAYS AS (round(((round((((quantity)::numeric * (unit_price)::numeric) * ((1)::numeric - ((discount_percent)::numeric / (100)::numeric))), 2) * (tax_rate)::numeric) / (100)::numeric), 2)) STORED NOT NULL,
    CONSTRAINT purchase_order_line_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT purchase_order_line_quantity_check CHECK (((quantity)::numeric > (0)::numeric)),
    CONSTRAINT purchase_order_line_received_quantity_check CHECK (((received_quantity)::numeric <= ((quantity)::numeric * 1.1)))
);


--
-- Name: TABLE purchase_order_line; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.purchase_order_line IS 'Lines of a purchase order';


--
-- Name: COLUMN purchase_order_line.received_quantity; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.purchase_order_line.received_quantity IS 'Received so far; suppliers may deliver up to ten percent more than ordered';


--
-- Name: purchase_order_line_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.purchase_order_line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.purchase_order_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: routing; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.routing (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    item_id bigint NOT NULL,
    revision character varying(8) NOT NULL,
    status ops.master_status DEFAULT 'draft'::ops.master_status NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE routing; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.routing IS 'How an item is made in a company; one active revision';


--
-- Name: routing_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.routing ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.routing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: routing_operation; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.routing_operation (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    routing_id bigint NOT NULL,
    operation_no smallint NOT NULL,
    work_centre_id bigint NOT NULL,
    description character varying(200) NOT NULL,
    setup_minutes numeric(9,2) DEFAULT 0 NOT NULL,
    run_minutes_per_unit numeric(11,4) NOT NULL,
    CONSTRAINT routing_operation_operation_no_check CHECK ((operation_no > 0)),
    CONSTRAINT routing_operation_run_minutes_per_unit_check CHECK ((run_minutes_per_unit > (0)::numeric)),
    CONSTRAINT routing_operation_setup_minutes_check CHECK ((setup_minutes >= (0)::numeric))
);


--
-- Name: TABLE routing_operation; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.routing_operation IS 'Operations of a routing, in steps of ten by habit';


--
-- Name: routing_operation_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.routing_operation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.routing_operation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: stock_balance; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.stock_balance (
    id bigint NOT NULL,
    storage_bin_id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint,
    quantity core.quantity NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE stock_balance; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.stock_balance IS 'Stock by bin, item and lot in the base unit, kept by a trigger on ops.stock_movement; never negative';


--
-- Name: stock_balance_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.stock_balance ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.stock_balance_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: stock_movement; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.stock_movement (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    kind ops.movement_kind NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint,
    from_bin_id bigint,
    to_bin_id bigint,
    quantity core.quantity NOT NULL,
    unit_cost core.unit_price NOT NULL,
    goods_receipt_line_id bigint,
    delivery_line_id bigint,
    production_order_id bigint,
    reason character varying(200),
    occurred_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT stock_movement_bins_check CHECK (
CASE
    WHEN (kind = ANY (ARRAY['purchase_receipt'::ops.movement_kind, 'production_receipt'::ops.movement_kind, 'adjustment_in'::ops.movement_kind])) THEN ((from_bin_id IS NULL) AND (to_bin_id IS NOT NULL))
    WHEN (kind = 'transfer'::ops.movement_kind) THEN ((from_bin_id IS NOT NULL) AND (to_bin_id IS NOT NULL) AND (from_bin_id <> to_bin_id))
    ELSE ((from_bin_id IS NOT NULL) AND (to_bin_id IS NULL))
END),
    CONSTRAINT stock_movement_quantity_check CHECK (((quantity)::numeric > (0)::numeric)),
    CONSTRAINT stock_movement_reason_check CHECK (((kind <> ALL (ARRAY['adjustment_in'::ops.movement_kind, 'adjustment_out'::ops.movement_kind, 'scrap'::ops.movement_kind])) OR (reason IS NOT NULL))),
    CONSTRAINT stock_movement_source_check CHECK ((((kind = 'purchase_receipt'::ops.movement_kind) = (goods_receipt_line_id IS NOT NULL)) AND ((kind = 'sales_issue'::ops.movement_kind) = (delivery_line_id IS NOT NULL)) AND ((kind = ANY (ARRAY['production_issue'::ops.movement_kind, 'production_receipt'::ops.movement_kind])) = (production_order_id IS NOT NULL))))
);


--
-- Name: TABLE stock_movement; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.stock_movement IS 'Append-only ledger of stock; a mistake is undone by the opposite movement';


--
-- Name: COLUMN stock_movement.quantity; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.stock_movement.quantity IS 'In the base unit of the item';


--
-- Name: COLUMN stock_movement.unit_cost; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.stock_movement.unit_cost IS 'Cost per base unit in the base currency of the company at the time';


--
-- Name: stock_movement_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.stock_movement ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.stock_movement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: storage_bin; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.storage_bin (
    id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    code core.business_code NOT NULL,
    kind ops.bin_kind NOT NULL,
    is_active boolean DEFAULT true NOT NULL
);


--
-- Name: TABLE storage_bin; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.storage_bin IS 'Places in a warehouse where stock lies';


--
-- Name: warehouse; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.warehouse (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    site_id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(120) NOT NULL,
    is_active boolean DEFAULT true NOT NULL
);


--
-- Name: TABLE warehouse; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.warehouse IS 'Warehouses of a site';


--
-- Name: stock_on_hand; Type: VIEW; Schema: ops; Owner: -
--

CREATE VIEW ops.stock_on_hand WITH (security_invoker='true') AS
 SELECT w.company_id,
    w.id AS warehouse_id,
    b.item_id,
    sum((b.quantity)::numeric) AS quantity,
    COALESCE(sum((b.quantity)::numeric) FILTER (WHERE ((s.kind <> 'quarantine'::ops.bin_kind) AND ((l.id IS NULL) OR ((l.status = 'released'::ops.lot_status) AND ((l.expires_on IS NULL) OR (l.expires_on > CURRENT_DATE)))))), (0)::numeric) AS usable_quantity
   FROM (((ops.stock_balance b
     JOIN ops.storage_bin s ON ((s.id = b.storage_bin_id)))
     JOIN ops.warehouse w ON ((w.id = s.warehouse_id)))
     LEFT JOIN ops.lot l ON ((l.id = b.lot_id)))
  GROUP BY w.company_id, w.id, b.item_id;


--
-- Name: VIEW stock_on_hand; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON VIEW ops.stock_on_hand IS 'Stock by warehouse and item; usable leaves out quarantine, blocked and expired lots';


--
-- Name: storage_bin_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.storage_bin ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.storage_bin_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: supplier; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.supplier (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    supplier_number core.business_code NOT NULL,
    name character varying(200) NOT NULL,
    vat_number character varying(20),
    email core.email_address,
    phone core.phone_number,
    street character varying(200) NOT NULL,
    postal_code character varying(16) NOT NULL,
    city character varying(100) NOT NULL,
    country_code core.country_code NOT NULL,
    currency_code core.currency_code NOT NULL,
    payment_term_id bigint NOT NULL,
    quality_rating smallint,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT supplier_quality_rating_check CHECK (((quality_rating >= 1) AND (quality_rating <= 5))),
    CONSTRAINT supplier_vat_number_check CHECK (((vat_number)::text ~ '^[A-Z]{2}[A-Z0-9]{2,18}$'::text))
);


--
-- Name: TABLE supplier; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.supplier IS 'Suppliers of a company';


--
-- Name: COLUMN supplier.quality_rating; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.supplier.quality_rating IS '1 (poor) to 5 (excellent), null until first rated';


--
-- Name: supplier_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.supplier ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.supplier_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: supplier_item; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.supplier_item (
    supplier_id bigint NOT NULL,
    item_id bigint NOT NULL,
    supplier_sku character varying(60),
    unit_code character varying(8) NOT NULL,
    unit_price core.unit_price NOT NULL,
    minimum_order_quantity core.quantity DEFAULT 1 NOT NULL,
    lead_time_days smallint NOT NULL,
    is_preferred boolean DEFAULT false NOT NULL,
    CONSTRAINT supplier_item_lead_time_days_check CHECK (((lead_time_days >= 0) AND (lead_time_days <= 730)))
);


--
-- Name: TABLE supplier_item; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.supplier_item IS 'Items that a supplier delivers, with its price in the currency of the supplier';


--
-- Name: warehouse_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.warehouse ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.warehouse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: work_centre; Type: TABLE; Schema: ops; Owner: -
--

CREATE TABLE ops.work_centre (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    site_id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(120) NOT NULL,
    cost_centre_id bigint NOT NULL,
    capacity_hours_per_day numeric(5,2) NOT NULL,
    hourly_rate core.unit_price NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT work_centre_capacity_hours_per_day_check CHECK ((capacity_hours_per_day > (0)::numeric))
);


--
-- Name: TABLE work_centre; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON TABLE ops.work_centre IS 'Machines or groups of workplaces with a common capacity';


--
-- Name: COLUMN work_centre.capacity_hours_per_day; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.work_centre.capacity_hours_per_day IS 'Sum over the workplaces, so it may exceed 24';


--
-- Name: COLUMN work_centre.hourly_rate; Type: COMMENT; Schema: ops; Owner: -
--

COMMENT ON COLUMN ops.work_centre.hourly_rate IS 'In the base currency of the company';


--
-- Name: work_centre_id_seq; Type: SEQUENCE; Schema: ops; Owner: -
--

ALTER TABLE ops.work_centre ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.work_centre_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customer_address; Type: TABLE; Schema: sales; Owner: -
--

CREATE TABLE sales.customer_address (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    kind sales.address_kind NOT NULL,
    recipient character varying(200) NOT NULL,
    street character varying(200) NOT NULL,
    postal_code character varying(16) NOT NULL,
    city character varying(100) NOT NULL,
    country_code core.country_code NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: TABLE customer_address; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON TABLE sales.customer_address IS 'Billing and shipping addresses; at most one default of each kind';


--
-- Name: customer_address_id_seq; Type: SEQUENCE; Schema: sales; Owner: -
--

ALTER TABLE sales.customer_address ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sales.customer_address_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customer_contact; Type: TABLE; Schema: sales; Owner: -
--

CREATE TABLE sales.customer_contact (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    full_name character varying(120) NOT NULL,
    job_title character varying(120),
    email core.email_address,
    phone core.phone_number,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customer_contact_reachable_check CHECK (((email IS NOT NULL) OR (phone IS NOT NULL)))
);


--
-- Name: TABLE customer_contact; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON TABLE sales.customer_contact IS 'People to talk to at a customer';


--
-- Name: customer_contact_id_seq; Type: SEQUENCE; Schema: sales; Owner: -
--

ALTER TABLE sales.customer_contact ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sales.customer_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: customer_id_seq; Type: SEQUENCE; Schema: sales; Owner: -
--

ALTER TABLE sales.customer ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sales.customer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: delivery; Type: TABLE; Schema: sales; Owner: -
--

CREATE TABLE sales.delivery (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    delivery_number core.document_number NOT NULL,
    sales_order_id bigint NOT NULL,
    warehouse_id bigint NOT NULL,
    status sales.delivery_status DEFAULT 'planned'::sales.delivery_status NOT NULL,
    planned_ship_date date NOT NULL,
    shipped_at timestamp with time zone,
    carrier character varying(80),
    tracking_number character varying(80),
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT delivery_shipped_check CHECK (((status = 'shipped'::sales.delivery_status) = (shipped_at IS NOT NULL)))
);


--
-- Name: TABLE delivery; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON TABLE sales.delivery IS 'Shipments of a sales order to its shipping address';


--
-- Name: delivery_id_seq; Type: SEQUENCE; Schema: sales; Owner: -
--

ALTER TABLE sales.delivery ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sales.delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: delivery_line; Type: TABLE; Schema: sales; Owner: -
--

CREATE TABLE sales.delivery_line (
    id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    sales_order_id bigint NOT NULL,
    line_no smallint NOT NULL,
    sales_order_line_id bigint NOT NULL,
    item_id bigint NOT NULL,
    lot_id bigint,
    storage_bin_id bigint,
    quantity core.quantity NOT NULL,
    CONSTRAINT delivery_line_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT delivery_line_quantity_check CHECK (((quantity)::numeric > (0)::numeric))
);


--
-- Name: TABLE delivery_line; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON TABLE sales.delivery_line IS 'Shipped quantities in the unit of the order line; the keys hold delivery, order line and lot together';


--
-- Name: COLUMN delivery_line.storage_bin_id; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON COLUMN sales.delivery_line.storage_bin_id IS 'Bin from which the goods are picked, null until picking';


--
-- Name: delivery_line_id_seq; Type: SEQUENCE; Schema: sales; Owner: -
--

ALTER TABLE sales.delivery_line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sales.delivery_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: sales_order; Type: TABLE; Schema: sales; Owner: -
--

CREATE TABLE sales.sales_order (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    order_number core.document_number NOT NULL,
    site_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    quotation_id bigint,
    billing_address_id bigint NOT NULL,
    shipping_address_id bigint NOT NULL,
    customer_reference character varying(60),
    status sales.order_status DEFAULT 'draft'::sales.order_status NOT NULL,
    order_date date NOT NULL,
    requested_date date,
    promised_date date,
    currency_code core.currency_code NOT NULL,
    payment_term_id bigint NOT NULL,
    notes character varying(2000),
    net_amount core.amount DEFAULT 0 NOT NULL,
    tax_amount core.amount DEFAULT 0 NOT NULL,
    total_amount core.amount GENERATED ALWAYS AS (((net_amount)::numeric + (tax_amount)::numeric)) STORED NOT NULL,
    confirmed_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    cancellation_reason character varying(500),
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sales_order_cancelled_check CHECK ((((status = 'cancelled'::sales.order_status) = (cancelled_at IS NOT NULL)) AND ((cancelled_at IS NULL) = (cancellation_reason IS NULL)))),
    CONSTRAINT sales_order_confirmed_check CHECK (((status = ANY (ARRAY['draft'::sales.order_status, 'cancelled'::sales.order_status])) OR (confirmed_at IS NOT NULL))),
    CONSTRAINT sales_order_promised_date_check CHECK ((promised_date >= order_date)),
    CONSTRAINT sales_order_requested_date_check CHECK ((requested_date >= order_date))
);


--
-- Name: TABLE sales_order; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON TABLE sales.sales_order IS 'Orders of customers';


--
-- Name: COLUMN sales_order.site_id; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON COLUMN sales.sales_order.site_id IS 'Site that ships the order';


--
-- Name: COLUMN sales_order.quotation_id; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON COLUMN sales.sales_order.quotation_id IS 'Quotation from which the order was made; a quotation becomes at most one order';


--
-- Name: COLUMN sales_order.customer_reference; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON COLUMN sales.sales_order.customer_reference IS 'Order number of the customer';


--
-- Name: sales_order_line; Type: TABLE; Schema: sales; Owner: -
--

CREATE TABLE sales.sales_order_line (
    id bigint NOT NULL,
    sales_order_id bigint NOT NULL,
    line_no smallint NOT NULL,
    item_id bigint NOT NULL,
    description character varying(200) NOT NULL,
    quantity core.quantity NOT NULL,
    unit_code character varying(8) NOT NULL,
    delivered_quantity core.quantity DEFAULT 0 NOT NULL,
    invoiced_quantity core.quantity DEFAULT 0 NOT NULL,
    unit_price core.unit_price NOT NULL,
    discount_percent core.percentage DEFAULT 0 NOT NULL,
    tax_code_id bigint NOT NULL,
    tax_rate core.percentage NOT NULL,
    net_amount core.amount GENERATED ALWAYS AS (round((((quantity)::numeric * (unit_price)::numeric) * ((1)::numeric - ((discount_percent)::numeric / (100)::numeric))), 2)) STORED NOT NULL,
    tax_amount core.amount GENERATED ALWAYS AS (round(((round((((quantity)::numeric * (unit_price)::numeric) * ((1)::numeric - ((discount_percent)::numeric / (100)::numeric))), 2) * (tax_rate)::numeric) / (100)::numeric), 2)) STORED NOT NULL,
    CONSTRAINT sales_order_line_delivered_quantity_check CHECK (((delivered_quantity)::numeric <= (quantity)::numeric)),
    CONSTRAINT sales_order_line_invoiced_quantity_check CHECK (((invoiced_quantity)::numeric <= (quantity)::numeric)),
    CONSTRAINT sales_order_line_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT sales_order_line_quantity_check CHECK (((quantity)::numeric > (0)::numeric))
);


--
-- Name: TABLE sales_order_line; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON TABLE sales.sales_order_line IS 'Lines of a sales order';


--
-- Name: COLUMN sales_order_line.delivered_quantity; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON COLUMN sales.sales_order_line.delivered_quantity IS 'Shipped so far, kept when a delivery is shipped; over-delivery needs a changed order';


--
-- Name: open_order_line; Type: VIEW; Schema: sales; Owner: -
--

CREATE VIEW sales.open_order_line WITH (security_invoker='true') AS
 SELECT o.company_id,
    o.id AS sales_order_id,
    o.order_number,
    o.customer_id,
    o.promised_date,
    l.id AS sales_order_line_id,
    l.line_no,
    l.item_id,
    l.unit_code,
    l.quantity,
    ((l.quantity)::numeric - (l.delivered_quantity)::numeric) AS open_quantity
   FROM (sales.sales_order o
     JOIN sales.sales_order_line l ON ((l.sales_order_id = o.id)))
  WHERE ((o.status = ANY (ARRAY['confirmed'::sales.order_status, 'partially_delivered'::sales.order_status])) AND ((l.delivered_quantity)::numeric < (l.quantity)::numeric));


--
-- Name: VIEW open_order_line; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON VIEW sales.open_order_line IS 'Order lines still to be shipped';


--
-- Name: price_list; Type: TABLE; Schema: sales; Owner: -
--

CREATE TABLE sales.price_list (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    code core.business_code NOT NULL,
    name character varying(120) NOT NULL,
    currency_code core.currency_code NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    is_default boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT price_list_dates_check CHECK ((valid_to >= valid_from))
);


--
-- Name: TABLE price_list; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON TABLE sales.price_list IS 'Selling price lists; one active default per company and currency';


--
-- Name: price_list_id_seq; Type: SEQUENCE; Schema: sales; Owner: -
--

ALTER TABLE sales.price_list ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sales.price_list_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: price_list_item; Type: TABLE; Schema: sales; Owner: -
--

CREATE TABLE sales.price_list_item (
    id bigint NOT NULL,
    price_list_id bigint NOT NULL,
    item_id bigint NOT NULL,
    unit_code character varying(8) NOT NULL,
    minimum_quantity core.quantity DEFAULT 1 NOT NULL,
    unit_price core.unit_price NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT price_list_item_minimum_quantity_check CHECK (((minimum_quantity)::numeric > (0)::numeric))
);


--
-- Name: TABLE price_list_item; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON TABLE sales.price_list_item IS 'Prices with quantity breaks';


--
-- Name: COLUMN price_list_item.minimum_quantity; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON COLUMN sales.price_list_item.minimum_quantity IS 'The price applies from this quantity, up to the next break';


--
-- Name: price_list_item_id_seq; Type: SEQUENCE; Schema: sales; Owner: -
--

ALTER TABLE sales.price_list_item ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sales.price_list_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: quotation; Type: TABLE; Schema: sales; Owner: -
--

CREATE TABLE sales.quotation (
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    quotation_number core.document_number NOT NULL,
    customer_id bigint NOT NULL,
    contact_id bigint,
    status sales.quotation_status DEFAULT 'draft'::sales.quotation_status NOT NULL,
    quotation_date date NOT NULL,
    valid_until date NOT NULL,
    currency_code core.currency_code NOT NULL,
    payment_term_id bigint NOT NULL,
    notes character varying(2000),
    net_amount core.amount DEFAULT 0 NOT NULL,
    tax_amount core.amount DEFAULT 0 NOT NULL,
    total_amount core.amount GENERATED ALWAYS AS (((net_amount)::numeric + (tax_amount)::numeric)) STORED NOT NULL,
    created_by bigint NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT quotation_dates_check CHECK ((valid_until >= quotation_date))
);


--
-- Name: TABLE quotation; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON TABLE sales.quotation IS 'Offers to customers';


--
-- Name: COLUMN quotation.net_amount; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON COLUMN sales.quotation.net_amount IS 'Sum of the lines, kept by a trigger';


--
-- Name: quotation_id_seq; Type: SEQUENCE; Schema: sales; Owner: -
--

ALTER TABLE sales.quotation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sales.quotation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: quotation_line; Type: TABLE; Schema: sales; Owner: -
--

CREATE TABLE sales.quotation_line (
    id bigint NOT NULL,
    quotation_id bigint NOT NULL,
    line_no smallint NOT NULL,
    item_id bigint NOT NULL,
    description character varying(200) NOT NULL,
    quantity core.quantity NOT NULL,
    unit_code character varying(8) NOT NULL,
    unit_price core.unit_price NOT NULL,
    discount_percent core.percentage DEFAULT 0 NOT NULL,
    tax_code_id bigint NOT NULL,
    tax_rate core.percentage NOT NULL,
    net_amount core.amount GENERATED ALWAYS AS (round((((quantity)::numeric * (unit_price)::numeric) * ((1)::numeric - ((discount_percent)::numeric / (100)::numeric))), 2)) STORED NOT NULL,
    tax_amount core.amount GENERATED ALWAYS AS (round(((round((((quantity)::numeric * (unit_price)::numeric) * ((1)::numeric - ((discount_percent)::numeric / (100)::numeric))), 2) * (tax_rate)::numeric) / (100)::numeric), 2)) STORED NOT NULL,
    CONSTRAINT quotation_line_line_no_check CHECK ((line_no > 0)),
    CONSTRAINT quotation_line_quantity_check CHECK (((quantity)::numeric > (0)::numeric))
);


--
-- Name: TABLE quotation_line; Type: COMMENT; Schema: sales; Owner: -
--

COMMENT ON TABLE sales.quotation_line IS 'Lines of a quotation';


--
-- Name: quotation_line_id_seq; Type: SEQUENCE; Schema: sales; Owner: -
--

ALTER TABLE sales.quotation_line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sales.quotation_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: sales_order_id_seq; Type: SEQUENCE; Schema: sales; Owner: -
--

ALTER TABLE sales.sales_order ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sales.sales_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: sales_order_line_id_seq; Type: SEQUENCE; Schema: sales; Owner: -
--

ALTER TABLE sales.sales_order_line ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME sales.sales_order_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: app_user app_user_oidc_subject_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.app_user
    ADD CONSTRAINT app_user_oidc_subject_key UNIQUE (oidc_subject);


--
-- Name: app_user app_user_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.app_user
    ADD CONSTRAINT app_user_pkey PRIMARY KEY (id);


--
-- Name: approval_decision approval_decision_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.approval_decision
    ADD CONSTRAINT approval_decision_pkey PRIMARY KEY (approval_request_id, step_no);


--
-- Name: approval_request approval_request_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.approval_request
    ADD CONSTRAINT approval_request_pkey PRIMARY KEY (id);


--
-- Name: audit_event audit_event_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (id);


--
-- Name: company company_code_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.company
    ADD CONSTRAINT company_code_key UNIQUE (code);


--
-- Name: company company_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.company
    ADD CONSTRAINT company_pkey PRIMARY KEY (id);


--
-- Name: currency currency_name_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.currency
    ADD CONSTRAINT currency_name_key UNIQUE (name);


--
-- Name: currency currency_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.currency
    ADD CONSTRAINT currency_pkey PRIMARY KEY (code);


--
-- Name: department department_company_id_code_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.department
    ADD CONSTRAINT department_company_id_code_key UNIQUE (company_id, code);


--
-- Name: department department_company_id_id_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.department
    ADD CONSTRAINT department_company_id_id_key UNIQUE (company_id, id);


--
-- Name: department department_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.department
    ADD CONSTRAINT department_pkey PRIMARY KEY (id);


--
-- Name: document_link document_link_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document_link
    ADD CONSTRAINT document_link_pkey PRIMARY KEY (id);


--
-- Name: document_link document_link_target_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document_link
    ADD CONSTRAINT document_link_target_key UNIQUE NULLS NOT DISTINCT (document_id, item_id, customer_id, supplier_id, sales_order_id, purchase_order_id, production_order_id, equipment_id, project_id);


--
-- Name: document document_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (id);


--
-- Name: document document_storage_key_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document
    ADD CONSTRAINT document_storage_key_key UNIQUE (storage_key);


--
-- Name: employee employee_company_id_employee_number_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.employee
    ADD CONSTRAINT employee_company_id_employee_number_key UNIQUE (company_id, employee_number);


--
-- Name: employee employee_company_id_id_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.employee
    ADD CONSTRAINT employee_company_id_id_key UNIQUE (company_id, id);


--
-- Name: employee employee_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.employee
    ADD CONSTRAINT employee_pkey PRIMARY KEY (id);


--
-- Name: employee employee_user_id_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.employee
    ADD CONSTRAINT employee_user_id_key UNIQUE (user_id);


--
-- Name: idempotency_key idempotency_key_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (user_id, key);


--
-- Name: item_category item_category_code_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.item_category
    ADD CONSTRAINT item_category_code_key UNIQUE (code);


--
-- Name: item_category item_category_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.item_category
    ADD CONSTRAINT item_category_pkey PRIMARY KEY (id);


--
-- Name: item item_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.item
    ADD CONSTRAINT item_pkey PRIMARY KEY (id);


--
-- Name: item item_sku_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.item
    ADD CONSTRAINT item_sku_key UNIQUE (sku);


--
-- Name: item_unit_conversion item_unit_conversion_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.item_unit_conversion
    ADD CONSTRAINT item_unit_conversion_pkey PRIMARY KEY (item_id, unit_code);


--
-- Name: leave_entitlement leave_entitlement_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.leave_entitlement
    ADD CONSTRAINT leave_entitlement_pkey PRIMARY KEY (employee_id, leave_type_id, calendar_year);


--
-- Name: leave_request leave_request_no_overlap; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.leave_request
    ADD CONSTRAINT leave_request_no_overlap EXCLUDE USING gist (employee_id WITH =, daterange(starts_on, ends_on, '[]'::text) WITH &&) WHERE ((status = ANY (ARRAY['pending'::core.leave_status, 'approved'::core.leave_status])));


--
-- Name: leave_request leave_request_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.leave_request
    ADD CONSTRAINT leave_request_pkey PRIMARY KEY (id);


--
-- Name: leave_type leave_type_code_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.leave_type
    ADD CONSTRAINT leave_type_code_key UNIQUE (code);


--
-- Name: leave_type leave_type_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.leave_type
    ADD CONSTRAINT leave_type_pkey PRIMARY KEY (id);


--
-- Name: number_sequence number_sequence_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.number_sequence
    ADD CONSTRAINT number_sequence_pkey PRIMARY KEY (company_id, document_type, calendar_year);


--
-- Name: payment_term payment_term_code_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.payment_term
    ADD CONSTRAINT payment_term_code_key UNIQUE (code);


--
-- Name: payment_term payment_term_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.payment_term
    ADD CONSTRAINT payment_term_pkey PRIMARY KEY (id);


--
-- Name: permission permission_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.permission
    ADD CONSTRAINT permission_pkey PRIMARY KEY (code);


--
-- Name: project project_company_id_code_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.project
    ADD CONSTRAINT project_company_id_code_key UNIQUE (company_id, code);


--
-- Name: project project_company_id_id_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.project
    ADD CONSTRAINT project_company_id_id_key UNIQUE (company_id, id);


--
-- Name: project project_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.project
    ADD CONSTRAINT project_pkey PRIMARY KEY (id);


--
-- Name: project_task project_task_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.project_task
    ADD CONSTRAINT project_task_pkey PRIMARY KEY (id);


--
-- Name: project_task project_task_project_id_id_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.project_task
    ADD CONSTRAINT project_task_project_id_id_key UNIQUE (project_id, id);


--
-- Name: project_task project_task_project_id_task_no_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.project_task
    ADD CONSTRAINT project_task_project_id_task_no_key UNIQUE (project_id, task_no);


--
-- Name: role role_code_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.role
    ADD CONSTRAINT role_code_key UNIQUE (code);


--
-- Name: role_permission role_permission_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.role_permission
    ADD CONSTRAINT role_permission_pkey PRIMARY KEY (role_id, permission_code);


--
-- Name: role role_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.role
    ADD CONSTRAINT role_pkey PRIMARY KEY (id);


--
-- Name: site site_company_id_code_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.site
    ADD CONSTRAINT site_company_id_code_key UNIQUE (company_id, code);


--
-- Name: site site_company_id_id_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.site
    ADD CONSTRAINT site_company_id_id_key UNIQUE (company_id, id);


--
-- Name: CONSTRAINT site_company_id_id_key ON site; Type: COMMENT; Schema: core; Owner: -
--

COMMENT ON CONSTRAINT site_company_id_id_key ON core.site IS 'Target of the composite keys that keep a document and its site in one company';


--
-- Name: site site_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.site
    ADD CONSTRAINT site_pkey PRIMARY KEY (id);


--
-- Name: timesheet_entry timesheet_entry_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.timesheet_entry
    ADD CONSTRAINT timesheet_entry_pkey PRIMARY KEY (id);


--
-- Name: unit unit_name_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.unit
    ADD CONSTRAINT unit_name_key UNIQUE (name);


--
-- Name: unit unit_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.unit
    ADD CONSTRAINT unit_pkey PRIMARY KEY (code);


--
-- Name: user_role user_role_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.user_role
    ADD CONSTRAINT user_role_pkey PRIMARY KEY (id);


--
-- Name: user_role user_role_user_id_role_id_company_id_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.user_role
    ADD CONSTRAINT user_role_user_id_role_id_company_id_key UNIQUE NULLS NOT DISTINCT (user_id, role_id, company_id);


--
-- Name: workflow workflow_company_id_name_key; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.workflow
    ADD CONSTRAINT workflow_company_id_name_key UNIQUE (company_id, name);


--
-- Name: workflow workflow_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.workflow
    ADD CONSTRAINT workflow_pkey PRIMARY KEY (id);


--
-- Name: workflow_step workflow_step_pkey; Type: CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.workflow_step
    ADD CONSTRAINT workflow_step_pkey PRIMARY KEY (workflow_id, step_no);


--
-- Name: account account_company_id_account_number_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.account
    ADD CONSTRAINT account_company_id_account_number_key UNIQUE (company_id, account_number);


--
-- Name: account account_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.account
    ADD CONSTRAINT account_company_id_id_key UNIQUE (company_id, id);


--
-- Name: account account_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);


--
-- Name: bank_account bank_account_company_id_account_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.bank_account
    ADD CONSTRAINT bank_account_company_id_account_id_key UNIQUE (company_id, account_id);


--
-- Name: bank_account bank_account_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.bank_account
    ADD CONSTRAINT bank_account_company_id_id_key UNIQUE (company_id, id);


--
-- Name: bank_account bank_account_company_id_name_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.bank_account
    ADD CONSTRAINT bank_account_company_id_name_key UNIQUE (company_id, name);


--
-- Name: bank_account bank_account_iban_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.bank_account
    ADD CONSTRAINT bank_account_iban_key UNIQUE (iban);


--
-- Name: bank_account bank_account_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.bank_account
    ADD CONSTRAINT bank_account_pkey PRIMARY KEY (id);


--
-- Name: cost_centre cost_centre_company_id_code_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.cost_centre
    ADD CONSTRAINT cost_centre_company_id_code_key UNIQUE (company_id, code);


--
-- Name: cost_centre cost_centre_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.cost_centre
    ADD CONSTRAINT cost_centre_company_id_id_key UNIQUE (company_id, id);


--
-- Name: cost_centre cost_centre_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.cost_centre
    ADD CONSTRAINT cost_centre_pkey PRIMARY KEY (id);


--
-- Name: depreciation_entry depreciation_entry_fixed_asset_id_fiscal_period_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.depreciation_entry
    ADD CONSTRAINT depreciation_entry_fixed_asset_id_fiscal_period_id_key UNIQUE (fixed_asset_id, fiscal_period_id);


--
-- Name: depreciation_entry depreciation_entry_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.depreciation_entry
    ADD CONSTRAINT depreciation_entry_pkey PRIMARY KEY (id);


--
-- Name: exchange_rate exchange_rate_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.exchange_rate
    ADD CONSTRAINT exchange_rate_pkey PRIMARY KEY (from_currency_code, to_currency_code, rate_date);


--
-- Name: fiscal_period fiscal_period_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fiscal_period
    ADD CONSTRAINT fiscal_period_company_id_id_key UNIQUE (company_id, id);


--
-- Name: fiscal_period fiscal_period_fiscal_year_id_period_no_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fiscal_period
    ADD CONSTRAINT fiscal_period_fiscal_year_id_period_no_key UNIQUE (fiscal_year_id, period_no);


--
-- Name: fiscal_period fiscal_period_no_overlap; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fiscal_period
    ADD CONSTRAINT fiscal_period_no_overlap EXCLUDE USING gist (company_id WITH =, daterange(starts_on, ends_on, '[]'::text) WITH &&);


--
-- Name: fiscal_period fiscal_period_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fiscal_period
    ADD CONSTRAINT fiscal_period_pkey PRIMARY KEY (id);


--
-- Name: fiscal_year fiscal_year_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fiscal_year
    ADD CONSTRAINT fiscal_year_company_id_id_key UNIQUE (company_id, id);


--
-- Name: fiscal_year fiscal_year_company_id_name_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fiscal_year
    ADD CONSTRAINT fiscal_year_company_id_name_key UNIQUE (company_id, name);


--
-- Name: fiscal_year fiscal_year_no_overlap; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fiscal_year
    ADD CONSTRAINT fiscal_year_no_overlap EXCLUDE USING gist (company_id WITH =, daterange(starts_on, ends_on, '[]'::text) WITH &&);


--
-- Name: fiscal_year fiscal_year_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fiscal_year
    ADD CONSTRAINT fiscal_year_pkey PRIMARY KEY (id);


--
-- Name: fixed_asset fixed_asset_company_id_asset_number_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fixed_asset
    ADD CONSTRAINT fixed_asset_company_id_asset_number_key UNIQUE (company_id, asset_number);


--
-- Name: fixed_asset fixed_asset_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fixed_asset
    ADD CONSTRAINT fixed_asset_company_id_id_key UNIQUE (company_id, id);


--
-- Name: fixed_asset fixed_asset_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fixed_asset
    ADD CONSTRAINT fixed_asset_pkey PRIMARY KEY (id);


--
-- Name: journal journal_company_id_code_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal
    ADD CONSTRAINT journal_company_id_code_key UNIQUE (company_id, code);


--
-- Name: journal journal_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal
    ADD CONSTRAINT journal_company_id_id_key UNIQUE (company_id, id);


--
-- Name: journal_entry journal_entry_company_id_entry_number_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry
    ADD CONSTRAINT journal_entry_company_id_entry_number_key UNIQUE (company_id, entry_number);


--
-- Name: journal_entry journal_entry_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry
    ADD CONSTRAINT journal_entry_company_id_id_key UNIQUE (company_id, id);


--
-- Name: journal_entry journal_entry_company_id_reverses_entry_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry
    ADD CONSTRAINT journal_entry_company_id_reverses_entry_id_key UNIQUE (company_id, reverses_entry_id);


--
-- Name: journal_entry_line journal_entry_line_journal_entry_id_line_no_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry_line
    ADD CONSTRAINT journal_entry_line_journal_entry_id_line_no_key UNIQUE (journal_entry_id, line_no);


--
-- Name: journal_entry_line journal_entry_line_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry_line
    ADD CONSTRAINT journal_entry_line_pkey PRIMARY KEY (id);


--
-- Name: journal_entry journal_entry_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry
    ADD CONSTRAINT journal_entry_pkey PRIMARY KEY (id);


--
-- Name: journal journal_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (id);


--
-- Name: payment_allocation payment_allocation_invoice_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment_allocation
    ADD CONSTRAINT payment_allocation_invoice_key UNIQUE NULLS NOT DISTINCT (payment_id, sales_invoice_id, purchase_invoice_id);


--
-- Name: payment_allocation payment_allocation_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment_allocation
    ADD CONSTRAINT payment_allocation_pkey PRIMARY KEY (id);


--
-- Name: payment payment_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment
    ADD CONSTRAINT payment_company_id_id_key UNIQUE (company_id, id);


--
-- Name: payment payment_company_id_payment_number_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment
    ADD CONSTRAINT payment_company_id_payment_number_key UNIQUE (company_id, payment_number);


--
-- Name: payment payment_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (id);


--
-- Name: purchase_invoice purchase_invoice_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice
    ADD CONSTRAINT purchase_invoice_company_id_id_key UNIQUE (company_id, id);


--
-- Name: purchase_invoice purchase_invoice_company_id_invoice_number_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice
    ADD CONSTRAINT purchase_invoice_company_id_invoice_number_key UNIQUE (company_id, invoice_number);


--
-- Name: purchase_invoice_line purchase_invoice_line_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice_line
    ADD CONSTRAINT purchase_invoice_line_pkey PRIMARY KEY (id);


--
-- Name: purchase_invoice_line purchase_invoice_line_purchase_invoice_id_line_no_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice_line
    ADD CONSTRAINT purchase_invoice_line_purchase_invoice_id_line_no_key UNIQUE (purchase_invoice_id, line_no);


--
-- Name: purchase_invoice purchase_invoice_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice
    ADD CONSTRAINT purchase_invoice_pkey PRIMARY KEY (id);


--
-- Name: sales_invoice sales_invoice_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice
    ADD CONSTRAINT sales_invoice_company_id_id_key UNIQUE (company_id, id);


--
-- Name: sales_invoice sales_invoice_company_id_invoice_number_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice
    ADD CONSTRAINT sales_invoice_company_id_invoice_number_key UNIQUE (company_id, invoice_number);


--
-- Name: sales_invoice_line sales_invoice_line_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice_line
    ADD CONSTRAINT sales_invoice_line_pkey PRIMARY KEY (id);


--
-- Name: sales_invoice_line sales_invoice_line_sales_invoice_id_line_no_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice_line
    ADD CONSTRAINT sales_invoice_line_sales_invoice_id_line_no_key UNIQUE (sales_invoice_id, line_no);


--
-- Name: sales_invoice sales_invoice_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice
    ADD CONSTRAINT sales_invoice_pkey PRIMARY KEY (id);


--
-- Name: tax_code tax_code_company_id_code_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.tax_code
    ADD CONSTRAINT tax_code_company_id_code_key UNIQUE (company_id, code);


--
-- Name: tax_code tax_code_company_id_id_key; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.tax_code
    ADD CONSTRAINT tax_code_company_id_id_key UNIQUE (company_id, id);


--
-- Name: tax_code tax_code_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.tax_code
    ADD CONSTRAINT tax_code_pkey PRIMARY KEY (id);


--
-- Name: tax_rate tax_rate_no_overlap; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.tax_rate
    ADD CONSTRAINT tax_rate_no_overlap EXCLUDE USING gist (tax_code_id WITH =, daterange(valid_from, valid_to, '[]'::text) WITH &&);


--
-- Name: tax_rate tax_rate_pkey; Type: CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.tax_rate
    ADD CONSTRAINT tax_rate_pkey PRIMARY KEY (tax_code_id, valid_from);


--
-- Name: bill_of_material bill_of_material_item_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.bill_of_material
    ADD CONSTRAINT bill_of_material_item_id_id_key UNIQUE (item_id, id);


--
-- Name: bill_of_material bill_of_material_item_id_revision_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.bill_of_material
    ADD CONSTRAINT bill_of_material_item_id_revision_key UNIQUE (item_id, revision);


--
-- Name: bill_of_material_line bill_of_material_line_bill_of_material_id_line_no_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.bill_of_material_line
    ADD CONSTRAINT bill_of_material_line_bill_of_material_id_line_no_key UNIQUE (bill_of_material_id, line_no);


--
-- Name: bill_of_material_line bill_of_material_line_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.bill_of_material_line
    ADD CONSTRAINT bill_of_material_line_pkey PRIMARY KEY (id);


--
-- Name: bill_of_material bill_of_material_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.bill_of_material
    ADD CONSTRAINT bill_of_material_pkey PRIMARY KEY (id);


--
-- Name: equipment equipment_company_id_code_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.equipment
    ADD CONSTRAINT equipment_company_id_code_key UNIQUE (company_id, code);


--
-- Name: equipment equipment_company_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.equipment
    ADD CONSTRAINT equipment_company_id_id_key UNIQUE (company_id, id);


--
-- Name: equipment equipment_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.equipment
    ADD CONSTRAINT equipment_pkey PRIMARY KEY (id);


--
-- Name: goods_receipt goods_receipt_company_id_receipt_number_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt
    ADD CONSTRAINT goods_receipt_company_id_receipt_number_key UNIQUE (company_id, receipt_number);


--
-- Name: goods_receipt_line goods_receipt_line_goods_receipt_id_line_no_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt_line
    ADD CONSTRAINT goods_receipt_line_goods_receipt_id_line_no_key UNIQUE (goods_receipt_id, line_no);


--
-- Name: goods_receipt_line goods_receipt_line_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt_line
    ADD CONSTRAINT goods_receipt_line_pkey PRIMARY KEY (id);


--
-- Name: goods_receipt goods_receipt_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt
    ADD CONSTRAINT goods_receipt_pkey PRIMARY KEY (id);


--
-- Name: goods_receipt goods_receipt_purchase_order_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt
    ADD CONSTRAINT goods_receipt_purchase_order_id_id_key UNIQUE (purchase_order_id, id);


--
-- Name: inspection_characteristic inspection_characteristic_inspection_plan_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_characteristic
    ADD CONSTRAINT inspection_characteristic_inspection_plan_id_id_key UNIQUE (inspection_plan_id, id);


--
-- Name: inspection_characteristic inspection_characteristic_inspection_plan_id_sequence_no_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_characteristic
    ADD CONSTRAINT inspection_characteristic_inspection_plan_id_sequence_no_key UNIQUE (inspection_plan_id, sequence_no);


--
-- Name: inspection_characteristic inspection_characteristic_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_characteristic
    ADD CONSTRAINT inspection_characteristic_pkey PRIMARY KEY (id);


--
-- Name: inspection inspection_company_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection
    ADD CONSTRAINT inspection_company_id_id_key UNIQUE (company_id, id);


--
-- Name: inspection inspection_company_id_inspection_number_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection
    ADD CONSTRAINT inspection_company_id_inspection_number_key UNIQUE (company_id, inspection_number);


--
-- Name: inspection inspection_inspection_plan_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection
    ADD CONSTRAINT inspection_inspection_plan_id_id_key UNIQUE (inspection_plan_id, id);


--
-- Name: inspection inspection_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection
    ADD CONSTRAINT inspection_pkey PRIMARY KEY (id);


--
-- Name: inspection_plan inspection_plan_item_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_plan
    ADD CONSTRAINT inspection_plan_item_id_id_key UNIQUE (item_id, id);


--
-- Name: inspection_plan inspection_plan_item_id_stage_revision_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_plan
    ADD CONSTRAINT inspection_plan_item_id_stage_revision_key UNIQUE (item_id, stage, revision);


--
-- Name: inspection_plan inspection_plan_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_plan
    ADD CONSTRAINT inspection_plan_pkey PRIMARY KEY (id);


--
-- Name: inspection_result inspection_result_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_result
    ADD CONSTRAINT inspection_result_pkey PRIMARY KEY (inspection_id, characteristic_id, sample_no);


--
-- Name: item_site item_site_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.item_site
    ADD CONSTRAINT item_site_pkey PRIMARY KEY (item_id, site_id);


--
-- Name: lot lot_item_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.lot
    ADD CONSTRAINT lot_item_id_id_key UNIQUE (item_id, id);


--
-- Name: lot lot_item_id_lot_number_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.lot
    ADD CONSTRAINT lot_item_id_lot_number_key UNIQUE (item_id, lot_number);


--
-- Name: lot lot_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.lot
    ADD CONSTRAINT lot_pkey PRIMARY KEY (id);


--
-- Name: maintenance_order maintenance_order_company_id_order_number_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.maintenance_order
    ADD CONSTRAINT maintenance_order_company_id_order_number_key UNIQUE (company_id, order_number);


--
-- Name: maintenance_order maintenance_order_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.maintenance_order
    ADD CONSTRAINT maintenance_order_pkey PRIMARY KEY (id);


--
-- Name: maintenance_plan maintenance_plan_equipment_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.maintenance_plan
    ADD CONSTRAINT maintenance_plan_equipment_id_id_key UNIQUE (equipment_id, id);


--
-- Name: maintenance_plan maintenance_plan_equipment_id_name_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.maintenance_plan
    ADD CONSTRAINT maintenance_plan_equipment_id_name_key UNIQUE (equipment_id, name);


--
-- Name: maintenance_plan maintenance_plan_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.maintenance_plan
    ADD CONSTRAINT maintenance_plan_pkey PRIMARY KEY (id);


--
-- Name: nonconformity nonconformity_company_id_nonconformity_number_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.nonconformity
    ADD CONSTRAINT nonconformity_company_id_nonconformity_number_key UNIQUE (company_id, nonconformity_number);


--
-- Name: nonconformity nonconformity_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.nonconformity
    ADD CONSTRAINT nonconformity_pkey PRIMARY KEY (id);


--
-- Name: production_booking production_booking_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_booking
    ADD CONSTRAINT production_booking_pkey PRIMARY KEY (id);


--
-- Name: production_component production_component_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_component
    ADD CONSTRAINT production_component_pkey PRIMARY KEY (id);


--
-- Name: production_component production_component_production_order_id_line_no_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_component
    ADD CONSTRAINT production_component_production_order_id_line_no_key UNIQUE (production_order_id, line_no);


--
-- Name: production_operation production_operation_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_operation
    ADD CONSTRAINT production_operation_pkey PRIMARY KEY (id);


--
-- Name: production_operation production_operation_production_order_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_operation
    ADD CONSTRAINT production_operation_production_order_id_id_key UNIQUE (production_order_id, id);


--
-- Name: production_operation production_operation_production_order_id_operation_no_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_operation
    ADD CONSTRAINT production_operation_production_order_id_operation_no_key UNIQUE (production_order_id, operation_no);


--
-- Name: production_order production_order_company_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_order
    ADD CONSTRAINT production_order_company_id_id_key UNIQUE (company_id, id);


--
-- Name: production_order production_order_company_id_order_number_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_order
    ADD CONSTRAINT production_order_company_id_order_number_key UNIQUE (company_id, order_number);


--
-- Name: production_order production_order_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_order
    ADD CONSTRAINT production_order_pkey PRIMARY KEY (id);


--
-- Name: purchase_order purchase_order_company_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order
    ADD CONSTRAINT purchase_order_company_id_id_key UNIQUE (company_id, id);


--
-- Name: purchase_order purchase_order_company_id_order_number_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order
    ADD CONSTRAINT purchase_order_company_id_order_number_key UNIQUE (company_id, order_number);


--
-- Name: purchase_order_line purchase_order_line_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order_line
    ADD CONSTRAINT purchase_order_line_pkey PRIMARY KEY (id);


--
-- Name: purchase_order_line purchase_order_line_purchase_order_id_item_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order_line
    ADD CONSTRAINT purchase_order_line_purchase_order_id_item_id_id_key UNIQUE (purchase_order_id, item_id, id);


--
-- Name: purchase_order_line purchase_order_line_purchase_order_id_line_no_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order_line
    ADD CONSTRAINT purchase_order_line_purchase_order_id_line_no_key UNIQUE (purchase_order_id, line_no);


--
-- Name: purchase_order purchase_order_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order
    ADD CONSTRAINT purchase_order_pkey PRIMARY KEY (id);


--
-- Name: routing routing_company_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.routing
    ADD CONSTRAINT routing_company_id_id_key UNIQUE (company_id, id);


--
-- Name: routing routing_company_id_item_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.routing
    ADD CONSTRAINT routing_company_id_item_id_id_key UNIQUE (company_id, item_id, id);


--
-- Name: routing routing_company_id_item_id_revision_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.routing
    ADD CONSTRAINT routing_company_id_item_id_revision_key UNIQUE (company_id, item_id, revision);


--
-- Name: routing_operation routing_operation_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.routing_operation
    ADD CONSTRAINT routing_operation_pkey PRIMARY KEY (id);


--
-- Name: routing_operation routing_operation_routing_id_operation_no_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.routing_operation
    ADD CONSTRAINT routing_operation_routing_id_operation_no_key UNIQUE (routing_id, operation_no);


--
-- Name: routing routing_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.routing
    ADD CONSTRAINT routing_pkey PRIMARY KEY (id);


--
-- Name: stock_balance stock_balance_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_balance
    ADD CONSTRAINT stock_balance_pkey PRIMARY KEY (id);


--
-- Name: stock_balance stock_balance_storage_bin_id_item_id_lot_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_balance
    ADD CONSTRAINT stock_balance_storage_bin_id_item_id_lot_id_key UNIQUE NULLS NOT DISTINCT (storage_bin_id, item_id, lot_id);


--
-- Name: stock_movement stock_movement_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_movement
    ADD CONSTRAINT stock_movement_pkey PRIMARY KEY (id);


--
-- Name: storage_bin storage_bin_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.storage_bin
    ADD CONSTRAINT storage_bin_pkey PRIMARY KEY (id);


--
-- Name: storage_bin storage_bin_warehouse_id_code_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.storage_bin
    ADD CONSTRAINT storage_bin_warehouse_id_code_key UNIQUE (warehouse_id, code);


--
-- Name: supplier supplier_company_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.supplier
    ADD CONSTRAINT supplier_company_id_id_key UNIQUE (company_id, id);


--
-- Name: supplier supplier_company_id_supplier_number_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.supplier
    ADD CONSTRAINT supplier_company_id_supplier_number_key UNIQUE (company_id, supplier_number);


--
-- Name: supplier_item supplier_item_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.supplier_item
    ADD CONSTRAINT supplier_item_pkey PRIMARY KEY (supplier_id, item_id);


--
-- Name: supplier supplier_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.supplier
    ADD CONSTRAINT supplier_pkey PRIMARY KEY (id);


--
-- Name: warehouse warehouse_company_id_code_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.warehouse
    ADD CONSTRAINT warehouse_company_id_code_key UNIQUE (company_id, code);


--
-- Name: warehouse warehouse_company_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.warehouse
    ADD CONSTRAINT warehouse_company_id_id_key UNIQUE (company_id, id);


--
-- Name: warehouse warehouse_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.warehouse
    ADD CONSTRAINT warehouse_pkey PRIMARY KEY (id);


--
-- Name: work_centre work_centre_company_id_code_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.work_centre
    ADD CONSTRAINT work_centre_company_id_code_key UNIQUE (company_id, code);


--
-- Name: work_centre work_centre_company_id_id_key; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.work_centre
    ADD CONSTRAINT work_centre_company_id_id_key UNIQUE (company_id, id);


--
-- Name: work_centre work_centre_pkey; Type: CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.work_centre
    ADD CONSTRAINT work_centre_pkey PRIMARY KEY (id);


--
-- Name: customer_address customer_address_customer_id_id_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer_address
    ADD CONSTRAINT customer_address_customer_id_id_key UNIQUE (customer_id, id);


--
-- Name: customer_address customer_address_pkey; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer_address
    ADD CONSTRAINT customer_address_pkey PRIMARY KEY (id);


--
-- Name: customer customer_company_id_customer_number_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer
    ADD CONSTRAINT customer_company_id_customer_number_key UNIQUE (company_id, customer_number);


--
-- Name: customer customer_company_id_id_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer
    ADD CONSTRAINT customer_company_id_id_key UNIQUE (company_id, id);


--
-- Name: customer_contact customer_contact_customer_id_id_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer_contact
    ADD CONSTRAINT customer_contact_customer_id_id_key UNIQUE (customer_id, id);


--
-- Name: customer_contact customer_contact_pkey; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer_contact
    ADD CONSTRAINT customer_contact_pkey PRIMARY KEY (id);


--
-- Name: customer customer_pkey; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer
    ADD CONSTRAINT customer_pkey PRIMARY KEY (id);


--
-- Name: delivery delivery_company_id_delivery_number_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery
    ADD CONSTRAINT delivery_company_id_delivery_number_key UNIQUE (company_id, delivery_number);


--
-- Name: delivery_line delivery_line_delivery_id_line_no_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery_line
    ADD CONSTRAINT delivery_line_delivery_id_line_no_key UNIQUE (delivery_id, line_no);


--
-- Name: delivery_line delivery_line_pkey; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery_line
    ADD CONSTRAINT delivery_line_pkey PRIMARY KEY (id);


--
-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (id);


--
-- Name: delivery delivery_sales_order_id_id_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery
    ADD CONSTRAINT delivery_sales_order_id_id_key UNIQUE (sales_order_id, id);


--
-- Name: price_list price_list_company_id_code_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.price_list
    ADD CONSTRAINT price_list_company_id_code_key UNIQUE (company_id, code);


--
-- Name: price_list price_list_company_id_id_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.price_list
    ADD CONSTRAINT price_list_company_id_id_key UNIQUE (company_id, id);


--
-- Name: price_list_item price_list_item_pkey; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.price_list_item
    ADD CONSTRAINT price_list_item_pkey PRIMARY KEY (id);


--
-- Name: price_list_item price_list_item_price_list_id_item_id_unit_code_minimum_qua_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.price_list_item
    ADD CONSTRAINT price_list_item_price_list_id_item_id_unit_code_minimum_qua_key UNIQUE (price_list_id, item_id, unit_code, minimum_quantity);


--
-- Name: price_list price_list_pkey; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.price_list
    ADD CONSTRAINT price_list_pkey PRIMARY KEY (id);


--
-- Name: quotation quotation_company_id_id_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation
    ADD CONSTRAINT quotation_company_id_id_key UNIQUE (company_id, id);


--
-- Name: quotation quotation_company_id_quotation_number_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation
    ADD CONSTRAINT quotation_company_id_quotation_number_key UNIQUE (company_id, quotation_number);


--
-- Name: quotation_line quotation_line_pkey; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation_line
    ADD CONSTRAINT quotation_line_pkey PRIMARY KEY (id);


--
-- Name: quotation_line quotation_line_quotation_id_line_no_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation_line
    ADD CONSTRAINT quotation_line_quotation_id_line_no_key UNIQUE (quotation_id, line_no);


--
-- Name: quotation quotation_pkey; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation
    ADD CONSTRAINT quotation_pkey PRIMARY KEY (id);


--
-- Name: sales_order sales_order_company_id_id_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_company_id_id_key UNIQUE (company_id, id);


--
-- Name: sales_order sales_order_company_id_order_number_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_company_id_order_number_key UNIQUE (company_id, order_number);


--
-- Name: sales_order sales_order_company_id_quotation_id_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_company_id_quotation_id_key UNIQUE (company_id, quotation_id);


--
-- Name: sales_order_line sales_order_line_pkey; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order_line
    ADD CONSTRAINT sales_order_line_pkey PRIMARY KEY (id);


--
-- Name: sales_order_line sales_order_line_sales_order_id_item_id_id_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order_line
    ADD CONSTRAINT sales_order_line_sales_order_id_item_id_id_key UNIQUE (sales_order_id, item_id, id);


--
-- Name: sales_order_line sales_order_line_sales_order_id_line_no_key; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order_line
    ADD CONSTRAINT sales_order_line_sales_order_id_line_no_key UNIQUE (sales_order_id, line_no);


--
-- Name: sales_order sales_order_pkey; Type: CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_pkey PRIMARY KEY (id);


--
-- Name: app_user_email_key; Type: INDEX; Schema: core; Owner: -
--

CREATE UNIQUE INDEX app_user_email_key ON core.app_user USING btree (lower((email)::text));


--
-- Name: approval_request_journal_entry_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX approval_request_journal_entry_id_idx ON core.approval_request USING btree (journal_entry_id) WHERE (journal_entry_id IS NOT NULL);


--
-- Name: approval_request_journal_entry_key; Type: INDEX; Schema: core; Owner: -
--

CREATE UNIQUE INDEX approval_request_journal_entry_key ON core.approval_request USING btree (journal_entry_id) WHERE (status = 'pending'::core.approval_status);


--
-- Name: approval_request_leave_request_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX approval_request_leave_request_id_idx ON core.approval_request USING btree (leave_request_id) WHERE (leave_request_id IS NOT NULL);


--
-- Name: approval_request_leave_request_key; Type: INDEX; Schema: core; Owner: -
--

CREATE UNIQUE INDEX approval_request_leave_request_key ON core.approval_request USING btree (leave_request_id) WHERE (status = 'pending'::core.approval_status);


--
-- Name: approval_request_pending_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX approval_request_pending_idx ON core.approval_request USING btree (workflow_id, current_step_no) WHERE (status = 'pending'::core.approval_status);


--
-- Name: approval_request_purchase_order_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX approval_request_purchase_order_id_idx ON core.approval_request USING btree (purchase_order_id) WHERE (purchase_order_id IS NOT NULL);


--
-- Name: approval_request_purchase_order_key; Type: INDEX; Schema: core; Owner: -
--

CREATE UNIQUE INDEX approval_request_purchase_order_key ON core.approval_request USING btree (purchase_order_id) WHERE (status = 'pending'::core.approval_status);


--
-- Name: approval_request_requested_at_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX approval_request_requested_at_idx ON core.approval_request USING btree (requested_at DESC);


--
-- Name: audit_event_occurred_at_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX audit_event_occurred_at_idx ON core.audit_event USING brin (occurred_at);


--
-- Name: audit_event_row_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX audit_event_row_idx ON core.audit_event USING btree (table_name, row_key, id DESC);


--
-- Name: audit_event_user_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX audit_event_user_id_idx ON core.audit_event USING btree (user_id, occurred_at DESC);


--
-- Name: company_vat_number_key; Type: INDEX; Schema: core; Owner: -
--

CREATE UNIQUE INDEX company_vat_number_key ON core.company USING btree (vat_number) WHERE (vat_number IS NOT NULL);


--
-- Name: document_company_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX document_company_id_idx ON core.document USING btree (company_id, created_at DESC) WHERE (deleted_at IS NULL);


--
-- Name: document_link_customer_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX document_link_customer_id_idx ON core.document_link USING btree (customer_id) WHERE (customer_id IS NOT NULL);


--
-- Name: document_link_equipment_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX document_link_equipment_id_idx ON core.document_link USING btree (equipment_id) WHERE (equipment_id IS NOT NULL);


--
-- Name: document_link_item_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX document_link_item_id_idx ON core.document_link USING btree (item_id) WHERE (item_id IS NOT NULL);


--
-- Name: document_link_production_order_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX document_link_production_order_id_idx ON core.document_link USING btree (production_order_id) WHERE (production_order_id IS NOT NULL);


--
-- Name: document_link_project_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX document_link_project_id_idx ON core.document_link USING btree (project_id) WHERE (project_id IS NOT NULL);


--
-- Name: document_link_purchase_order_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX document_link_purchase_order_id_idx ON core.document_link USING btree (purchase_order_id) WHERE (purchase_order_id IS NOT NULL);


--
-- Name: document_link_sales_order_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX document_link_sales_order_id_idx ON core.document_link USING btree (sales_order_id) WHERE (sales_order_id IS NOT NULL);


--
-- Name: document_link_supplier_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX document_link_supplier_id_idx ON core.document_link USING btree (supplier_id) WHERE (supplier_id IS NOT NULL);


--
-- Name: employee_department_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX employee_department_id_idx ON core.employee USING btree (company_id, department_id);


--
-- Name: employee_manager_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX employee_manager_id_idx ON core.employee USING btree (manager_id);


--
-- Name: employee_site_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX employee_site_id_idx ON core.employee USING btree (company_id, site_id);


--
-- Name: idempotency_key_expires_at_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX idempotency_key_expires_at_idx ON core.idempotency_key USING btree (expires_at);


--
-- Name: item_category_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX item_category_id_idx ON core.item USING btree (category_id);


--
-- Name: item_category_parent_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX item_category_parent_id_idx ON core.item_category USING btree (parent_id);


--
-- Name: item_gtin_key; Type: INDEX; Schema: core; Owner: -
--

CREATE UNIQUE INDEX item_gtin_key ON core.item USING btree (gtin) WHERE (gtin IS NOT NULL);


--
-- Name: item_search_vector_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX item_search_vector_idx ON core.item USING gin (search_vector);


--
-- Name: leave_request_employee_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX leave_request_employee_id_idx ON core.leave_request USING btree (employee_id, starts_on);


--
-- Name: leave_request_pending_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX leave_request_pending_idx ON core.leave_request USING btree (starts_on) WHERE (status = 'pending'::core.leave_status);


--
-- Name: project_customer_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX project_customer_id_idx ON core.project USING btree (company_id, customer_id);


--
-- Name: project_manager_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX project_manager_id_idx ON core.project USING btree (company_id, manager_id);


--
-- Name: role_permission_permission_code_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX role_permission_permission_code_idx ON core.role_permission USING btree (permission_code);


--
-- Name: timesheet_entry_employee_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX timesheet_entry_employee_id_idx ON core.timesheet_entry USING btree (employee_id, work_date);


--
-- Name: timesheet_entry_project_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX timesheet_entry_project_id_idx ON core.timesheet_entry USING btree (project_id, task_id);


--
-- Name: user_role_company_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX user_role_company_id_idx ON core.user_role USING btree (company_id);


--
-- Name: user_role_role_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX user_role_role_id_idx ON core.user_role USING btree (role_id);


--
-- Name: workflow_active_threshold_key; Type: INDEX; Schema: core; Owner: -
--

CREATE UNIQUE INDEX workflow_active_threshold_key ON core.workflow USING btree (company_id, subject, minimum_amount) WHERE is_active;


--
-- Name: workflow_step_role_id_idx; Type: INDEX; Schema: core; Owner: -
--

CREATE INDEX workflow_step_role_id_idx ON core.workflow_step USING btree (role_id);


--
-- Name: account_parent_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX account_parent_id_idx ON fin.account USING btree (company_id, parent_id);


--
-- Name: cost_centre_department_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX cost_centre_department_id_idx ON fin.cost_centre USING btree (company_id, department_id);


--
-- Name: depreciation_entry_fiscal_period_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX depreciation_entry_fiscal_period_id_idx ON fin.depreciation_entry USING btree (company_id, fiscal_period_id);


--
-- Name: depreciation_entry_journal_entry_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX depreciation_entry_journal_entry_id_idx ON fin.depreciation_entry USING btree (company_id, journal_entry_id) WHERE (journal_entry_id IS NOT NULL);


--
-- Name: fixed_asset_asset_account_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX fixed_asset_asset_account_id_idx ON fin.fixed_asset USING btree (company_id, asset_account_id);


--
-- Name: fixed_asset_cost_centre_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX fixed_asset_cost_centre_id_idx ON fin.fixed_asset USING btree (company_id, cost_centre_id);


--
-- Name: fixed_asset_depreciation_account_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX fixed_asset_depreciation_account_id_idx ON fin.fixed_asset USING btree (company_id, depreciation_account_id);


--
-- Name: journal_entry_entry_date_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX journal_entry_entry_date_idx ON fin.journal_entry USING btree (company_id, entry_date DESC, id DESC);


--
-- Name: journal_entry_fiscal_period_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX journal_entry_fiscal_period_id_idx ON fin.journal_entry USING btree (company_id, fiscal_period_id);


--
-- Name: journal_entry_journal_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX journal_entry_journal_id_idx ON fin.journal_entry USING btree (company_id, journal_id);


--
-- Name: journal_entry_line_account_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX journal_entry_line_account_id_idx ON fin.journal_entry_line USING btree (company_id, account_id);


--
-- Name: journal_entry_line_cost_centre_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX journal_entry_line_cost_centre_id_idx ON fin.journal_entry_line USING btree (company_id, cost_centre_id) WHERE (cost_centre_id IS NOT NULL);


--
-- Name: payment_allocation_purchase_invoice_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX payment_allocation_purchase_invoice_id_idx ON fin.payment_allocation USING btree (company_id, purchase_invoice_id) WHERE (purchase_invoice_id IS NOT NULL);


--
-- Name: payment_allocation_sales_invoice_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX payment_allocation_sales_invoice_id_idx ON fin.payment_allocation USING btree (company_id, sales_invoice_id) WHERE (sales_invoice_id IS NOT NULL);


--
-- Name: payment_bank_account_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX payment_bank_account_id_idx ON fin.payment USING btree (company_id, bank_account_id);


--
-- Name: payment_customer_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX payment_customer_id_idx ON fin.payment USING btree (company_id, customer_id) WHERE (customer_id IS NOT NULL);


--
-- Name: payment_journal_entry_key; Type: INDEX; Schema: fin; Owner: -
--

CREATE UNIQUE INDEX payment_journal_entry_key ON fin.payment USING btree (company_id, journal_entry_id) WHERE (journal_entry_id IS NOT NULL);


--
-- Name: payment_payment_date_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX payment_payment_date_idx ON fin.payment USING btree (company_id, payment_date DESC, id DESC);


--
-- Name: payment_supplier_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX payment_supplier_id_idx ON fin.payment USING btree (company_id, supplier_id) WHERE (supplier_id IS NOT NULL);


--
-- Name: purchase_invoice_invoice_date_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX purchase_invoice_invoice_date_idx ON fin.purchase_invoice USING btree (company_id, invoice_date DESC, id DESC);


--
-- Name: purchase_invoice_journal_entry_key; Type: INDEX; Schema: fin; Owner: -
--

CREATE UNIQUE INDEX purchase_invoice_journal_entry_key ON fin.purchase_invoice USING btree (company_id, journal_entry_id) WHERE (journal_entry_id IS NOT NULL);


--
-- Name: purchase_invoice_line_item_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX purchase_invoice_line_item_id_idx ON fin.purchase_invoice_line USING btree (item_id);


--
-- Name: purchase_invoice_line_purchase_order_line_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX purchase_invoice_line_purchase_order_line_id_idx ON fin.purchase_invoice_line USING btree (purchase_order_line_id) WHERE (purchase_order_line_id IS NOT NULL);


--
-- Name: purchase_invoice_open_due_date_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX purchase_invoice_open_due_date_idx ON fin.purchase_invoice USING btree (company_id, due_date) WHERE ((status = 'posted'::fin.invoice_status) AND ((open_amount)::numeric > (0)::numeric));


--
-- Name: purchase_invoice_purchase_order_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX purchase_invoice_purchase_order_id_idx ON fin.purchase_invoice USING btree (company_id, purchase_order_id) WHERE (purchase_order_id IS NOT NULL);


--
-- Name: purchase_invoice_supplier_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX purchase_invoice_supplier_id_idx ON fin.purchase_invoice USING btree (company_id, supplier_id, invoice_date DESC);


--
-- Name: purchase_invoice_supplier_number_key; Type: INDEX; Schema: fin; Owner: -
--

CREATE UNIQUE INDEX purchase_invoice_supplier_number_key ON fin.purchase_invoice USING btree (supplier_id, upper((supplier_invoice_number)::text)) WHERE (status <> 'cancelled'::fin.invoice_status);


--
-- Name: sales_invoice_credited_invoice_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX sales_invoice_credited_invoice_id_idx ON fin.sales_invoice USING btree (company_id, credited_invoice_id) WHERE (credited_invoice_id IS NOT NULL);


--
-- Name: sales_invoice_customer_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX sales_invoice_customer_id_idx ON fin.sales_invoice USING btree (company_id, customer_id, invoice_date DESC);


--
-- Name: sales_invoice_invoice_date_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX sales_invoice_invoice_date_idx ON fin.sales_invoice USING btree (company_id, invoice_date DESC, id DESC);


--
-- Name: sales_invoice_journal_entry_key; Type: INDEX; Schema: fin; Owner: -
--

CREATE UNIQUE INDEX sales_invoice_journal_entry_key ON fin.sales_invoice USING btree (company_id, journal_entry_id) WHERE (journal_entry_id IS NOT NULL);


--
-- Name: sales_invoice_line_item_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX sales_invoice_line_item_id_idx ON fin.sales_invoice_line USING btree (item_id);


--
-- Name: sales_invoice_line_sales_order_line_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX sales_invoice_line_sales_order_line_id_idx ON fin.sales_invoice_line USING btree (sales_order_line_id) WHERE (sales_order_line_id IS NOT NULL);


--
-- Name: sales_invoice_open_due_date_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX sales_invoice_open_due_date_idx ON fin.sales_invoice USING btree (company_id, due_date) WHERE ((status = 'posted'::fin.invoice_status) AND ((open_amount)::numeric > (0)::numeric));


--
-- Name: sales_invoice_sales_order_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX sales_invoice_sales_order_id_idx ON fin.sales_invoice USING btree (company_id, sales_order_id) WHERE (sales_order_id IS NOT NULL);


--
-- Name: tax_code_account_id_idx; Type: INDEX; Schema: fin; Owner: -
--

CREATE INDEX tax_code_account_id_idx ON fin.tax_code USING btree (company_id, account_id);


--
-- Name: bill_of_material_active_key; Type: INDEX; Schema: ops; Owner: -
--

CREATE UNIQUE INDEX bill_of_material_active_key ON ops.bill_of_material USING btree (item_id) WHERE (status = 'active'::ops.master_status);


--
-- Name: bill_of_material_line_component_item_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX bill_of_material_line_component_item_id_idx ON ops.bill_of_material_line USING btree (component_item_id);


--
-- Name: equipment_fixed_asset_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX equipment_fixed_asset_id_idx ON ops.equipment USING btree (company_id, fixed_asset_id) WHERE (fixed_asset_id IS NOT NULL);


--
-- Name: equipment_site_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX equipment_site_id_idx ON ops.equipment USING btree (company_id, site_id);


--
-- Name: equipment_work_centre_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX equipment_work_centre_id_idx ON ops.equipment USING btree (company_id, work_centre_id);


--
-- Name: goods_receipt_line_lot_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX goods_receipt_line_lot_id_idx ON ops.goods_receipt_line USING btree (item_id, lot_id) WHERE (lot_id IS NOT NULL);


--
-- Name: goods_receipt_line_purchase_order_line_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX goods_receipt_line_purchase_order_line_id_idx ON ops.goods_receipt_line USING btree (purchase_order_id, item_id, purchase_order_line_id);


--
-- Name: goods_receipt_line_storage_bin_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX goods_receipt_line_storage_bin_id_idx ON ops.goods_receipt_line USING btree (storage_bin_id);


--
-- Name: goods_receipt_purchase_order_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX goods_receipt_purchase_order_id_idx ON ops.goods_receipt USING btree (company_id, purchase_order_id);


--
-- Name: goods_receipt_warehouse_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX goods_receipt_warehouse_id_idx ON ops.goods_receipt USING btree (company_id, warehouse_id, received_on DESC);


--
-- Name: inspection_goods_receipt_line_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX inspection_goods_receipt_line_id_idx ON ops.inspection USING btree (goods_receipt_line_id) WHERE (goods_receipt_line_id IS NOT NULL);


--
-- Name: inspection_inspection_plan_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX inspection_inspection_plan_id_idx ON ops.inspection USING btree (item_id, inspection_plan_id);


--
-- Name: inspection_lot_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX inspection_lot_id_idx ON ops.inspection USING btree (item_id, lot_id) WHERE (lot_id IS NOT NULL);


--
-- Name: inspection_plan_active_key; Type: INDEX; Schema: ops; Owner: -
--

CREATE UNIQUE INDEX inspection_plan_active_key ON ops.inspection_plan USING btree (item_id, stage) WHERE (status = 'active'::ops.master_status);


--
-- Name: inspection_production_order_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX inspection_production_order_id_idx ON ops.inspection USING btree (company_id, production_order_id) WHERE (production_order_id IS NOT NULL);


--
-- Name: inspection_result_characteristic_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX inspection_result_characteristic_id_idx ON ops.inspection_result USING btree (inspection_plan_id, characteristic_id);


--
-- Name: inspection_status_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX inspection_status_idx ON ops.inspection USING btree (company_id, status, created_at DESC);


--
-- Name: item_site_default_bin_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX item_site_default_bin_id_idx ON ops.item_site USING btree (default_bin_id);


--
-- Name: item_site_site_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX item_site_site_id_idx ON ops.item_site USING btree (site_id);


--
-- Name: lot_expiry_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX lot_expiry_idx ON ops.lot USING btree (expires_on) WHERE ((expires_on IS NOT NULL) AND (status <> 'blocked'::ops.lot_status));


--
-- Name: lot_lot_number_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX lot_lot_number_idx ON ops.lot USING btree (lot_number);


--
-- Name: lot_supplier_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX lot_supplier_id_idx ON ops.lot USING btree (supplier_id) WHERE (supplier_id IS NOT NULL);


--
-- Name: maintenance_order_assigned_to_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX maintenance_order_assigned_to_idx ON ops.maintenance_order USING btree (company_id, assigned_to) WHERE (status = ANY (ARRAY['open'::ops.maintenance_status, 'in_progress'::ops.maintenance_status]));


--
-- Name: maintenance_order_equipment_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX maintenance_order_equipment_id_idx ON ops.maintenance_order USING btree (company_id, equipment_id);


--
-- Name: maintenance_order_maintenance_plan_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX maintenance_order_maintenance_plan_id_idx ON ops.maintenance_order USING btree (equipment_id, maintenance_plan_id);


--
-- Name: maintenance_order_open_plan_key; Type: INDEX; Schema: ops; Owner: -
--

CREATE UNIQUE INDEX maintenance_order_open_plan_key ON ops.maintenance_order USING btree (maintenance_plan_id) WHERE (status = ANY (ARRAY['open'::ops.maintenance_status, 'in_progress'::ops.maintenance_status]));


--
-- Name: maintenance_order_status_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX maintenance_order_status_idx ON ops.maintenance_order USING btree (company_id, status, scheduled_on);


--
-- Name: maintenance_plan_next_due_on_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX maintenance_plan_next_due_on_idx ON ops.maintenance_plan USING btree (next_due_on) WHERE is_active;


--
-- Name: nonconformity_inspection_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX nonconformity_inspection_id_idx ON ops.nonconformity USING btree (company_id, inspection_id) WHERE (inspection_id IS NOT NULL);


--
-- Name: nonconformity_lot_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX nonconformity_lot_id_idx ON ops.nonconformity USING btree (item_id, lot_id);


--
-- Name: nonconformity_status_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX nonconformity_status_idx ON ops.nonconformity USING btree (company_id, status, created_at DESC);


--
-- Name: production_booking_employee_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX production_booking_employee_id_idx ON ops.production_booking USING btree (employee_id, started_at DESC);


--
-- Name: production_booking_production_operation_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX production_booking_production_operation_id_idx ON ops.production_booking USING btree (production_order_id, production_operation_id);


--
-- Name: production_component_item_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX production_component_item_id_idx ON ops.production_component USING btree (item_id);


--
-- Name: production_operation_work_centre_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX production_operation_work_centre_id_idx ON ops.production_operation USING btree (company_id, work_centre_id, status);


--
-- Name: production_order_bill_of_material_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX production_order_bill_of_material_id_idx ON ops.production_order USING btree (item_id, bill_of_material_id);


--
-- Name: production_order_lot_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX production_order_lot_id_idx ON ops.production_order USING btree (item_id, lot_id) WHERE (lot_id IS NOT NULL);


--
-- Name: production_order_routing_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX production_order_routing_id_idx ON ops.production_order USING btree (company_id, item_id, routing_id);


--
-- Name: production_order_sales_order_line_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX production_order_sales_order_line_id_idx ON ops.production_order USING btree (sales_order_line_id) WHERE (sales_order_line_id IS NOT NULL);


--
-- Name: production_order_site_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX production_order_site_id_idx ON ops.production_order USING btree (company_id, site_id, planned_start_date);


--
-- Name: production_order_status_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX production_order_status_idx ON ops.production_order USING btree (company_id, status, planned_start_date);


--
-- Name: purchase_order_line_item_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX purchase_order_line_item_id_idx ON ops.purchase_order_line USING btree (item_id);


--
-- Name: purchase_order_line_open_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX purchase_order_line_open_idx ON ops.purchase_order_line USING btree (item_id) INCLUDE (quantity, received_quantity) WHERE ((received_quantity)::numeric < (quantity)::numeric);


--
-- Name: purchase_order_order_date_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX purchase_order_order_date_idx ON ops.purchase_order USING btree (company_id, order_date DESC, id DESC);


--
-- Name: purchase_order_project_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX purchase_order_project_id_idx ON ops.purchase_order USING btree (company_id, project_id) WHERE (project_id IS NOT NULL);


--
-- Name: purchase_order_site_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX purchase_order_site_id_idx ON ops.purchase_order USING btree (company_id, site_id);


--
-- Name: purchase_order_supplier_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX purchase_order_supplier_id_idx ON ops.purchase_order USING btree (company_id, supplier_id, order_date DESC);


--
-- Name: routing_active_key; Type: INDEX; Schema: ops; Owner: -
--

CREATE UNIQUE INDEX routing_active_key ON ops.routing USING btree (company_id, item_id) WHERE (status = 'active'::ops.master_status);


--
-- Name: routing_item_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX routing_item_id_idx ON ops.routing USING btree (item_id);


--
-- Name: routing_operation_work_centre_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX routing_operation_work_centre_id_idx ON ops.routing_operation USING btree (company_id, work_centre_id);


--
-- Name: stock_balance_item_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX stock_balance_item_id_idx ON ops.stock_balance USING btree (item_id, lot_id);


--
-- Name: stock_movement_delivery_line_key; Type: INDEX; Schema: ops; Owner: -
--

CREATE UNIQUE INDEX stock_movement_delivery_line_key ON ops.stock_movement USING btree (delivery_line_id) WHERE (delivery_line_id IS NOT NULL);


--
-- Name: stock_movement_from_bin_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX stock_movement_from_bin_id_idx ON ops.stock_movement USING btree (from_bin_id) WHERE (from_bin_id IS NOT NULL);


--
-- Name: stock_movement_goods_receipt_line_key; Type: INDEX; Schema: ops; Owner: -
--

CREATE UNIQUE INDEX stock_movement_goods_receipt_line_key ON ops.stock_movement USING btree (goods_receipt_line_id) WHERE (goods_receipt_line_id IS NOT NULL);


--
-- Name: stock_movement_item_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX stock_movement_item_id_idx ON ops.stock_movement USING btree (item_id, lot_id, occurred_at DESC);


--
-- Name: stock_movement_occurred_at_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX stock_movement_occurred_at_idx ON ops.stock_movement USING btree (company_id, occurred_at DESC, id DESC);


--
-- Name: stock_movement_production_order_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX stock_movement_production_order_id_idx ON ops.stock_movement USING btree (company_id, production_order_id) WHERE (production_order_id IS NOT NULL);


--
-- Name: stock_movement_to_bin_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX stock_movement_to_bin_id_idx ON ops.stock_movement USING btree (to_bin_id) WHERE (to_bin_id IS NOT NULL);


--
-- Name: supplier_item_item_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX supplier_item_item_id_idx ON ops.supplier_item USING btree (item_id);


--
-- Name: supplier_name_trgm_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX supplier_name_trgm_idx ON ops.supplier USING gin (lower((name)::text) public.gin_trgm_ops);


--
-- Name: supplier_vat_number_key; Type: INDEX; Schema: ops; Owner: -
--

CREATE UNIQUE INDEX supplier_vat_number_key ON ops.supplier USING btree (company_id, vat_number) WHERE (vat_number IS NOT NULL);


--
-- Name: warehouse_site_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX warehouse_site_id_idx ON ops.warehouse USING btree (company_id, site_id);


--
-- Name: work_centre_cost_centre_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX work_centre_cost_centre_id_idx ON ops.work_centre USING btree (company_id, cost_centre_id);


--
-- Name: work_centre_site_id_idx; Type: INDEX; Schema: ops; Owner: -
--

CREATE INDEX work_centre_site_id_idx ON ops.work_centre USING btree (company_id, site_id);


--
-- Name: customer_address_default_key; Type: INDEX; Schema: sales; Owner: -
--

CREATE UNIQUE INDEX customer_address_default_key ON sales.customer_address USING btree (customer_id, kind) WHERE (is_default AND is_active);


--
-- Name: customer_name_trgm_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX customer_name_trgm_idx ON sales.customer USING gin (lower((name)::text) public.gin_trgm_ops);


--
-- Name: customer_price_list_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX customer_price_list_id_idx ON sales.customer USING btree (company_id, price_list_id);


--
-- Name: customer_vat_number_key; Type: INDEX; Schema: sales; Owner: -
--

CREATE UNIQUE INDEX customer_vat_number_key ON sales.customer USING btree (company_id, vat_number) WHERE (vat_number IS NOT NULL);


--
-- Name: delivery_due_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX delivery_due_idx ON sales.delivery USING btree (planned_ship_date) WHERE (status = ANY (ARRAY['planned'::sales.delivery_status, 'picked'::sales.delivery_status]));


--
-- Name: delivery_line_lot_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX delivery_line_lot_id_idx ON sales.delivery_line USING btree (item_id, lot_id) WHERE (lot_id IS NOT NULL);


--
-- Name: delivery_line_sales_order_line_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX delivery_line_sales_order_line_id_idx ON sales.delivery_line USING btree (sales_order_id, item_id, sales_order_line_id);


--
-- Name: delivery_line_storage_bin_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX delivery_line_storage_bin_id_idx ON sales.delivery_line USING btree (storage_bin_id);


--
-- Name: delivery_sales_order_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX delivery_sales_order_id_idx ON sales.delivery USING btree (company_id, sales_order_id);


--
-- Name: delivery_warehouse_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX delivery_warehouse_id_idx ON sales.delivery USING btree (company_id, warehouse_id, planned_ship_date);


--
-- Name: price_list_default_key; Type: INDEX; Schema: sales; Owner: -
--

CREATE UNIQUE INDEX price_list_default_key ON sales.price_list USING btree (company_id, currency_code) WHERE (is_default AND is_active);


--
-- Name: price_list_item_item_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX price_list_item_item_id_idx ON sales.price_list_item USING btree (item_id);


--
-- Name: quotation_contact_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX quotation_contact_id_idx ON sales.quotation USING btree (customer_id, contact_id) WHERE (contact_id IS NOT NULL);


--
-- Name: quotation_customer_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX quotation_customer_id_idx ON sales.quotation USING btree (company_id, customer_id);


--
-- Name: quotation_expiry_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX quotation_expiry_idx ON sales.quotation USING btree (valid_until) WHERE (status = 'sent'::sales.quotation_status);


--
-- Name: quotation_line_item_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX quotation_line_item_id_idx ON sales.quotation_line USING btree (item_id);


--
-- Name: quotation_quotation_date_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX quotation_quotation_date_idx ON sales.quotation USING btree (company_id, quotation_date DESC, id DESC);


--
-- Name: sales_order_billing_address_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX sales_order_billing_address_id_idx ON sales.sales_order USING btree (customer_id, billing_address_id);


--
-- Name: sales_order_customer_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX sales_order_customer_id_idx ON sales.sales_order USING btree (company_id, customer_id, order_date DESC);


--
-- Name: sales_order_line_item_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX sales_order_line_item_id_idx ON sales.sales_order_line USING btree (item_id);


--
-- Name: sales_order_line_open_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX sales_order_line_open_idx ON sales.sales_order_line USING btree (item_id) INCLUDE (quantity, delivered_quantity) WHERE ((delivered_quantity)::numeric < (quantity)::numeric);


--
-- Name: sales_order_open_promised_date_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX sales_order_open_promised_date_idx ON sales.sales_order USING btree (promised_date) WHERE (status = ANY (ARRAY['confirmed'::sales.order_status, 'partially_delivered'::sales.order_status]));


--
-- Name: sales_order_order_date_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX sales_order_order_date_idx ON sales.sales_order USING btree (company_id, order_date DESC, id DESC);


--
-- Name: sales_order_shipping_address_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX sales_order_shipping_address_id_idx ON sales.sales_order USING btree (customer_id, shipping_address_id);


--
-- Name: sales_order_site_id_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX sales_order_site_id_idx ON sales.sales_order USING btree (company_id, site_id);


--
-- Name: sales_order_status_idx; Type: INDEX; Schema: sales; Owner: -
--

CREATE INDEX sales_order_status_idx ON sales.sales_order USING btree (company_id, status, order_date DESC);


--
-- Name: app_user app_user_audit; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER app_user_audit AFTER INSERT OR DELETE OR UPDATE ON core.app_user FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: app_user app_user_touch; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER app_user_touch BEFORE UPDATE ON core.app_user FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: audit_event audit_event_append_only; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER audit_event_append_only BEFORE DELETE OR UPDATE ON core.audit_event FOR EACH ROW EXECUTE FUNCTION core.forbid_change();


--
-- Name: company company_touch; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER company_touch BEFORE UPDATE ON core.company FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: employee employee_touch; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER employee_touch BEFORE UPDATE ON core.employee FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: item item_touch; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER item_touch BEFORE UPDATE ON core.item FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: leave_request leave_request_touch; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER leave_request_touch BEFORE UPDATE ON core.leave_request FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: project_task project_task_touch; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER project_task_touch BEFORE UPDATE ON core.project_task FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: project project_touch; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER project_touch BEFORE UPDATE ON core.project FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: role role_audit; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER role_audit AFTER INSERT OR DELETE OR UPDATE ON core.role FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: role_permission role_permission_audit; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER role_permission_audit AFTER INSERT OR DELETE OR UPDATE ON core.role_permission FOR EACH ROW EXECUTE FUNCTION core.record_audit('role_id', 'permission_code');


--
-- Name: role role_touch; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER role_touch BEFORE UPDATE ON core.role FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: site site_touch; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER site_touch BEFORE UPDATE ON core.site FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: timesheet_entry timesheet_entry_touch; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER timesheet_entry_touch BEFORE UPDATE ON core.timesheet_entry FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: user_role user_role_audit; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER user_role_audit AFTER INSERT OR DELETE OR UPDATE ON core.user_role FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: workflow workflow_touch; Type: TRIGGER; Schema: core; Owner: -
--

CREATE TRIGGER workflow_touch BEFORE UPDATE ON core.workflow FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: account account_audit; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER account_audit AFTER INSERT OR DELETE OR UPDATE ON fin.account FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: account account_touch; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER account_touch BEFORE UPDATE ON fin.account FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: bank_account bank_account_audit; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER bank_account_audit AFTER INSERT OR DELETE OR UPDATE ON fin.bank_account FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: fiscal_period fiscal_period_audit; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER fiscal_period_audit AFTER INSERT OR DELETE OR UPDATE ON fin.fiscal_period FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: fixed_asset fixed_asset_touch; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER fixed_asset_touch BEFORE UPDATE ON fin.fixed_asset FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: journal_entry journal_entry_guard; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER journal_entry_guard BEFORE INSERT OR DELETE OR UPDATE ON fin.journal_entry FOR EACH ROW EXECUTE FUNCTION fin.guard_journal_entry();


--
-- Name: journal_entry_line journal_entry_line_guard; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER journal_entry_line_guard BEFORE INSERT OR DELETE OR UPDATE ON fin.journal_entry_line FOR EACH ROW EXECUTE FUNCTION fin.guard_journal_entry_line();


--
-- Name: journal_entry journal_entry_touch; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER journal_entry_touch BEFORE UPDATE ON fin.journal_entry FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: payment_allocation payment_allocation_apply; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER payment_allocation_apply AFTER INSERT OR DELETE ON fin.payment_allocation FOR EACH ROW EXECUTE FUNCTION fin.apply_payment_allocation();


--
-- Name: payment_allocation payment_allocation_no_update; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER payment_allocation_no_update BEFORE UPDATE ON fin.payment_allocation FOR EACH ROW EXECUTE FUNCTION core.forbid_change();


--
-- Name: payment payment_audit; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER payment_audit AFTER INSERT OR DELETE OR UPDATE ON fin.payment FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: payment payment_touch; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER payment_touch BEFORE UPDATE ON fin.payment FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: purchase_invoice purchase_invoice_guard; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER purchase_invoice_guard BEFORE DELETE OR UPDATE ON fin.purchase_invoice FOR EACH ROW EXECUTE FUNCTION fin.guard_invoice();


--
-- Name: purchase_invoice_line purchase_invoice_line_guard; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER purchase_invoice_line_guard BEFORE INSERT OR DELETE OR UPDATE ON fin.purchase_invoice_line FOR EACH ROW EXECUTE FUNCTION fin.guard_purchase_invoice_line();


--
-- Name: purchase_invoice_line purchase_invoice_line_totals; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER purchase_invoice_line_totals AFTER INSERT OR DELETE OR UPDATE ON fin.purchase_invoice_line FOR EACH ROW EXECUTE FUNCTION core.refresh_document_totals('fin.purchase_invoice', 'purchase_invoice_id');


--
-- Name: purchase_invoice purchase_invoice_touch; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER purchase_invoice_touch BEFORE UPDATE ON fin.purchase_invoice FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: sales_invoice sales_invoice_guard; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER sales_invoice_guard BEFORE DELETE OR UPDATE ON fin.sales_invoice FOR EACH ROW EXECUTE FUNCTION fin.guard_invoice();


--
-- Name: sales_invoice_line sales_invoice_line_guard; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER sales_invoice_line_guard BEFORE INSERT OR DELETE OR UPDATE ON fin.sales_invoice_line FOR EACH ROW EXECUTE FUNCTION fin.guard_sales_invoice_line();


--
-- Name: sales_invoice_line sales_invoice_line_totals; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER sales_invoice_line_totals AFTER INSERT OR DELETE OR UPDATE ON fin.sales_invoice_line FOR EACH ROW EXECUTE FUNCTION core.refresh_document_totals('fin.sales_invoice', 'sales_invoice_id');


--
-- Name: sales_invoice sales_invoice_touch; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER sales_invoice_touch BEFORE UPDATE ON fin.sales_invoice FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: tax_rate tax_rate_audit; Type: TRIGGER; Schema: fin; Owner: -
--

CREATE TRIGGER tax_rate_audit AFTER INSERT OR DELETE OR UPDATE ON fin.tax_rate FOR EACH ROW EXECUTE FUNCTION core.record_audit('tax_code_id', 'valid_from');


--
-- Name: bill_of_material bill_of_material_audit; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER bill_of_material_audit AFTER INSERT OR DELETE OR UPDATE ON ops.bill_of_material FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: bill_of_material_line bill_of_material_line_audit; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER bill_of_material_line_audit AFTER INSERT OR DELETE OR UPDATE ON ops.bill_of_material_line FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: bill_of_material_line bill_of_material_line_no_cycle; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER bill_of_material_line_no_cycle BEFORE INSERT OR UPDATE OF component_item_id, bill_of_material_id ON ops.bill_of_material_line FOR EACH ROW EXECUTE FUNCTION ops.forbid_bom_cycle();


--
-- Name: bill_of_material bill_of_material_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER bill_of_material_touch BEFORE UPDATE ON ops.bill_of_material FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: equipment equipment_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER equipment_touch BEFORE UPDATE ON ops.equipment FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: goods_receipt goods_receipt_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER goods_receipt_touch BEFORE UPDATE ON ops.goods_receipt FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: inspection_plan inspection_plan_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER inspection_plan_touch BEFORE UPDATE ON ops.inspection_plan FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: inspection inspection_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER inspection_touch BEFORE UPDATE ON ops.inspection FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: lot lot_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER lot_touch BEFORE UPDATE ON ops.lot FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: maintenance_order maintenance_order_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER maintenance_order_touch BEFORE UPDATE ON ops.maintenance_order FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: maintenance_plan maintenance_plan_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER maintenance_plan_touch BEFORE UPDATE ON ops.maintenance_plan FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: nonconformity nonconformity_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER nonconformity_touch BEFORE UPDATE ON ops.nonconformity FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: production_order production_order_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER production_order_touch BEFORE UPDATE ON ops.production_order FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: purchase_order_line purchase_order_line_totals; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER purchase_order_line_totals AFTER INSERT OR DELETE OR UPDATE ON ops.purchase_order_line FOR EACH ROW EXECUTE FUNCTION core.refresh_document_totals('ops.purchase_order', 'purchase_order_id');


--
-- Name: purchase_order purchase_order_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER purchase_order_touch BEFORE UPDATE ON ops.purchase_order FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: routing routing_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER routing_touch BEFORE UPDATE ON ops.routing FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: stock_movement stock_movement_append_only; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER stock_movement_append_only BEFORE DELETE OR UPDATE ON ops.stock_movement FOR EACH ROW EXECUTE FUNCTION core.forbid_change();


--
-- Name: stock_movement stock_movement_apply; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER stock_movement_apply AFTER INSERT ON ops.stock_movement FOR EACH ROW EXECUTE FUNCTION ops.apply_stock_movement();


--
-- Name: stock_movement stock_movement_tracking; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER stock_movement_tracking BEFORE INSERT ON ops.stock_movement FOR EACH ROW EXECUTE FUNCTION ops.check_movement_tracking();


--
-- Name: supplier supplier_audit; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER supplier_audit AFTER INSERT OR DELETE OR UPDATE ON ops.supplier FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: supplier supplier_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER supplier_touch BEFORE UPDATE ON ops.supplier FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: work_centre work_centre_touch; Type: TRIGGER; Schema: ops; Owner: -
--

CREATE TRIGGER work_centre_touch BEFORE UPDATE ON ops.work_centre FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: customer_address customer_address_touch; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER customer_address_touch BEFORE UPDATE ON sales.customer_address FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: customer customer_audit; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER customer_audit AFTER INSERT OR DELETE OR UPDATE ON sales.customer FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: customer_contact customer_contact_touch; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER customer_contact_touch BEFORE UPDATE ON sales.customer_contact FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: customer customer_touch; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER customer_touch BEFORE UPDATE ON sales.customer FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: delivery delivery_touch; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER delivery_touch BEFORE UPDATE ON sales.delivery FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: price_list_item price_list_item_audit; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER price_list_item_audit AFTER INSERT OR DELETE OR UPDATE ON sales.price_list_item FOR EACH ROW EXECUTE FUNCTION core.record_audit();


--
-- Name: price_list_item price_list_item_touch; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER price_list_item_touch BEFORE UPDATE ON sales.price_list_item FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: price_list price_list_touch; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER price_list_touch BEFORE UPDATE ON sales.price_list FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: quotation_line quotation_line_totals; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER quotation_line_totals AFTER INSERT OR DELETE OR UPDATE ON sales.quotation_line FOR EACH ROW EXECUTE FUNCTION core.refresh_document_totals('sales.quotation', 'quotation_id');


--
-- Name: quotation quotation_touch; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER quotation_touch BEFORE UPDATE ON sales.quotation FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: sales_order_line sales_order_line_totals; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER sales_order_line_totals AFTER INSERT OR DELETE OR UPDATE ON sales.sales_order_line FOR EACH ROW EXECUTE FUNCTION core.refresh_document_totals('sales.sales_order', 'sales_order_id');


--
-- Name: sales_order sales_order_touch; Type: TRIGGER; Schema: sales; Owner: -
--

CREATE TRIGGER sales_order_touch BEFORE UPDATE ON sales.sales_order FOR EACH ROW EXECUTE FUNCTION core.touch_row();


--
-- Name: approval_decision approval_decision_approval_request_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.approval_decision
    ADD CONSTRAINT approval_decision_approval_request_id_fkey FOREIGN KEY (approval_request_id) REFERENCES core.approval_request(id) ON DELETE CASCADE;


--
-- Name: approval_decision approval_decision_decided_by_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.approval_decision
    ADD CONSTRAINT approval_decision_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: approval_request approval_request_journal_entry_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.approval_request
    ADD CONSTRAINT approval_request_journal_entry_id_fkey FOREIGN KEY (journal_entry_id) REFERENCES fin.journal_entry(id) ON DELETE RESTRICT;


--
-- Name: approval_request approval_request_leave_request_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.approval_request
    ADD CONSTRAINT approval_request_leave_request_id_fkey FOREIGN KEY (leave_request_id) REFERENCES core.leave_request(id) ON DELETE RESTRICT;


--
-- Name: approval_request approval_request_purchase_order_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.approval_request
    ADD CONSTRAINT approval_request_purchase_order_id_fkey FOREIGN KEY (purchase_order_id) REFERENCES ops.purchase_order(id) ON DELETE RESTRICT;


--
-- Name: approval_request approval_request_requested_by_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.approval_request
    ADD CONSTRAINT approval_request_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: approval_request approval_request_workflow_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.approval_request
    ADD CONSTRAINT approval_request_workflow_id_fkey FOREIGN KEY (workflow_id) REFERENCES core.workflow(id) ON DELETE RESTRICT;


--
-- Name: audit_event audit_event_user_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.audit_event
    ADD CONSTRAINT audit_event_user_id_fkey FOREIGN KEY (user_id) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: company company_base_currency_code_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.company
    ADD CONSTRAINT company_base_currency_code_fkey FOREIGN KEY (base_currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: department department_company_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.department
    ADD CONSTRAINT department_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: document document_company_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document
    ADD CONSTRAINT document_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: document document_created_by_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document
    ADD CONSTRAINT document_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: document_link document_link_customer_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document_link
    ADD CONSTRAINT document_link_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES sales.customer(id) ON DELETE CASCADE;


--
-- Name: document_link document_link_document_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document_link
    ADD CONSTRAINT document_link_document_id_fkey FOREIGN KEY (document_id) REFERENCES core.document(id) ON DELETE CASCADE;


--
-- Name: document_link document_link_equipment_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document_link
    ADD CONSTRAINT document_link_equipment_id_fkey FOREIGN KEY (equipment_id) REFERENCES ops.equipment(id) ON DELETE CASCADE;


--
-- Name: document_link document_link_item_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document_link
    ADD CONSTRAINT document_link_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE CASCADE;


--
-- Name: document_link document_link_production_order_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document_link
    ADD CONSTRAINT document_link_production_order_id_fkey FOREIGN KEY (production_order_id) REFERENCES ops.production_order(id) ON DELETE CASCADE;


--
-- Name: document_link document_link_project_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document_link
    ADD CONSTRAINT document_link_project_id_fkey FOREIGN KEY (project_id) REFERENCES core.project(id) ON DELETE CASCADE;


--
-- Name: document_link document_link_purchase_order_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document_link
    ADD CONSTRAINT document_link_purchase_order_id_fkey FOREIGN KEY (purchase_order_id) REFERENCES ops.purchase_order(id) ON DELETE CASCADE;


--
-- Name: document_link document_link_sales_order_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document_link
    ADD CONSTRAINT document_link_sales_order_id_fkey FOREIGN KEY (sales_order_id) REFERENCES sales.sales_order(id) ON DELETE CASCADE;


--
-- Name: document_link document_link_supplier_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.document_link
    ADD CONSTRAINT document_link_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES ops.supplier(id) ON DELETE CASCADE;


--
-- Name: employee employee_company_id_department_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.employee
    ADD CONSTRAINT employee_company_id_department_id_fkey FOREIGN KEY (company_id, department_id) REFERENCES core.department(company_id, id) ON DELETE RESTRICT;


--
-- Name: employee employee_company_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.employee
    ADD CONSTRAINT employee_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: employee employee_company_id_site_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.employee
    ADD CONSTRAINT employee_company_id_site_id_fkey FOREIGN KEY (company_id, site_id) REFERENCES core.site(company_id, id) ON DELETE RESTRICT;


--
-- Name: employee employee_manager_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.employee
    ADD CONSTRAINT employee_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES core.employee(id) ON DELETE SET NULL;


--
-- Name: employee employee_user_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.employee
    ADD CONSTRAINT employee_user_id_fkey FOREIGN KEY (user_id) REFERENCES core.app_user(id) ON DELETE SET NULL;


--
-- Name: idempotency_key idempotency_key_user_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.idempotency_key
    ADD CONSTRAINT idempotency_key_user_id_fkey FOREIGN KEY (user_id) REFERENCES core.app_user(id) ON DELETE CASCADE;


--
-- Name: item item_base_unit_code_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.item
    ADD CONSTRAINT item_base_unit_code_fkey FOREIGN KEY (base_unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: item item_category_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.item
    ADD CONSTRAINT item_category_id_fkey FOREIGN KEY (category_id) REFERENCES core.item_category(id) ON DELETE RESTRICT;


--
-- Name: item_category item_category_parent_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.item_category
    ADD CONSTRAINT item_category_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES core.item_category(id) ON DELETE RESTRICT;


--
-- Name: item_unit_conversion item_unit_conversion_item_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.item_unit_conversion
    ADD CONSTRAINT item_unit_conversion_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE CASCADE;


--
-- Name: item_unit_conversion item_unit_conversion_unit_code_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.item_unit_conversion
    ADD CONSTRAINT item_unit_conversion_unit_code_fkey FOREIGN KEY (unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: leave_entitlement leave_entitlement_employee_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.leave_entitlement
    ADD CONSTRAINT leave_entitlement_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES core.employee(id) ON DELETE CASCADE;


--
-- Name: leave_entitlement leave_entitlement_leave_type_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.leave_entitlement
    ADD CONSTRAINT leave_entitlement_leave_type_id_fkey FOREIGN KEY (leave_type_id) REFERENCES core.leave_type(id) ON DELETE RESTRICT;


--
-- Name: leave_request leave_request_decided_by_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.leave_request
    ADD CONSTRAINT leave_request_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: leave_request leave_request_employee_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.leave_request
    ADD CONSTRAINT leave_request_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES core.employee(id) ON DELETE RESTRICT;


--
-- Name: leave_request leave_request_leave_type_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.leave_request
    ADD CONSTRAINT leave_request_leave_type_id_fkey FOREIGN KEY (leave_type_id) REFERENCES core.leave_type(id) ON DELETE RESTRICT;


--
-- Name: number_sequence number_sequence_company_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.number_sequence
    ADD CONSTRAINT number_sequence_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE CASCADE;


--
-- Name: project project_company_id_customer_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.project
    ADD CONSTRAINT project_company_id_customer_id_fkey FOREIGN KEY (company_id, customer_id) REFERENCES sales.customer(company_id, id) ON DELETE RESTRICT;


--
-- Name: project project_company_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.project
    ADD CONSTRAINT project_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: project project_company_id_manager_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.project
    ADD CONSTRAINT project_company_id_manager_id_fkey FOREIGN KEY (company_id, manager_id) REFERENCES core.employee(company_id, id) ON DELETE RESTRICT;


--
-- Name: project project_currency_code_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.project
    ADD CONSTRAINT project_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: project_task project_task_project_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.project_task
    ADD CONSTRAINT project_task_project_id_fkey FOREIGN KEY (project_id) REFERENCES core.project(id) ON DELETE CASCADE;


--
-- Name: role_permission role_permission_permission_code_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.role_permission
    ADD CONSTRAINT role_permission_permission_code_fkey FOREIGN KEY (permission_code) REFERENCES core.permission(code) ON DELETE CASCADE;


--
-- Name: role_permission role_permission_role_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.role_permission
    ADD CONSTRAINT role_permission_role_id_fkey FOREIGN KEY (role_id) REFERENCES core.role(id) ON DELETE CASCADE;


--
-- Name: site site_company_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.site
    ADD CONSTRAINT site_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: timesheet_entry timesheet_entry_approved_by_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.timesheet_entry
    ADD CONSTRAINT timesheet_entry_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: timesheet_entry timesheet_entry_employee_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.timesheet_entry
    ADD CONSTRAINT timesheet_entry_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES core.employee(id) ON DELETE RESTRICT;


--
-- Name: timesheet_entry timesheet_entry_project_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.timesheet_entry
    ADD CONSTRAINT timesheet_entry_project_id_fkey FOREIGN KEY (project_id) REFERENCES core.project(id) ON DELETE RESTRICT;


--
-- Name: timesheet_entry timesheet_entry_project_id_task_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.timesheet_entry
    ADD CONSTRAINT timesheet_entry_project_id_task_id_fkey FOREIGN KEY (project_id, task_id) REFERENCES core.project_task(project_id, id) ON DELETE RESTRICT;


--
-- Name: user_role user_role_company_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.user_role
    ADD CONSTRAINT user_role_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE CASCADE;


--
-- Name: user_role user_role_granted_by_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.user_role
    ADD CONSTRAINT user_role_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: user_role user_role_role_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.user_role
    ADD CONSTRAINT user_role_role_id_fkey FOREIGN KEY (role_id) REFERENCES core.role(id) ON DELETE RESTRICT;


--
-- Name: user_role user_role_user_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.user_role
    ADD CONSTRAINT user_role_user_id_fkey FOREIGN KEY (user_id) REFERENCES core.app_user(id) ON DELETE CASCADE;


--
-- Name: workflow workflow_company_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.workflow
    ADD CONSTRAINT workflow_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE CASCADE;


--
-- Name: workflow_step workflow_step_role_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.workflow_step
    ADD CONSTRAINT workflow_step_role_id_fkey FOREIGN KEY (role_id) REFERENCES core.role(id) ON DELETE RESTRICT;


--
-- Name: workflow_step workflow_step_workflow_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: -
--

ALTER TABLE ONLY core.workflow_step
    ADD CONSTRAINT workflow_step_workflow_id_fkey FOREIGN KEY (workflow_id) REFERENCES core.workflow(id) ON DELETE CASCADE;


--
-- Name: account account_company_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.account
    ADD CONSTRAINT account_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: account account_company_id_parent_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.account
    ADD CONSTRAINT account_company_id_parent_id_fkey FOREIGN KEY (company_id, parent_id) REFERENCES fin.account(company_id, id) ON DELETE RESTRICT;


--
-- Name: bank_account bank_account_company_id_account_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.bank_account
    ADD CONSTRAINT bank_account_company_id_account_id_fkey FOREIGN KEY (company_id, account_id) REFERENCES fin.account(company_id, id) ON DELETE RESTRICT;


--
-- Name: bank_account bank_account_company_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.bank_account
    ADD CONSTRAINT bank_account_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: bank_account bank_account_currency_code_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.bank_account
    ADD CONSTRAINT bank_account_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: cost_centre cost_centre_company_id_department_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.cost_centre
    ADD CONSTRAINT cost_centre_company_id_department_id_fkey FOREIGN KEY (company_id, department_id) REFERENCES core.department(company_id, id) ON DELETE RESTRICT;


--
-- Name: cost_centre cost_centre_company_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.cost_centre
    ADD CONSTRAINT cost_centre_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: depreciation_entry depreciation_entry_company_id_fiscal_period_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.depreciation_entry
    ADD CONSTRAINT depreciation_entry_company_id_fiscal_period_id_fkey FOREIGN KEY (company_id, fiscal_period_id) REFERENCES fin.fiscal_period(company_id, id) ON DELETE RESTRICT;


--
-- Name: depreciation_entry depreciation_entry_company_id_fixed_asset_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.depreciation_entry
    ADD CONSTRAINT depreciation_entry_company_id_fixed_asset_id_fkey FOREIGN KEY (company_id, fixed_asset_id) REFERENCES fin.fixed_asset(company_id, id) ON DELETE RESTRICT;


--
-- Name: depreciation_entry depreciation_entry_company_id_journal_entry_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.depreciation_entry
    ADD CONSTRAINT depreciation_entry_company_id_journal_entry_id_fkey FOREIGN KEY (company_id, journal_entry_id) REFERENCES fin.journal_entry(company_id, id) ON DELETE RESTRICT;


--
-- Name: exchange_rate exchange_rate_from_currency_code_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.exchange_rate
    ADD CONSTRAINT exchange_rate_from_currency_code_fkey FOREIGN KEY (from_currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: exchange_rate exchange_rate_to_currency_code_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.exchange_rate
    ADD CONSTRAINT exchange_rate_to_currency_code_fkey FOREIGN KEY (to_currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: fiscal_period fiscal_period_company_id_fiscal_year_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fiscal_period
    ADD CONSTRAINT fiscal_period_company_id_fiscal_year_id_fkey FOREIGN KEY (company_id, fiscal_year_id) REFERENCES fin.fiscal_year(company_id, id) ON DELETE RESTRICT;


--
-- Name: fiscal_year fiscal_year_company_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fiscal_year
    ADD CONSTRAINT fiscal_year_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: fixed_asset fixed_asset_company_id_asset_account_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fixed_asset
    ADD CONSTRAINT fixed_asset_company_id_asset_account_id_fkey FOREIGN KEY (company_id, asset_account_id) REFERENCES fin.account(company_id, id) ON DELETE RESTRICT;


--
-- Name: fixed_asset fixed_asset_company_id_cost_centre_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fixed_asset
    ADD CONSTRAINT fixed_asset_company_id_cost_centre_id_fkey FOREIGN KEY (company_id, cost_centre_id) REFERENCES fin.cost_centre(company_id, id) ON DELETE RESTRICT;


--
-- Name: fixed_asset fixed_asset_company_id_depreciation_account_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fixed_asset
    ADD CONSTRAINT fixed_asset_company_id_depreciation_account_id_fkey FOREIGN KEY (company_id, depreciation_account_id) REFERENCES fin.account(company_id, id) ON DELETE RESTRICT;


--
-- Name: fixed_asset fixed_asset_company_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.fixed_asset
    ADD CONSTRAINT fixed_asset_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: journal journal_company_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal
    ADD CONSTRAINT journal_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: journal_entry journal_entry_company_id_fiscal_period_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry
    ADD CONSTRAINT journal_entry_company_id_fiscal_period_id_fkey FOREIGN KEY (company_id, fiscal_period_id) REFERENCES fin.fiscal_period(company_id, id) ON DELETE RESTRICT;


--
-- Name: journal_entry journal_entry_company_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry
    ADD CONSTRAINT journal_entry_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: journal_entry journal_entry_company_id_journal_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry
    ADD CONSTRAINT journal_entry_company_id_journal_id_fkey FOREIGN KEY (company_id, journal_id) REFERENCES fin.journal(company_id, id) ON DELETE RESTRICT;


--
-- Name: journal_entry journal_entry_company_id_reverses_entry_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry
    ADD CONSTRAINT journal_entry_company_id_reverses_entry_id_fkey FOREIGN KEY (company_id, reverses_entry_id) REFERENCES fin.journal_entry(company_id, id) ON DELETE RESTRICT;


--
-- Name: journal_entry journal_entry_created_by_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry
    ADD CONSTRAINT journal_entry_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: journal_entry_line journal_entry_line_company_id_account_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry_line
    ADD CONSTRAINT journal_entry_line_company_id_account_id_fkey FOREIGN KEY (company_id, account_id) REFERENCES fin.account(company_id, id) ON DELETE RESTRICT;


--
-- Name: journal_entry_line journal_entry_line_company_id_cost_centre_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry_line
    ADD CONSTRAINT journal_entry_line_company_id_cost_centre_id_fkey FOREIGN KEY (company_id, cost_centre_id) REFERENCES fin.cost_centre(company_id, id) ON DELETE RESTRICT;


--
-- Name: journal_entry_line journal_entry_line_company_id_journal_entry_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry_line
    ADD CONSTRAINT journal_entry_line_company_id_journal_entry_id_fkey FOREIGN KEY (company_id, journal_entry_id) REFERENCES fin.journal_entry(company_id, id) ON DELETE CASCADE;


--
-- Name: journal_entry journal_entry_posted_by_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.journal_entry
    ADD CONSTRAINT journal_entry_posted_by_fkey FOREIGN KEY (posted_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: payment_allocation payment_allocation_company_id_payment_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment_allocation
    ADD CONSTRAINT payment_allocation_company_id_payment_id_fkey FOREIGN KEY (company_id, payment_id) REFERENCES fin.payment(company_id, id) ON DELETE RESTRICT;


--
-- Name: payment_allocation payment_allocation_company_id_purchase_invoice_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment_allocation
    ADD CONSTRAINT payment_allocation_company_id_purchase_invoice_id_fkey FOREIGN KEY (company_id, purchase_invoice_id) REFERENCES fin.purchase_invoice(company_id, id) ON DELETE RESTRICT;


--
-- Name: payment_allocation payment_allocation_company_id_sales_invoice_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment_allocation
    ADD CONSTRAINT payment_allocation_company_id_sales_invoice_id_fkey FOREIGN KEY (company_id, sales_invoice_id) REFERENCES fin.sales_invoice(company_id, id) ON DELETE RESTRICT;


--
-- Name: payment_allocation payment_allocation_created_by_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment_allocation
    ADD CONSTRAINT payment_allocation_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: payment payment_company_id_bank_account_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment
    ADD CONSTRAINT payment_company_id_bank_account_id_fkey FOREIGN KEY (company_id, bank_account_id) REFERENCES fin.bank_account(company_id, id) ON DELETE RESTRICT;


--
-- Name: payment payment_company_id_customer_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment
    ADD CONSTRAINT payment_company_id_customer_id_fkey FOREIGN KEY (company_id, customer_id) REFERENCES sales.customer(company_id, id) ON DELETE RESTRICT;


--
-- Name: payment payment_company_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment
    ADD CONSTRAINT payment_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: payment payment_company_id_journal_entry_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment
    ADD CONSTRAINT payment_company_id_journal_entry_id_fkey FOREIGN KEY (company_id, journal_entry_id) REFERENCES fin.journal_entry(company_id, id) ON DELETE RESTRICT;


--
-- Name: payment payment_company_id_supplier_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment
    ADD CONSTRAINT payment_company_id_supplier_id_fkey FOREIGN KEY (company_id, supplier_id) REFERENCES ops.supplier(company_id, id) ON DELETE RESTRICT;


--
-- Name: payment payment_created_by_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment
    ADD CONSTRAINT payment_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: payment payment_currency_code_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.payment
    ADD CONSTRAINT payment_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: purchase_invoice purchase_invoice_company_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice
    ADD CONSTRAINT purchase_invoice_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: purchase_invoice purchase_invoice_company_id_journal_entry_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice
    ADD CONSTRAINT purchase_invoice_company_id_journal_entry_id_fkey FOREIGN KEY (company_id, journal_entry_id) REFERENCES fin.journal_entry(company_id, id) ON DELETE RESTRICT;


--
-- Name: purchase_invoice purchase_invoice_company_id_purchase_order_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice
    ADD CONSTRAINT purchase_invoice_company_id_purchase_order_id_fkey FOREIGN KEY (company_id, purchase_order_id) REFERENCES ops.purchase_order(company_id, id) ON DELETE RESTRICT;


--
-- Name: purchase_invoice purchase_invoice_company_id_supplier_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice
    ADD CONSTRAINT purchase_invoice_company_id_supplier_id_fkey FOREIGN KEY (company_id, supplier_id) REFERENCES ops.supplier(company_id, id) ON DELETE RESTRICT;


--
-- Name: purchase_invoice purchase_invoice_created_by_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice
    ADD CONSTRAINT purchase_invoice_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: purchase_invoice purchase_invoice_currency_code_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice
    ADD CONSTRAINT purchase_invoice_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: purchase_invoice_line purchase_invoice_line_item_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice_line
    ADD CONSTRAINT purchase_invoice_line_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: purchase_invoice_line purchase_invoice_line_purchase_invoice_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice_line
    ADD CONSTRAINT purchase_invoice_line_purchase_invoice_id_fkey FOREIGN KEY (purchase_invoice_id) REFERENCES fin.purchase_invoice(id) ON DELETE CASCADE;


--
-- Name: purchase_invoice_line purchase_invoice_line_purchase_order_line_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice_line
    ADD CONSTRAINT purchase_invoice_line_purchase_order_line_id_fkey FOREIGN KEY (purchase_order_line_id) REFERENCES ops.purchase_order_line(id) ON DELETE RESTRICT;


--
-- Name: purchase_invoice_line purchase_invoice_line_tax_code_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice_line
    ADD CONSTRAINT purchase_invoice_line_tax_code_id_fkey FOREIGN KEY (tax_code_id) REFERENCES fin.tax_code(id) ON DELETE RESTRICT;


--
-- Name: purchase_invoice_line purchase_invoice_line_unit_code_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.purchase_invoice_line
    ADD CONSTRAINT purchase_invoice_line_unit_code_fkey FOREIGN KEY (unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: sales_invoice sales_invoice_company_id_credited_invoice_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice
    ADD CONSTRAINT sales_invoice_company_id_credited_invoice_id_fkey FOREIGN KEY (company_id, credited_invoice_id) REFERENCES fin.sales_invoice(company_id, id) ON DELETE RESTRICT;


--
-- Name: sales_invoice sales_invoice_company_id_customer_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice
    ADD CONSTRAINT sales_invoice_company_id_customer_id_fkey FOREIGN KEY (company_id, customer_id) REFERENCES sales.customer(company_id, id) ON DELETE RESTRICT;


--
-- Name: sales_invoice sales_invoice_company_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice
    ADD CONSTRAINT sales_invoice_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: sales_invoice sales_invoice_company_id_journal_entry_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice
    ADD CONSTRAINT sales_invoice_company_id_journal_entry_id_fkey FOREIGN KEY (company_id, journal_entry_id) REFERENCES fin.journal_entry(company_id, id) ON DELETE RESTRICT;


--
-- Name: sales_invoice sales_invoice_company_id_sales_order_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice
    ADD CONSTRAINT sales_invoice_company_id_sales_order_id_fkey FOREIGN KEY (company_id, sales_order_id) REFERENCES sales.sales_order(company_id, id) ON DELETE RESTRICT;


--
-- Name: sales_invoice sales_invoice_created_by_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice
    ADD CONSTRAINT sales_invoice_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: sales_invoice sales_invoice_currency_code_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice
    ADD CONSTRAINT sales_invoice_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: sales_invoice_line sales_invoice_line_item_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice_line
    ADD CONSTRAINT sales_invoice_line_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: sales_invoice_line sales_invoice_line_sales_invoice_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice_line
    ADD CONSTRAINT sales_invoice_line_sales_invoice_id_fkey FOREIGN KEY (sales_invoice_id) REFERENCES fin.sales_invoice(id) ON DELETE CASCADE;


--
-- Name: sales_invoice_line sales_invoice_line_sales_order_line_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice_line
    ADD CONSTRAINT sales_invoice_line_sales_order_line_id_fkey FOREIGN KEY (sales_order_line_id) REFERENCES sales.sales_order_line(id) ON DELETE RESTRICT;


--
-- Name: sales_invoice_line sales_invoice_line_tax_code_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice_line
    ADD CONSTRAINT sales_invoice_line_tax_code_id_fkey FOREIGN KEY (tax_code_id) REFERENCES fin.tax_code(id) ON DELETE RESTRICT;


--
-- Name: sales_invoice_line sales_invoice_line_unit_code_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.sales_invoice_line
    ADD CONSTRAINT sales_invoice_line_unit_code_fkey FOREIGN KEY (unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: tax_code tax_code_company_id_account_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.tax_code
    ADD CONSTRAINT tax_code_company_id_account_id_fkey FOREIGN KEY (company_id, account_id) REFERENCES fin.account(company_id, id) ON DELETE RESTRICT;


--
-- Name: tax_code tax_code_company_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.tax_code
    ADD CONSTRAINT tax_code_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: tax_rate tax_rate_tax_code_id_fkey; Type: FK CONSTRAINT; Schema: fin; Owner: -
--

ALTER TABLE ONLY fin.tax_rate
    ADD CONSTRAINT tax_rate_tax_code_id_fkey FOREIGN KEY (tax_code_id) REFERENCES fin.tax_code(id) ON DELETE CASCADE;


--
-- Name: bill_of_material bill_of_material_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.bill_of_material
    ADD CONSTRAINT bill_of_material_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: bill_of_material_line bill_of_material_line_bill_of_material_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.bill_of_material_line
    ADD CONSTRAINT bill_of_material_line_bill_of_material_id_fkey FOREIGN KEY (bill_of_material_id) REFERENCES ops.bill_of_material(id) ON DELETE CASCADE;


--
-- Name: bill_of_material_line bill_of_material_line_component_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.bill_of_material_line
    ADD CONSTRAINT bill_of_material_line_component_item_id_fkey FOREIGN KEY (component_item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: bill_of_material_line bill_of_material_line_unit_code_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.bill_of_material_line
    ADD CONSTRAINT bill_of_material_line_unit_code_fkey FOREIGN KEY (unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: equipment equipment_company_id_fixed_asset_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.equipment
    ADD CONSTRAINT equipment_company_id_fixed_asset_id_fkey FOREIGN KEY (company_id, fixed_asset_id) REFERENCES fin.fixed_asset(company_id, id) ON DELETE RESTRICT;


--
-- Name: equipment equipment_company_id_site_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.equipment
    ADD CONSTRAINT equipment_company_id_site_id_fkey FOREIGN KEY (company_id, site_id) REFERENCES core.site(company_id, id) ON DELETE RESTRICT;


--
-- Name: equipment equipment_company_id_work_centre_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.equipment
    ADD CONSTRAINT equipment_company_id_work_centre_id_fkey FOREIGN KEY (company_id, work_centre_id) REFERENCES ops.work_centre(company_id, id) ON DELETE RESTRICT;


--
-- Name: goods_receipt goods_receipt_company_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt
    ADD CONSTRAINT goods_receipt_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: goods_receipt goods_receipt_company_id_purchase_order_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt
    ADD CONSTRAINT goods_receipt_company_id_purchase_order_id_fkey FOREIGN KEY (company_id, purchase_order_id) REFERENCES ops.purchase_order(company_id, id) ON DELETE RESTRICT;


--
-- Name: goods_receipt goods_receipt_company_id_warehouse_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt
    ADD CONSTRAINT goods_receipt_company_id_warehouse_id_fkey FOREIGN KEY (company_id, warehouse_id) REFERENCES ops.warehouse(company_id, id) ON DELETE RESTRICT;


--
-- Name: goods_receipt goods_receipt_created_by_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt
    ADD CONSTRAINT goods_receipt_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: goods_receipt_line goods_receipt_line_item_id_lot_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt_line
    ADD CONSTRAINT goods_receipt_line_item_id_lot_id_fkey FOREIGN KEY (item_id, lot_id) REFERENCES ops.lot(item_id, id) ON DELETE RESTRICT;


--
-- Name: goods_receipt_line goods_receipt_line_purchase_order_id_goods_receipt_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt_line
    ADD CONSTRAINT goods_receipt_line_purchase_order_id_goods_receipt_id_fkey FOREIGN KEY (purchase_order_id, goods_receipt_id) REFERENCES ops.goods_receipt(purchase_order_id, id) ON DELETE CASCADE;


--
-- Name: goods_receipt_line goods_receipt_line_purchase_order_id_item_id_purchase_orde_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt_line
    ADD CONSTRAINT goods_receipt_line_purchase_order_id_item_id_purchase_orde_fkey FOREIGN KEY (purchase_order_id, item_id, purchase_order_line_id) REFERENCES ops.purchase_order_line(purchase_order_id, item_id, id) ON DELETE RESTRICT;


--
-- Name: goods_receipt_line goods_receipt_line_storage_bin_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.goods_receipt_line
    ADD CONSTRAINT goods_receipt_line_storage_bin_id_fkey FOREIGN KEY (storage_bin_id) REFERENCES ops.storage_bin(id) ON DELETE RESTRICT;


--
-- Name: inspection_characteristic inspection_characteristic_inspection_plan_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_characteristic
    ADD CONSTRAINT inspection_characteristic_inspection_plan_id_fkey FOREIGN KEY (inspection_plan_id) REFERENCES ops.inspection_plan(id) ON DELETE CASCADE;


--
-- Name: inspection_characteristic inspection_characteristic_unit_code_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_characteristic
    ADD CONSTRAINT inspection_characteristic_unit_code_fkey FOREIGN KEY (unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: inspection inspection_company_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection
    ADD CONSTRAINT inspection_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: inspection inspection_company_id_production_order_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection
    ADD CONSTRAINT inspection_company_id_production_order_id_fkey FOREIGN KEY (company_id, production_order_id) REFERENCES ops.production_order(company_id, id) ON DELETE RESTRICT;


--
-- Name: inspection inspection_decided_by_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection
    ADD CONSTRAINT inspection_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: inspection inspection_goods_receipt_line_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection
    ADD CONSTRAINT inspection_goods_receipt_line_id_fkey FOREIGN KEY (goods_receipt_line_id) REFERENCES ops.goods_receipt_line(id) ON DELETE RESTRICT;


--
-- Name: inspection inspection_item_id_inspection_plan_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection
    ADD CONSTRAINT inspection_item_id_inspection_plan_id_fkey FOREIGN KEY (item_id, inspection_plan_id) REFERENCES ops.inspection_plan(item_id, id) ON DELETE RESTRICT;


--
-- Name: inspection inspection_item_id_lot_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection
    ADD CONSTRAINT inspection_item_id_lot_id_fkey FOREIGN KEY (item_id, lot_id) REFERENCES ops.lot(item_id, id) ON DELETE RESTRICT;


--
-- Name: inspection_plan inspection_plan_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_plan
    ADD CONSTRAINT inspection_plan_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: inspection_result inspection_result_inspection_plan_id_characteristic_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_result
    ADD CONSTRAINT inspection_result_inspection_plan_id_characteristic_id_fkey FOREIGN KEY (inspection_plan_id, characteristic_id) REFERENCES ops.inspection_characteristic(inspection_plan_id, id) ON DELETE RESTRICT;


--
-- Name: inspection_result inspection_result_inspection_plan_id_inspection_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_result
    ADD CONSTRAINT inspection_result_inspection_plan_id_inspection_id_fkey FOREIGN KEY (inspection_plan_id, inspection_id) REFERENCES ops.inspection(inspection_plan_id, id) ON DELETE CASCADE;


--
-- Name: inspection_result inspection_result_recorded_by_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.inspection_result
    ADD CONSTRAINT inspection_result_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: item_site item_site_default_bin_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.item_site
    ADD CONSTRAINT item_site_default_bin_id_fkey FOREIGN KEY (default_bin_id) REFERENCES ops.storage_bin(id) ON DELETE SET NULL;


--
-- Name: item_site item_site_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.item_site
    ADD CONSTRAINT item_site_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE CASCADE;


--
-- Name: item_site item_site_site_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.item_site
    ADD CONSTRAINT item_site_site_id_fkey FOREIGN KEY (site_id) REFERENCES core.site(id) ON DELETE CASCADE;


--
-- Name: lot lot_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.lot
    ADD CONSTRAINT lot_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: lot lot_supplier_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.lot
    ADD CONSTRAINT lot_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES ops.supplier(id) ON DELETE RESTRICT;


--
-- Name: maintenance_order maintenance_order_company_id_assigned_to_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.maintenance_order
    ADD CONSTRAINT maintenance_order_company_id_assigned_to_fkey FOREIGN KEY (company_id, assigned_to) REFERENCES core.employee(company_id, id) ON DELETE RESTRICT;


--
-- Name: maintenance_order maintenance_order_company_id_equipment_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.maintenance_order
    ADD CONSTRAINT maintenance_order_company_id_equipment_id_fkey FOREIGN KEY (company_id, equipment_id) REFERENCES ops.equipment(company_id, id) ON DELETE RESTRICT;


--
-- Name: maintenance_order maintenance_order_company_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.maintenance_order
    ADD CONSTRAINT maintenance_order_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: maintenance_order maintenance_order_created_by_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.maintenance_order
    ADD CONSTRAINT maintenance_order_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: maintenance_order maintenance_order_equipment_id_maintenance_plan_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.maintenance_order
    ADD CONSTRAINT maintenance_order_equipment_id_maintenance_plan_id_fkey FOREIGN KEY (equipment_id, maintenance_plan_id) REFERENCES ops.maintenance_plan(equipment_id, id) ON DELETE RESTRICT;


--
-- Name: maintenance_plan maintenance_plan_equipment_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.maintenance_plan
    ADD CONSTRAINT maintenance_plan_equipment_id_fkey FOREIGN KEY (equipment_id) REFERENCES ops.equipment(id) ON DELETE CASCADE;


--
-- Name: nonconformity nonconformity_company_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.nonconformity
    ADD CONSTRAINT nonconformity_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: nonconformity nonconformity_company_id_inspection_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.nonconformity
    ADD CONSTRAINT nonconformity_company_id_inspection_id_fkey FOREIGN KEY (company_id, inspection_id) REFERENCES ops.inspection(company_id, id) ON DELETE RESTRICT;


--
-- Name: nonconformity nonconformity_created_by_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.nonconformity
    ADD CONSTRAINT nonconformity_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: nonconformity nonconformity_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.nonconformity
    ADD CONSTRAINT nonconformity_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: nonconformity nonconformity_item_id_lot_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.nonconformity
    ADD CONSTRAINT nonconformity_item_id_lot_id_fkey FOREIGN KEY (item_id, lot_id) REFERENCES ops.lot(item_id, id) ON DELETE RESTRICT;


--
-- Name: production_booking production_booking_employee_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_booking
    ADD CONSTRAINT production_booking_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES core.employee(id) ON DELETE RESTRICT;


--
-- Name: production_booking production_booking_production_order_id_production_operatio_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_booking
    ADD CONSTRAINT production_booking_production_order_id_production_operatio_fkey FOREIGN KEY (production_order_id, production_operation_id) REFERENCES ops.production_operation(production_order_id, id) ON DELETE RESTRICT;


--
-- Name: production_component production_component_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_component
    ADD CONSTRAINT production_component_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: production_component production_component_production_order_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_component
    ADD CONSTRAINT production_component_production_order_id_fkey FOREIGN KEY (production_order_id) REFERENCES ops.production_order(id) ON DELETE CASCADE;


--
-- Name: production_component production_component_unit_code_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_component
    ADD CONSTRAINT production_component_unit_code_fkey FOREIGN KEY (unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: production_operation production_operation_company_id_production_order_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_operation
    ADD CONSTRAINT production_operation_company_id_production_order_id_fkey FOREIGN KEY (company_id, production_order_id) REFERENCES ops.production_order(company_id, id) ON DELETE CASCADE;


--
-- Name: production_operation production_operation_company_id_work_centre_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_operation
    ADD CONSTRAINT production_operation_company_id_work_centre_id_fkey FOREIGN KEY (company_id, work_centre_id) REFERENCES ops.work_centre(company_id, id) ON DELETE RESTRICT;


--
-- Name: production_order production_order_company_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_order
    ADD CONSTRAINT production_order_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: production_order production_order_company_id_item_id_routing_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_order
    ADD CONSTRAINT production_order_company_id_item_id_routing_id_fkey FOREIGN KEY (company_id, item_id, routing_id) REFERENCES ops.routing(company_id, item_id, id) ON DELETE RESTRICT;


--
-- Name: production_order production_order_company_id_site_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_order
    ADD CONSTRAINT production_order_company_id_site_id_fkey FOREIGN KEY (company_id, site_id) REFERENCES core.site(company_id, id) ON DELETE RESTRICT;


--
-- Name: production_order production_order_created_by_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_order
    ADD CONSTRAINT production_order_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: production_order production_order_item_id_bill_of_material_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_order
    ADD CONSTRAINT production_order_item_id_bill_of_material_id_fkey FOREIGN KEY (item_id, bill_of_material_id) REFERENCES ops.bill_of_material(item_id, id) ON DELETE RESTRICT;


--
-- Name: production_order production_order_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_order
    ADD CONSTRAINT production_order_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: production_order production_order_item_id_lot_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_order
    ADD CONSTRAINT production_order_item_id_lot_id_fkey FOREIGN KEY (item_id, lot_id) REFERENCES ops.lot(item_id, id) ON DELETE RESTRICT;


--
-- Name: production_order production_order_sales_order_line_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.production_order
    ADD CONSTRAINT production_order_sales_order_line_id_fkey FOREIGN KEY (sales_order_line_id) REFERENCES sales.sales_order_line(id) ON DELETE RESTRICT;


--
-- Name: purchase_order purchase_order_company_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order
    ADD CONSTRAINT purchase_order_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: purchase_order purchase_order_company_id_project_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order
    ADD CONSTRAINT purchase_order_company_id_project_id_fkey FOREIGN KEY (company_id, project_id) REFERENCES core.project(company_id, id) ON DELETE RESTRICT;


--
-- Name: purchase_order purchase_order_company_id_site_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order
    ADD CONSTRAINT purchase_order_company_id_site_id_fkey FOREIGN KEY (company_id, site_id) REFERENCES core.site(company_id, id) ON DELETE RESTRICT;


--
-- Name: purchase_order purchase_order_company_id_supplier_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order
    ADD CONSTRAINT purchase_order_company_id_supplier_id_fkey FOREIGN KEY (company_id, supplier_id) REFERENCES ops.supplier(company_id, id) ON DELETE RESTRICT;


--
-- Name: purchase_order purchase_order_created_by_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order
    ADD CONSTRAINT purchase_order_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: purchase_order purchase_order_currency_code_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order
    ADD CONSTRAINT purchase_order_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: purchase_order_line purchase_order_line_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order_line
    ADD CONSTRAINT purchase_order_line_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: purchase_order_line purchase_order_line_purchase_order_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order_line
    ADD CONSTRAINT purchase_order_line_purchase_order_id_fkey FOREIGN KEY (purchase_order_id) REFERENCES ops.purchase_order(id) ON DELETE CASCADE;


--
-- Name: purchase_order_line purchase_order_line_tax_code_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order_line
    ADD CONSTRAINT purchase_order_line_tax_code_id_fkey FOREIGN KEY (tax_code_id) REFERENCES fin.tax_code(id) ON DELETE RESTRICT;


--
-- Name: purchase_order_line purchase_order_line_unit_code_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order_line
    ADD CONSTRAINT purchase_order_line_unit_code_fkey FOREIGN KEY (unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: purchase_order purchase_order_payment_term_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.purchase_order
    ADD CONSTRAINT purchase_order_payment_term_id_fkey FOREIGN KEY (payment_term_id) REFERENCES core.payment_term(id) ON DELETE RESTRICT;


--
-- Name: routing routing_company_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.routing
    ADD CONSTRAINT routing_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: routing routing_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.routing
    ADD CONSTRAINT routing_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: routing_operation routing_operation_company_id_routing_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.routing_operation
    ADD CONSTRAINT routing_operation_company_id_routing_id_fkey FOREIGN KEY (company_id, routing_id) REFERENCES ops.routing(company_id, id) ON DELETE CASCADE;


--
-- Name: routing_operation routing_operation_company_id_work_centre_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.routing_operation
    ADD CONSTRAINT routing_operation_company_id_work_centre_id_fkey FOREIGN KEY (company_id, work_centre_id) REFERENCES ops.work_centre(company_id, id) ON DELETE RESTRICT;


--
-- Name: stock_balance stock_balance_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_balance
    ADD CONSTRAINT stock_balance_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: stock_balance stock_balance_item_id_lot_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_balance
    ADD CONSTRAINT stock_balance_item_id_lot_id_fkey FOREIGN KEY (item_id, lot_id) REFERENCES ops.lot(item_id, id) ON DELETE RESTRICT;


--
-- Name: stock_balance stock_balance_storage_bin_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_balance
    ADD CONSTRAINT stock_balance_storage_bin_id_fkey FOREIGN KEY (storage_bin_id) REFERENCES ops.storage_bin(id) ON DELETE RESTRICT;


--
-- Name: stock_movement stock_movement_company_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_movement
    ADD CONSTRAINT stock_movement_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: stock_movement stock_movement_company_id_production_order_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_movement
    ADD CONSTRAINT stock_movement_company_id_production_order_id_fkey FOREIGN KEY (company_id, production_order_id) REFERENCES ops.production_order(company_id, id) ON DELETE RESTRICT;


--
-- Name: stock_movement stock_movement_created_by_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_movement
    ADD CONSTRAINT stock_movement_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: stock_movement stock_movement_delivery_line_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_movement
    ADD CONSTRAINT stock_movement_delivery_line_id_fkey FOREIGN KEY (delivery_line_id) REFERENCES sales.delivery_line(id) ON DELETE RESTRICT;


--
-- Name: stock_movement stock_movement_from_bin_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_movement
    ADD CONSTRAINT stock_movement_from_bin_id_fkey FOREIGN KEY (from_bin_id) REFERENCES ops.storage_bin(id) ON DELETE RESTRICT;


--
-- Name: stock_movement stock_movement_goods_receipt_line_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_movement
    ADD CONSTRAINT stock_movement_goods_receipt_line_id_fkey FOREIGN KEY (goods_receipt_line_id) REFERENCES ops.goods_receipt_line(id) ON DELETE RESTRICT;


--
-- Name: stock_movement stock_movement_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_movement
    ADD CONSTRAINT stock_movement_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: stock_movement stock_movement_item_id_lot_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_movement
    ADD CONSTRAINT stock_movement_item_id_lot_id_fkey FOREIGN KEY (item_id, lot_id) REFERENCES ops.lot(item_id, id) ON DELETE RESTRICT;


--
-- Name: stock_movement stock_movement_to_bin_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.stock_movement
    ADD CONSTRAINT stock_movement_to_bin_id_fkey FOREIGN KEY (to_bin_id) REFERENCES ops.storage_bin(id) ON DELETE RESTRICT;


--
-- Name: storage_bin storage_bin_warehouse_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.storage_bin
    ADD CONSTRAINT storage_bin_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES ops.warehouse(id) ON DELETE RESTRICT;


--
-- Name: supplier supplier_company_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.supplier
    ADD CONSTRAINT supplier_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: supplier supplier_currency_code_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.supplier
    ADD CONSTRAINT supplier_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: supplier_item supplier_item_item_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.supplier_item
    ADD CONSTRAINT supplier_item_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: supplier_item supplier_item_supplier_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.supplier_item
    ADD CONSTRAINT supplier_item_supplier_id_fkey FOREIGN KEY (supplier_id) REFERENCES ops.supplier(id) ON DELETE CASCADE;


--
-- Name: supplier_item supplier_item_unit_code_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.supplier_item
    ADD CONSTRAINT supplier_item_unit_code_fkey FOREIGN KEY (unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: supplier supplier_payment_term_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.supplier
    ADD CONSTRAINT supplier_payment_term_id_fkey FOREIGN KEY (payment_term_id) REFERENCES core.payment_term(id) ON DELETE RESTRICT;


--
-- Name: warehouse warehouse_company_id_site_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.warehouse
    ADD CONSTRAINT warehouse_company_id_site_id_fkey FOREIGN KEY (company_id, site_id) REFERENCES core.site(company_id, id) ON DELETE RESTRICT;


--
-- Name: work_centre work_centre_company_id_cost_centre_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.work_centre
    ADD CONSTRAINT work_centre_company_id_cost_centre_id_fkey FOREIGN KEY (company_id, cost_centre_id) REFERENCES fin.cost_centre(company_id, id) ON DELETE RESTRICT;


--
-- Name: work_centre work_centre_company_id_site_id_fkey; Type: FK CONSTRAINT; Schema: ops; Owner: -
--

ALTER TABLE ONLY ops.work_centre
    ADD CONSTRAINT work_centre_company_id_site_id_fkey FOREIGN KEY (company_id, site_id) REFERENCES core.site(company_id, id) ON DELETE RESTRICT;


--
-- Name: customer_address customer_address_customer_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer_address
    ADD CONSTRAINT customer_address_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES sales.customer(id) ON DELETE CASCADE;


--
-- Name: customer customer_company_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer
    ADD CONSTRAINT customer_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: customer customer_company_id_price_list_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer
    ADD CONSTRAINT customer_company_id_price_list_id_fkey FOREIGN KEY (company_id, price_list_id) REFERENCES sales.price_list(company_id, id) ON DELETE RESTRICT;


--
-- Name: customer_contact customer_contact_customer_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer_contact
    ADD CONSTRAINT customer_contact_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES sales.customer(id) ON DELETE CASCADE;


--
-- Name: customer customer_currency_code_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer
    ADD CONSTRAINT customer_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: customer customer_payment_term_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.customer
    ADD CONSTRAINT customer_payment_term_id_fkey FOREIGN KEY (payment_term_id) REFERENCES core.payment_term(id) ON DELETE RESTRICT;


--
-- Name: delivery delivery_company_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery
    ADD CONSTRAINT delivery_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: delivery delivery_company_id_sales_order_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery
    ADD CONSTRAINT delivery_company_id_sales_order_id_fkey FOREIGN KEY (company_id, sales_order_id) REFERENCES sales.sales_order(company_id, id) ON DELETE RESTRICT;


--
-- Name: delivery delivery_company_id_warehouse_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery
    ADD CONSTRAINT delivery_company_id_warehouse_id_fkey FOREIGN KEY (company_id, warehouse_id) REFERENCES ops.warehouse(company_id, id) ON DELETE RESTRICT;


--
-- Name: delivery delivery_created_by_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery
    ADD CONSTRAINT delivery_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: delivery_line delivery_line_item_id_lot_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery_line
    ADD CONSTRAINT delivery_line_item_id_lot_id_fkey FOREIGN KEY (item_id, lot_id) REFERENCES ops.lot(item_id, id) ON DELETE RESTRICT;


--
-- Name: delivery_line delivery_line_sales_order_id_delivery_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery_line
    ADD CONSTRAINT delivery_line_sales_order_id_delivery_id_fkey FOREIGN KEY (sales_order_id, delivery_id) REFERENCES sales.delivery(sales_order_id, id) ON DELETE CASCADE;


--
-- Name: delivery_line delivery_line_sales_order_id_item_id_sales_order_line_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery_line
    ADD CONSTRAINT delivery_line_sales_order_id_item_id_sales_order_line_id_fkey FOREIGN KEY (sales_order_id, item_id, sales_order_line_id) REFERENCES sales.sales_order_line(sales_order_id, item_id, id) ON DELETE RESTRICT;


--
-- Name: delivery_line delivery_line_storage_bin_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.delivery_line
    ADD CONSTRAINT delivery_line_storage_bin_id_fkey FOREIGN KEY (storage_bin_id) REFERENCES ops.storage_bin(id) ON DELETE RESTRICT;


--
-- Name: price_list price_list_company_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.price_list
    ADD CONSTRAINT price_list_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: price_list price_list_currency_code_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.price_list
    ADD CONSTRAINT price_list_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: price_list_item price_list_item_item_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.price_list_item
    ADD CONSTRAINT price_list_item_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: price_list_item price_list_item_price_list_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.price_list_item
    ADD CONSTRAINT price_list_item_price_list_id_fkey FOREIGN KEY (price_list_id) REFERENCES sales.price_list(id) ON DELETE CASCADE;


--
-- Name: price_list_item price_list_item_unit_code_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.price_list_item
    ADD CONSTRAINT price_list_item_unit_code_fkey FOREIGN KEY (unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: quotation quotation_company_id_customer_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation
    ADD CONSTRAINT quotation_company_id_customer_id_fkey FOREIGN KEY (company_id, customer_id) REFERENCES sales.customer(company_id, id) ON DELETE RESTRICT;


--
-- Name: quotation quotation_company_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation
    ADD CONSTRAINT quotation_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: quotation quotation_created_by_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation
    ADD CONSTRAINT quotation_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: quotation quotation_currency_code_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation
    ADD CONSTRAINT quotation_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: quotation quotation_customer_id_contact_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation
    ADD CONSTRAINT quotation_customer_id_contact_id_fkey FOREIGN KEY (customer_id, contact_id) REFERENCES sales.customer_contact(customer_id, id) ON DELETE RESTRICT;


--
-- Name: quotation_line quotation_line_item_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation_line
    ADD CONSTRAINT quotation_line_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: quotation_line quotation_line_quotation_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation_line
    ADD CONSTRAINT quotation_line_quotation_id_fkey FOREIGN KEY (quotation_id) REFERENCES sales.quotation(id) ON DELETE CASCADE;


--
-- Name: quotation_line quotation_line_tax_code_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation_line
    ADD CONSTRAINT quotation_line_tax_code_id_fkey FOREIGN KEY (tax_code_id) REFERENCES fin.tax_code(id) ON DELETE RESTRICT;


--
-- Name: quotation_line quotation_line_unit_code_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation_line
    ADD CONSTRAINT quotation_line_unit_code_fkey FOREIGN KEY (unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: quotation quotation_payment_term_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.quotation
    ADD CONSTRAINT quotation_payment_term_id_fkey FOREIGN KEY (payment_term_id) REFERENCES core.payment_term(id) ON DELETE RESTRICT;


--
-- Name: sales_order sales_order_company_id_customer_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_company_id_customer_id_fkey FOREIGN KEY (company_id, customer_id) REFERENCES sales.customer(company_id, id) ON DELETE RESTRICT;


--
-- Name: sales_order sales_order_company_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.company(id) ON DELETE RESTRICT;


--
-- Name: sales_order sales_order_company_id_quotation_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_company_id_quotation_id_fkey FOREIGN KEY (company_id, quotation_id) REFERENCES sales.quotation(company_id, id) ON DELETE RESTRICT;


--
-- Name: sales_order sales_order_company_id_site_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_company_id_site_id_fkey FOREIGN KEY (company_id, site_id) REFERENCES core.site(company_id, id) ON DELETE RESTRICT;


--
-- Name: sales_order sales_order_created_by_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.app_user(id) ON DELETE RESTRICT;


--
-- Name: sales_order sales_order_currency_code_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_currency_code_fkey FOREIGN KEY (currency_code) REFERENCES core.currency(code) ON DELETE RESTRICT;


--
-- Name: sales_order sales_order_customer_id_billing_address_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_customer_id_billing_address_id_fkey FOREIGN KEY (customer_id, billing_address_id) REFERENCES sales.customer_address(customer_id, id) ON DELETE RESTRICT;


--
-- Name: sales_order sales_order_customer_id_shipping_address_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_customer_id_shipping_address_id_fkey FOREIGN KEY (customer_id, shipping_address_id) REFERENCES sales.customer_address(customer_id, id) ON DELETE RESTRICT;


--
-- Name: sales_order_line sales_order_line_item_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order_line
    ADD CONSTRAINT sales_order_line_item_id_fkey FOREIGN KEY (item_id) REFERENCES core.item(id) ON DELETE RESTRICT;


--
-- Name: sales_order_line sales_order_line_sales_order_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order_line
    ADD CONSTRAINT sales_order_line_sales_order_id_fkey FOREIGN KEY (sales_order_id) REFERENCES sales.sales_order(id) ON DELETE CASCADE;


--
-- Name: sales_order_line sales_order_line_tax_code_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order_line
    ADD CONSTRAINT sales_order_line_tax_code_id_fkey FOREIGN KEY (tax_code_id) REFERENCES fin.tax_code(id) ON DELETE RESTRICT;


--
-- Name: sales_order_line sales_order_line_unit_code_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order_line
    ADD CONSTRAINT sales_order_line_unit_code_fkey FOREIGN KEY (unit_code) REFERENCES core.unit(code) ON DELETE RESTRICT;


--
-- Name: sales_order sales_order_payment_term_id_fkey; Type: FK CONSTRAINT; Schema: sales; Owner: -
--

ALTER TABLE ONLY sales.sales_order
    ADD CONSTRAINT sales_order_payment_term_id_fkey FOREIGN KEY (payment_term_id) REFERENCES core.payment_term(id) ON DELETE RESTRICT;


--
-- PostgreSQL database dump complete
--

\unrestrict erpschema


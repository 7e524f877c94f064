-- Written by `python -m scripts.dump_schema` from the migrations. Do not edit.

PRAGMA foreign_keys = ON;

CREATE TABLE roles (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT pk_roles PRIMARY KEY (code),
    CONSTRAINT ck_roles_code_known CHECK (code IN ('administrator', 'dispatcher', 'mechanic', 'viewer')),
    CONSTRAINT ck_roles_name_length CHECK (length(name) BETWEEN 1 AND 60)
)
 STRICT;

CREATE TABLE users (
    id INTEGER NOT NULL,
    email TEXT NOT NULL,
    display_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_active INTEGER DEFAULT 1 NOT NULL,
    created_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) NOT NULL, failed_login_count INTEGER DEFAULT 0 NOT NULL
        CONSTRAINT ck_users_failed_login_count_not_negative CHECK (failed_login_count >= 0), locked_until TEXT
        CONSTRAINT ck_users_locked_until_instant
        CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', locked_until, '+0 days') IS locked_until),
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT ck_users_email_shape CHECK (email = lower(email) AND email LIKE '_%@_%' AND length(email) <= 254),
    CONSTRAINT ck_users_created_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at),
    CONSTRAINT ck_users_is_active_flag CHECK (is_active IN (0, 1)),
    CONSTRAINT ck_users_display_name_length CHECK (length(display_name) BETWEEN 1 AND 80),
    CONSTRAINT uq_users_email UNIQUE (email)
)
 STRICT;

CREATE TABLE user_roles (
    user_id INTEGER NOT NULL,
    role_code TEXT NOT NULL,
    CONSTRAINT pk_user_roles PRIMARY KEY (user_id, role_code),
    CONSTRAINT fk_user_roles_role_code_roles FOREIGN KEY(role_code) REFERENCES roles (code) ON DELETE RESTRICT,
    CONSTRAINT fk_user_roles_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX ix_user_roles_role_code ON user_roles (role_code);

CREATE TABLE login_sessions (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    token_hash TEXT NOT NULL,
    created_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) NOT NULL,
    expires_at TEXT NOT NULL,
    CONSTRAINT pk_login_sessions PRIMARY KEY (id),
    CONSTRAINT ck_login_sessions_created_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at),
    CONSTRAINT ck_login_sessions_expires_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, '+0 days') IS expires_at),
    CONSTRAINT ck_login_sessions_expires_after_creation CHECK (expires_at > created_at),
    CONSTRAINT ck_login_sessions_token_hash_length CHECK (length(token_hash) = 64),
    CONSTRAINT fk_login_sessions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT uq_login_sessions_token_hash UNIQUE (token_hash)
)
 STRICT;

CREATE INDEX ix_login_sessions_user_id ON login_sessions (user_id);

CREATE TABLE api_keys (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    role_code TEXT NOT NULL,
    created_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) NOT NULL,
    expires_at TEXT,
    revoked_at TEXT,
    CONSTRAINT pk_api_keys PRIMARY KEY (id),
    CONSTRAINT ck_api_keys_created_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at),
    CONSTRAINT ck_api_keys_expires_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, '+0 days') IS expires_at),
    CONSTRAINT ck_api_keys_revoked_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', revoked_at, '+0 days') IS revoked_at),
    CONSTRAINT ck_api_keys_expires_after_creation CHECK (expires_at > created_at),
    CONSTRAINT ck_api_keys_key_hash_length CHECK (length(key_hash) = 64),
    CONSTRAINT ck_api_keys_name_length CHECK (length(name) BETWEEN 1 AND 80),
    CONSTRAINT fk_api_keys_role_code_roles FOREIGN KEY(role_code) REFERENCES roles (code) ON DELETE RESTRICT,
    CONSTRAINT uq_api_keys_key_hash UNIQUE (key_hash),
    CONSTRAINT uq_api_keys_name UNIQUE (name)
)
 STRICT;

CREATE INDEX ix_api_keys_role_code ON api_keys (role_code);

CREATE TABLE depots (
    id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    CONSTRAINT pk_depots PRIMARY KEY (id),
    CONSTRAINT ck_depots_address_length CHECK (length(address) BETWEEN 1 AND 300),
    CONSTRAINT ck_depots_code_shape CHECK (length(code) BETWEEN 2 AND 10 AND code = upper(code)),
    CONSTRAINT ck_depots_name_length CHECK (length(name) BETWEEN 1 AND 80),
    CONSTRAINT ck_depots_time_zone_length CHECK (length(time_zone) BETWEEN 3 AND 64),
    CONSTRAINT uq_depots_code UNIQUE (code)
)
 STRICT;

CREATE TABLE vehicles (
    id INTEGER NOT NULL,
    depot_id INTEGER NOT NULL,
    registration TEXT NOT NULL,
    vin TEXT NOT NULL,
    make TEXT NOT NULL,
    model TEXT NOT NULL,
    model_year INTEGER NOT NULL,
    fuel_type TEXT NOT NULL,
    odometer_km INTEGER DEFAULT 0 NOT NULL,
    status TEXT DEFAULT 'active' NOT NULL,
    acquired_on TEXT NOT NULL,
    retired_on TEXT,
    created_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) NOT NULL,
    updated_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) NOT NULL, required_licence TEXT DEFAULT 'B' NOT NULL
        CONSTRAINT ck_vehicles_required_licence_known CHECK (required_licence IN ('B', 'C', 'CE', 'D')),
    CONSTRAINT pk_vehicles PRIMARY KEY (id),
    CONSTRAINT ck_vehicles_retired_has_day CHECK ((status = 'retired') = (retired_on IS NOT NULL)),
    CONSTRAINT ck_vehicles_fuel_type_known CHECK (fuel_type IN ('petrol', 'diesel', 'hybrid', 'electric')),
    CONSTRAINT ck_vehicles_vin_shape CHECK (length(vin) = 17 AND vin NOT GLOB '*[^A-HJ-NPR-Z0-9]*'),
    CONSTRAINT ck_vehicles_status_known CHECK (status IN ('active', 'workshop', 'retired')),
    CONSTRAINT ck_vehicles_created_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at),
    CONSTRAINT ck_vehicles_updated_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', updated_at, '+0 days') IS updated_at),
    CONSTRAINT ck_vehicles_acquired_on_day CHECK (date(acquired_on, '+0 days') IS acquired_on),
    CONSTRAINT ck_vehicles_retired_on_day CHECK (date(retired_on, '+0 days') IS retired_on),
    CONSTRAINT ck_vehicles_make_length CHECK (length(make) BETWEEN 1 AND 60),
    CONSTRAINT ck_vehicles_model_length CHECK (length(model) BETWEEN 1 AND 60),
    CONSTRAINT ck_vehicles_registration_shape CHECK (length(registration) BETWEEN 2 AND 16 AND registration = upper(registration)),
    CONSTRAINT ck_vehicles_model_year_range CHECK (model_year BETWEEN 1950 AND 2100),
    CONSTRAINT ck_vehicles_odometer_km_range CHECK (odometer_km BETWEEN 0 AND 5000000),
    CONSTRAINT ck_vehicles_retired_after_acquired CHECK (retired_on >= acquired_on),
    CONSTRAINT fk_vehicles_depot_id_depots FOREIGN KEY(depot_id) REFERENCES depots (id) ON DELETE RESTRICT,
    CONSTRAINT uq_vehicles_registration UNIQUE (registration),
    CONSTRAINT uq_vehicles_vin UNIQUE (vin)
)
 STRICT;

CREATE INDEX ix_vehicles_depot_id ON vehicles (depot_id);

CREATE TABLE drivers (
    id INTEGER NOT NULL,
    depot_id INTEGER NOT NULL,
    employee_number TEXT NOT NULL,
    full_name TEXT NOT NULL,
    phone TEXT,
    licence_number TEXT NOT NULL,
    licence_class TEXT NOT NULL,
    licence_expires_on TEXT NOT NULL,
    status TEXT DEFAULT 'active' NOT NULL,
    created_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) NOT NULL,
    CONSTRAINT pk_drivers PRIMARY KEY (id),
    CONSTRAINT ck_drivers_licence_class_known CHECK (licence_class IN ('B', 'C', 'CE', 'D')),
    CONSTRAINT ck_drivers_phone_shape CHECK (phone GLOB '+[1-9]*' AND length(phone) BETWEEN 8 AND 16),
    CONSTRAINT ck_drivers_status_known CHECK (status IN ('active', 'inactive')),
    CONSTRAINT ck_drivers_created_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at),
    CONSTRAINT ck_drivers_licence_expires_on_day CHECK (date(licence_expires_on, '+0 days') IS licence_expires_on),
    CONSTRAINT ck_drivers_employee_number_length CHECK (length(employee_number) BETWEEN 1 AND 20),
    CONSTRAINT ck_drivers_full_name_length CHECK (length(full_name) BETWEEN 1 AND 120),
    CONSTRAINT ck_drivers_licence_number_length CHECK (length(licence_number) BETWEEN 4 AND 30),
    CONSTRAINT fk_drivers_depot_id_depots FOREIGN KEY(depot_id) REFERENCES depots (id) ON DELETE RESTRICT,
    CONSTRAINT uq_drivers_employee_number UNIQUE (employee_number),
    CONSTRAINT uq_drivers_licence_number UNIQUE (licence_number)
)
 STRICT;

CREATE INDEX ix_drivers_depot_id ON drivers (depot_id);

CREATE TABLE assignments (
    id INTEGER NOT NULL,
    vehicle_id INTEGER NOT NULL,
    driver_id INTEGER NOT NULL,
    assigned_by INTEGER,
    starts_at TEXT NOT NULL,
    ends_at TEXT,
    note TEXT DEFAULT ('') NOT NULL,
    CONSTRAINT pk_assignments PRIMARY KEY (id),
    CONSTRAINT ck_assignments_ends_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', ends_at, '+0 days') IS ends_at),
    CONSTRAINT ck_assignments_starts_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', starts_at, '+0 days') IS starts_at),
    CONSTRAINT ck_assignments_ends_after_start CHECK (ends_at > starts_at),
    CONSTRAINT ck_assignments_note_length CHECK (length(note) <= 500),
    CONSTRAINT fk_assignments_assigned_by_users FOREIGN KEY(assigned_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_assignments_driver_id_drivers FOREIGN KEY(driver_id) REFERENCES drivers (id) ON DELETE RESTRICT,
    CONSTRAINT fk_assignments_vehicle_id_vehicles FOREIGN KEY(vehicle_id) REFERENCES vehicles (id) ON DELETE RESTRICT
)
 STRICT;

CREATE INDEX ix_assignments_assigned_by ON assignments (assigned_by);

CREATE INDEX ix_assignments_driver_id_starts_at ON assignments (driver_id, starts_at);

CREATE INDEX ix_assignments_vehicle_id_starts_at ON assignments (vehicle_id, starts_at);

CREATE TRIGGER trg_assignments_no_overlap_insert
BEFORE INSERT ON assignments
WHEN EXISTS (
    SELECT 1 FROM assignments a
    WHERE a.id IS NOT NEW.id
      AND (a.vehicle_id = NEW.vehicle_id OR a.driver_id = NEW.driver_id)
      AND a.starts_at < coalesce(NEW.ends_at, '9999')
      AND NEW.starts_at < coalesce(a.ends_at, '9999')
)
BEGIN
    SELECT RAISE(ABORT, 'assignments overlap');
END;

CREATE TRIGGER trg_assignments_no_overlap_update
BEFORE UPDATE OF vehicle_id, driver_id, starts_at, ends_at ON assignments
WHEN EXISTS (
    SELECT 1 FROM assignments a
    WHERE a.id IS NOT NEW.id
      AND (a.vehicle_id = NEW.vehicle_id OR a.driver_id = NEW.driver_id)
      AND a.starts_at < coalesce(NEW.ends_at, '9999')
      AND NEW.starts_at < coalesce(a.ends_at, '9999')
)
BEGIN
    SELECT RAISE(ABORT, 'assignments overlap');
END;

CREATE TABLE costs (
    id INTEGER NOT NULL,
    vehicle_id INTEGER NOT NULL,
    category TEXT NOT NULL,
    incurred_on TEXT NOT NULL,
    net_cents INTEGER NOT NULL,
    vat_cents INTEGER DEFAULT 0 NOT NULL,
    currency TEXT NOT NULL,
    description TEXT DEFAULT ('') NOT NULL,
    created_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) NOT NULL,
    CONSTRAINT pk_costs PRIMARY KEY (id),
    CONSTRAINT ck_costs_category_known CHECK (category IN ('fuel', 'service', 'insurance', 'tax', 'toll', 'fine', 'other')),
    CONSTRAINT ck_costs_currency_shape CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
    CONSTRAINT ck_costs_created_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at),
    CONSTRAINT ck_costs_incurred_on_day CHECK (date(incurred_on, '+0 days') IS incurred_on),
    CONSTRAINT ck_costs_description_length CHECK (length(description) <= 300),
    CONSTRAINT ck_costs_net_cents_range CHECK (net_cents BETWEEN 0 AND 100000000000),
    CONSTRAINT ck_costs_vat_cents_range CHECK (vat_cents BETWEEN 0 AND net_cents),
    CONSTRAINT fk_costs_vehicle_id_vehicles FOREIGN KEY(vehicle_id) REFERENCES vehicles (id) ON DELETE RESTRICT,
    CONSTRAINT uq_costs_id_vehicle_id UNIQUE (id, vehicle_id)
)
 STRICT;

CREATE INDEX ix_costs_vehicle_id_incurred_on ON costs (vehicle_id, incurred_on);

CREATE TABLE trips (
    id INTEGER NOT NULL,
    vehicle_id INTEGER NOT NULL,
    driver_id INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    origin TEXT NOT NULL,
    destination TEXT NOT NULL,
    started_at TEXT NOT NULL,
    start_odometer_km INTEGER NOT NULL,
    finished_at TEXT,
    end_odometer_km INTEGER,
    CONSTRAINT pk_trips PRIMARY KEY (id),
    CONSTRAINT ck_trips_finished_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', finished_at, '+0 days') IS finished_at),
    CONSTRAINT ck_trips_started_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', started_at, '+0 days') IS started_at),
    CONSTRAINT ck_trips_finish_is_complete CHECK ((finished_at IS NULL) = (end_odometer_km IS NULL)),
    CONSTRAINT ck_trips_end_odometer_km_range CHECK (end_odometer_km BETWEEN start_odometer_km AND 5000000),
    CONSTRAINT ck_trips_finished_after_start CHECK (finished_at > started_at),
    CONSTRAINT ck_trips_destination_length CHECK (length(destination) BETWEEN 1 AND 200),
    CONSTRAINT ck_trips_origin_length CHECK (length(origin) BETWEEN 1 AND 200),
    CONSTRAINT ck_trips_purpose_length CHECK (length(purpose) BETWEEN 1 AND 200),
    CONSTRAINT ck_trips_start_odometer_km_range CHECK (start_odometer_km BETWEEN 0 AND 5000000),
    CONSTRAINT fk_trips_driver_id_drivers FOREIGN KEY(driver_id) REFERENCES drivers (id) ON DELETE RESTRICT,
    CONSTRAINT fk_trips_vehicle_id_vehicles FOREIGN KEY(vehicle_id) REFERENCES vehicles (id) ON DELETE RESTRICT
)
 STRICT;

CREATE INDEX ix_trips_driver_id ON trips (driver_id);

CREATE INDEX ix_trips_vehicle_id ON trips (vehicle_id);

CREATE UNIQUE INDEX uq_trips_open_driver ON trips (driver_id) WHERE finished_at IS NULL;

CREATE UNIQUE INDEX uq_trips_open_vehicle ON trips (vehicle_id) WHERE finished_at IS NULL;

CREATE TABLE fuel_entries (
    id INTEGER NOT NULL,
    vehicle_id INTEGER NOT NULL,
    driver_id INTEGER,
    cost_id INTEGER NOT NULL,
    fuelled_at TEXT NOT NULL,
    odometer_km INTEGER NOT NULL,
    volume_ml INTEGER NOT NULL,
    is_full_tank INTEGER DEFAULT 1 NOT NULL,
    station TEXT,
    CONSTRAINT pk_fuel_entries PRIMARY KEY (id),
    CONSTRAINT ck_fuel_entries_fuelled_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', fuelled_at, '+0 days') IS fuelled_at),
    CONSTRAINT ck_fuel_entries_is_full_tank_flag CHECK (is_full_tank IN (0, 1)),
    CONSTRAINT ck_fuel_entries_station_length CHECK (length(station) BETWEEN 1 AND 120),
    CONSTRAINT ck_fuel_entries_odometer_km_range CHECK (odometer_km BETWEEN 0 AND 5000000),
    CONSTRAINT ck_fuel_entries_volume_ml_range CHECK (volume_ml BETWEEN 1 AND 2000000),
    CONSTRAINT fk_fuel_entries_cost_id_vehicle_id_costs FOREIGN KEY(cost_id, vehicle_id) REFERENCES costs (id, vehicle_id) ON DELETE RESTRICT,
    CONSTRAINT fk_fuel_entries_driver_id_drivers FOREIGN KEY(driver_id) REFERENCES drivers (id) ON DELETE RESTRICT,
    CONSTRAINT fk_fuel_entries_vehicle_id_vehicles FOREIGN KEY(vehicle_id) REFERENCES vehicles (id) ON DELETE RESTRICT,
    CONSTRAINT uq_fuel_entries_cost_id_vehicle_id UNIQUE (cost_id, vehicle_id)
)
 STRICT;

CREATE INDEX ix_fuel_entries_driver_id ON fuel_entries (driver_id);

CREATE INDEX ix_fuel_entries_vehicle_id ON fuel_entries (vehicle_id);

CREATE TABLE inspections (
    id INTEGER NOT NULL,
    vehicle_id INTEGER NOT NULL,
    driver_id INTEGER,
    inspected_by INTEGER,
    kind TEXT NOT NULL,
    performed_at TEXT NOT NULL,
    odometer_km INTEGER NOT NULL,
    note TEXT DEFAULT ('') NOT NULL,
    CONSTRAINT pk_inspections PRIMARY KEY (id),
    CONSTRAINT ck_inspections_kind_known CHECK (kind IN ('pre_trip', 'post_trip', 'periodic')),
    CONSTRAINT ck_inspections_performed_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', performed_at, '+0 days') IS performed_at),
    CONSTRAINT ck_inspections_note_length CHECK (length(note) <= 1000),
    CONSTRAINT ck_inspections_odometer_km_range CHECK (odometer_km BETWEEN 0 AND 5000000),
    CONSTRAINT fk_inspections_driver_id_drivers FOREIGN KEY(driver_id) REFERENCES drivers (id) ON DELETE RESTRICT,
    CONSTRAINT fk_inspections_inspected_by_users FOREIGN KEY(inspected_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_inspections_vehicle_id_vehicles FOREIGN KEY(vehicle_id) REFERENCES vehicles (id) ON DELETE RESTRICT
)
 STRICT;

CREATE INDEX ix_inspections_driver_id ON inspections (driver_id);

CREATE INDEX ix_inspections_inspected_by ON inspections (inspected_by);

CREATE INDEX ix_inspections_vehicle_id ON inspections (vehicle_id);

CREATE TABLE inspection_items (
    inspection_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    checkpoint TEXT NOT NULL,
    outcome TEXT NOT NULL,
    note TEXT DEFAULT ('') NOT NULL,
    CONSTRAINT pk_inspection_items PRIMARY KEY (inspection_id, position),
    CONSTRAINT ck_inspection_items_defect_is_described CHECK (outcome <> 'defect' OR length(note) > 0),
    CONSTRAINT ck_inspection_items_outcome_known CHECK (outcome IN ('ok', 'defect', 'not_applicable')),
    CONSTRAINT ck_inspection_items_checkpoint_length CHECK (length(checkpoint) BETWEEN 1 AND 80),
    CONSTRAINT ck_inspection_items_note_length CHECK (length(note) <= 500),
    CONSTRAINT ck_inspection_items_position_range CHECK (position BETWEEN 1 AND 60),
    CONSTRAINT fk_inspection_items_inspection_id_inspections FOREIGN KEY(inspection_id) REFERENCES inspections (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE service_orders (
    id INTEGER NOT NULL,
    vehicle_id INTEGER NOT NULL,
    depot_id INTEGER NOT NULL,
    cost_id INTEGER,
    kind TEXT NOT NULL,
    description TEXT NOT NULL,
    scheduled_on TEXT NOT NULL,
    completed_at TEXT,
    odometer_km INTEGER,
    created_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) NOT NULL,
    CONSTRAINT pk_service_orders PRIMARY KEY (id),
    CONSTRAINT ck_service_orders_kind_known CHECK (kind IN ('maintenance', 'repair', 'recall')),
    CONSTRAINT ck_service_orders_completed_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', completed_at, '+0 days') IS completed_at),
    CONSTRAINT ck_service_orders_created_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at),
    CONSTRAINT ck_service_orders_completion_is_whole CHECK ((completed_at IS NULL) = (cost_id IS NULL) AND (completed_at IS NULL) = (odometer_km IS NULL)),
    CONSTRAINT ck_service_orders_scheduled_on_day CHECK (date(scheduled_on, '+0 days') IS scheduled_on),
    CONSTRAINT ck_service_orders_description_length CHECK (length(description) BETWEEN 1 AND 1000),
    CONSTRAINT ck_service_orders_odometer_km_range CHECK (odometer_km BETWEEN 0 AND 5000000),
    CONSTRAINT fk_service_orders_cost_id_vehicle_id_costs FOREIGN KEY(cost_id, vehicle_id) REFERENCES costs (id, vehicle_id) ON DELETE RESTRICT,
    CONSTRAINT fk_service_orders_depot_id_depots FOREIGN KEY(depot_id) REFERENCES depots (id) ON DELETE RESTRICT,
    CONSTRAINT fk_service_orders_vehicle_id_vehicles FOREIGN KEY(vehicle_id) REFERENCES vehicles (id) ON DELETE RESTRICT,
    CONSTRAINT uq_service_orders_cost_id_vehicle_id UNIQUE (cost_id, vehicle_id)
)
 STRICT;

CREATE INDEX ix_service_orders_depot_id ON service_orders (depot_id);

CREATE INDEX ix_service_orders_planned ON service_orders (scheduled_on) WHERE completed_at IS NULL;

CREATE INDEX ix_service_orders_vehicle_id ON service_orders (vehicle_id);

CREATE TABLE defects (
    id INTEGER NOT NULL,
    vehicle_id INTEGER NOT NULL,
    inspection_id INTEGER,
    service_order_id INTEGER,
    severity TEXT NOT NULL,
    status TEXT DEFAULT 'open' NOT NULL,
    description TEXT NOT NULL,
    reported_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) NOT NULL,
    closed_at TEXT,
    CONSTRAINT pk_defects PRIMARY KEY (id),
    CONSTRAINT ck_defects_closed_has_instant CHECK ((status IN ('resolved', 'dismissed')) = (closed_at IS NOT NULL)),
    CONSTRAINT ck_defects_severity_known CHECK (severity IN ('minor', 'major', 'critical')),
    CONSTRAINT ck_defects_status_known CHECK (status IN ('open', 'in_repair', 'resolved', 'dismissed')),
    CONSTRAINT ck_defects_repair_has_order CHECK (status NOT IN ('in_repair', 'resolved') OR service_order_id IS NOT NULL),
    CONSTRAINT ck_defects_closed_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', closed_at, '+0 days') IS closed_at),
    CONSTRAINT ck_defects_reported_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', reported_at, '+0 days') IS reported_at),
    CONSTRAINT ck_defects_description_length CHECK (length(description) BETWEEN 1 AND 1000),
    CONSTRAINT fk_defects_inspection_id_inspections FOREIGN KEY(inspection_id) REFERENCES inspections (id) ON DELETE SET NULL,
    CONSTRAINT fk_defects_service_order_id_service_orders FOREIGN KEY(service_order_id) REFERENCES service_orders (id) ON DELETE RESTRICT,
    CONSTRAINT fk_defects_vehicle_id_vehicles FOREIGN KEY(vehicle_id) REFERENCES vehicles (id) ON DELETE RESTRICT
)
 STRICT;

CREATE INDEX ix_defects_inspection_id ON defects (inspection_id);

CREATE INDEX ix_defects_service_order_id ON defects (service_order_id);

CREATE INDEX ix_defects_vehicle_id ON defects (vehicle_id);

CREATE TABLE parts (
    id INTEGER NOT NULL,
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    unit_price_cents INTEGER NOT NULL,
    currency TEXT NOT NULL,
    CONSTRAINT pk_parts PRIMARY KEY (id),
    CONSTRAINT ck_parts_currency_shape CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
    CONSTRAINT ck_parts_name_length CHECK (length(name) BETWEEN 1 AND 120),
    CONSTRAINT ck_parts_sku_shape CHECK (length(sku) BETWEEN 1 AND 40 AND sku = upper(sku)),
    CONSTRAINT ck_parts_unit_price_cents_range CHECK (unit_price_cents BETWEEN 0 AND 100000000),
    CONSTRAINT uq_parts_sku UNIQUE (sku)
)
 STRICT;

CREATE TABLE part_stock (
    depot_id INTEGER NOT NULL,
    part_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    reorder_level INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_part_stock PRIMARY KEY (depot_id, part_id),
    CONSTRAINT ck_part_stock_quantity_range CHECK (quantity BETWEEN 0 AND 100000),
    CONSTRAINT ck_part_stock_reorder_level_range CHECK (reorder_level BETWEEN 0 AND 100000),
    CONSTRAINT fk_part_stock_depot_id_depots FOREIGN KEY(depot_id) REFERENCES depots (id) ON DELETE RESTRICT,
    CONSTRAINT fk_part_stock_part_id_parts FOREIGN KEY(part_id) REFERENCES parts (id) ON DELETE RESTRICT
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX ix_part_stock_part_id ON part_stock (part_id);

CREATE TABLE service_parts (
    service_order_id INTEGER NOT NULL,
    part_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    unit_price_cents INTEGER NOT NULL,
    CONSTRAINT pk_service_parts PRIMARY KEY (service_order_id, part_id),
    CONSTRAINT ck_service_parts_quantity_range CHECK (quantity BETWEEN 1 AND 1000),
    CONSTRAINT ck_service_parts_unit_price_cents_range CHECK (unit_price_cents BETWEEN 0 AND 100000000),
    CONSTRAINT fk_service_parts_part_id_parts FOREIGN KEY(part_id) REFERENCES parts (id) ON DELETE RESTRICT,
    CONSTRAINT fk_service_parts_service_order_id_service_orders FOREIGN KEY(service_order_id) REFERENCES service_orders (id) ON DELETE CASCADE
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX ix_service_parts_part_id ON service_parts (part_id);

CREATE TABLE documents (
    id INTEGER NOT NULL,
    vehicle_id INTEGER,
    driver_id INTEGER,
    uploaded_by INTEGER,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    storage_key TEXT NOT NULL,
    media_type TEXT NOT NULL,
    byte_size INTEGER NOT NULL,
    issued_on TEXT,
    expires_on TEXT,
    created_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) NOT NULL,
    CONSTRAINT pk_documents PRIMARY KEY (id),
    CONSTRAINT ck_documents_kind_known CHECK (kind IN ('registration', 'insurance', 'inspection_certificate', 'driving_licence', 'invoice', 'other')),
    CONSTRAINT ck_documents_media_type_known CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    CONSTRAINT ck_documents_created_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at),
    CONSTRAINT ck_documents_one_subject CHECK ((vehicle_id IS NULL) <> (driver_id IS NULL)),
    CONSTRAINT ck_documents_byte_size_range CHECK (byte_size BETWEEN 1 AND 52428800),
    CONSTRAINT ck_documents_expires_on_day CHECK (date(expires_on, '+0 days') IS expires_on),
    CONSTRAINT ck_documents_issued_on_day CHECK (date(issued_on, '+0 days') IS issued_on),
    CONSTRAINT ck_documents_expires_after_issue CHECK (expires_on > issued_on),
    CONSTRAINT ck_documents_storage_key_length CHECK (length(storage_key) BETWEEN 1 AND 300),
    CONSTRAINT ck_documents_title_length CHECK (length(title) BETWEEN 1 AND 120),
    CONSTRAINT fk_documents_driver_id_drivers FOREIGN KEY(driver_id) REFERENCES drivers (id) ON DELETE CASCADE,
    CONSTRAINT fk_documents_uploaded_by_users FOREIGN KEY(uploaded_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_documents_vehicle_id_vehicles FOREIGN KEY(vehicle_id) REFERENCES vehicles (id) ON DELETE CASCADE,
    CONSTRAINT uq_documents_storage_key UNIQUE (storage_key)
)
 STRICT;

CREATE INDEX ix_documents_driver_id ON documents (driver_id);

CREATE INDEX ix_documents_uploaded_by ON documents (uploaded_by);

CREATE INDEX ix_documents_vehicle_id ON documents (vehicle_id);

CREATE TABLE reminders (
    id INTEGER NOT NULL,
    vehicle_id INTEGER,
    driver_id INTEGER,
    document_id INTEGER,
    done_by INTEGER,
    title TEXT NOT NULL,
    due_on TEXT,
    due_odometer_km INTEGER,
    done_at TEXT,
    created_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) NOT NULL,
    CONSTRAINT pk_reminders PRIMARY KEY (id),
    CONSTRAINT ck_reminders_created_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at),
    CONSTRAINT ck_reminders_done_at_instant CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', done_at, '+0 days') IS done_at),
    CONSTRAINT ck_reminders_one_subject CHECK ((vehicle_id IS NULL) <> (driver_id IS NULL)),
    CONSTRAINT ck_reminders_due_on_day CHECK (date(due_on, '+0 days') IS due_on),
    CONSTRAINT ck_reminders_done_by_needs_instant CHECK (done_by IS NULL OR done_at IS NOT NULL),
    CONSTRAINT ck_reminders_due_odometer_km_range CHECK (due_odometer_km BETWEEN 1 AND 5000000),
    CONSTRAINT ck_reminders_odometer_needs_vehicle CHECK (due_odometer_km IS NULL OR vehicle_id IS NOT NULL),
    CONSTRAINT ck_reminders_is_due_sometime CHECK (due_on IS NOT NULL OR due_odometer_km IS NOT NULL),
    CONSTRAINT ck_reminders_title_length CHECK (length(title) BETWEEN 1 AND 160),
    CONSTRAINT fk_reminders_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE,
    CONSTRAINT fk_reminders_done_by_users FOREIGN KEY(done_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_reminders_driver_id_drivers FOREIGN KEY(driver_id) REFERENCES drivers (id) ON DELETE CASCADE,
    CONSTRAINT fk_reminders_vehicle_id_vehicles FOREIGN KEY(vehicle_id) REFERENCES vehicles (id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_reminders_document_id ON reminders (document_id);

CREATE INDEX ix_reminders_done_by ON reminders (done_by);

CREATE INDEX ix_reminders_driver_id ON reminders (driver_id);

CREATE INDEX ix_reminders_pending ON reminders (due_on) WHERE done_at IS NULL;

CREATE INDEX ix_reminders_vehicle_id ON reminders (vehicle_id);

"""Depots, vehicles, drivers and who drives what

Revision ID: 0002
Revises: 0001
Create Date: 2026-01-19 10:20:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


# Two periods overlap when each starts before the other ends; an open end never comes.
OVERLAP_TRIGGER = """
CREATE TRIGGER trg_assignments_no_overlap_{moment}
BEFORE {event} ON assignments
WHEN EXISTS (
    SELECT 1 FROM assignments a
    WHERE a.id IS NOT NEW.id
      AND (a.vehicle_id = NEW.vehicle_id OR a.driver_id = NEW.driver_id)
      AND a.starts_at < coalesce(NEW.ends_at, '9999')
      AND NEW.starts_at < coalesce(a.ends_at, '9999')
)
BEGIN
    SELECT RAISE(ABORT, 'assignments overlap');
END
"""


def upgrade() -> None:
    op.create_table(
        "depots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.CheckConstraint("length(address) BETWEEN 1 AND 300", name=op.f("ck_depots_address_length")),
        sa.CheckConstraint(
            "length(code) BETWEEN 2 AND 10 AND code = upper(code)",
            name=op.f("ck_depots_code_shape"),
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name=op.f("ck_depots_name_length")),
        sa.CheckConstraint("length(time_zone) BETWEEN 3 AND 64", name=op.f("ck_depots_time_zone_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_depots")),
        sa.UniqueConstraint("code", name=op.f("uq_depots_code")),
        sqlite_strict=True,
    )

    op.create_table(
        "vehicles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("registration", sa.Text(), nullable=False),
        sa.Column("vin", sa.Text(), nullable=False),
        sa.Column("make", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("model_year", sa.Integer(), nullable=False),
        sa.Column("fuel_type", sa.Text(), nullable=False),
        sa.Column("odometer_km", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'active'"), nullable=False),
        sa.Column("acquired_on", sa.Text(), nullable=False),
        sa.Column("retired_on", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.Text(),
            server_default=sa.text("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.Text(),
            server_default=sa.text("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(status = 'retired') = (retired_on IS NOT NULL)",
            name=op.f("ck_vehicles_retired_has_day"),
        ),
        sa.CheckConstraint(
            "fuel_type IN ('petrol', 'diesel', 'hybrid', 'electric')",
            name=op.f("ck_vehicles_fuel_type_known"),
        ),
        sa.CheckConstraint(
            "length(vin) = 17 AND vin NOT GLOB '*[^A-HJ-NPR-Z0-9]*'",
            name=op.f("ck_vehicles_vin_shape"),
        ),
        sa.CheckConstraint(
            "status IN ('active', 'workshop', 'retired')",
            name=op.f("ck_vehicles_status_known"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at",
            name=op.f("ck_vehicles_created_at_instant"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', updated_at, '+0 days') IS updated_at",
            name=op.f("ck_vehicles_updated_at_instant"),
        ),
        sa.CheckConstraint("date(acquired_on, '+0 days') IS acquired_on", name=op.f("ck_vehicles_acquired_on_day")),
        sa.CheckConstraint("date(retired_on, '+0 days') IS retired_on", name=op.f("ck_vehicles_retired_on_day")),
        sa.CheckConstraint("length(make) BETWEEN 1 AND 60", name=op.f("ck_vehicles_make_length")),
        sa.CheckConstraint("length(model) BETWEEN 1 AND 60", name=op.f("ck_vehicles_model_length")),
        sa.CheckConstraint(
            "length(registration) BETWEEN 2 AND 16 AND registration = upper(registration)",
            name=op.f("ck_vehicles_registration_shape"),
        ),
        sa.CheckConstraint("model_year BETWEEN 1950 AND 2100", name=op.f("ck_vehicles_model_year_range")),
        sa.CheckConstraint("odometer_km BETWEEN 0 AND 5000000", name=op.f("ck_vehicles_odometer_km_range")),
        sa.CheckConstraint("retired_on >= acquired_on", name=op.f("ck_vehicles_retired_after_acquired")),
        sa.ForeignKeyConstraint(
            ["depot_id"],
            ["depots.id"],
            name=op.f("fk_vehicles_depot_id_depots"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicles")),
        sa.UniqueConstraint("registration", name=op.f("uq_vehicles_registration")),
        sa.UniqueConstraint("vin", name=op.f("uq_vehicles_vin")),
        sqlite_strict=True,
    )
    op.create_index("ix_vehicles_depot_id", "vehicles", ["depot_id"])

    op.create_table(
        "drivers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("employee_number", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("licence_number", sa.Text(), nullable=False),
        sa.Column("licence_class", sa.Text(), nullable=False),
        sa.Column("licence_expires_on", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'active'"), nullable=False),
        sa.Column(
            "created_at",
            sa.Text(),
            server_default=sa.text("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "licence_class IN ('B', 'C', 'CE', 'D')",
            name=op.f("ck_drivers_licence_class_known"),
        ),
        sa.CheckConstraint(
            "phone GLOB '+[1-9]*' AND length(phone) BETWEEN 8 AND 16",
            name=op.f("ck_drivers_phone_shape"),
        ),
        sa.CheckConstraint("status IN ('active', 'inactive')", name=op.f("ck_drivers_status_known")),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at",
            name=op.f("ck_drivers_created_at_instant"),
        ),
        sa.CheckConstraint(
            "date(licence_expires_on, '+0 days') IS licence_expires_on",
            name=op.f("ck_drivers_licence_expires_on_day"),
        ),
        sa.CheckConstraint(
            "length(employee_number) BETWEEN 1 AND 20",
            name=op.f("ck_drivers_employee_number_length"),
        ),
        sa.CheckConstraint("length(full_name) BETWEEN 1 AND 120", name=op.f("ck_drivers_full_name_length")),
        sa.CheckConstraint(
            "length(licence_number) BETWEEN 4 AND 30",
            name=op.f("ck_drivers_licence_number_length"),
        ),
        sa.ForeignKeyConstraint(
            ["depot_id"],
            ["depots.id"],
            name=op.f("fk_drivers_depot_id_depots"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drivers")),
        sa.UniqueConstraint("employee_number", name=op.f("uq_drivers_employee_number")),
        sa.UniqueConstraint("licence_number", name=op.f("uq_drivers_licence_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_drivers_depot_id", "drivers", ["depot_id"])

    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("assigned_by", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', ends_at, '+0 days') IS ends_at",
            name=op.f("ck_assignments_ends_at_instant"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', starts_at, '+0 days') IS starts_at",
            name=op.f("ck_assignments_starts_at_instant"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_assignments_ends_after_start")),
        sa.CheckConstraint("length(note) <= 500", name=op.f("ck_assignments_note_length")),
        sa.ForeignKeyConstraint(
            ["assigned_by"],
            ["users.id"],
            name=op.f("fk_assignments_assigned_by_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["drivers.id"],
            name=op.f("fk_assignments_driver_id_drivers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["vehicles.id"],
            name=op.f("fk_assignments_vehicle_id_vehicles"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sqlite_strict=True,
    )
    op.create_index("ix_assignments_assigned_by", "assignments", ["assigned_by"])
    op.create_index("ix_assignments_driver_id_starts_at", "assignments", ["driver_id", "starts_at"])
    op.create_index("ix_assignments_vehicle_id_starts_at", "assignments", ["vehicle_id", "starts_at"])

    op.execute(OVERLAP_TRIGGER.format(moment="insert", event="INSERT"))
    op.execute(
        OVERLAP_TRIGGER.format(moment="update", event="UPDATE OF vehicle_id, driver_id, starts_at, ends_at")
    )


def downgrade() -> None:
    op.drop_table("assignments")
    op.drop_table("drivers")
    op.drop_table("vehicles")
    op.drop_table("depots")

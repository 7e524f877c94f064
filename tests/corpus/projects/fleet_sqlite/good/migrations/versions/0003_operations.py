"""Costs, trips and fuel

Revision ID: 0003
Revises: 0002
Create Date: 2026-02-02 14:05:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "costs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("incurred_on", sa.Text(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column(
            "created_at",
            sa.Text(),
            server_default=sa.text("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "category IN ('fuel', 'service', 'insurance', 'tax', 'toll', 'fine', 'other')",
            name=op.f("ck_costs_category_known"),
        ),
        sa.CheckConstraint("currency GLOB '[A-Z][A-Z][A-Z]'", name=op.f("ck_costs_currency_shape")),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at",
            name=op.f("ck_costs_created_at_instant"),
        ),
        sa.CheckConstraint("date(incurred_on, '+0 days') IS incurred_on", name=op.f("ck_costs_incurred_on_day")),
        sa.CheckConstraint("length(description) <= 300", name=op.f("ck_costs_description_length")),
        sa.CheckConstraint("net_cents BETWEEN 0 AND 100000000000", name=op.f("ck_costs_net_cents_range")),
        sa.CheckConstraint("vat_cents BETWEEN 0 AND net_cents", name=op.f("ck_costs_vat_cents_range")),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["vehicles.id"],
            name=op.f("fk_costs_vehicle_id_vehicles"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_costs")),
        sa.UniqueConstraint("id", "vehicle_id", name=op.f("uq_costs_id_vehicle_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_costs_vehicle_id_incurred_on", "costs", ["vehicle_id", "incurred_on"])

    op.create_table(
        "trips",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("start_odometer_km", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.Column("end_odometer_km", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', finished_at, '+0 days') IS finished_at",
            name=op.f("ck_trips_finished_at_instant"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', started_at, '+0 days') IS started_at",
            name=op.f("ck_trips_started_at_instant"),
        ),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (end_odometer_km IS NULL)",
            name=op.f("ck_trips_finish_is_complete"),
        ),
        sa.CheckConstraint(
            "end_odometer_km BETWEEN start_odometer_km AND 5000000",
            name=op.f("ck_trips_end_odometer_km_range"),
        ),
        sa.CheckConstraint("finished_at > started_at", name=op.f("ck_trips_finished_after_start")),
        sa.CheckConstraint("length(destination) BETWEEN 1 AND 200", name=op.f("ck_trips_destination_length")),
        sa.CheckConstraint("length(origin) BETWEEN 1 AND 200", name=op.f("ck_trips_origin_length")),
        sa.CheckConstraint("length(purpose) BETWEEN 1 AND 200", name=op.f("ck_trips_purpose_length")),
        sa.CheckConstraint("start_odometer_km BETWEEN 0 AND 5000000", name=op.f("ck_trips_start_odometer_km_range")),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["drivers.id"],
            name=op.f("fk_trips_driver_id_drivers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["vehicles.id"],
            name=op.f("fk_trips_vehicle_id_vehicles"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trips")),
        sqlite_strict=True,
    )
    op.create_index("ix_trips_driver_id", "trips", ["driver_id"])
    op.create_index("ix_trips_vehicle_id", "trips", ["vehicle_id"])
    op.create_index(
        "uq_trips_open_driver",
        "trips",
        ["driver_id"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
    )
    op.create_index(
        "uq_trips_open_vehicle",
        "trips",
        ["vehicle_id"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
    )

    op.create_table(
        "fuel_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=True),
        sa.Column("cost_id", sa.Integer(), nullable=False),
        sa.Column("fuelled_at", sa.Text(), nullable=False),
        sa.Column("odometer_km", sa.Integer(), nullable=False),
        sa.Column("volume_ml", sa.Integer(), nullable=False),
        sa.Column("is_full_tank", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("station", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', fuelled_at, '+0 days') IS fuelled_at",
            name=op.f("ck_fuel_entries_fuelled_at_instant"),
        ),
        sa.CheckConstraint("is_full_tank IN (0, 1)", name=op.f("ck_fuel_entries_is_full_tank_flag")),
        sa.CheckConstraint("length(station) BETWEEN 1 AND 120", name=op.f("ck_fuel_entries_station_length")),
        sa.CheckConstraint(
            "odometer_km BETWEEN 0 AND 5000000",
            name=op.f("ck_fuel_entries_odometer_km_range"),
        ),
        sa.CheckConstraint("volume_ml BETWEEN 1 AND 2000000", name=op.f("ck_fuel_entries_volume_ml_range")),
        sa.ForeignKeyConstraint(
            ["cost_id", "vehicle_id"],
            ["costs.id", "costs.vehicle_id"],
            name=op.f("fk_fuel_entries_cost_id_vehicle_id_costs"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["drivers.id"],
            name=op.f("fk_fuel_entries_driver_id_drivers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["vehicles.id"],
            name=op.f("fk_fuel_entries_vehicle_id_vehicles"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fuel_entries")),
        sa.UniqueConstraint("cost_id", "vehicle_id", name=op.f("uq_fuel_entries_cost_id_vehicle_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_fuel_entries_driver_id", "fuel_entries", ["driver_id"])
    op.create_index("ix_fuel_entries_vehicle_id", "fuel_entries", ["vehicle_id"])


def downgrade() -> None:
    op.drop_table("fuel_entries")
    op.drop_table("trips")
    op.drop_table("costs")

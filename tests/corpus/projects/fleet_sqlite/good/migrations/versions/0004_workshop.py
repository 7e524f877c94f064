"""Inspections, defects, services and parts

Revision ID: 0004
Revises: 0003
Create Date: 2026-02-23 08:45:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "inspections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=True),
        sa.Column("inspected_by", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("performed_at", sa.Text(), nullable=False),
        sa.Column("odometer_km", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('pre_trip', 'post_trip', 'periodic')",
            name=op.f("ck_inspections_kind_known"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', performed_at, '+0 days') IS performed_at",
            name=op.f("ck_inspections_performed_at_instant"),
        ),
        sa.CheckConstraint("length(note) <= 1000", name=op.f("ck_inspections_note_length")),
        sa.CheckConstraint(
            "odometer_km BETWEEN 0 AND 5000000",
            name=op.f("ck_inspections_odometer_km_range"),
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["drivers.id"],
            name=op.f("fk_inspections_driver_id_drivers"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["inspected_by"],
            ["users.id"],
            name=op.f("fk_inspections_inspected_by_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["vehicles.id"],
            name=op.f("fk_inspections_vehicle_id_vehicles"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sqlite_strict=True,
    )
    op.create_index("ix_inspections_driver_id", "inspections", ["driver_id"])
    op.create_index("ix_inspections_inspected_by", "inspections", ["inspected_by"])
    op.create_index("ix_inspections_vehicle_id", "inspections", ["vehicle_id"])

    op.create_table(
        "inspection_items",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'defect' OR length(note) > 0",
            name=op.f("ck_inspection_items_defect_is_described"),
        ),
        sa.CheckConstraint(
            "outcome IN ('ok', 'defect', 'not_applicable')",
            name=op.f("ck_inspection_items_outcome_known"),
        ),
        sa.CheckConstraint(
            "length(checkpoint) BETWEEN 1 AND 80",
            name=op.f("ck_inspection_items_checkpoint_length"),
        ),
        sa.CheckConstraint("length(note) <= 500", name=op.f("ck_inspection_items_note_length")),
        sa.CheckConstraint("position BETWEEN 1 AND 60", name=op.f("ck_inspection_items_position_range")),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
            name=op.f("fk_inspection_items_inspection_id_inspections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("inspection_id", "position", name=op.f("pk_inspection_items")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )

    op.create_table(
        "service_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("cost_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("scheduled_on", sa.Text(), nullable=False),
        sa.Column("completed_at", sa.Text(), nullable=True),
        sa.Column("odometer_km", sa.Integer(), nullable=True),
        sa.Column(
            "created_at",
            sa.Text(),
            server_default=sa.text("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('maintenance', 'repair', 'recall')",
            name=op.f("ck_service_orders_kind_known"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', completed_at, '+0 days') IS completed_at",
            name=op.f("ck_service_orders_completed_at_instant"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at",
            name=op.f("ck_service_orders_created_at_instant"),
        ),
        sa.CheckConstraint(
            "(completed_at IS NULL) = (cost_id IS NULL) AND (completed_at IS NULL) = (odometer_km IS NULL)",
            name=op.f("ck_service_orders_completion_is_whole"),
        ),
        sa.CheckConstraint(
            "date(scheduled_on, '+0 days') IS scheduled_on",
            name=op.f("ck_service_orders_scheduled_on_day"),
        ),
        sa.CheckConstraint(
            "length(description) BETWEEN 1 AND 1000",
            name=op.f("ck_service_orders_description_length"),
        ),
        sa.CheckConstraint(
            "odometer_km BETWEEN 0 AND 5000000",
            name=op.f("ck_service_orders_odometer_km_range"),
        ),
        sa.ForeignKeyConstraint(
            ["cost_id", "vehicle_id"],
            ["costs.id", "costs.vehicle_id"],
            name=op.f("fk_service_orders_cost_id_vehicle_id_costs"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["depot_id"],
            ["depots.id"],
            name=op.f("fk_service_orders_depot_id_depots"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["vehicles.id"],
            name=op.f("fk_service_orders_vehicle_id_vehicles"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_orders")),
        sa.UniqueConstraint("cost_id", "vehicle_id", name=op.f("uq_service_orders_cost_id_vehicle_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_service_orders_depot_id", "service_orders", ["depot_id"])
    op.create_index(
        "ix_service_orders_planned",
        "service_orders",
        ["scheduled_on"],
        sqlite_where=sa.text("completed_at IS NULL"),
    )
    op.create_index("ix_service_orders_vehicle_id", "service_orders", ["vehicle_id"])

    op.create_table(
        "defects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=True),
        sa.Column("service_order_id", sa.Integer(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "reported_at",
            sa.Text(),
            server_default=sa.text("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
            nullable=False,
        ),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status IN ('resolved', 'dismissed')) = (closed_at IS NOT NULL)",
            name=op.f("ck_defects_closed_has_instant"),
        ),
        sa.CheckConstraint(
            "severity IN ('minor', 'major', 'critical')",
            name=op.f("ck_defects_severity_known"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'in_repair', 'resolved', 'dismissed')",
            name=op.f("ck_defects_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('in_repair', 'resolved') OR service_order_id IS NOT NULL",
            name=op.f("ck_defects_repair_has_order"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', closed_at, '+0 days') IS closed_at",
            name=op.f("ck_defects_closed_at_instant"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', reported_at, '+0 days') IS reported_at",
            name=op.f("ck_defects_reported_at_instant"),
        ),
        sa.CheckConstraint(
            "length(description) BETWEEN 1 AND 1000",
            name=op.f("ck_defects_description_length"),
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
            name=op.f("fk_defects_inspection_id_inspections"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["service_order_id"],
            ["service_orders.id"],
            name=op.f("fk_defects_service_order_id_service_orders"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["vehicles.id"],
            name=op.f("fk_defects_vehicle_id_vehicles"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_defects")),
        sqlite_strict=True,
    )
    op.create_index("ix_defects_inspection_id", "defects", ["inspection_id"])
    op.create_index("ix_defects_service_order_id", "defects", ["service_order_id"])
    op.create_index("ix_defects_vehicle_id", "defects", ["vehicle_id"])

    op.create_table(
        "parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit_price_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.CheckConstraint("currency GLOB '[A-Z][A-Z][A-Z]'", name=op.f("ck_parts_currency_shape")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f("ck_parts_name_length")),
        sa.CheckConstraint(
            "length(sku) BETWEEN 1 AND 40 AND sku = upper(sku)",
            name=op.f("ck_parts_sku_shape"),
        ),
        sa.CheckConstraint(
            "unit_price_cents BETWEEN 0 AND 100000000",
            name=op.f("ck_parts_unit_price_cents_range"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parts")),
        sa.UniqueConstraint("sku", name=op.f("uq_parts_sku")),
        sqlite_strict=True,
    )

    op.create_table(
        "part_stock",
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reorder_level", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 0 AND 100000", name=op.f("ck_part_stock_quantity_range")),
        sa.CheckConstraint(
            "reorder_level BETWEEN 0 AND 100000",
            name=op.f("ck_part_stock_reorder_level_range"),
        ),
        sa.ForeignKeyConstraint(
            ["depot_id"],
            ["depots.id"],
            name=op.f("fk_part_stock_depot_id_depots"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["part_id"],
            ["parts.id"],
            name=op.f("fk_part_stock_part_id_parts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("depot_id", "part_id", name=op.f("pk_part_stock")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_part_stock_part_id", "part_stock", ["part_id"])

    op.create_table(
        "service_parts",
        sa.Column("service_order_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 1000", name=op.f("ck_service_parts_quantity_range")),
        sa.CheckConstraint(
            "unit_price_cents BETWEEN 0 AND 100000000",
            name=op.f("ck_service_parts_unit_price_cents_range"),
        ),
        sa.ForeignKeyConstraint(
            ["part_id"],
            ["parts.id"],
            name=op.f("fk_service_parts_part_id_parts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["service_order_id"],
            ["service_orders.id"],
            name=op.f("fk_service_parts_service_order_id_service_orders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_order_id", "part_id", name=op.f("pk_service_parts")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_service_parts_part_id", "service_parts", ["part_id"])


def downgrade() -> None:
    op.drop_table("service_parts")
    op.drop_table("part_stock")
    op.drop_table("parts")
    op.drop_table("defects")
    op.drop_table("service_orders")
    op.drop_table("inspection_items")
    op.drop_table("inspections")

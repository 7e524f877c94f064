"""Documents and reminders

Revision ID: 0005
Revises: 0004
Create Date: 2026-03-16 11:30:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=True),
        sa.Column("driver_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("byte_size", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Text(), nullable=True),
        sa.Column("expires_on", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.Text(),
            server_default=sa.text("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('registration', 'insurance', 'inspection_certificate', 'driving_licence', 'invoice', 'other')",
            name=op.f("ck_documents_kind_known"),
        ),
        sa.CheckConstraint(
            "media_type IN ('application/pdf', 'image/jpeg', 'image/png')",
            name=op.f("ck_documents_media_type_known"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at",
            name=op.f("ck_documents_created_at_instant"),
        ),
        sa.CheckConstraint(
            "(vehicle_id IS NULL) <> (driver_id IS NULL)",
            name=op.f("ck_documents_one_subject"),
        ),
        sa.CheckConstraint("byte_size BETWEEN 1 AND 52428800", name=op.f("ck_documents_byte_size_range")),
        sa.CheckConstraint("date(expires_on, '+0 days') IS expires_on", name=op.f("ck_documents_expires_on_day")),
        sa.CheckConstraint("date(issued_on, '+0 days') IS issued_on", name=op.f("ck_documents_issued_on_day")),
        sa.CheckConstraint("expires_on > issued_on", name=op.f("ck_documents_expires_after_issue")),
        sa.CheckConstraint(
            "length(storage_key) BETWEEN 1 AND 300",
            name=op.f("ck_documents_storage_key_length"),
        ),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 120", name=op.f("ck_documents_title_length")),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["drivers.id"],
            name=op.f("fk_documents_driver_id_drivers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"],
            ["users.id"],
            name=op.f("fk_documents_uploaded_by_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["vehicles.id"],
            name=op.f("fk_documents_vehicle_id_vehicles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_documents_storage_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_documents_driver_id", "documents", ["driver_id"])
    op.create_index("ix_documents_uploaded_by", "documents", ["uploaded_by"])
    op.create_index("ix_documents_vehicle_id", "documents", ["vehicle_id"])

    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=True),
        sa.Column("driver_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("due_odometer_km", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.Text(),
            server_default=sa.text("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at",
            name=op.f("ck_reminders_created_at_instant"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', done_at, '+0 days') IS done_at",
            name=op.f("ck_reminders_done_at_instant"),
        ),
        sa.CheckConstraint(
            "(vehicle_id IS NULL) <> (driver_id IS NULL)",
            name=op.f("ck_reminders_one_subject"),
        ),
        sa.CheckConstraint("date(due_on, '+0 days') IS due_on", name=op.f("ck_reminders_due_on_day")),
        sa.CheckConstraint(
            "done_by IS NULL OR done_at IS NOT NULL",
            name=op.f("ck_reminders_done_by_needs_instant"),
        ),
        sa.CheckConstraint(
            "due_odometer_km BETWEEN 1 AND 5000000",
            name=op.f("ck_reminders_due_odometer_km_range"),
        ),
        sa.CheckConstraint(
            "due_odometer_km IS NULL OR vehicle_id IS NOT NULL",
            name=op.f("ck_reminders_odometer_needs_vehicle"),
        ),
        sa.CheckConstraint(
            "due_on IS NOT NULL OR due_odometer_km IS NOT NULL",
            name=op.f("ck_reminders_is_due_sometime"),
        ),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 160", name=op.f("ck_reminders_title_length")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_reminders_document_id_documents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["done_by"],
            ["users.id"],
            name=op.f("fk_reminders_done_by_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["drivers.id"],
            name=op.f("fk_reminders_driver_id_drivers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["vehicles.id"],
            name=op.f("fk_reminders_vehicle_id_vehicles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sqlite_strict=True,
    )
    op.create_index("ix_reminders_document_id", "reminders", ["document_id"])
    op.create_index("ix_reminders_done_by", "reminders", ["done_by"])
    op.create_index("ix_reminders_driver_id", "reminders", ["driver_id"])
    op.create_index("ix_reminders_pending", "reminders", ["due_on"], sqlite_where=sa.text("done_at IS NULL"))
    op.create_index("ix_reminders_vehicle_id", "reminders", ["vehicle_id"])


def downgrade() -> None:
    op.drop_table("reminders")
    op.drop_table("documents")

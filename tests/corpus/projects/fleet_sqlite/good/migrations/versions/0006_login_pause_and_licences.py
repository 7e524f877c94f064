"""Pause after failed logins, and the licence that a vehicle requires

Plain ALTER TABLE and not a batch operation: a batch would rebuild the table without STRICT, and
dropping the old one would cascade to the rows that refer to it.

Revision ID: 0006
Revises: 0005
Create Date: 2026-04-20 09:00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE users ADD COLUMN failed_login_count INTEGER DEFAULT 0 NOT NULL
        CONSTRAINT ck_users_failed_login_count_not_negative CHECK (failed_login_count >= 0)
        """
    )
    op.execute(
        """
        ALTER TABLE users ADD COLUMN locked_until TEXT
        CONSTRAINT ck_users_locked_until_instant
        CHECK (strftime('%Y-%m-%dT%H:%M:%SZ', locked_until, '+0 days') IS locked_until)
        """
    )
    op.execute(
        """
        ALTER TABLE vehicles ADD COLUMN required_licence TEXT DEFAULT 'B' NOT NULL
        CONSTRAINT ck_vehicles_required_licence_known CHECK (required_licence IN ('B', 'C', 'CE', 'D'))
        """
    )


def downgrade() -> None:
    op.drop_column("vehicles", "required_licence")
    op.drop_column("users", "locked_until")
    op.drop_column("users", "failed_login_count")

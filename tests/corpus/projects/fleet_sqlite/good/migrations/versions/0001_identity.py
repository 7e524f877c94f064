"""Users with roles, their logins, and machine keys

Revision ID: 0001
Revises:
Create Date: 2026-01-12 09:10:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    roles = op.create_table(
        "roles",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "code IN ('administrator', 'dispatcher', 'mechanic', 'viewer')",
            name=op.f("ck_roles_code_known"),
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 60", name=op.f("ck_roles_name_length")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_roles")),
        sqlite_strict=True,
    )
    op.bulk_insert(
        roles,
        [
            {"code": "administrator", "name": "Administrator"},
            {"code": "dispatcher", "name": "Dispatcher"},
            {"code": "mechanic", "name": "Mechanic"},
            {"code": "viewer", "name": "Viewer"},
        ],
    )

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.Text(),
            server_default=sa.text("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "email = lower(email) AND email LIKE '_%@_%' AND length(email) <= 254",
            name=op.f("ck_users_email_shape"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at",
            name=op.f("ck_users_created_at_instant"),
        ),
        sa.CheckConstraint("is_active IN (0, 1)", name=op.f("ck_users_is_active_flag")),
        sa.CheckConstraint(
            "length(display_name) BETWEEN 1 AND 80",
            name=op.f("ck_users_display_name_length"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sqlite_strict=True,
    )

    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_code"],
            ["roles.code"],
            name=op.f("fk_user_roles_role_code_roles"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_user_roles_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "role_code", name=op.f("pk_user_roles")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_user_roles_role_code", "user_roles", ["role_code"])

    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.Text(),
            server_default=sa.text("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at",
            name=op.f("ck_login_sessions_created_at_instant"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, '+0 days') IS expires_at",
            name=op.f("ck_login_sessions_expires_at_instant"),
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_login_sessions_expires_after_creation")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_login_sessions_token_hash_length")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_login_sessions_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_login_sessions_user_id", "login_sessions", ["user_id"])

    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("role_code", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.Text(),
            server_default=sa.text("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.Text(), nullable=True),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days') IS created_at",
            name=op.f("ck_api_keys_created_at_instant"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, '+0 days') IS expires_at",
            name=op.f("ck_api_keys_expires_at_instant"),
        ),
        sa.CheckConstraint(
            "strftime('%Y-%m-%dT%H:%M:%SZ', revoked_at, '+0 days') IS revoked_at",
            name=op.f("ck_api_keys_revoked_at_instant"),
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_api_keys_expires_after_creation")),
        sa.CheckConstraint("length(key_hash) = 64", name=op.f("ck_api_keys_key_hash_length")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name=op.f("ck_api_keys_name_length")),
        sa.ForeignKeyConstraint(
            ["role_code"],
            ["roles.code"],
            name=op.f("fk_api_keys_role_code_roles"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_api_keys_name")),
        sqlite_strict=True,
    )
    op.create_index("ix_api_keys_role_code", "api_keys", ["role_code"])


def downgrade() -> None:
    op.drop_table("api_keys")
    op.drop_table("login_sessions")
    op.drop_table("user_roles")
    op.drop_table("users")
    op.drop_table("roles")

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utc_now
from app.models.base import NOW, Base, Choice, Flag, UtcDateTime, instant


class RoleCode(StrEnum):
    ADMINISTRATOR = "administrator"
    DISPATCHER = "dispatcher"
    MECHANIC = "mechanic"
    VIEWER = "viewer"


class Role(Base):
    __tablename__ = "roles"
    __table_args__ = (
        CheckConstraint("code IN ('administrator', 'dispatcher', 'mechanic', 'viewer')", name="code_known"),
        CheckConstraint("length(name) BETWEEN 1 AND 60", name="name_length"),
        {"sqlite_strict": True},
    )

    code: Mapped[RoleCode] = mapped_column(Choice(RoleCode), primary_key=True)
    name: Mapped[str] = mapped_column(Text)


class User(Base):
    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "email = lower(email) AND email LIKE '_%@_%' AND length(email) <= 254", name="email_shape"
        ),
        CheckConstraint("length(display_name) BETWEEN 1 AND 80", name="display_name_length"),
        CheckConstraint("is_active IN (0, 1)", name="is_active_flag"),
        CheckConstraint("failed_login_count >= 0", name="failed_login_count_not_negative"),
        CheckConstraint(instant("locked_until"), name="locked_until_instant"),
        CheckConstraint(instant("created_at"), name="created_at_instant"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    email: Mapped[str] = mapped_column(Text, unique=True)
    display_name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(Flag, default=True, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=NOW)
    failed_login_count: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    roles: Mapped[list[Role]] = relationship(secondary="user_roles", order_by=Role.code)


class UserRole(Base):
    __tablename__ = "user_roles"
    __table_args__ = (
        Index("ix_user_roles_role_code", "role_code"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role_code: Mapped[RoleCode] = mapped_column(
        Choice(RoleCode), ForeignKey("roles.code", ondelete="RESTRICT"), primary_key=True
    )


class LoginSession(Base):
    __tablename__ = "login_sessions"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", name="token_hash_length"),
        CheckConstraint(instant("created_at"), name="created_at_instant"),
        CheckConstraint(instant("expires_at"), name="expires_at_instant"),
        CheckConstraint("expires_at > created_at", name="expires_after_creation"),
        Index("ix_login_sessions_user_id", "user_id"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=NOW)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class ApiKey(Base):
    """A machine's access, with one role. Only the SHA-256 of the key is kept."""

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name_length"),
        CheckConstraint("length(key_hash) = 64", name="key_hash_length"),
        CheckConstraint(instant("created_at"), name="created_at_instant"),
        CheckConstraint(instant("expires_at"), name="expires_at_instant"),
        CheckConstraint(instant("revoked_at"), name="revoked_at_instant"),
        CheckConstraint("expires_at > created_at", name="expires_after_creation"),
        Index("ix_api_keys_role_code", "role_code"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    key_hash: Mapped[str] = mapped_column(Text, unique=True)
    role_code: Mapped[RoleCode] = mapped_column(
        Choice(RoleCode), ForeignKey("roles.code", ondelete="RESTRICT")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=NOW)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

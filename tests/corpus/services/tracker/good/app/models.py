"""The tables, as schema.sql makes them. The service never creates them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Identity, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


def _id_column() -> Column[int]:
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def _created_column() -> Column[datetime]:
    return Column(
        "created_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
    )


class UserRow(SQLModel, table=True):
    """A user; the rows are put there by the deployment."""

    __tablename__ = "users"

    id: UUID = Field(primary_key=True)
    display_name: str
    created_at: datetime = Field(sa_column=_created_column())


class WorkspaceRow(SQLModel, table=True):
    """A workspace."""

    __tablename__ = "workspaces"

    id: int = Field(sa_column=_id_column())
    name: str
    created_at: datetime = Field(sa_column=_created_column())


class WorkspaceMemberRow(SQLModel, table=True):
    """A membership."""

    __tablename__ = "workspace_members"

    workspace_id: int = Field(primary_key=True, sa_type=BigInteger)
    user_id: UUID = Field(primary_key=True)
    role: str
    created_at: datetime = Field(sa_column=_created_column())


class ProjectRow(SQLModel, table=True):
    """A project."""

    __tablename__ = "projects"

    id: int = Field(sa_column=_id_column())
    workspace_id: int = Field(sa_type=BigInteger)
    name: str
    description: str
    created_at: datetime = Field(sa_column=_created_column())


class BoardRow(SQLModel, table=True):
    """A board."""

    __tablename__ = "boards"

    id: int = Field(sa_column=_id_column())
    project_id: int = Field(sa_type=BigInteger)
    name: str
    created_at: datetime = Field(sa_column=_created_column())


class TaskRow(SQLModel, table=True):
    """A task."""

    __tablename__ = "tasks"

    id: int = Field(sa_column=_id_column())
    board_id: int = Field(sa_type=BigInteger)
    created_by: UUID
    assignee_id: UUID | None
    title: str
    description: str
    status: str
    due_on: date | None
    created_at: datetime = Field(sa_column=_created_column())


class LabelRow(SQLModel, table=True):
    """A label."""

    __tablename__ = "labels"

    id: int = Field(sa_column=_id_column())
    workspace_id: int = Field(sa_type=BigInteger)
    name: str
    color: str
    created_at: datetime = Field(sa_column=_created_column())


class TaskLabelRow(SQLModel, table=True):
    """A label on a task."""

    __tablename__ = "task_labels"

    task_id: int = Field(primary_key=True, sa_type=BigInteger)
    label_id: int = Field(primary_key=True, sa_type=BigInteger)


class CommentRow(SQLModel, table=True):
    """A comment."""

    __tablename__ = "comments"

    id: int = Field(sa_column=_id_column())
    task_id: int = Field(sa_type=BigInteger)
    author_id: UUID
    body: str
    created_at: datetime = Field(sa_column=_created_column())


class TimeEntryRow(SQLModel, table=True):
    """Time that a user spent on a task."""

    __tablename__ = "time_entries"

    id: int = Field(sa_column=_id_column())
    task_id: int = Field(sa_type=BigInteger)
    user_id: UUID
    spent_on: date
    minutes: int
    note: str
    created_at: datetime = Field(sa_column=_created_column())


class IdempotencyKeyRow(SQLModel, table=True):
    """The answer to a creation that came with a key."""

    __tablename__ = "idempotency_keys"

    user_id: UUID = Field(primary_key=True)
    idempotency_key: str = Field(primary_key=True)
    fingerprint: str
    location: str
    response: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    created_at: datetime = Field(sa_column=_created_column())

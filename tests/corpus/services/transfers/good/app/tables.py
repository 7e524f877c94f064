"""The tables of schema.sql, as SQLModel classes."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Text, Uuid, func
from sqlmodel import Field, SQLModel


class UserRow(SQLModel, table=True):
    """A user that a token may name."""

    __tablename__ = "users"

    id: UUID = Field(default_factory=uuid4, sa_column=Column(Uuid, primary_key=True))
    created_at: datetime = Field(
        default=None,
        sa_column=Column(
            DateTime(timezone=True), server_default=func.now(), nullable=False
        ),
    )


class AccountRow(SQLModel, table=True):
    """An account; its balance is in minor units."""

    __tablename__ = "accounts"

    id: UUID = Field(default_factory=uuid4, sa_column=Column(Uuid, primary_key=True))
    owner_id: UUID = Field(
        sa_column=Column(
            Uuid, ForeignKey("users.id", ondelete="RESTRICT"), nullable=False
        )
    )
    currency: str = Field(sa_column=Column(Text, nullable=False))
    balance: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    status: str = Field(default="active", sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(
        default=None,
        sa_column=Column(
            DateTime(timezone=True), server_default=func.now(), nullable=False
        ),
    )


class TransferRow(SQLModel, table=True):
    """A transfer that was carried out; never changed."""

    __tablename__ = "transfers"

    id: UUID = Field(default_factory=uuid4, sa_column=Column(Uuid, primary_key=True))
    initiated_by: UUID = Field(
        sa_column=Column(
            Uuid, ForeignKey("users.id", ondelete="RESTRICT"), nullable=False
        )
    )
    source_account_id: UUID = Field(
        sa_column=Column(
            Uuid, ForeignKey("accounts.id", ondelete="RESTRICT"), nullable=False
        )
    )
    destination_account_id: UUID = Field(
        sa_column=Column(
            Uuid, ForeignKey("accounts.id", ondelete="RESTRICT"), nullable=False
        )
    )
    amount: int = Field(sa_column=Column(BigInteger, nullable=False))
    currency: str = Field(sa_column=Column(Text, nullable=False))
    idempotency_key: str = Field(sa_column=Column(Text, nullable=False))
    request_fingerprint: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(
        default=None,
        sa_column=Column(
            DateTime(timezone=True), server_default=func.now(), nullable=False
        ),
    )

"""The tables, as schema.sql makes them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    FetchedValue,
    ForeignKey,
    Integer,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Key = Annotated[
    UUID,
    mapped_column(
        Uuid, primary_key=True, server_default=text("gen_random_uuid()")
    ),
]
CreatedAt = Annotated[
    datetime, mapped_column(DateTime(timezone=True), server_default=text("now()"))
]


class Base(DeclarativeBase):
    """The base of all tables."""


class User(Base):
    """A customer or a member of staff."""

    __tablename__ = "users"

    id: Mapped[Key]
    role: Mapped[str] = mapped_column(Text)
    full_name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    created_at: Mapped[CreatedAt]


class Account(Base):
    """An account and its balance."""

    __tablename__ = "accounts"

    id: Mapped[Key]
    customer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("users.id"))
    account_number: Mapped[str] = mapped_column(Text, server_default=FetchedValue())
    kind: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=text("'open'"))
    balance_minor: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    created_at: Mapped[CreatedAt]


class Payee(Base):
    """An entry in the address book of a customer."""

    __tablename__ = "payees"

    id: Mapped[Key]
    customer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("users.id"))
    account_number: Mapped[str] = mapped_column(
        Text, ForeignKey("accounts.account_number")
    )
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[CreatedAt]


class StandingOrder(Base):
    """A monthly payment."""

    __tablename__ = "standing_orders"

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("accounts.id"))
    destination_account_id: Mapped[UUID] = mapped_column(
        Uuid, ForeignKey("accounts.id")
    )
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(Text)
    day_of_month: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(Text, server_default=text("'active'"))
    next_due_on: Mapped[date] = mapped_column(Date)
    last_due_on: Mapped[date | None] = mapped_column(Date)
    last_outcome: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[CreatedAt]


class Payment(Base):
    """Money that has moved."""

    __tablename__ = "payments"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(Text)
    source_account_id: Mapped[UUID | None] = mapped_column(
        Uuid, ForeignKey("accounts.id")
    )
    destination_account_id: Mapped[UUID] = mapped_column(
        Uuid, ForeignKey("accounts.id")
    )
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(Text)
    standing_order_id: Mapped[UUID | None] = mapped_column(
        Uuid, ForeignKey("standing_orders.id")
    )
    due_on: Mapped[date | None] = mapped_column(Date)
    created_by: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]


class Card(Base):
    """A debit card."""

    __tablename__ = "cards"

    id: Mapped[Key]
    account_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("accounts.id"))
    last_four: Mapped[str] = mapped_column(Text)
    expires_on: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(Text, server_default=text("'active'"))
    created_at: Mapped[CreatedAt]


class Dispute(Base):
    """A payment that the payer contests."""

    __tablename__ = "disputes"

    id: Mapped[Key]
    payment_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("payments.id"))
    customer_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=text("'open'"))
    resolution_note: Mapped[str | None] = mapped_column(Text)
    refund_payment_id: Mapped[UUID | None] = mapped_column(
        Uuid, ForeignKey("payments.id")
    )
    resolved_by: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("users.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[CreatedAt]


class IdempotencyKey(Base):
    """A key that a user has used, and what was made with it."""

    __tablename__ = "idempotency_keys"

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("users.id"))
    idempotency_key: Mapped[UUID] = mapped_column(Uuid)
    operation: Mapped[str] = mapped_column(Text)
    request_hash: Mapped[str] = mapped_column(Text)
    resource_id: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[CreatedAt]

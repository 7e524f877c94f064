"""The engine, sessions, and the tables as classes."""

from collections.abc import AsyncIterator
from datetime import datetime
from functools import lru_cache
from typing import Annotated, ClassVar

from fastapi import Depends
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, Text, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from ulid import ULID

from app.platform.settings import settings


@lru_cache
def engine() -> AsyncEngine:
    """The engine and its pool."""
    return create_async_engine(
        settings().database, pool_size=10, max_overflow=0, pool_timeout=30, connect_args={"command_timeout": 10}
    )


async def session() -> AsyncIterator[AsyncSession]:
    """A session of one request; what it does not commit is rolled back."""
    async with async_sessionmaker(engine(), expire_on_commit=False)() as opened:
        yield opened


Db = Annotated[AsyncSession, Depends(session)]


def new_id() -> str:
    """A ULID: sorts by its time."""
    return str(ULID())


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map: ClassVar = {str: Text, int: Integer, datetime: DateTime(timezone=True)}


class Account(Base):
    """Somebody who signs in."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(server_default=text("'attendee'"))
    token_version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Event(Base):
    """An event."""

    __tablename__ = "events"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    organiser_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    title: Mapped[str]
    venue: Mapped[str]
    starts_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(server_default=text("'draft'"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class TicketType(Base):
    """A kind of ticket, and how many are left."""

    __tablename__ = "ticket_types"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(ForeignKey("events.id", ondelete="RESTRICT"))
    name: Mapped[str]
    price_cents: Mapped[int] = mapped_column(BigInteger)
    capacity: Mapped[int]
    available: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

    event: Mapped[Event] = relationship(lazy="raise")


class Order(Base):
    """Tickets that somebody reserved or bought."""

    __tablename__ = "orders"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    buyer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    ticket_type_id: Mapped[str] = mapped_column(ForeignKey("ticket_types.id", ondelete="RESTRICT"))
    quantity: Mapped[int]
    total_cents: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(server_default=text("'reserved'"))
    reserved_until: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Payment(Base):
    """Money that went in or back."""

    __tablename__ = "payments"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="RESTRICT"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    kind: Mapped[str]
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    idempotency_key: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

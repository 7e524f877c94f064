"""The tables, as the database has them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NOW = text("now()")
NEW_ID = text("gen_random_uuid()")


class Base(DeclarativeBase):
    """All tables; times have a zone, texts no length of their own."""

    type_annotation_map: ClassVar = {datetime: DateTime(timezone=True), str: Text()}


class User(Base):
    """Somebody who books."""

    __tablename__ = "users"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_ID)
    email: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(server_default="member")
    credit_hours: Mapped[int] = mapped_column(server_default="20")
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class SignInAttempt(Base):
    """How often an address was tried."""

    __tablename__ = "sign_in_attempts"
    address_digest: Mapped[str] = mapped_column(primary_key=True)
    attempts: Mapped[int] = mapped_column(server_default="1")
    first_at: Mapped[datetime] = mapped_column(server_default=NOW)


class ApiKey(Base):
    """A key of a user; only its digest is kept."""

    __tablename__ = "api_keys"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_ID)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    key_digest: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Room(Base):
    """A room."""

    __tablename__ = "rooms"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_ID)
    name: Mapped[str] = mapped_column(unique=True)
    seats: Mapped[int]
    status: Mapped[str] = mapped_column(server_default="open")
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Booking(Base):
    """A room for some hours."""

    __tablename__ = "bookings"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_ID)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id", ondelete="RESTRICT"))
    organiser_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    hours: Mapped[int]
    status: Mapped[str] = mapped_column(server_default="booked")
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Invitation(Base):
    """Somebody who is asked to come."""

    __tablename__ = "invitations"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_ID)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"))
    invitee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    status: Mapped[str] = mapped_column(server_default="pending")
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class CreditEntry(Base):
    """A change of a user's hours."""

    __tablename__ = "credit_entries"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_ID)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id", ondelete="RESTRICT"))
    hours: Mapped[int]
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

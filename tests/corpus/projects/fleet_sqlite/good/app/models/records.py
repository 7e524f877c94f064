from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import utc_now
from app.models.base import NOW, Base, Choice, IsoDate, UtcDateTime, day, instant


class DocumentKind(StrEnum):
    REGISTRATION = "registration"
    INSURANCE = "insurance"
    INSPECTION_CERTIFICATE = "inspection_certificate"
    DRIVING_LICENCE = "driving_licence"
    INVOICE = "invoice"
    OTHER = "other"


class Document(Base):
    """What the document store holds about a vehicle or a driver. The file itself is not here."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("(vehicle_id IS NULL) <> (driver_id IS NULL)", name="one_subject"),
        CheckConstraint(
            "kind IN ('registration', 'insurance', 'inspection_certificate', 'driving_licence',"
            " 'invoice', 'other')",
            name="kind_known",
        ),
        CheckConstraint("length(title) BETWEEN 1 AND 120", name="title_length"),
        CheckConstraint("length(storage_key) BETWEEN 1 AND 300", name="storage_key_length"),
        CheckConstraint("media_type IN ('application/pdf', 'image/jpeg', 'image/png')", name="media_type_known"),
        CheckConstraint("byte_size BETWEEN 1 AND 52428800", name="byte_size_range"),
        CheckConstraint(day("issued_on"), name="issued_on_day"),
        CheckConstraint(day("expires_on"), name="expires_on_day"),
        CheckConstraint("expires_on > issued_on", name="expires_after_issue"),
        CheckConstraint(instant("created_at"), name="created_at_instant"),
        Index("ix_documents_vehicle_id", "vehicle_id"),
        Index("ix_documents_driver_id", "driver_id"),
        Index("ix_documents_uploaded_by", "uploaded_by"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id", ondelete="CASCADE"))
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("drivers.id", ondelete="CASCADE"))
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    kind: Mapped[DocumentKind] = mapped_column(Choice(DocumentKind))
    title: Mapped[str] = mapped_column(Text)
    storage_key: Mapped[str] = mapped_column(Text, unique=True)
    media_type: Mapped[str] = mapped_column(Text)
    byte_size: Mapped[int] = mapped_column(Integer)
    issued_on: Mapped[date | None] = mapped_column(IsoDate)
    expires_on: Mapped[date | None] = mapped_column(IsoDate)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=NOW)


class Reminder(Base):
    __tablename__ = "reminders"
    __table_args__ = (
        CheckConstraint("(vehicle_id IS NULL) <> (driver_id IS NULL)", name="one_subject"),
        CheckConstraint("length(title) BETWEEN 1 AND 160", name="title_length"),
        CheckConstraint(day("due_on"), name="due_on_day"),
        CheckConstraint("due_odometer_km BETWEEN 1 AND 5000000", name="due_odometer_km_range"),
        CheckConstraint("due_on IS NOT NULL OR due_odometer_km IS NOT NULL", name="is_due_sometime"),
        CheckConstraint("due_odometer_km IS NULL OR vehicle_id IS NOT NULL", name="odometer_needs_vehicle"),
        CheckConstraint(instant("done_at"), name="done_at_instant"),
        CheckConstraint("done_by IS NULL OR done_at IS NOT NULL", name="done_by_needs_instant"),
        CheckConstraint(instant("created_at"), name="created_at_instant"),
        Index("ix_reminders_vehicle_id", "vehicle_id"),
        Index("ix_reminders_driver_id", "driver_id"),
        Index("ix_reminders_document_id", "document_id"),
        Index("ix_reminders_done_by", "done_by"),
        Index("ix_reminders_pending", "due_on", sqlite_where=text("done_at IS NULL")),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id", ondelete="CASCADE"))
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("drivers.id", ondelete="CASCADE"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    done_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(IsoDate)
    due_odometer_km: Mapped[int | None] = mapped_column(Integer)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=NOW)

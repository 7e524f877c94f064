from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utc_now
from app.models.base import NOW, Base, Choice, Flag, IsoDate, UtcDateTime, day, instant


class CostCategory(StrEnum):
    FUEL = "fuel"
    SERVICE = "service"
    INSURANCE = "insurance"
    TAX = "tax"
    TOLL = "toll"
    FINE = "fine"
    OTHER = "other"


class Trip(Base):
    __tablename__ = "trips"
    __table_args__ = (
        CheckConstraint("length(purpose) BETWEEN 1 AND 200", name="purpose_length"),
        CheckConstraint("length(origin) BETWEEN 1 AND 200", name="origin_length"),
        CheckConstraint("length(destination) BETWEEN 1 AND 200", name="destination_length"),
        CheckConstraint(instant("started_at"), name="started_at_instant"),
        CheckConstraint(instant("finished_at"), name="finished_at_instant"),
        CheckConstraint("start_odometer_km BETWEEN 0 AND 5000000", name="start_odometer_km_range"),
        CheckConstraint("end_odometer_km BETWEEN start_odometer_km AND 5000000", name="end_odometer_km_range"),
        CheckConstraint("(finished_at IS NULL) = (end_odometer_km IS NULL)", name="finish_is_complete"),
        CheckConstraint("finished_at > started_at", name="finished_after_start"),
        Index("ix_trips_vehicle_id", "vehicle_id"),
        Index("ix_trips_driver_id", "driver_id"),
        Index("uq_trips_open_vehicle", "vehicle_id", unique=True, sqlite_where=text("finished_at IS NULL")),
        Index("uq_trips_open_driver", "driver_id", unique=True, sqlite_where=text("finished_at IS NULL")),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id", ondelete="RESTRICT"))
    driver_id: Mapped[int] = mapped_column(ForeignKey("drivers.id", ondelete="RESTRICT"))
    purpose: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    destination: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    start_odometer_km: Mapped[int] = mapped_column(Integer)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_odometer_km: Mapped[int | None] = mapped_column(Integer)


class Cost(Base):
    """All money spent on a vehicle, in minor units. Fuel and services point here."""

    __tablename__ = "costs"
    __table_args__ = (
        # What the composite foreign keys of fuel_entries and service_orders refer to.
        UniqueConstraint("id", "vehicle_id"),
        CheckConstraint(
            "category IN ('fuel', 'service', 'insurance', 'tax', 'toll', 'fine', 'other')",
            name="category_known",
        ),
        CheckConstraint(day("incurred_on"), name="incurred_on_day"),
        CheckConstraint("net_cents BETWEEN 0 AND 100000000000", name="net_cents_range"),
        CheckConstraint("vat_cents BETWEEN 0 AND net_cents", name="vat_cents_range"),
        CheckConstraint("currency GLOB '[A-Z][A-Z][A-Z]'", name="currency_shape"),
        CheckConstraint("length(description) <= 300", name="description_length"),
        CheckConstraint(instant("created_at"), name="created_at_instant"),
        Index("ix_costs_vehicle_id_incurred_on", "vehicle_id", "incurred_on"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id", ondelete="RESTRICT"))
    category: Mapped[CostCategory] = mapped_column(Choice(CostCategory))
    incurred_on: Mapped[date] = mapped_column(IsoDate)
    net_cents: Mapped[int] = mapped_column(Integer)
    vat_cents: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    currency: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=NOW)


class FuelEntry(Base):
    __tablename__ = "fuel_entries"
    __table_args__ = (
        # The cost is one of the same vehicle.
        ForeignKeyConstraint(
            ["cost_id", "vehicle_id"], ["costs.id", "costs.vehicle_id"], ondelete="RESTRICT"
        ),
        UniqueConstraint("cost_id", "vehicle_id"),
        CheckConstraint(instant("fuelled_at"), name="fuelled_at_instant"),
        CheckConstraint("odometer_km BETWEEN 0 AND 5000000", name="odometer_km_range"),
        CheckConstraint("volume_ml BETWEEN 1 AND 2000000", name="volume_ml_range"),
        CheckConstraint("is_full_tank IN (0, 1)", name="is_full_tank_flag"),
        CheckConstraint("length(station) BETWEEN 1 AND 120", name="station_length"),
        Index("ix_fuel_entries_vehicle_id", "vehicle_id"),
        Index("ix_fuel_entries_driver_id", "driver_id"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id", ondelete="RESTRICT"))
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("drivers.id", ondelete="RESTRICT"))
    cost_id: Mapped[int] = mapped_column(Integer)
    fuelled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    odometer_km: Mapped[int] = mapped_column(Integer)
    volume_ml: Mapped[int] = mapped_column(Integer)
    is_full_tank: Mapped[bool] = mapped_column(Flag, default=True, server_default=text("1"))
    station: Mapped[str | None] = mapped_column(Text)

    cost: Mapped[Cost] = relationship(
        primaryjoin="FuelEntry.cost_id == Cost.id", foreign_keys=cost_id, lazy="joined", innerjoin=True
    )

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import utc_now
from app.models.base import NOW, Base, Choice, IsoDate, UtcDateTime, day, instant


class FuelType(StrEnum):
    PETROL = "petrol"
    DIESEL = "diesel"
    HYBRID = "hybrid"
    ELECTRIC = "electric"


class LicenceClass(StrEnum):
    B = "B"
    C = "C"
    CE = "CE"
    D = "D"


class VehicleStatus(StrEnum):
    ACTIVE = "active"
    WORKSHOP = "workshop"
    RETIRED = "retired"


class DriverStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"


class Depot(Base):
    __tablename__ = "depots"
    __table_args__ = (
        CheckConstraint("length(code) BETWEEN 2 AND 10 AND code = upper(code)", name="code_shape"),
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name_length"),
        CheckConstraint("length(address) BETWEEN 1 AND 300", name="address_length"),
        CheckConstraint("length(time_zone) BETWEEN 3 AND 64", name="time_zone_length"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)


class Vehicle(Base):
    __tablename__ = "vehicles"
    __table_args__ = (
        CheckConstraint(
            "length(registration) BETWEEN 2 AND 16 AND registration = upper(registration)",
            name="registration_shape",
        ),
        # Letters and digits without I, O and Q, as ISO 3779 has it.
        CheckConstraint("length(vin) = 17 AND vin NOT GLOB '*[^A-HJ-NPR-Z0-9]*'", name="vin_shape"),
        CheckConstraint("length(make) BETWEEN 1 AND 60", name="make_length"),
        CheckConstraint("length(model) BETWEEN 1 AND 60", name="model_length"),
        CheckConstraint("model_year BETWEEN 1950 AND 2100", name="model_year_range"),
        CheckConstraint("fuel_type IN ('petrol', 'diesel', 'hybrid', 'electric')", name="fuel_type_known"),
        CheckConstraint("required_licence IN ('B', 'C', 'CE', 'D')", name="required_licence_known"),
        CheckConstraint("odometer_km BETWEEN 0 AND 5000000", name="odometer_km_range"),
        CheckConstraint("status IN ('active', 'workshop', 'retired')", name="status_known"),
        CheckConstraint(day("acquired_on"), name="acquired_on_day"),
        CheckConstraint(day("retired_on"), name="retired_on_day"),
        CheckConstraint("(status = 'retired') = (retired_on IS NOT NULL)", name="retired_has_day"),
        CheckConstraint("retired_on >= acquired_on", name="retired_after_acquired"),
        CheckConstraint(instant("created_at"), name="created_at_instant"),
        CheckConstraint(instant("updated_at"), name="updated_at_instant"),
        Index("ix_vehicles_depot_id", "depot_id"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depots.id", ondelete="RESTRICT"))
    registration: Mapped[str] = mapped_column(Text, unique=True)
    vin: Mapped[str] = mapped_column(Text, unique=True)
    make: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    model_year: Mapped[int] = mapped_column(Integer)
    fuel_type: Mapped[FuelType] = mapped_column(Choice(FuelType))
    odometer_km: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    status: Mapped[VehicleStatus] = mapped_column(
        Choice(VehicleStatus), default=VehicleStatus.ACTIVE, server_default=text("'active'")
    )
    acquired_on: Mapped[date] = mapped_column(IsoDate)
    retired_on: Mapped[date | None] = mapped_column(IsoDate)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=utc_now, onupdate=utc_now, server_default=NOW
    )
    required_licence: Mapped[LicenceClass] = mapped_column(
        Choice(LicenceClass), default=LicenceClass.B, server_default=text("'B'")
    )


class Driver(Base):
    __tablename__ = "drivers"
    __table_args__ = (
        CheckConstraint("length(employee_number) BETWEEN 1 AND 20", name="employee_number_length"),
        CheckConstraint("length(full_name) BETWEEN 1 AND 120", name="full_name_length"),
        CheckConstraint("phone GLOB '+[1-9]*' AND length(phone) BETWEEN 8 AND 16", name="phone_shape"),
        CheckConstraint("length(licence_number) BETWEEN 4 AND 30", name="licence_number_length"),
        CheckConstraint("licence_class IN ('B', 'C', 'CE', 'D')", name="licence_class_known"),
        CheckConstraint(day("licence_expires_on"), name="licence_expires_on_day"),
        CheckConstraint("status IN ('active', 'inactive')", name="status_known"),
        CheckConstraint(instant("created_at"), name="created_at_instant"),
        Index("ix_drivers_depot_id", "depot_id"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depots.id", ondelete="RESTRICT"))
    employee_number: Mapped[str] = mapped_column(Text, unique=True)
    full_name: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    licence_number: Mapped[str] = mapped_column(Text, unique=True)
    licence_class: Mapped[LicenceClass] = mapped_column(Choice(LicenceClass))
    licence_expires_on: Mapped[date] = mapped_column(IsoDate)
    status: Mapped[DriverStatus] = mapped_column(
        Choice(DriverStatus), default=DriverStatus.ACTIVE, server_default=text("'active'")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=NOW)


class Assignment(Base):
    """Who answers for a vehicle. Triggers keep the periods of a vehicle, and of a driver, apart."""

    __tablename__ = "assignments"
    __table_args__ = (
        CheckConstraint(instant("starts_at"), name="starts_at_instant"),
        CheckConstraint(instant("ends_at"), name="ends_at_instant"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("length(note) <= 500", name="note_length"),
        Index("ix_assignments_vehicle_id_starts_at", "vehicle_id", "starts_at"),
        Index("ix_assignments_driver_id_starts_at", "driver_id", "starts_at"),
        Index("ix_assignments_assigned_by", "assigned_by"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id", ondelete="RESTRICT"))
    driver_id: Mapped[int] = mapped_column(ForeignKey("drivers.id", ondelete="RESTRICT"))
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))

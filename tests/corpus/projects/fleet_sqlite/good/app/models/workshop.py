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
from app.models.base import NOW, Base, Choice, IsoDate, UtcDateTime, day, instant
from app.models.operations import Cost


class InspectionKind(StrEnum):
    PRE_TRIP = "pre_trip"
    POST_TRIP = "post_trip"
    PERIODIC = "periodic"


class ItemOutcome(StrEnum):
    OK = "ok"
    DEFECT = "defect"
    NOT_APPLICABLE = "not_applicable"


class DefectSeverity(StrEnum):
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class DefectStatus(StrEnum):
    OPEN = "open"
    IN_REPAIR = "in_repair"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"


class ServiceKind(StrEnum):
    MAINTENANCE = "maintenance"
    REPAIR = "repair"
    RECALL = "recall"


class Inspection(Base):
    __tablename__ = "inspections"
    __table_args__ = (
        CheckConstraint("kind IN ('pre_trip', 'post_trip', 'periodic')", name="kind_known"),
        CheckConstraint(instant("performed_at"), name="performed_at_instant"),
        CheckConstraint("odometer_km BETWEEN 0 AND 5000000", name="odometer_km_range"),
        CheckConstraint("length(note) <= 1000", name="note_length"),
        Index("ix_inspections_vehicle_id", "vehicle_id"),
        Index("ix_inspections_driver_id", "driver_id"),
        Index("ix_inspections_inspected_by", "inspected_by"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id", ondelete="RESTRICT"))
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("drivers.id", ondelete="RESTRICT"))
    inspected_by: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    kind: Mapped[InspectionKind] = mapped_column(Choice(InspectionKind))
    performed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    odometer_km: Mapped[int] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))

    items: Mapped[list["InspectionItem"]] = relationship(
        order_by="InspectionItem.position", cascade="all, delete-orphan", passive_deletes=True
    )


class InspectionItem(Base):
    __tablename__ = "inspection_items"
    __table_args__ = (
        CheckConstraint("position BETWEEN 1 AND 60", name="position_range"),
        CheckConstraint("length(checkpoint) BETWEEN 1 AND 80", name="checkpoint_length"),
        CheckConstraint("outcome IN ('ok', 'defect', 'not_applicable')", name="outcome_known"),
        CheckConstraint("length(note) <= 500", name="note_length"),
        CheckConstraint("outcome <> 'defect' OR length(note) > 0", name="defect_is_described"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    inspection_id: Mapped[int] = mapped_column(
        ForeignKey("inspections.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    checkpoint: Mapped[str] = mapped_column(Text)
    outcome: Mapped[ItemOutcome] = mapped_column(Choice(ItemOutcome))
    note: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


class ServiceOrder(Base):
    """Planned until completed_at is set, which is also when it has a cost."""

    __tablename__ = "service_orders"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cost_id", "vehicle_id"], ["costs.id", "costs.vehicle_id"], ondelete="RESTRICT"
        ),
        UniqueConstraint("cost_id", "vehicle_id"),
        CheckConstraint("kind IN ('maintenance', 'repair', 'recall')", name="kind_known"),
        CheckConstraint("length(description) BETWEEN 1 AND 1000", name="description_length"),
        CheckConstraint(day("scheduled_on"), name="scheduled_on_day"),
        CheckConstraint(instant("completed_at"), name="completed_at_instant"),
        CheckConstraint("odometer_km BETWEEN 0 AND 5000000", name="odometer_km_range"),
        CheckConstraint(
            "(completed_at IS NULL) = (cost_id IS NULL) AND (completed_at IS NULL) = (odometer_km IS NULL)",
            name="completion_is_whole",
        ),
        CheckConstraint(instant("created_at"), name="created_at_instant"),
        Index("ix_service_orders_vehicle_id", "vehicle_id"),
        Index("ix_service_orders_depot_id", "depot_id"),
        Index("ix_service_orders_planned", "scheduled_on", sqlite_where=text("completed_at IS NULL")),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id", ondelete="RESTRICT"))
    depot_id: Mapped[int] = mapped_column(ForeignKey("depots.id", ondelete="RESTRICT"))
    cost_id: Mapped[int | None] = mapped_column(Integer)
    kind: Mapped[ServiceKind] = mapped_column(Choice(ServiceKind))
    description: Mapped[str] = mapped_column(Text)
    scheduled_on: Mapped[date] = mapped_column(IsoDate)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    odometer_km: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=NOW)

    cost: Mapped[Cost | None] = relationship(
        primaryjoin="ServiceOrder.cost_id == Cost.id", foreign_keys=cost_id, lazy="joined"
    )
    parts: Mapped[list["ServicePart"]] = relationship(
        order_by="ServicePart.part_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="selectin",
    )


class Defect(Base):
    __tablename__ = "defects"
    __table_args__ = (
        CheckConstraint("severity IN ('minor', 'major', 'critical')", name="severity_known"),
        CheckConstraint("status IN ('open', 'in_repair', 'resolved', 'dismissed')", name="status_known"),
        CheckConstraint("length(description) BETWEEN 1 AND 1000", name="description_length"),
        CheckConstraint(instant("reported_at"), name="reported_at_instant"),
        CheckConstraint(instant("closed_at"), name="closed_at_instant"),
        CheckConstraint("(status IN ('resolved', 'dismissed')) = (closed_at IS NOT NULL)", name="closed_has_instant"),
        CheckConstraint(
            "status NOT IN ('in_repair', 'resolved') OR service_order_id IS NOT NULL",
            name="repair_has_order",
        ),
        Index("ix_defects_vehicle_id", "vehicle_id"),
        Index("ix_defects_inspection_id", "inspection_id"),
        Index("ix_defects_service_order_id", "service_order_id"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id", ondelete="RESTRICT"))
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspections.id", ondelete="SET NULL"))
    service_order_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_orders.id", ondelete="RESTRICT")
    )
    severity: Mapped[DefectSeverity] = mapped_column(Choice(DefectSeverity))
    status: Mapped[DefectStatus] = mapped_column(
        Choice(DefectStatus), default=DefectStatus.OPEN, server_default=text("'open'")
    )
    description: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, server_default=NOW)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Part(Base):
    __tablename__ = "parts"
    __table_args__ = (
        CheckConstraint("length(sku) BETWEEN 1 AND 40 AND sku = upper(sku)", name="sku_shape"),
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name_length"),
        CheckConstraint("unit_price_cents BETWEEN 0 AND 100000000", name="unit_price_cents_range"),
        CheckConstraint("currency GLOB '[A-Z][A-Z][A-Z]'", name="currency_shape"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sku: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    unit_price_cents: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str] = mapped_column(Text)


class PartStock(Base):
    __tablename__ = "part_stock"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 0 AND 100000", name="quantity_range"),
        CheckConstraint("reorder_level BETWEEN 0 AND 100000", name="reorder_level_range"),
        Index("ix_part_stock_part_id", "part_id"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    depot_id: Mapped[int] = mapped_column(ForeignKey("depots.id", ondelete="RESTRICT"), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id", ondelete="RESTRICT"), primary_key=True)
    quantity: Mapped[int] = mapped_column(Integer)
    reorder_level: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))


class ServicePart(Base):
    """A part that went into a service, at the price of that day."""

    __tablename__ = "service_parts"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 1000", name="quantity_range"),
        CheckConstraint("unit_price_cents BETWEEN 0 AND 100000000", name="unit_price_cents_range"),
        Index("ix_service_parts_part_id", "part_id"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    service_order_id: Mapped[int] = mapped_column(
        ForeignKey("service_orders.id", ondelete="CASCADE"), primary_key=True
    )
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id", ondelete="RESTRICT"), primary_key=True)
    quantity: Mapped[int] = mapped_column(Integer)
    unit_price_cents: Mapped[int] = mapped_column(Integer)

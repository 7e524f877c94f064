"""The tables of schema.sql. The service never creates or alters them."""

from sqlmodel import Field, SQLModel


class UserRow(SQLModel, table=True):
    """A driver or an operator."""

    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    display_name: str
    role: str
    created_at: str


class ApiKeyRow(SQLModel, table=True):
    """The digest of an API key."""

    __tablename__ = "api_keys"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id")
    key_hash: str
    created_at: str
    expires_at: str
    revoked_at: str | None = None


class GarageRow(SQLModel, table=True):
    """A garage and its occupancy."""

    __tablename__ = "garages"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    address: str
    capacity: int
    occupied: int = 0
    created_at: str


class TariffRow(SQLModel, table=True):
    """The prices of a garage."""

    __tablename__ = "tariffs"

    id: int | None = Field(default=None, primary_key=True)
    garage_id: int = Field(foreign_key="garages.id")
    name: str
    rate_cents_per_hour: int
    day_max_cents: int
    free_minutes: int
    status: str
    created_at: str


class VehicleRow(SQLModel, table=True):
    """A vehicle and its owner."""

    __tablename__ = "vehicles"

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="users.id")
    country_code: str
    plate: str
    label: str
    created_at: str


class PermitRow(SQLModel, table=True):
    """A vehicle's permit for a garage and a month."""

    __tablename__ = "permits"

    id: int | None = Field(default=None, primary_key=True)
    vehicle_id: int = Field(foreign_key="vehicles.id")
    garage_id: int = Field(foreign_key="garages.id")
    month: str
    status: str
    created_at: str
    revoked_at: str | None = None


class StayRow(SQLModel, table=True):
    """A parking session."""

    __tablename__ = "parking_sessions"

    id: int | None = Field(default=None, primary_key=True)
    vehicle_id: int = Field(foreign_key="vehicles.id")
    garage_id: int = Field(foreign_key="garages.id")
    tariff_id: int = Field(foreign_key="tariffs.id")
    status: str
    started_at: str
    ended_at: str | None = None
    amount_cents: int | None = None


class FineRow(SQLModel, table=True):
    """A fine issued to a vehicle."""

    __tablename__ = "fines"

    id: int | None = Field(default=None, primary_key=True)
    vehicle_id: int = Field(foreign_key="vehicles.id")
    garage_id: int = Field(foreign_key="garages.id")
    issued_by: int = Field(foreign_key="users.id")
    notice_number: str
    reason: str
    amount_cents: int
    status: str
    issued_at: str


class PaymentRow(SQLModel, table=True):
    """Money received for one session or one fine."""

    __tablename__ = "payments"

    id: int | None = Field(default=None, primary_key=True)
    vehicle_id: int = Field(foreign_key="vehicles.id")
    session_id: int | None = Field(
        default=None, foreign_key="parking_sessions.id"
    )
    fine_id: int | None = Field(default=None, foreign_key="fines.id")
    recorded_by: int = Field(foreign_key="users.id")
    method: str
    amount_cents: int
    paid_at: str

"""The tables of schema.sql; the service never creates them."""

from sqlmodel import Field, SQLModel


class UserRow(SQLModel, table=True):
    """A user, provisioned elsewhere."""

    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    role: str


class PatientRow(SQLModel, table=True):
    """A patient of an account holder."""

    __tablename__ = "patients"

    id: int | None = Field(default=None, primary_key=True)
    owner_user_id: int = Field(foreign_key="users.id")
    full_name: str
    birth_date: str


class PractitionerRow(SQLModel, table=True):
    """A practitioner."""

    __tablename__ = "practitioners"

    id: int | None = Field(default=None, primary_key=True)
    full_name: str
    license_number: str


class ServiceRow(SQLModel, table=True):
    """A service."""

    __tablename__ = "services"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    duration_minutes: int
    price_cents: int


class OpeningHoursRow(SQLModel, table=True):
    """The hours of a practitioner on a weekday."""

    __tablename__ = "opening_hours"

    id: int | None = Field(default=None, primary_key=True)
    practitioner_id: int = Field(foreign_key="practitioners.id")
    weekday: int
    opens_minute: int
    closes_minute: int


class SlotRow(SQLModel, table=True):
    """A bookable time."""

    __tablename__ = "slots"

    id: int | None = Field(default=None, primary_key=True)
    practitioner_id: int = Field(foreign_key="practitioners.id")
    service_id: int = Field(foreign_key="services.id")
    starts_at: str
    ends_at: str
    status: str


class BookingRow(SQLModel, table=True):
    """A slot taken for a patient."""

    __tablename__ = "bookings"

    id: int | None = Field(default=None, primary_key=True)
    slot_id: int = Field(foreign_key="slots.id")
    patient_id: int = Field(foreign_key="patients.id")
    price_cents: int
    status: str
    created_at: str


class WaitingListEntryRow(SQLModel, table=True):
    """A patient waiting for a slot."""

    __tablename__ = "waiting_list_entries"

    id: int | None = Field(default=None, primary_key=True)
    slot_id: int = Field(foreign_key="slots.id")
    patient_id: int = Field(foreign_key="patients.id")
    status: str
    created_at: str


class InvoiceRow(SQLModel, table=True):
    """What a completed booking costs."""

    __tablename__ = "invoices"

    id: int | None = Field(default=None, primary_key=True)
    booking_id: int = Field(foreign_key="bookings.id")
    amount_cents: int
    status: str
    issued_at: str
    paid_at: str | None = None

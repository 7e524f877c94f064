"""The bodies of the contract, number by number."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

MAX_ID = 9223372036854775807
TEXT = r"^[^\u0000]*[^\u0000-\u0020][^\u0000]*$"
DATE = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
MINUTE = (
    r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:00Z$"
)


def _real_date(value: str) -> str:
    date.fromisoformat(value)
    return value


def _real_time(value: str) -> str:
    datetime.fromisoformat(value)
    return value


Text100 = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=TEXT)
]
Text40 = Annotated[
    str, StringConstraints(min_length=1, max_length=40, pattern=TEXT)
]
BirthDate = Annotated[
    str,
    StringConstraints(min_length=10, max_length=10, pattern=DATE),
    AfterValidator(_real_date),
    Field(json_schema_extra={"format": "date"}),
]
StartTime = Annotated[
    str,
    StringConstraints(min_length=20, max_length=20, pattern=MINUTE),
    AfterValidator(_real_time),
    Field(
        description="UTC, on a full minute.",
        json_schema_extra={"format": "date-time"},
    ),
]
Id = Annotated[int, Field(ge=1, le=MAX_ID)]


class Written(BaseModel):
    """What a client sends: exact types, no other property."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Shown(BaseModel):
    """What the service answers."""

    model_config = ConfigDict(from_attributes=True)


class Health(Shown):
    """The state of the service."""

    status: Literal["ok"]


class PatientWrite(Written):
    """What the client says of a patient."""

    full_name: Text100
    birth_date: BirthDate


class Patient(Shown):
    """A patient."""

    id: int
    owner_user_id: int
    full_name: str
    birth_date: str


class PatientPage(Shown):
    """A page of patients."""

    items: list[Patient]
    total: int


class PractitionerWrite(Written):
    """What staff say of a practitioner."""

    full_name: Text100
    license_number: Text40


class Practitioner(Shown):
    """A practitioner."""

    id: int
    full_name: str
    license_number: str


class PractitionerPage(Shown):
    """A page of practitioners."""

    items: list[Practitioner]
    total: int


class ServiceWrite(Written):
    """What staff say of a service."""

    name: Text100
    duration_minutes: Annotated[int, Field(ge=5, le=480)]
    price_cents: Annotated[int, Field(ge=0, le=10000000)]


class Service(Shown):
    """A service."""

    id: int
    name: str
    duration_minutes: int
    price_cents: int


class ServicePage(Shown):
    """A page of services."""

    items: list[Service]
    total: int


class OpeningHoursCreate(Written):
    """An interval of a weekday (1 is Monday), in minutes from midnight UTC."""

    practitioner_id: Id
    weekday: Annotated[int, Field(ge=1, le=7)]
    opens_minute: Annotated[int, Field(ge=0, le=1439)]
    closes_minute: Annotated[
        int, Field(ge=1, le=1440, description="Greater than opens_minute.")
    ]

    @model_validator(mode="after")
    def closes_after_opening(self) -> Self:
        """Refuse an empty interval."""
        if self.closes_minute <= self.opens_minute:
            raise ValueError("closes_minute must exceed opens_minute")
        return self


class OpeningHours(Shown):
    """Opening hours of a practitioner on a weekday."""

    id: int
    practitioner_id: int
    weekday: int
    opens_minute: int
    closes_minute: int


class OpeningHoursPage(Shown):
    """A page of opening hours."""

    items: list[OpeningHours]
    total: int


class SlotCreate(Written):
    """A slot to be made."""

    practitioner_id: Id
    service_id: Id
    starts_at: StartTime


class Slot(Shown):
    """A slot."""

    id: int
    practitioner_id: int
    service_id: int
    starts_at: str
    ends_at: str
    status: Literal["open", "withdrawn"]
    available: bool = Field(
        description="Computed. Open, not started and not taken."
    )


class SlotPage(Shown):
    """A page of slots."""

    items: list[Slot]
    total: int


class BookingCreate(Written):
    """The slot to book and the patient to book it for."""

    slot_id: Id
    patient_id: Id


class Booking(Shown):
    """A booking."""

    id: int
    slot_id: int
    patient_id: int
    price_cents: int
    status: Literal["booked", "cancelled", "completed"]
    created_at: str


class BookingPage(Shown):
    """A page of bookings."""

    items: list[Booking]
    total: int


class WaitingListEntryCreate(Written):
    """The slot to wait for and the patient who waits."""

    slot_id: Id
    patient_id: Id


class WaitingListEntry(Shown):
    """An entry of a slot's waiting list."""

    id: int
    slot_id: int
    patient_id: int
    status: Literal["waiting", "promoted", "left", "closed"]
    created_at: str


class WaitingListEntryPage(Shown):
    """A page of waiting-list entries."""

    items: list[WaitingListEntry]
    total: int


class Invoice(Shown):
    """The invoice of a completed booking."""

    id: int
    booking_id: int
    amount_cents: int
    status: Literal["issued", "paid", "void"]
    issued_at: str
    paid_at: str | None


class InvoicePage(Shown):
    """A page of invoices."""

    items: list[Invoice]
    total: int

"""Bodies of requests and responses, as the contract has them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MAX_ID = 9223372036854775807
TEXT = r"^[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$"
MONTH = r"^20[2-9][0-9]-(0[1-9]|1[0-2])$"

Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Timestamp = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
PageLimit = Annotated[int, Field(ge=1, le=100)]
PageOffset = Annotated[int, Field(ge=0, le=100000)]

Text60 = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=TEXT)
]
Text100 = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=TEXT)
]
Text200 = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=TEXT)
]
Capacity = Annotated[int, Field(ge=1, le=100000)]
Rate = Annotated[int, Field(ge=0, le=100000)]
DayMax = Annotated[int, Field(ge=0, le=1000000)]
FreeMinutes = Annotated[int, Field(ge=0, le=1440)]
CountryCode = Annotated[
    str, StringConstraints(min_length=2, max_length=2, pattern=r"^[A-Z]{2}$")
]
Plate = Annotated[
    str,
    StringConstraints(
        min_length=2, max_length=12, pattern=r"^[A-Z0-9]{2,12}$"
    ),
]
Month = Annotated[
    str, StringConstraints(min_length=7, max_length=7, pattern=MONTH)
]
NoticeNumber = Annotated[
    str,
    StringConstraints(
        min_length=4, max_length=20, pattern=r"^[A-Z0-9-]{4,20}$"
    ),
]
FineAmount = Annotated[int, Field(ge=1, le=1000000)]
FineReason = Literal[
    "no_valid_session",
    "permit_misuse",
    "blocked_access",
    "outside_bay",
    "other",
]
Method = Literal["cash", "card"]


class RequestModel(BaseModel):
    """What every request body has in common."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ResponseModel(BaseModel):
    """What every response body has in common."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Health(ResponseModel):
    """The service works."""

    status: Literal["ok"]


class Garage(ResponseModel):
    """A garage."""

    id: Id
    name: Annotated[str, Field(min_length=1, max_length=100)]
    address: Annotated[str, Field(min_length=1, max_length=200)]
    capacity: Capacity
    occupied: Annotated[int, Field(ge=0, le=100000)]
    created_at: Timestamp


class GarageInput(RequestModel):
    """What an operator sets of a garage."""

    name: Text100
    address: Text200
    capacity: Capacity


class GaragePage(ResponseModel):
    """A page of garages."""

    items: Annotated[list[Garage], Field(max_length=100)]
    limit: PageLimit
    offset: PageOffset


class Tariff(ResponseModel):
    """A tariff of a garage."""

    id: Id
    garage_id: Id
    name: Annotated[str, Field(min_length=1, max_length=100)]
    rate_cents_per_hour: Rate
    day_max_cents: DayMax
    free_minutes: FreeMinutes
    status: Literal["active", "retired"]
    created_at: Timestamp


class TariffCreate(RequestModel):
    """Terms of a new tariff."""

    name: Text100
    rate_cents_per_hour: Rate
    day_max_cents: DayMax
    free_minutes: FreeMinutes


class TariffPage(ResponseModel):
    """A page of tariffs."""

    items: Annotated[list[Tariff], Field(max_length=100)]
    limit: PageLimit
    offset: PageOffset


class Vehicle(ResponseModel):
    """A registered vehicle."""

    id: Id
    owner_id: Id
    country_code: CountryCode
    plate: Plate
    label: Annotated[str, Field(min_length=1, max_length=60)]
    created_at: Timestamp


class VehicleCreate(RequestModel):
    """A vehicle to register for the caller."""

    country_code: CountryCode
    plate: Plate
    label: Text60


class VehicleUpdate(RequestModel):
    """What can change of a vehicle."""

    label: Text60


class VehiclePage(ResponseModel):
    """A page of vehicles."""

    items: Annotated[list[Vehicle], Field(max_length=100)]
    limit: PageLimit
    offset: PageOffset


class Permit(ResponseModel):
    """A permit of a vehicle for a garage and a month."""

    id: Id
    vehicle_id: Id
    garage_id: Id
    month: Month
    status: Literal["active", "revoked"]
    created_at: Timestamp
    revoked_at: Timestamp | None


class PermitCreate(RequestModel):
    """A permit to grant."""

    vehicle_id: Id
    garage_id: Id
    month: Month


class PermitPage(ResponseModel):
    """A page of permits."""

    items: Annotated[list[Permit], Field(max_length=100)]
    limit: PageLimit
    offset: PageOffset


class ParkingSession(ResponseModel):
    """A stay of a vehicle in a garage."""

    id: Id
    vehicle_id: Id
    garage_id: Id
    tariff_id: Id
    status: Literal["active", "unpaid", "settled"]
    started_at: Timestamp
    ended_at: Timestamp | None
    amount_cents: Annotated[int, Field(ge=0, le=100000000)] | None


class ParkingSessionStart(RequestModel):
    """Which vehicle parks where."""

    vehicle_id: Id
    garage_id: Id


class ParkingSessionPage(ResponseModel):
    """A page of parking sessions."""

    items: Annotated[list[ParkingSession], Field(max_length=100)]
    limit: PageLimit
    offset: PageOffset


class Fine(ResponseModel):
    """A fine issued to a vehicle."""

    id: Id
    vehicle_id: Id
    garage_id: Id
    issued_by: Id
    notice_number: NoticeNumber
    reason: FineReason
    amount_cents: FineAmount
    status: Literal["open", "paid", "cancelled"]
    issued_at: Timestamp


class FineCreate(RequestModel):
    """A fine to issue."""

    vehicle_id: Id
    garage_id: Id
    notice_number: NoticeNumber
    reason: FineReason
    amount_cents: FineAmount


class FinePage(ResponseModel):
    """A page of fines."""

    items: Annotated[list[Fine], Field(max_length=100)]
    limit: PageLimit
    offset: PageOffset


class Payment(ResponseModel):
    """A payment for one session or one fine."""

    id: Id
    vehicle_id: Id
    session_id: Id | None
    fine_id: Id | None
    recorded_by: Id
    method: Method
    amount_cents: Annotated[int, Field(ge=1, le=100000000)]
    paid_at: Timestamp


class PaymentCreate(RequestModel):
    """How the money was received."""

    method: Method


class PaymentPage(ResponseModel):
    """A page of payments."""

    items: Annotated[list[Payment], Field(max_length=100)]
    limit: PageLimit
    offset: PageOffset

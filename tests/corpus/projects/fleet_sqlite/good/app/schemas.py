"""Bodies of requests and responses: camelCase outside, snake_case inside."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, EmailStr, Field, model_validator
from pydantic.alias_generators import to_camel

from app.models import (
    CostCategory,
    DefectSeverity,
    DefectStatus,
    DocumentKind,
    DriverStatus,
    FuelType,
    InspectionKind,
    ItemOutcome,
    LicenceClass,
    RoleCode,
    ServiceKind,
    VehicleStatus,
)


def to_the_second(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(microsecond=0)


def drop_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def may_be_absent() -> Any:
    """For properties that may be left out but not be null."""
    return Field(default=None, json_schema_extra=drop_default)


Id = Annotated[int, Field(ge=1, le=2**53 - 1)]
Instant = Annotated[AwareDatetime, AfterValidator(to_the_second)]
Km = Annotated[int, Field(ge=0, le=5_000_000)]
DepotCode = Annotated[str, Field(min_length=2, max_length=10, pattern=r"^[A-Z0-9]+$")]
Registration = Annotated[
    str, Field(min_length=2, max_length=16, pattern=r"^[A-Z0-9]([A-Z0-9 -]*[A-Z0-9])$")
]
Vin = Annotated[str, Field(min_length=17, max_length=17, pattern=r"^[A-HJ-NPR-Z0-9]{17}$")]
Make = Annotated[str, Field(min_length=1, max_length=60)]
ModelYear = Annotated[int, Field(ge=1950, le=2100)]
EmployeeNumber = Annotated[str, Field(min_length=1, max_length=20)]
FullName = Annotated[str, Field(min_length=1, max_length=120)]
Phone = Annotated[str, Field(min_length=8, max_length=16, pattern=r"^\+[1-9][0-9]{6,14}$")]
LicenceNumber = Annotated[str, Field(min_length=4, max_length=30)]
Place = Annotated[str, Field(min_length=1, max_length=200)]
NetCents = Annotated[int, Field(ge=0, le=100_000_000_000, description="Minor units of the currency.")]
VatCents = Annotated[
    int, Field(ge=0, le=100_000_000_000, description="Minor units of the currency; at most the net amount.")
]
Currency = Annotated[str, Field(min_length=3, max_length=3, pattern=r"^[A-Z]{3}$", description="ISO 4217.")]
VolumeMl = Annotated[int, Field(ge=1, le=2_000_000, description="Millilitres.")]
Station = Annotated[str, Field(min_length=1, max_length=120)]
Checkpoint = Annotated[str, Field(min_length=1, max_length=80)]
Note500 = Annotated[str, Field(max_length=500)]
Note1000 = Annotated[str, Field(max_length=1000)]
Description = Annotated[str, Field(min_length=1, max_length=1000)]
UnitPriceCents = Annotated[int, Field(ge=0, le=100_000_000, description="Minor units of the currency.")]
DocumentTitle = Annotated[str, Field(min_length=1, max_length=120)]
StorageKey = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[A-Za-z0-9/_.-]+$")]
MediaType = Literal["application/pdf", "image/jpeg", "image/png"]
ByteSize = Annotated[int, Field(ge=1, le=52_428_800)]


class Out(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, from_attributes=True)


class In(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, extra="forbid")


class Patch(In):
    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @model_validator(mode="after")
    def something_changes(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("At least one property is needed.")
        return self


class FieldError(Out):
    field: str
    message: str


class ErrorDetail(Out):
    code: Annotated[str, Field(description="For programs.", examples=["not_found"])]
    message: Annotated[str, Field(description="For people.")]
    fields: Annotated[list[FieldError], Field(max_length=100)]


class Error(Out):
    error: ErrorDetail


Item = TypeVar("Item")


class Page(Out, Generic[Item]):
    items: Annotated[list[Item], Field(max_length=100)]
    next_cursor: Annotated[
        int | None, Field(description="Pass as `cursor` for the next page; null on the last one.")
    ]


# Logins


class Credentials(In):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "dispatch@fleet.example", "password": "correct horse"}]}
    )

    email: Annotated[EmailStr, Field(max_length=254)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class CurrentUser(Out):
    id: Id
    email: Annotated[str, Field(max_length=254, json_schema_extra={"format": "email"})]
    display_name: Annotated[str, Field(min_length=1, max_length=80)]
    roles: Annotated[list[RoleCode], Field(max_length=4)]


# Fleet


class Depot(Out):
    id: Id
    code: DepotCode
    name: Annotated[str, Field(min_length=1, max_length=80)]
    address: Annotated[str, Field(min_length=1, max_length=300)]
    time_zone: Annotated[str, Field(min_length=3, max_length=64, description="IANA time zone.")]


class DepotPage(Page[Depot]):
    pass


class Vehicle(Out):
    id: Id
    depot_id: Id
    registration: Registration
    vin: Vin
    make: Make
    model: Make
    model_year: ModelYear
    fuel_type: FuelType
    required_licence: LicenceClass
    odometer_km: Km
    status: VehicleStatus
    acquired_on: date
    retired_on: date | None
    created_at: datetime
    updated_at: datetime


class VehiclePage(Page[Vehicle]):
    pass


class VehicleCreate(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "depotId": 1,
                    "registration": "AB-123-CD",
                    "vin": "WZ9ZZZ7TZKE004217",
                    "make": "Norda",
                    "model": "Cargo 35",
                    "modelYear": 2024,
                    "fuelType": "diesel",
                    "requiredLicence": "B",
                    "odometerKm": 12,
                    "acquiredOn": "2026-02-02",
                }
            ]
        }
    )

    depot_id: Id
    registration: Registration
    vin: Vin
    make: Make
    model: Make
    model_year: ModelYear
    fuel_type: FuelType
    required_licence: LicenceClass = LicenceClass.B
    odometer_km: Km = 0
    acquired_on: date


class VehicleUpdate(Patch):
    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "examples": [
                {"status": "retired", "retiredOn": "2026-06-30"}
            ],
        }
    )

    depot_id: Id = may_be_absent()
    registration: Registration = may_be_absent()
    required_licence: LicenceClass = may_be_absent()
    status: VehicleStatus = may_be_absent()
    retired_on: Annotated[
        date | None, Field(description="Only together with status `retired`; today when left out.")
    ] = None

    @model_validator(mode="after")
    def day_needs_retirement(self) -> Self:
        if self.retired_on is not None and self.status is not VehicleStatus.RETIRED:
            raise ValueError("retiredOn goes with status retired only.")
        return self


class Driver(Out):
    id: Id
    depot_id: Id
    employee_number: EmployeeNumber
    full_name: FullName
    phone: Phone | None
    licence_number: LicenceNumber
    licence_class: LicenceClass
    licence_expires_on: date
    status: DriverStatus
    created_at: datetime


class DriverPage(Page[Driver]):
    pass


class DriverCreate(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "depotId": 1,
                    "employeeNumber": "E-2047",
                    "fullName": "Test Driver",
                    "phone": "+35120000000",
                    "licenceNumber": "L-4471902",
                    "licenceClass": "C",
                    "licenceExpiresOn": "2030-08-31",
                }
            ]
        }
    )

    depot_id: Id
    employee_number: EmployeeNumber
    full_name: FullName
    phone: Phone | None = None
    licence_number: LicenceNumber
    licence_class: LicenceClass
    licence_expires_on: date


class DriverUpdate(Patch):
    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "examples": [
                {"licenceExpiresOn": "2031-08-31"}
            ],
        }
    )

    depot_id: Id = may_be_absent()
    full_name: FullName = may_be_absent()
    phone: Phone | None = None
    licence_number: LicenceNumber = may_be_absent()
    licence_class: LicenceClass = may_be_absent()
    licence_expires_on: date = may_be_absent()
    status: DriverStatus = may_be_absent()


class Assignment(Out):
    id: Id
    vehicle_id: Id
    driver_id: Id
    assigned_by: Annotated[Id | None, Field(description="Null when a machine did it.")]
    starts_at: datetime
    ends_at: Annotated[datetime | None, Field(description="Null while it lasts.")]
    note: Note500


class VehicleDetail(Vehicle):
    current_assignment: Assignment | None


class AssignmentCreate(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                 "vehicleId": 12,
                 "driverId": 4,
                 "startsAt": "2026-05-04T06:00:00Z",
                 "note": "Replaces a van in repair",
                }
            ],
        }
    )

    vehicle_id: Id
    driver_id: Id
    starts_at: Instant
    ends_at: Instant | None = None
    note: Note500 = ""

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise ValueError("endsAt must come after startsAt.")
        return self


class AssignmentEnd(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"endsAt": "2026-05-29T16:00:00Z"}
            ],
        }
    )

    ends_at: Instant


# Operations


class Trip(Out):
    id: Id
    vehicle_id: Id
    driver_id: Id
    purpose: Place
    origin: Place
    destination: Place
    started_at: datetime
    start_odometer_km: Km
    finished_at: datetime | None
    end_odometer_km: Km | None


class TripPage(Page[Trip]):
    pass


class TripStart(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                 "vehicleId": 12,
                 "driverId": 4,
                 "purpose": "Parts for the north workshop",
                 "origin": "Main depot",
                 "destination": "North depot",
                 "startedAt": "2026-05-04T06:10:00Z",
                 "startOdometerKm": 48210,
                }
            ],
        }
    )

    vehicle_id: Id
    driver_id: Id
    purpose: Place
    origin: Place
    destination: Place
    started_at: Instant
    start_odometer_km: Km


class TripFinish(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"finishedAt": "2026-05-04T09:25:00Z", "endOdometerKm": 48342}
            ],
        }
    )

    finished_at: Instant
    end_odometer_km: Km


class Amount(In):
    """Money that was spent. VAT is at most the net amount."""

    net_cents: NetCents
    vat_cents: VatCents = 0
    currency: Currency

    @model_validator(mode="after")
    def vat_within_net(self) -> Self:
        if self.vat_cents > self.net_cents:
            raise ValueError("vatCents is at most netCents.")
        return self


class Cost(Out):
    id: Id
    vehicle_id: Id
    category: CostCategory
    incurred_on: date
    net_cents: NetCents
    vat_cents: VatCents
    currency: Currency
    description: Annotated[str, Field(max_length=300)]
    created_at: datetime


class CostCreate(Amount):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "category": "insurance",
                    "incurredOn": "2026-03-01",
                    "netCents": 84000,
                    "vatCents": 0,
                    "currency": "EUR",
                    "description": "Liability, second quarter",
                }
            ]
        }
    )

    category: Annotated[
        Literal["insurance", "tax", "toll", "fine", "other"],
        Field(description="Fuel and services have operations of their own."),
    ]
    incurred_on: date
    description: Annotated[str, Field(max_length=300)] = ""


class CostLine(Out):
    category: CostCategory
    currency: Currency
    entry_count: Annotated[int, Field(ge=1)]
    net_cents: Annotated[int, Field(ge=0)]
    vat_cents: Annotated[int, Field(ge=0)]


class CostSummary(Out):
    vehicle_id: Id
    from_day: date
    to_day: date
    lines: Annotated[list[CostLine], Field(max_length=1000)]


class FuelEntry(Out):
    id: Id
    vehicle_id: Id
    driver_id: Id | None
    fuelled_at: datetime
    odometer_km: Km
    volume_ml: VolumeMl
    is_full_tank: bool
    station: Station | None
    cost: Cost


class FuelEntryPage(Page[FuelEntry]):
    pass


class FuelEntryCreate(Amount):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                 "driverId": 4,
                 "fuelledAt": "2026-05-04T09:05:00Z",
                 "odometerKm": 48330,
                 "volumeMl": 52400,
                 "station": "Harbour road",
                 "netCents": 7020,
                 "vatCents": 1615,
                 "currency": "EUR",
                }
            ],
        }
    )

    driver_id: Id | None = None
    fuelled_at: Instant
    odometer_km: Km
    volume_ml: VolumeMl
    is_full_tank: bool = True
    station: Station | None = None


# Workshop


class InspectionItem(Out):
    position: Annotated[int, Field(ge=1, le=60)]
    checkpoint: Checkpoint
    outcome: ItemOutcome
    note: Note500


class InspectionItemCreate(In):
    checkpoint: Checkpoint
    outcome: ItemOutcome
    note: Annotated[Note500, Field(description="Required for a defect.")] = ""
    severity: Annotated[
        DefectSeverity | None, Field(description="For a defect only, and required there.")
    ] = None

    @model_validator(mode="after")
    def defect_is_described(self) -> Self:
        is_defect = self.outcome is ItemOutcome.DEFECT
        if is_defect != (self.severity is not None):
            raise ValueError("severity goes with the outcome defect.")
        if is_defect and not self.note:
            raise ValueError("A defect needs a note.")
        return self


class Inspection(Out):
    id: Id
    vehicle_id: Id
    driver_id: Id | None
    inspected_by: Annotated[Id | None, Field(description="Null when a machine recorded it.")]
    kind: InspectionKind
    performed_at: datetime
    odometer_km: Km
    note: Note1000
    items: Annotated[list[InspectionItem], Field(min_length=1, max_length=60)]
    defect_ids: Annotated[list[Id], Field(max_length=60, description="The defects that it opened.")]


class InspectionCreate(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "driverId": 4,
                    "kind": "pre_trip",
                    "performedAt": "2026-05-04T05:40:00Z",
                    "odometerKm": 48210,
                    "items": [
                        {"checkpoint": "Tyres", "outcome": "ok"},
                        {
                            "checkpoint": "Lights",
                            "outcome": "defect",
                            "note": "Left tail light is out",
                            "severity": "minor",
                        },
                    ],
                }
            ]
        }
    )

    driver_id: Id | None = None
    kind: InspectionKind
    performed_at: Instant
    odometer_km: Km
    note: Note1000 = ""
    items: Annotated[list[InspectionItemCreate], Field(min_length=1, max_length=60)]


class Defect(Out):
    id: Id
    vehicle_id: Id
    inspection_id: Id | None
    service_order_id: Id | None
    severity: DefectSeverity
    status: DefectStatus
    description: Description
    reported_at: datetime
    closed_at: datetime | None


class DefectPage(Page[Defect]):
    pass


class DefectUpdate(Patch):
    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "examples": [
                {"severity": "major"}
            ],
        }
    )

    severity: DefectSeverity = may_be_absent()
    status: Annotated[
        Literal["open", "dismissed"],
        Field(description="Dismiss an open defect, or open a dismissed one again."),
    ] = may_be_absent()


class ServicePart(Out):
    part_id: Id
    quantity: Annotated[int, Field(ge=1, le=1000)]
    unit_price_cents: UnitPriceCents


class ServiceOrder(Out):
    id: Id
    vehicle_id: Id
    depot_id: Id
    kind: ServiceKind
    description: Description
    scheduled_on: date
    completed_at: Annotated[datetime | None, Field(description="Null while planned.")]
    odometer_km: Km | None
    cost: Cost | None
    parts: Annotated[list[ServicePart], Field(max_length=100)]
    created_at: datetime


class ServiceOrderPage(Page[ServiceOrder]):
    pass


class ServiceOrderCreate(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                 "vehicleId": 12,
                 "depotId": 1,
                 "kind": "repair",
                 "description": "Tail light and yearly oil change",
                 "scheduledOn": "2026-05-11",
                 "defectIds": [31],
                }
            ],
        }
    )

    vehicle_id: Id
    depot_id: Id
    kind: ServiceKind
    description: Description
    scheduled_on: date
    defect_ids: Annotated[
        list[Id],
        Field(
            max_length=60,
            description="Open defects of the vehicle that this is to repair.",
            json_schema_extra={"uniqueItems": True},
        ),
    ] = []

    @model_validator(mode="after")
    def defects_once(self) -> Self:
        if len(set(self.defect_ids)) != len(self.defect_ids):
            raise ValueError("Each defect is named once.")
        return self


class UsedPart(In):
    part_id: Id
    quantity: Annotated[int, Field(ge=1, le=1000)]


class ServiceCompletion(Amount):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                 "completedAt": "2026-05-11T14:30:00Z",
                 "odometerKm": 48700,
                 "netCents": 18400,
                 "vatCents": 4232,
                 "currency": "EUR",
                 "parts": [{"partId": 7, "quantity": 1}],
                }
            ],
        }
    )

    completed_at: Instant
    odometer_km: Km
    parts: Annotated[
        list[UsedPart], Field(max_length=100, description="Taken from the stock of the depot.")
    ] = []

    @model_validator(mode="after")
    def parts_once(self) -> Self:
        if len({used.part_id for used in self.parts}) != len(self.parts):
            raise ValueError("Each part is named once.")
        return self


class StockedPart(Out):
    id: Id
    sku: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=120)]
    unit_price_cents: UnitPriceCents
    currency: Currency
    quantity: Annotated[int, Field(ge=0, le=100_000)]
    reorder_level: Annotated[int, Field(ge=0, le=100_000)]


class StockedPartPage(Page[StockedPart]):
    pass


# Records


class Document(Out):
    id: Id
    vehicle_id: Id | None
    driver_id: Id | None
    uploaded_by: Annotated[Id | None, Field(description="Null when a machine did it.")]
    kind: DocumentKind
    title: DocumentTitle
    storage_key: StorageKey
    media_type: MediaType
    byte_size: ByteSize
    issued_on: date | None
    expires_on: date | None
    created_at: datetime


class DocumentCreate(In):
    """Of a vehicle or of a driver: exactly one of `vehicleId` and `driverId`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "vehicleId": 12,
                    "kind": "insurance",
                    "title": "Insurance certificate 2026",
                    "storageKey": "vehicles/12/insurance-2026.pdf",
                    "mediaType": "application/pdf",
                    "byteSize": 184320,
                    "issuedOn": "2026-01-01",
                    "expiresOn": "2026-12-31",
                }
            ]
        }
    )

    vehicle_id: Id | None = None
    driver_id: Id | None = None
    kind: DocumentKind
    title: DocumentTitle
    storage_key: StorageKey
    media_type: MediaType
    byte_size: ByteSize
    issued_on: date | None = None
    expires_on: date | None = None

    @model_validator(mode="after")
    def coherent(self) -> Self:
        if (self.vehicle_id is None) == (self.driver_id is None):
            raise ValueError("Give either vehicleId or driverId.")
        if self.issued_on and self.expires_on and self.expires_on <= self.issued_on:
            raise ValueError("expiresOn must come after issuedOn.")
        return self


class Reminder(Out):
    id: Id
    vehicle_id: Id | None
    driver_id: Id | None
    document_id: Id | None
    title: Annotated[str, Field(min_length=1, max_length=160)]
    due_on: date | None
    due_odometer_km: Annotated[int, Field(ge=1, le=5_000_000)] | None
    done_at: datetime | None
    done_by: Id | None
    created_at: datetime


class ReminderPage(Page[Reminder]):
    pass

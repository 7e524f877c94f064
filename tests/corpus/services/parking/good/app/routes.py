"""The operations of the contract."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Security
from fastapi.security import APIKeyHeader
from pydantic import BeforeValidator
from starlette.requests import Request
from starlette.responses import Response

from app import rules
from app.database import Database, get_database
from app.identity import Identity
from app.responses import created, problems
from app.routing import AuthenticatedRoute
from app.schemas import (
    MAX_ID,
    Fine,
    FineCreate,
    FinePage,
    Garage,
    GarageInput,
    GaragePage,
    Health,
    ParkingSession,
    ParkingSessionPage,
    ParkingSessionStart,
    Payment,
    PaymentCreate,
    PaymentPage,
    Permit,
    PermitCreate,
    PermitPage,
    Tariff,
    TariffCreate,
    TariffPage,
    Vehicle,
    VehicleCreate,
    VehiclePage,
    VehicleUpdate,
)

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,29})")


def plain_integer(value: Any) -> Any:
    """Refuse what is not an integer in its one usual spelling."""
    if isinstance(value, str) and INTEGER.fullmatch(value) is None:
        raise ValueError("not an integer")
    return value


async def current_caller(request: Request) -> Identity:
    """Return the user whom the route class has verified."""
    identity: Identity = request.state.identity
    return identity


# Declares the scheme in the OpenAPI document; the route class does the check.
api_key = APIKeyHeader(
    name="X-API-Key",
    scheme_name="ApiKeyAuth",
    description=(
        "A key issued by the operator's administrator. The service stores "
        "only its SHA-256 digest, in lower-case hexadecimal."
    ),
    auto_error=False,
)

public_router = APIRouter()
router = APIRouter(
    route_class=AuthenticatedRoute, dependencies=[Security(api_key)]
)

Caller = Annotated[Identity, Depends(current_caller)]
Db = Annotated[Database, Depends(get_database)]
Limit = Annotated[
    int,
    Query(ge=1, le=100, description="Largest number of items in the page."),
    BeforeValidator(plain_integer),
]
Offset = Annotated[
    int,
    Query(ge=0, le=100000, description="Number of items to skip."),
    BeforeValidator(plain_integer),
]
VehicleFilter = Annotated[
    int | None,
    Query(ge=1, le=MAX_ID, description="Only entries of this vehicle."),
    BeforeValidator(plain_integer),
]
GarageId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the garage."),
    BeforeValidator(plain_integer),
]
TariffId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the tariff."),
    BeforeValidator(plain_integer),
]
VehicleId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the vehicle."),
    BeforeValidator(plain_integer),
]
PermitId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the permit."),
    BeforeValidator(plain_integer),
]
SessionId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the parking session."),
    BeforeValidator(plain_integer),
]
FineId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the fine."),
    BeforeValidator(plain_integer),
]
PaymentId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="Id of the payment."),
    BeforeValidator(plain_integer),
]


@public_router.get(
    "/health",
    operation_id="getHealth",
    tags=["health"],
    summary="Health of the service",
    response_description="The service and its database work.",
    responses=problems(503),
)
def get_health(db: Db) -> Health:
    """Ask the database and answer whether the service can work."""
    rules.check_health(db)
    return Health(status="ok")


@router.get(
    "/garages",
    operation_id="listGarages",
    tags=["garages"],
    summary="List garages",
    response_description="One page of garages.",
    responses=problems(401, 422),
)
def list_garages(db: Db, limit: Limit = 20, offset: Offset = 0) -> GaragePage:
    """List all garages, ordered by id descending."""
    rows = rules.list_garages(db, limit, offset)
    items = [Garage.model_validate(row) for row in rows]
    return GaragePage(items=items, limit=limit, offset=offset)


@router.post(
    "/garages",
    operation_id="createGarage",
    tags=["garages"],
    summary="Create a garage",
    status_code=201,
    responses=created("The garage was created.", 401, 403, 409, 422),
)
def create_garage(
    db: Db, caller: Caller, body: GarageInput, response: Response
) -> Garage:
    """Create a garage. Operators only."""
    row = rules.create_garage(db, caller, body)
    response.headers["Location"] = f"/garages/{row.id}"
    return Garage.model_validate(row)


@router.get(
    "/garages/{garage_id}",
    operation_id="getGarage",
    tags=["garages"],
    summary="Read a garage",
    response_description="The garage.",
    responses=problems(401, 404, 422),
)
def get_garage(db: Db, garage_id: GarageId) -> Garage:
    """Read one garage with its present occupancy."""
    return Garage.model_validate(rules.get_garage(db, garage_id))


@router.put(
    "/garages/{garage_id}",
    operation_id="replaceGarage",
    tags=["garages"],
    summary="Replace a garage",
    response_description="The garage as it is now.",
    responses=problems(401, 403, 404, 409, 422),
)
def replace_garage(
    db: Db, caller: Caller, garage_id: GarageId, body: GarageInput
) -> Garage:
    """Replace name, address and capacity. Operators only."""
    row = rules.replace_garage(db, caller, garage_id, body)
    return Garage.model_validate(row)


@router.delete(
    "/garages/{garage_id}",
    operation_id="deleteGarage",
    tags=["garages"],
    summary="Delete a garage",
    status_code=204,
    response_class=Response,
    response_model=None,
    response_description="The garage was deleted.",
    responses=problems(401, 403, 404, 409, 422),
)
def delete_garage(db: Db, caller: Caller, garage_id: GarageId) -> Response:
    """Delete a garage that nothing refers to. Operators only."""
    rules.delete_garage(db, caller, garage_id)
    return Response(status_code=204)


@router.get(
    "/garages/{garage_id}/tariffs",
    operation_id="listTariffs",
    tags=["tariffs"],
    summary="List the tariffs of a garage",
    response_description="One page of tariffs.",
    responses=problems(401, 404, 422),
)
def list_tariffs(
    db: Db, garage_id: GarageId, limit: Limit = 20, offset: Offset = 0
) -> TariffPage:
    """List active and retired tariffs, ordered by id descending."""
    rows = rules.list_tariffs(db, garage_id, limit, offset)
    items = [Tariff.model_validate(row) for row in rows]
    return TariffPage(items=items, limit=limit, offset=offset)


@router.post(
    "/garages/{garage_id}/tariffs",
    operation_id="createTariff",
    tags=["tariffs"],
    summary="Put a new tariff in force",
    status_code=201,
    responses=created(
        "The tariff was created and is in force.", 401, 403, 404, 409, 422
    ),
)
def create_tariff(
    db: Db,
    caller: Caller,
    garage_id: GarageId,
    body: TariffCreate,
    response: Response,
) -> Tariff:
    """Put a tariff in force and retire the former one. Operators only."""
    row = rules.create_tariff(db, caller, garage_id, body)
    response.headers["Location"] = f"/tariffs/{row.id}"
    return Tariff.model_validate(row)


@router.get(
    "/tariffs/{tariff_id}",
    operation_id="getTariff",
    tags=["tariffs"],
    summary="Read a tariff",
    response_description="The tariff.",
    responses=problems(401, 404, 422),
)
def get_tariff(db: Db, tariff_id: TariffId) -> Tariff:
    """Read one tariff, active or retired."""
    return Tariff.model_validate(rules.get_tariff(db, tariff_id))


@router.get(
    "/vehicles",
    operation_id="listVehicles",
    tags=["vehicles"],
    summary="List vehicles",
    response_description="One page of vehicles.",
    responses=problems(401, 422),
)
def list_vehicles(
    db: Db, caller: Caller, limit: Limit = 20, offset: Offset = 0
) -> VehiclePage:
    """List the caller's own vehicles, for an operator all."""
    rows = rules.list_vehicles(db, caller, limit, offset)
    items = [Vehicle.model_validate(row) for row in rows]
    return VehiclePage(items=items, limit=limit, offset=offset)


@router.post(
    "/vehicles",
    operation_id="createVehicle",
    tags=["vehicles"],
    summary="Register a vehicle",
    status_code=201,
    responses=created("The vehicle was registered.", 401, 409, 422),
)
def create_vehicle(
    db: Db, caller: Caller, body: VehicleCreate, response: Response
) -> Vehicle:
    """Register a vehicle for the caller."""
    row = rules.create_vehicle(db, caller, body)
    response.headers["Location"] = f"/vehicles/{row.id}"
    return Vehicle.model_validate(row)


@router.get(
    "/vehicles/{vehicle_id}",
    operation_id="getVehicle",
    tags=["vehicles"],
    summary="Read a vehicle",
    response_description="The vehicle.",
    responses=problems(401, 404, 422),
)
def get_vehicle(db: Db, caller: Caller, vehicle_id: VehicleId) -> Vehicle:
    """Read one vehicle of the caller, for an operator any."""
    return Vehicle.model_validate(rules.get_vehicle(db, caller, vehicle_id))


@router.put(
    "/vehicles/{vehicle_id}",
    operation_id="updateVehicle",
    tags=["vehicles"],
    summary="Change the label of a vehicle",
    response_description="The vehicle as it is now.",
    responses=problems(401, 404, 422),
)
def update_vehicle(
    db: Db, caller: Caller, vehicle_id: VehicleId, body: VehicleUpdate
) -> Vehicle:
    """Change the label; the plate and the owner stay."""
    row = rules.update_vehicle(db, caller, vehicle_id, body)
    return Vehicle.model_validate(row)


@router.delete(
    "/vehicles/{vehicle_id}",
    operation_id="deleteVehicle",
    tags=["vehicles"],
    summary="Delete a vehicle",
    status_code=204,
    response_class=Response,
    response_model=None,
    response_description="The vehicle was deleted.",
    responses=problems(401, 404, 409, 422),
)
def delete_vehicle(db: Db, caller: Caller, vehicle_id: VehicleId) -> Response:
    """Delete a vehicle that nothing refers to."""
    rules.delete_vehicle(db, caller, vehicle_id)
    return Response(status_code=204)


@router.get(
    "/permits",
    operation_id="listPermits",
    tags=["permits"],
    summary="List permits",
    response_description="One page of permits.",
    responses=problems(401, 422),
)
def list_permits(
    db: Db,
    caller: Caller,
    vehicle_id: VehicleFilter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> PermitPage:
    """List the permits of the caller's vehicles, for an operator all."""
    rows = rules.list_permits(db, caller, vehicle_id, limit, offset)
    items = [Permit.model_validate(row) for row in rows]
    return PermitPage(items=items, limit=limit, offset=offset)


@router.post(
    "/permits",
    operation_id="createPermit",
    tags=["permits"],
    summary="Grant a permit",
    status_code=201,
    responses=created("The permit was granted.", 401, 403, 404, 409, 422),
)
def create_permit(
    db: Db, caller: Caller, body: PermitCreate, response: Response
) -> Permit:
    """Grant a permit. Operators only."""
    row = rules.create_permit(db, caller, body)
    response.headers["Location"] = f"/permits/{row.id}"
    return Permit.model_validate(row)


@router.get(
    "/permits/{permit_id}",
    operation_id="getPermit",
    tags=["permits"],
    summary="Read a permit",
    response_description="The permit.",
    responses=problems(401, 404, 422),
)
def get_permit(db: Db, caller: Caller, permit_id: PermitId) -> Permit:
    """Read one permit of the caller's vehicles, for an operator any."""
    return Permit.model_validate(rules.get_permit(db, caller, permit_id))


@router.post(
    "/permits/{permit_id}/revoke",
    operation_id="revokePermit",
    tags=["permits"],
    summary="Revoke a permit",
    response_description="The permit, now revoked.",
    responses=problems(401, 403, 404, 409, 422),
)
def revoke_permit(db: Db, caller: Caller, permit_id: PermitId) -> Permit:
    """Revoke an active permit. Operators only."""
    return Permit.model_validate(rules.revoke_permit(db, caller, permit_id))


@router.get(
    "/parking-sessions",
    operation_id="listParkingSessions",
    tags=["parking-sessions"],
    summary="List parking sessions",
    response_description="One page of parking sessions.",
    responses=problems(401, 422),
)
def list_parking_sessions(
    db: Db,
    caller: Caller,
    vehicle_id: VehicleFilter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> ParkingSessionPage:
    """List the sessions of the caller's vehicles, for an operator all."""
    rows = rules.list_parking_sessions(db, caller, vehicle_id, limit, offset)
    items = [ParkingSession.model_validate(row) for row in rows]
    return ParkingSessionPage(items=items, limit=limit, offset=offset)


@router.post(
    "/parking-sessions",
    operation_id="startParkingSession",
    tags=["parking-sessions"],
    summary="Start a parking session",
    status_code=201,
    responses=created("The session has started.", 401, 404, 409, 422),
)
def start_parking_session(
    db: Db, caller: Caller, body: ParkingSessionStart, response: Response
) -> ParkingSession:
    """Start a session for an own vehicle, for an operator any."""
    row = rules.start_parking_session(db, caller, body)
    response.headers["Location"] = f"/parking-sessions/{row.id}"
    return ParkingSession.model_validate(row)


@router.get(
    "/parking-sessions/{session_id}",
    operation_id="getParkingSession",
    tags=["parking-sessions"],
    summary="Read a parking session",
    response_description="The session.",
    responses=problems(401, 404, 422),
)
def get_parking_session(
    db: Db, caller: Caller, session_id: SessionId
) -> ParkingSession:
    """Read one session of the caller's vehicles, for an operator any."""
    row = rules.get_parking_session(db, caller, session_id)
    return ParkingSession.model_validate(row)


@router.post(
    "/parking-sessions/{session_id}/end",
    operation_id="endParkingSession",
    tags=["parking-sessions"],
    summary="End a parking session",
    response_description="The session, now ended.",
    responses=problems(401, 404, 409, 422),
)
def end_parking_session(
    db: Db, caller: Caller, session_id: SessionId
) -> ParkingSession:
    """Close an active session, fix its amount and free the place."""
    row = rules.end_parking_session(db, caller, session_id)
    return ParkingSession.model_validate(row)


@router.post(
    "/parking-sessions/{session_id}/payments",
    operation_id="payParkingSession",
    tags=["payments"],
    summary="Record the payment of a session",
    status_code=201,
    responses=created(
        "The payment was recorded and the session is settled.",
        401,
        403,
        404,
        409,
        422,
    ),
)
def pay_parking_session(
    db: Db,
    caller: Caller,
    session_id: SessionId,
    body: PaymentCreate,
    response: Response,
) -> Payment:
    """Settle the whole amount of an unpaid session. Operators only."""
    row = rules.pay_parking_session(db, caller, session_id, body)
    response.headers["Location"] = f"/payments/{row.id}"
    return Payment.model_validate(row)


@router.get(
    "/fines",
    operation_id="listFines",
    tags=["fines"],
    summary="List fines",
    response_description="One page of fines.",
    responses=problems(401, 422),
)
def list_fines(
    db: Db,
    caller: Caller,
    vehicle_id: VehicleFilter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> FinePage:
    """List the fines of the caller's vehicles, for an operator all."""
    rows = rules.list_fines(db, caller, vehicle_id, limit, offset)
    items = [Fine.model_validate(row) for row in rows]
    return FinePage(items=items, limit=limit, offset=offset)


@router.post(
    "/fines",
    operation_id="createFine",
    tags=["fines"],
    summary="Issue a fine",
    status_code=201,
    responses=created("The fine was issued.", 401, 403, 404, 409, 422),
)
def create_fine(
    db: Db, caller: Caller, body: FineCreate, response: Response
) -> Fine:
    """Issue a fine. Operators only."""
    row = rules.create_fine(db, caller, body)
    response.headers["Location"] = f"/fines/{row.id}"
    return Fine.model_validate(row)


@router.get(
    "/fines/{fine_id}",
    operation_id="getFine",
    tags=["fines"],
    summary="Read a fine",
    response_description="The fine.",
    responses=problems(401, 404, 422),
)
def get_fine(db: Db, caller: Caller, fine_id: FineId) -> Fine:
    """Read one fine of the caller's vehicles, for an operator any."""
    return Fine.model_validate(rules.get_fine(db, caller, fine_id))


@router.post(
    "/fines/{fine_id}/cancel",
    operation_id="cancelFine",
    tags=["fines"],
    summary="Cancel a fine",
    response_description="The fine, now cancelled.",
    responses=problems(401, 403, 404, 409, 422),
)
def cancel_fine(db: Db, caller: Caller, fine_id: FineId) -> Fine:
    """Cancel an open fine. Operators only."""
    return Fine.model_validate(rules.cancel_fine(db, caller, fine_id))


@router.post(
    "/fines/{fine_id}/payments",
    operation_id="payFine",
    tags=["payments"],
    summary="Record the payment of a fine",
    status_code=201,
    responses=created(
        "The payment was recorded and the fine is paid.",
        401,
        403,
        404,
        409,
        422,
    ),
)
def pay_fine(
    db: Db,
    caller: Caller,
    fine_id: FineId,
    body: PaymentCreate,
    response: Response,
) -> Payment:
    """Settle the whole amount of an open fine. Operators only."""
    row = rules.pay_fine(db, caller, fine_id, body)
    response.headers["Location"] = f"/payments/{row.id}"
    return Payment.model_validate(row)


@router.get(
    "/payments",
    operation_id="listPayments",
    tags=["payments"],
    summary="List payments",
    response_description="One page of payments.",
    responses=problems(401, 422),
)
def list_payments(
    db: Db,
    caller: Caller,
    vehicle_id: VehicleFilter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> PaymentPage:
    """List the payments for the caller's vehicles, for an operator all."""
    rows = rules.list_payments(db, caller, vehicle_id, limit, offset)
    items = [Payment.model_validate(row) for row in rows]
    return PaymentPage(items=items, limit=limit, offset=offset)


@router.get(
    "/payments/{payment_id}",
    operation_id="getPayment",
    tags=["payments"],
    summary="Read a payment",
    response_description="The payment.",
    responses=problems(401, 404, 422),
)
def get_payment(db: Db, caller: Caller, payment_id: PaymentId) -> Payment:
    """Read one payment for the caller's vehicles, for an operator any."""
    return Payment.model_validate(rules.get_payment(db, caller, payment_id))

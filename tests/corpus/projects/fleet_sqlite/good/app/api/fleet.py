from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.api.deps import (
    MAX_ID,
    Cursor,
    Limit,
    ReadSession,
    VehicleId,
    WriteSession,
    get_or_404,
    page,
    require_vehicle,
)
from app.clock import today, utc_now
from app.errors import conflict, may_fail
from app.models import Assignment, Depot, Driver, DriverStatus, LicenceClass, Trip, Vehicle, VehicleStatus
from app.schemas import Assignment as AssignmentOut
from app.schemas import AssignmentCreate, AssignmentEnd, DepotPage, DriverCreate, DriverPage, DriverUpdate
from app.schemas import Driver as DriverOut
from app.schemas import Vehicle as VehicleOut
from app.schemas import VehicleCreate, VehicleDetail, VehiclePage, VehicleUpdate
from app.security import AsAdministrator, AsAnyRole, AsDispatcher

router = APIRouter()

COVERED = {
    LicenceClass.B: {LicenceClass.B},
    LicenceClass.C: {LicenceClass.B, LicenceClass.C},
    LicenceClass.CE: {LicenceClass.B, LicenceClass.C, LicenceClass.CE},
    LicenceClass.D: {LicenceClass.B, LicenceClass.D},
}


def ensure_may_drive(driver: Driver, vehicle: Vehicle, on: Any) -> None:
    if vehicle.status is not VehicleStatus.ACTIVE:
        raise conflict("vehicle_unavailable", "The vehicle is in the workshop or retired.")
    if driver.status is not DriverStatus.ACTIVE:
        raise conflict("driver_inactive", "The driver is not active.")
    if vehicle.required_licence not in COVERED[driver.licence_class]:
        raise conflict("licence_insufficient", "The driver's licence does not cover the vehicle.")
    if driver.licence_expires_on < on:
        raise conflict("licence_expired", "The driver's licence has expired by then.")


def open_assignment_of(db: Session, vehicle_id: int) -> Assignment | None:
    now = utc_now()
    return db.scalar(
        select(Assignment).where(
            Assignment.vehicle_id == vehicle_id,
            Assignment.starts_at <= now,
            or_(Assignment.ends_at.is_(None), Assignment.ends_at > now),
        )
    )


@router.get(
    "/depots",
    tags=["Depots"],
    operation_id="listDepots",
    response_description="One page of depots.",
    summary="List the depots",
    response_model=DepotPage,
    responses=may_fail(401, 403, 422),
)
def list_depots(_: AsAnyRole, db: ReadSession, limit: Limit = 50, cursor: Cursor = None) -> Any:
    query = select(Depot).where(Depot.id > (cursor or 0)).order_by(Depot.id).limit(limit + 1)
    return page(db.scalars(query).all(), limit)


@router.get(
    "/vehicles",
    tags=["Vehicles"],
    operation_id="listVehicles",
    response_description="One page of vehicles.",
    summary="List the vehicles",
    response_model=VehiclePage,
    responses=may_fail(401, 403, 422),
)
def list_vehicles(
    _: AsAnyRole,
    db: ReadSession,
    depot_id: Annotated[
        int | None, Query(alias="depotId", ge=1, le=MAX_ID, description="Only of this depot.")
    ] = None,
    status: Annotated[VehicleStatus | None, Query(description="Only in this status.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Any:
    query = select(Vehicle).where(Vehicle.id > (cursor or 0)).order_by(Vehicle.id).limit(limit + 1)
    if depot_id is not None:
        query = query.where(Vehicle.depot_id == depot_id)
    if status is not None:
        query = query.where(Vehicle.status == status)
    return page(db.scalars(query).all(), limit)


@router.post(
    "/vehicles",
    tags=["Vehicles"],
    operation_id="createVehicle",
    response_description="The new vehicle.",
    summary="Take a vehicle into the fleet",
    status_code=201,
    response_model=VehicleOut,
    responses={
        201: {
            "headers": {
                "Location": {
                    "description": "Path of the new vehicle.",
                    "schema": {"type": "string", "format": "uri-reference"},
                }
            }
        },
        **may_fail(401, 403, 409, 422),
    },
)
def create_vehicle(body: VehicleCreate, response: Response, _: AsAdministrator, db: WriteSession) -> Any:
    vehicle = Vehicle(**body.model_dump())
    db.add(vehicle)
    db.flush()
    response.headers["Location"] = f"/v1/vehicles/{vehicle.id}"
    return vehicle


@router.get(
    "/vehicles/{vehicleId}",
    tags=["Vehicles"],
    operation_id="getVehicle",
    response_description="The vehicle.",
    summary="Read a vehicle and who has it now",
    response_model=VehicleDetail,
    responses=may_fail(401, 403, 404, 422),
)
def get_vehicle(vehicle_id: VehicleId, _: AsAnyRole, db: ReadSession) -> Any:
    vehicle = require_vehicle(db, vehicle_id)
    fields = VehicleOut.model_validate(vehicle).model_dump()
    return {**fields, "current_assignment": open_assignment_of(db, vehicle_id)}


@router.patch(
    "/vehicles/{vehicleId}",
    tags=["Vehicles"],
    operation_id="updateVehicle",
    response_description="The vehicle after the change.",
    summary="Change a vehicle",
    description="Only the properties that are present change. A vehicle on a trip or assigned cannot be retired.",
    response_model=VehicleOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def update_vehicle(vehicle_id: VehicleId, body: VehicleUpdate, _: AsAdministrator, db: WriteSession) -> Any:
    vehicle = require_vehicle(db, vehicle_id)
    changes = body.model_dump(exclude_unset=True, exclude={"retired_on"})
    if body.status is VehicleStatus.RETIRED:
        busy = db.scalar(select(Trip.id).where(Trip.vehicle_id == vehicle_id, Trip.finished_at.is_(None)))
        held = db.scalar(
            select(Assignment.id)
            .where(
                Assignment.vehicle_id == vehicle_id,
                or_(Assignment.ends_at.is_(None), Assignment.ends_at > utc_now()),
            )
            .limit(1)
        )
        if busy is not None or held is not None:
            raise conflict("vehicle_in_use", "The vehicle is on a trip or assigned.")
        changes["retired_on"] = body.retired_on or vehicle.retired_on or today()
    elif body.status is not None:
        changes["retired_on"] = None
    for name, value in changes.items():
        setattr(vehicle, name, value)
    db.flush()
    return vehicle


@router.get(
    "/drivers",
    tags=["Drivers"],
    operation_id="listDrivers",
    response_description="One page of drivers.",
    summary="List the drivers",
    response_model=DriverPage,
    responses=may_fail(401, 403, 422),
)
def list_drivers(
    _: AsAnyRole,
    db: ReadSession,
    depot_id: Annotated[
        int | None, Query(alias="depotId", ge=1, le=MAX_ID, description="Only of this depot.")
    ] = None,
    status: Annotated[DriverStatus | None, Query(description="Only in this status.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Any:
    query = select(Driver).where(Driver.id > (cursor or 0)).order_by(Driver.id).limit(limit + 1)
    if depot_id is not None:
        query = query.where(Driver.depot_id == depot_id)
    if status is not None:
        query = query.where(Driver.status == status)
    return page(db.scalars(query).all(), limit)


@router.post(
    "/drivers",
    tags=["Drivers"],
    operation_id="createDriver",
    response_description="The new driver.",
    summary="Register a driver",
    status_code=201,
    response_model=DriverOut,
    responses=may_fail(401, 403, 409, 422),
)
def create_driver(body: DriverCreate, _: AsDispatcher, db: WriteSession) -> Any:
    driver = Driver(**body.model_dump())
    db.add(driver)
    db.flush()
    return driver


@router.patch(
    "/drivers/{driverId}",
    tags=["Drivers"],
    operation_id="updateDriver",
    response_description="The driver after the change.",
    summary="Change a driver",
    description="Only the properties that are present change.",
    response_model=DriverOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def update_driver(
    driver_id: Annotated[int, Path(alias="driverId", ge=1, le=MAX_ID, description="The driver.")],
    body: DriverUpdate,
    _: AsDispatcher,
    db: WriteSession,
) -> Any:
    driver = get_or_404(db, Driver, driver_id, "driver")
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(driver, name, value)
    db.flush()
    return driver


@router.post(
    "/assignments",
    tags=["Assignments"],
    operation_id="createAssignment",
    response_description="The new assignment.",
    summary="Assign a vehicle to a driver",
    description="Periods of one vehicle do not overlap, nor do those of one driver.",
    status_code=201,
    response_model=AssignmentOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def create_assignment(body: AssignmentCreate, principal: AsDispatcher, db: WriteSession) -> Any:
    vehicle = require_vehicle(db, body.vehicle_id)
    driver = get_or_404(db, Driver, body.driver_id, "driver")
    ensure_may_drive(driver, vehicle, body.starts_at.date())
    assignment = Assignment(**body.model_dump(), assigned_by=principal.user_id)
    db.add(assignment)
    db.flush()
    return assignment


@router.post(
    "/assignments/{assignmentId}/end",
    tags=["Assignments"],
    operation_id="endAssignment",
    response_description="The assignment with its end.",
    summary="Set when an assignment ends",
    response_model=AssignmentOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def end_assignment(
    assignment_id: Annotated[int, Path(alias="assignmentId", ge=1, le=MAX_ID, description="The assignment.")],
    body: AssignmentEnd,
    _: AsDispatcher,
    db: WriteSession,
) -> Any:
    assignment = get_or_404(db, Assignment, assignment_id, "assignment")
    if assignment.ends_at is not None and assignment.ends_at <= utc_now():
        raise conflict("assignment_over", "The assignment is over already.")
    if body.ends_at <= assignment.starts_at:
        raise conflict("ends_before_start", "An assignment ends after it starts.")
    assignment.ends_at = body.ends_at
    db.flush()
    return assignment

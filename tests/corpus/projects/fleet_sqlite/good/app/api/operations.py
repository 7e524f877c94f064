from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy import func, select

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
from app.api.fleet import ensure_may_drive
from app.errors import ApiError, conflict, may_fail
from app.models import (
    Cost,
    CostCategory,
    Defect,
    DefectSeverity,
    DefectStatus,
    Driver,
    FuelEntry,
    FuelType,
    Trip,
)
from app.schemas import Cost as CostOut
from app.schemas import CostCreate, CostSummary, FuelEntryCreate, FuelEntryPage, TripFinish, TripPage, TripStart
from app.schemas import FuelEntry as FuelEntryOut
from app.schemas import Trip as TripOut
from app.security import AsAnyRole, AsDispatcher, AsStaff

router = APIRouter()


@router.get(
    "/trips",
    tags=["Trips"],
    operation_id="listTrips",
    response_description="One page of trips.",
    summary="List trips, latest first",
    response_model=TripPage,
    responses=may_fail(401, 403, 422),
)
def list_trips(
    _: AsAnyRole,
    db: ReadSession,
    vehicle_id: Annotated[
        int | None, Query(alias="vehicleId", ge=1, le=MAX_ID, description="Only of this vehicle.")
    ] = None,
    driver_id: Annotated[
        int | None, Query(alias="driverId", ge=1, le=MAX_ID, description="Only of this driver.")
    ] = None,
    is_open: Annotated[
        bool | None, Query(alias="open", description="Only under way, or only finished.")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Any:
    query = select(Trip).order_by(Trip.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(Trip.id < cursor)
    if vehicle_id is not None:
        query = query.where(Trip.vehicle_id == vehicle_id)
    if driver_id is not None:
        query = query.where(Trip.driver_id == driver_id)
    if is_open is not None:
        query = query.where(Trip.finished_at.is_(None) if is_open else Trip.finished_at.is_not(None))
    return page(db.scalars(query).all(), limit)


@router.post(
    "/trips",
    tags=["Trips"],
    operation_id="startTrip",
    response_description="The trip under way.",
    summary="Start a trip",
    description=(
        "Not with a vehicle that has an open critical defect. A vehicle, and a driver, is on one trip at"
        " a time."
    ),
    status_code=201,
    response_model=TripOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def start_trip(body: TripStart, _: AsDispatcher, db: WriteSession) -> Any:
    vehicle = require_vehicle(db, body.vehicle_id)
    driver = get_or_404(db, Driver, body.driver_id, "driver")
    ensure_may_drive(driver, vehicle, body.started_at.date())
    unsafe = db.scalar(
        select(Defect.id)
        .where(
            Defect.vehicle_id == vehicle.id,
            Defect.severity == DefectSeverity.CRITICAL,
            Defect.status.in_([DefectStatus.OPEN, DefectStatus.IN_REPAIR]),
        )
        .limit(1)
    )
    if unsafe is not None:
        raise conflict("vehicle_unsafe", "The vehicle has a critical defect.")
    if body.start_odometer_km < vehicle.odometer_km:
        raise conflict("odometer_behind", "The odometer has already shown more than that.")
    trip = Trip(**body.model_dump())
    vehicle.odometer_km = body.start_odometer_km
    db.add(trip)
    db.flush()
    return trip


@router.post(
    "/trips/{tripId}/finish",
    tags=["Trips"],
    operation_id="finishTrip",
    response_description="The finished trip.",
    summary="Finish a trip",
    response_model=TripOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def finish_trip(
    trip_id: Annotated[int, Path(alias="tripId", ge=1, le=MAX_ID, description="The trip.")],
    body: TripFinish,
    _: AsDispatcher,
    db: WriteSession,
) -> Any:
    trip = get_or_404(db, Trip, trip_id, "trip")
    if trip.finished_at is not None:
        raise conflict("trip_finished", "The trip is finished already.")
    if body.finished_at <= trip.started_at:
        raise conflict("finish_before_start", "A trip finishes after it starts.")
    if body.end_odometer_km < trip.start_odometer_km:
        raise conflict("odometer_behind", "The odometer showed more than that at the start.")
    trip.finished_at, trip.end_odometer_km = body.finished_at, body.end_odometer_km
    vehicle = require_vehicle(db, trip.vehicle_id)
    vehicle.odometer_km = max(vehicle.odometer_km, body.end_odometer_km)
    db.flush()
    return trip


@router.get(
    "/vehicles/{vehicleId}/fuel-entries",
    tags=["Costs"],
    operation_id="listFuelEntries",
    response_description="One page of fuel entries.",
    summary="List the fuel entries of a vehicle, latest first",
    response_model=FuelEntryPage,
    responses=may_fail(401, 403, 404, 422),
)
def list_fuel_entries(
    vehicle_id: VehicleId, _: AsAnyRole, db: ReadSession, limit: Limit = 50, cursor: Cursor = None
) -> Any:
    require_vehicle(db, vehicle_id)
    query = (
        select(FuelEntry)
        .where(FuelEntry.vehicle_id == vehicle_id)
        .order_by(FuelEntry.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        query = query.where(FuelEntry.id < cursor)
    return page(db.scalars(query).all(), limit)


@router.post(
    "/vehicles/{vehicleId}/fuel-entries",
    tags=["Costs"],
    operation_id="createFuelEntry",
    response_description="The fuel entry with its cost.",
    summary="Record fuel and what it cost",
    status_code=201,
    response_model=FuelEntryOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def create_fuel_entry(
    vehicle_id: VehicleId, body: FuelEntryCreate, _: AsDispatcher, db: WriteSession
) -> Any:
    vehicle = require_vehicle(db, vehicle_id)
    if vehicle.fuel_type is FuelType.ELECTRIC:
        raise conflict("vehicle_is_electric", "An electric vehicle takes no fuel.")
    cost = Cost(
        vehicle_id=vehicle_id,
        category=CostCategory.FUEL,
        incurred_on=body.fuelled_at.date(),
        net_cents=body.net_cents,
        vat_cents=body.vat_cents,
        currency=body.currency,
        description=body.station or "",
    )
    db.add(cost)
    db.flush()
    entry = FuelEntry(
        vehicle_id=vehicle_id,
        driver_id=body.driver_id,
        cost=cost,
        fuelled_at=body.fuelled_at,
        odometer_km=body.odometer_km,
        volume_ml=body.volume_ml,
        is_full_tank=body.is_full_tank,
        station=body.station,
    )
    # Receipts arrive late: an older reading is recorded without turning the odometer back.
    vehicle.odometer_km = max(vehicle.odometer_km, body.odometer_km)
    db.add(entry)
    db.flush()
    return entry


@router.post(
    "/vehicles/{vehicleId}/costs",
    tags=["Costs"],
    operation_id="createCost",
    response_description="The new cost.",
    summary="Record another cost of a vehicle",
    status_code=201,
    response_model=CostOut,
    responses=may_fail(401, 403, 404, 422),
)
def create_cost(vehicle_id: VehicleId, body: CostCreate, _: AsStaff, db: WriteSession) -> Any:
    require_vehicle(db, vehicle_id)
    fields = body.model_dump()
    cost = Cost(vehicle_id=vehicle_id, **{**fields, "category": CostCategory(fields["category"])})
    db.add(cost)
    db.flush()
    return cost


@router.get(
    "/vehicles/{vehicleId}/cost-summary",
    tags=["Costs"],
    operation_id="getCostSummary",
    response_description="The sums.",
    summary="Add up the costs of a vehicle by category and currency",
    response_model=CostSummary,
    responses=may_fail(401, 403, 404, 422),
)
def get_cost_summary(
    vehicle_id: VehicleId,
    _: AsAnyRole,
    db: ReadSession,
    from_day: Annotated[date, Query(alias="from", description="The first day.", examples=["2026-01-01"])],
    to_day: Annotated[date, Query(alias="to", description="The last day.", examples=["2026-03-31"])],
) -> Any:
    require_vehicle(db, vehicle_id)
    if to_day < from_day:
        raise ApiError(422, "invalid_period", "The last day comes before the first.")
    lines = db.execute(
        select(
            Cost.category,
            Cost.currency,
            func.count().label("entry_count"),
            func.sum(Cost.net_cents).label("net_cents"),
            func.sum(Cost.vat_cents).label("vat_cents"),
        )
        .where(Cost.vehicle_id == vehicle_id, Cost.incurred_on.between(from_day, to_day))
        .group_by(Cost.category, Cost.currency)
        .order_by(Cost.category, Cost.currency)
        .limit(1000)
    ).all()
    return {"vehicle_id": vehicle_id, "from_day": from_day, "to_day": to_day, "lines": lines}

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy import select, update

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
from app.clock import utc_now
from app.errors import ApiError, conflict, may_fail
from app.models import (
    Cost,
    CostCategory,
    Defect,
    DefectStatus,
    Depot,
    Inspection,
    InspectionItem,
    Part,
    PartStock,
    ServiceOrder,
    ServicePart,
    VehicleStatus,
)
from app.schemas import Defect as DefectOut
from app.schemas import (
    DefectPage,
    DefectUpdate,
    InspectionCreate,
    ServiceCompletion,
    ServiceOrderCreate,
    ServiceOrderPage,
    StockedPartPage,
)
from app.schemas import Inspection as InspectionOut
from app.schemas import InspectionItem as InspectionItemOut
from app.schemas import ServiceOrder as ServiceOrderOut
from app.security import AsAnyRole, AsMechanic, AsStaff

router = APIRouter()


@router.post(
    "/vehicles/{vehicleId}/inspections",
    tags=["Workshop"],
    operation_id="createInspection",
    response_description="The inspection and the defects that it opened.",
    summary="Record an inspection",
    description="Opens a defect for each item with that outcome.",
    status_code=201,
    response_model=InspectionOut,
    responses=may_fail(401, 403, 404, 422),
)
def create_inspection(
    vehicle_id: VehicleId, body: InspectionCreate, principal: AsStaff, db: WriteSession
) -> Any:
    vehicle = require_vehicle(db, vehicle_id)
    inspection = Inspection(
        vehicle_id=vehicle_id,
        driver_id=body.driver_id,
        inspected_by=principal.user_id,
        kind=body.kind,
        performed_at=body.performed_at,
        odometer_km=body.odometer_km,
        note=body.note,
        items=[
            InspectionItem(position=n, checkpoint=item.checkpoint, outcome=item.outcome, note=item.note)
            for n, item in enumerate(body.items, start=1)
        ],
    )
    vehicle.odometer_km = max(vehicle.odometer_km, body.odometer_km)
    db.add(inspection)
    db.flush()
    defects = [
        Defect(
            vehicle_id=vehicle_id,
            inspection_id=inspection.id,
            severity=item.severity,
            description=f"{item.checkpoint}: {item.note}",
            reported_at=body.performed_at,
        )
        for item in body.items
        if item.severity is not None
    ]
    db.add_all(defects)
    db.flush()
    return {
        "id": inspection.id,
        "vehicle_id": inspection.vehicle_id,
        "driver_id": inspection.driver_id,
        "inspected_by": inspection.inspected_by,
        "kind": inspection.kind,
        "performed_at": inspection.performed_at,
        "odometer_km": inspection.odometer_km,
        "note": inspection.note,
        "items": [InspectionItemOut.model_validate(item) for item in inspection.items],
        "defect_ids": [defect.id for defect in defects],
    }


@router.get(
    "/defects",
    tags=["Workshop"],
    operation_id="listDefects",
    response_description="One page of defects.",
    summary="List defects, latest first",
    response_model=DefectPage,
    responses=may_fail(401, 403, 422),
)
def list_defects(
    _: AsAnyRole,
    db: ReadSession,
    vehicle_id: Annotated[
        int | None, Query(alias="vehicleId", ge=1, le=MAX_ID, description="Only of this vehicle.")
    ] = None,
    status: Annotated[DefectStatus | None, Query(description="Only in this status.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Any:
    query = select(Defect).order_by(Defect.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(Defect.id < cursor)
    if vehicle_id is not None:
        query = query.where(Defect.vehicle_id == vehicle_id)
    if status is not None:
        query = query.where(Defect.status == status)
    return page(db.scalars(query).all(), limit)


@router.patch(
    "/defects/{defectId}",
    tags=["Workshop"],
    operation_id="updateDefect",
    response_description="The defect after the change.",
    summary="Reassess, dismiss or reopen a defect",
    description="A defect under repair or resolved follows its service order and is not changed here.",
    response_model=DefectOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def update_defect(
    defect_id: Annotated[int, Path(alias="defectId", ge=1, le=MAX_ID, description="The defect.")],
    body: DefectUpdate,
    _: AsMechanic,
    db: WriteSession,
) -> Any:
    defect = get_or_404(db, Defect, defect_id, "defect")
    if defect.status in (DefectStatus.IN_REPAIR, DefectStatus.RESOLVED):
        raise conflict("defect_in_service", "The defect is under repair or resolved.")
    if body.severity is not None:
        defect.severity = body.severity
    if body.status is not None and body.status != defect.status:
        defect.status = DefectStatus(body.status)
        defect.closed_at = utc_now() if defect.status is DefectStatus.DISMISSED else None
    db.flush()
    return defect


@router.get(
    "/service-orders",
    tags=["Workshop"],
    operation_id="listServiceOrders",
    response_description="One page of service orders.",
    summary="List service orders, latest first",
    response_model=ServiceOrderPage,
    responses=may_fail(401, 403, 422),
)
def list_service_orders(
    _: AsAnyRole,
    db: ReadSession,
    vehicle_id: Annotated[
        int | None, Query(alias="vehicleId", ge=1, le=MAX_ID, description="Only of this vehicle.")
    ] = None,
    completed: Annotated[bool | None, Query(description="Only completed, or only planned.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Any:
    query = select(ServiceOrder).order_by(ServiceOrder.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(ServiceOrder.id < cursor)
    if vehicle_id is not None:
        query = query.where(ServiceOrder.vehicle_id == vehicle_id)
    if completed is not None:
        done = ServiceOrder.completed_at.is_not(None)
        query = query.where(done if completed else ~done)
    return page(db.scalars(query).all(), limit)


@router.post(
    "/service-orders",
    tags=["Workshop"],
    operation_id="createServiceOrder",
    response_description="The planned service.",
    summary="Plan a service",
    description="The named defects are under repair from then on.",
    status_code=201,
    response_model=ServiceOrderOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def create_service_order(body: ServiceOrderCreate, _: AsMechanic, db: WriteSession) -> Any:
    vehicle = require_vehicle(db, body.vehicle_id)
    get_or_404(db, Depot, body.depot_id, "depot")
    if vehicle.status is VehicleStatus.RETIRED:
        raise conflict("vehicle_retired", "The vehicle is retired.")
    order = ServiceOrder(**body.model_dump(exclude={"defect_ids"}))
    db.add(order)
    db.flush()
    if body.defect_ids:
        taken = db.execute(
            update(Defect)
            .where(
                Defect.id.in_(body.defect_ids),
                Defect.vehicle_id == vehicle.id,
                Defect.status == DefectStatus.OPEN,
            )
            .values(status=DefectStatus.IN_REPAIR, service_order_id=order.id)
        )
        if taken.rowcount != len(body.defect_ids):
            raise conflict("defects_not_open", "Only open defects of the vehicle can be taken up.")
    return order


@router.post(
    "/service-orders/{serviceOrderId}/completion",
    tags=["Workshop"],
    operation_id="completeServiceOrder",
    response_description="The completed service.",
    summary="Complete a service",
    description=(
        "Records the cost, takes the parts from the stock of the depot, resolves the defects and"
        " brings the vehicle back from the workshop."
    ),
    response_model=ServiceOrderOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def complete_service_order(
    service_order_id: Annotated[
        int, Path(alias="serviceOrderId", ge=1, le=MAX_ID, description="The service order.")
    ],
    body: ServiceCompletion,
    _: AsMechanic,
    db: WriteSession,
) -> Any:
    order = get_or_404(db, ServiceOrder, service_order_id, "service order")
    if order.completed_at is not None:
        raise conflict("service_completed", "The service is completed already.")
    vehicle = require_vehicle(db, order.vehicle_id)

    for used in body.parts:
        part = db.get(Part, used.part_id)
        if part is None:
            raise ApiError(422, "unknown_reference", f"There is no part {used.part_id}.")
        taken = db.execute(
            update(PartStock)
            .where(
                PartStock.depot_id == order.depot_id,
                PartStock.part_id == part.id,
                PartStock.quantity >= used.quantity,
            )
            .values(quantity=PartStock.quantity - used.quantity)
        )
        if taken.rowcount != 1:
            raise conflict("insufficient_stock", f"The depot has too few of part {part.sku}.")
        order.parts.append(
            ServicePart(part_id=part.id, quantity=used.quantity, unit_price_cents=part.unit_price_cents)
        )

    cost = Cost(
        vehicle_id=vehicle.id,
        category=CostCategory.SERVICE,
        incurred_on=body.completed_at.date(),
        net_cents=body.net_cents,
        vat_cents=body.vat_cents,
        currency=body.currency,
        description=order.description[:300],
    )
    db.add(cost)
    db.flush()
    order.cost = cost
    order.completed_at, order.odometer_km = body.completed_at, body.odometer_km
    vehicle.odometer_km = max(vehicle.odometer_km, body.odometer_km)
    if vehicle.status is VehicleStatus.WORKSHOP:
        vehicle.status = VehicleStatus.ACTIVE
    db.execute(
        update(Defect)
        .where(Defect.service_order_id == order.id, Defect.status == DefectStatus.IN_REPAIR)
        .values(status=DefectStatus.RESOLVED, closed_at=body.completed_at)
    )
    db.flush()
    return order


@router.get(
    "/depots/{depotId}/parts",
    tags=["Workshop"],
    operation_id="listParts",
    response_description="One page of parts.",
    summary="List the parts that a depot keeps, with their stock",
    response_model=StockedPartPage,
    responses=may_fail(401, 403, 404, 422),
)
def list_parts(
    depot_id: Annotated[int, Path(alias="depotId", ge=1, le=MAX_ID, description="The depot.")],
    _: AsAnyRole,
    db: ReadSession,
    reorder: Annotated[bool, Query(description="Only parts at or below their reorder level.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Any:
    get_or_404(db, Depot, depot_id, "depot")
    query = (
        select(
            Part.id,
            Part.sku,
            Part.name,
            Part.unit_price_cents,
            Part.currency,
            PartStock.quantity,
            PartStock.reorder_level,
        )
        .join(PartStock, PartStock.part_id == Part.id)
        .where(PartStock.depot_id == depot_id, PartStock.part_id > (cursor or 0))
        .order_by(PartStock.part_id)
        .limit(limit + 1)
    )
    if reorder:
        query = query.where(PartStock.quantity <= PartStock.reorder_level)
    return page(db.execute(query).all(), limit)

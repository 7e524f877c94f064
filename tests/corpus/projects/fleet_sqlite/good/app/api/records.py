from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy import select

from app.api.deps import (
    MAX_ID,
    Cursor,
    Limit,
    ReadSession,
    WriteSession,
    get_or_404,
    page,
    require_vehicle,
)
from app.clock import today, utc_now
from app.errors import conflict, may_fail
from app.models import Document, Driver, Reminder
from app.schemas import Document as DocumentOut
from app.schemas import DocumentCreate, ReminderPage
from app.schemas import Reminder as ReminderOut
from app.security import AsAnyRole, AsStaff

router = APIRouter()

NOTICE = timedelta(days=30)


@router.post(
    "/documents",
    tags=["Records"],
    operation_id="createDocument",
    response_description="The registered document.",
    summary="Register a document of a vehicle or of a driver",
    description="One that expires brings a reminder, due thirty days before.",
    status_code=201,
    response_model=DocumentOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def create_document(body: DocumentCreate, principal: AsStaff, db: WriteSession) -> Any:
    if body.vehicle_id is not None:
        require_vehicle(db, body.vehicle_id)
    else:
        get_or_404(db, Driver, body.driver_id, "driver")
    document = Document(**body.model_dump(), uploaded_by=principal.user_id)
    db.add(document)
    db.flush()
    if document.expires_on is not None:
        db.add(
            Reminder(
                vehicle_id=document.vehicle_id,
                driver_id=document.driver_id,
                document_id=document.id,
                title=f"Renew: {document.title}",
                due_on=max(document.expires_on - NOTICE, min(today(), document.expires_on)),
            )
        )
        db.flush()
    return document


@router.get(
    "/reminders",
    tags=["Records"],
    operation_id="listReminders",
    response_description="One page of reminders.",
    summary="List the reminders that are not done",
    response_model=ReminderPage,
    responses=may_fail(401, 403, 422),
)
def list_reminders(
    _: AsAnyRole,
    db: ReadSession,
    due_by: Annotated[
        date | None, Query(alias="dueBy", description="Only those due on or before this day.", examples=["2026-06-30"])
    ] = None,
    vehicle_id: Annotated[
        int | None, Query(alias="vehicleId", ge=1, le=MAX_ID, description="Only of this vehicle.")
    ] = None,
    driver_id: Annotated[
        int | None, Query(alias="driverId", ge=1, le=MAX_ID, description="Only of this driver.")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Any:
    query = (
        select(Reminder)
        .where(Reminder.done_at.is_(None), Reminder.id > (cursor or 0))
        .order_by(Reminder.id)
        .limit(limit + 1)
    )
    if due_by is not None:
        query = query.where(Reminder.due_on <= due_by)
    if vehicle_id is not None:
        query = query.where(Reminder.vehicle_id == vehicle_id)
    if driver_id is not None:
        query = query.where(Reminder.driver_id == driver_id)
    return page(db.scalars(query).all(), limit)


@router.post(
    "/reminders/{reminderId}/completion",
    tags=["Records"],
    operation_id="completeReminder",
    response_description="The reminder, done.",
    summary="Mark a reminder as done",
    response_model=ReminderOut,
    responses=may_fail(401, 403, 404, 409, 422),
)
def complete_reminder(
    reminder_id: Annotated[int, Path(alias="reminderId", ge=1, le=MAX_ID, description="The reminder.")],
    principal: AsStaff,
    db: WriteSession,
) -> Any:
    reminder = get_or_404(db, Reminder, reminder_id, "reminder")
    if reminder.done_at is not None:
        raise conflict("reminder_done", "The reminder is done already.")
    reminder.done_at, reminder.done_by = utc_now(), principal.user_id
    db.flush()
    return reminder

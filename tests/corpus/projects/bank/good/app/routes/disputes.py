"""The routes of disputes."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app import schemas
from app.database import transaction
from app.repository import Window
from app.services import disputes as service
from app.web import (
    AuthenticatedRoute,
    CurrentCaller,
    DisputeId,
    Limit,
    Offset,
    PaymentId,
    created,
    problems,
)

router = APIRouter(tags=["disputes"], route_class=AuthenticatedRoute)


@router.post(
    "/payments/{payment_id}/disputes",
    operation_id="openDispute",
    summary="Dispute a payment",
    status_code=201,
    responses=created("The dispute was opened.", 401, 404, 409, 422),
)
def open_dispute(
    payment_id: PaymentId,
    body: schemas.DisputeCreate,
    caller: CurrentCaller,
    response: Response,
) -> schemas.Dispute:
    """Only for the owner of the source account, and once."""
    with transaction() as session:
        dispute = service.open_dispute(session, caller, payment_id, body)
    response.headers["Location"] = f"/disputes/{dispute.id}"
    return dispute


@router.get(
    "/disputes",
    operation_id="listDisputes",
    summary="List disputes",
    response_description="A page of disputes.",
    responses=problems(401, 422),
)
def list_disputes(
    caller: CurrentCaller,
    status: Annotated[
        schemas.DisputeStatus | None,
        Query(description="Only disputes with this status."),
    ] = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> schemas.DisputePage:
    """A customer sees their own disputes, staff see all."""
    with transaction() as session:
        return service.list_disputes(session, caller, status, Window(limit, offset))


@router.get(
    "/disputes/{dispute_id}",
    operation_id="getDispute",
    summary="Read a dispute",
    response_description="The dispute.",
    responses=problems(401, 404, 422),
)
def get_dispute(dispute_id: DisputeId, caller: CurrentCaller) -> schemas.Dispute:
    """For the payer and for staff."""
    with transaction() as session:
        return service.get_dispute(session, caller, dispute_id)


@router.post(
    "/disputes/{dispute_id}/resolution",
    operation_id="resolveDispute",
    summary="Resolve a dispute",
    response_description="The resolved dispute.",
    responses=problems(401, 403, 404, 409, 422),
)
def resolve_dispute(
    dispute_id: DisputeId, body: schemas.DisputeResolution, caller: CurrentCaller
) -> schemas.Dispute:
    """Staff only, and not an own dispute. Upholding it refunds the payment."""
    with transaction() as session:
        return service.resolve_dispute(session, caller, dispute_id, body)

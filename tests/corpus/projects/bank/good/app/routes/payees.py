"""The routes of payees."""

from fastapi import APIRouter, Response

from app import schemas
from app.database import transaction
from app.repository import Window
from app.services import payees as service
from app.web import (
    AuthenticatedRoute,
    CurrentCaller,
    Limit,
    Offset,
    PayeeId,
    created,
    problems,
)

router = APIRouter(tags=["payees"], route_class=AuthenticatedRoute)


@router.post(
    "/payees",
    operation_id="createPayee",
    summary="Add a payee",
    status_code=201,
    responses=created("The payee was added.", 401, 403, 404, 409, 422),
)
def create_payee(
    body: schemas.PayeeCreate, caller: CurrentCaller, response: Response
) -> schemas.Payee:
    """Customers only, for themselves."""
    with transaction() as session:
        payee = service.create_payee(session, caller, body)
    response.headers["Location"] = f"/payees/{payee.id}"
    return payee


@router.get(
    "/payees",
    operation_id="listPayees",
    summary="List own payees",
    response_description="A page of payees.",
    responses=problems(401, 422),
)
def list_payees(
    caller: CurrentCaller, limit: Limit = 20, offset: Offset = 0
) -> schemas.PayeePage:
    """Only the caller's own."""
    with transaction() as session:
        return service.list_payees(session, caller, Window(limit, offset))


@router.get(
    "/payees/{payee_id}",
    operation_id="getPayee",
    summary="Read a payee",
    response_description="The payee.",
    responses=problems(401, 404, 422),
)
def get_payee(payee_id: PayeeId, caller: CurrentCaller) -> schemas.Payee:
    """Only for the owner."""
    with transaction() as session:
        return service.get_payee(session, caller, payee_id)


@router.delete(
    "/payees/{payee_id}",
    operation_id="deletePayee",
    summary="Delete a payee",
    status_code=204,
    response_class=Response,
    response_model=None,
    response_description="The payee was deleted.",
    responses=problems(401, 404, 422),
)
def delete_payee(payee_id: PayeeId, caller: CurrentCaller) -> Response:
    """Only for the owner."""
    with transaction() as session:
        service.delete_payee(session, caller, payee_id)
    return Response(status_code=204)

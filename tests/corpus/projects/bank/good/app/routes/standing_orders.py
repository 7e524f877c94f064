"""The routes of standing orders."""

from fastapi import APIRouter, Response

from app import schemas
from app.database import transaction
from app.repository import Window
from app.services import standing_orders as service
from app.web import (
    AccountId,
    AuthenticatedRoute,
    CurrentCaller,
    IdempotencyKey,
    Limit,
    Offset,
    StandingOrderId,
    created,
    problems,
)

router = APIRouter(tags=["standing-orders"], route_class=AuthenticatedRoute)


@router.post(
    "/accounts/{account_id}/standing-orders",
    operation_id="createStandingOrder",
    summary="Create a standing order",
    status_code=201,
    responses=created(
        "The standing order was created, or had been created by the same request "
        "before.",
        401,
        404,
        409,
        422,
    ),
)
def create_standing_order(
    account_id: AccountId,
    body: schemas.StandingOrderCreate,
    key: IdempotencyKey,
    caller: CurrentCaller,
    response: Response,
) -> schemas.StandingOrder:
    """Only for the owner of the account. Pays the account of an own payee."""
    with transaction() as session:
        order = service.create_standing_order(session, caller, account_id, key, body)
    response.headers["Location"] = f"/standing-orders/{order.id}"
    return order


@router.get(
    "/accounts/{account_id}/standing-orders",
    operation_id="listAccountStandingOrders",
    summary="List the standing orders of an account",
    response_description="A page of standing orders.",
    responses=problems(401, 404, 422),
)
def list_account_standing_orders(
    account_id: AccountId, caller: CurrentCaller, limit: Limit = 20, offset: Offset = 0
) -> schemas.StandingOrderPage:
    """For the owner and for staff."""
    with transaction() as session:
        return service.list_account_standing_orders(
            session, caller, account_id, Window(limit, offset)
        )


@router.get(
    "/standing-orders/{standing_order_id}",
    operation_id="getStandingOrder",
    summary="Read a standing order",
    response_description="The standing order.",
    responses=problems(401, 404, 422),
)
def get_standing_order(
    standing_order_id: StandingOrderId, caller: CurrentCaller
) -> schemas.StandingOrder:
    """For the owner of the account and for staff."""
    with transaction() as session:
        return service.get_standing_order(session, caller, standing_order_id)


@router.put(
    "/standing-orders/{standing_order_id}",
    operation_id="updateStandingOrder",
    summary="Replace amount, reference and day of a standing order",
    response_description="The standing order as it is now.",
    responses=problems(401, 404, 409, 422),
)
def update_standing_order(
    standing_order_id: StandingOrderId,
    body: schemas.StandingOrderUpdate,
    caller: CurrentCaller,
) -> schemas.StandingOrder:
    """Only for the owner of the account, while the order is active."""
    with transaction() as session:
        return service.update_standing_order(session, caller, standing_order_id, body)


@router.post(
    "/standing-orders/{standing_order_id}/cancel",
    operation_id="cancelStandingOrder",
    summary="Cancel a standing order",
    response_description="The cancelled standing order.",
    responses=problems(401, 404, 409, 422),
)
def cancel_standing_order(
    standing_order_id: StandingOrderId, caller: CurrentCaller
) -> schemas.StandingOrder:
    """Only for the owner of the account, while the order is active."""
    with transaction() as session:
        return service.cancel_standing_order(session, caller, standing_order_id)

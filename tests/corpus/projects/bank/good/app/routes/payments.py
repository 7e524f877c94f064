"""The routes of payments."""

from fastapi import APIRouter, Response

from app import schemas
from app.database import transaction
from app.repository import Window
from app.services import payments as service
from app.web import (
    AccountId,
    AuthenticatedRoute,
    CurrentCaller,
    IdempotencyKey,
    Limit,
    Offset,
    PaymentId,
    created,
    problems,
)

router = APIRouter(tags=["payments"], route_class=AuthenticatedRoute)


@router.post(
    "/accounts/{account_id}/deposits",
    operation_id="createDeposit",
    summary="Pay cash into an account",
    status_code=201,
    responses=created(
        "The deposit was made, or had been made by the same request before.",
        401,
        403,
        404,
        409,
        422,
    ),
)
def create_deposit(
    account_id: AccountId,
    body: schemas.DepositCreate,
    key: IdempotencyKey,
    caller: CurrentCaller,
    response: Response,
) -> schemas.Payment:
    """Staff only, and not into an own account."""
    with transaction() as session:
        payment = service.create_deposit(session, caller, account_id, key, body)
    response.headers["Location"] = f"/payments/{payment.id}"
    return payment


@router.post(
    "/accounts/{account_id}/payments",
    operation_id="createPayment",
    summary="Pay a payee",
    status_code=201,
    responses=created(
        "The payment was made, or had been made by the same request before.",
        401,
        404,
        409,
        422,
    ),
)
def create_payment(
    account_id: AccountId,
    body: schemas.PaymentCreate,
    key: IdempotencyKey,
    caller: CurrentCaller,
    response: Response,
) -> schemas.Payment:
    """Only for the owner of the account. Moves the money at once."""
    with transaction() as session:
        payment = service.create_payment(session, caller, account_id, key, body)
    response.headers["Location"] = f"/payments/{payment.id}"
    return payment


@router.get(
    "/accounts/{account_id}/payments",
    operation_id="listAccountPayments",
    summary="List the payments of an account",
    response_description="A page of payments.",
    responses=problems(401, 404, 422),
)
def list_account_payments(
    account_id: AccountId, caller: CurrentCaller, limit: Limit = 20, offset: Offset = 0
) -> schemas.PaymentPage:
    """For the owner and for staff. Payments from and to the account."""
    with transaction() as session:
        return service.list_account_payments(
            session, caller, account_id, Window(limit, offset)
        )


@router.get(
    "/payments/{payment_id}",
    operation_id="getPayment",
    summary="Read a payment",
    response_description="The payment.",
    responses=problems(401, 404, 422),
)
def get_payment(payment_id: PaymentId, caller: CurrentCaller) -> schemas.Payment:
    """For the owners of the source and the destination account and for staff."""
    with transaction() as session:
        return service.get_payment(session, caller, payment_id)

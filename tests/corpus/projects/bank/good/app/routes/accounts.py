"""The routes of accounts."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app import schemas
from app.database import transaction
from app.repository import Window
from app.services import accounts as service
from app.web import (
    AccountId,
    AuthenticatedRoute,
    CurrentCaller,
    IdempotencyKey,
    Limit,
    Offset,
    created,
    problems,
)

router = APIRouter(tags=["accounts"], route_class=AuthenticatedRoute)


@router.post(
    "/accounts",
    operation_id="openAccount",
    summary="Open an account",
    status_code=201,
    responses=created(
        "The account was opened, or had been opened by the same request before.",
        401,
        403,
        409,
        422,
    ),
)
def open_account(
    body: schemas.AccountCreate,
    key: IdempotencyKey,
    caller: CurrentCaller,
    response: Response,
) -> schemas.Account:
    """Customers only, for themselves."""
    with transaction() as session:
        account = service.open_account(session, caller, key, body)
    response.headers["Location"] = f"/accounts/{account.id}"
    return account


@router.get(
    "/accounts",
    operation_id="listAccounts",
    summary="List accounts",
    response_description="A page of accounts.",
    responses=problems(401, 422),
)
def list_accounts(
    caller: CurrentCaller,
    account_number: Annotated[
        str | None,
        Query(
            min_length=10,
            max_length=10,
            pattern=schemas.NUMBER,
            description="Only the account with this number.",
        ),
    ] = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> schemas.AccountPage:
    """A customer sees their own accounts, staff see all."""
    with transaction() as session:
        return service.list_accounts(
            session, caller, account_number, Window(limit, offset)
        )


@router.get(
    "/accounts/{account_id}",
    operation_id="getAccount",
    summary="Read an account",
    response_description="The account.",
    responses=problems(401, 404, 422),
)
def get_account(account_id: AccountId, caller: CurrentCaller) -> schemas.Account:
    """For the owner and for staff."""
    with transaction() as session:
        return service.get_account(session, caller, account_id)


@router.post(
    "/accounts/{account_id}/close",
    operation_id="closeAccount",
    summary="Close an account",
    response_description="The closed account.",
    responses=problems(401, 404, 409, 422),
)
def close_account(account_id: AccountId, caller: CurrentCaller) -> schemas.Account:
    """Only for the owner of an empty account that nothing depends on."""
    with transaction() as session:
        return service.close_account(session, caller, account_id)

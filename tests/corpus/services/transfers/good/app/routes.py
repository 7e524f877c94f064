"""The operations of the contract."""

from datetime import UTC
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app import rules
from app.database import Database, get_database
from app.problems import MEDIA_TYPE
from app.schemas import (
    Cursor,
    Health,
    IdempotencyKey,
    Limit,
    Transfer,
    TransferCreate,
    TransferId,
    TransferPage,
)
from app.security import AuthenticatedRoute, Caller
from app.tables import TransferRow

transfers = APIRouter(tags=["transfers"], route_class=AuthenticatedRoute)
health = APIRouter(tags=["health"])

Pool = Annotated[Database, Depends(get_database)]


def _refusal(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


UNAUTHORIZED = {
    **_refusal(
        "The token is missing, malformed, expired, signed by somebody else, or of "
        "a user that does not exist."
    ),
    "headers": {
        "WWW-Authenticate": {
            "description": "The scheme that is required.",
            "required": True,
            "schema": {"type": "string", "enum": ["Bearer"]},
        }
    },
}
NOT_FOUND = _refusal(
    "It does not exist, or belongs to somebody else; the answer is the same."
)
CONFLICT = _refusal(
    "The state forbids the transfer. The type is one of "
    "urn:problem:idempotency-key-reused, urn:problem:source-account-closed, "
    "urn:problem:insufficient-funds and urn:problem:destination-cannot-receive."
)
UNPROCESSABLE = _refusal(
    "The request is malformed, or breaks a constraint of this contract."
)
UNAVAILABLE = _refusal(
    "The database is away or did not answer in time. The request may be repeated."
)
CREATED = {
    "description": (
        "The transfer was carried out, now or by the first request with this key."
    ),
    "headers": {
        "Location": {
            "description": "The address of the transfer.",
            "required": True,
            "schema": {
                "type": "string",
                "format": "uri-reference",
                "maxLength": 100,
            },
        }
    },
}


def _present(row: TransferRow) -> Transfer:
    return Transfer(
        id=row.id,
        source_account_id=row.source_account_id,
        destination_account_id=row.destination_account_id,
        amount=row.amount,
        currency=row.currency,
        created_at=row.created_at.astimezone(UTC),
    )


@transfers.post(
    "/transfers",
    operation_id="createTransfer",
    summary="Transfer funds between two accounts",
    status_code=201,
    responses={
        201: CREATED,
        401: UNAUTHORIZED,
        404: NOT_FOUND,
        409: CONFLICT,
        422: UNPROCESSABLE,
        503: UNAVAILABLE,
    },
)
def create_transfer(
    caller: Caller,
    pool: Pool,
    idempotency_key: IdempotencyKey,
    body: TransferCreate,
    response: Response,
) -> Transfer:
    """Move the amount from an account of the caller to another account."""
    order = rules.TransferOrder(
        caller_id=caller,
        source_account_id=UUID(body.source_account_id),
        destination_account_id=UUID(body.destination_account_id),
        amount=body.amount,
        idempotency_key=idempotency_key,
    )
    transfer = rules.create_transfer(pool, order)
    response.headers["Location"] = f"/transfers/{transfer.id}"
    return _present(transfer)


@transfers.get(
    "/transfers",
    operation_id="listTransfers",
    summary="List the caller's transfers",
    response_description="One page of transfers.",
    responses={401: UNAUTHORIZED, 422: UNPROCESSABLE, 503: UNAVAILABLE},
)
def list_transfers(
    caller: Caller, pool: Pool, limit: Limit = 20, cursor: Cursor = None
) -> TransferPage:
    """List the transfers from or to any account of the caller, newest first."""
    after = None if cursor is None else UUID(cursor)
    rows, next_cursor = rules.list_transfers(pool, caller, limit, after)
    return TransferPage(
        items=[_present(row) for row in rows], next_cursor=next_cursor
    )


@transfers.get(
    "/transfers/{transfer_id}",
    operation_id="getTransfer",
    summary="Read one transfer",
    response_description="The transfer.",
    responses={
        401: UNAUTHORIZED,
        404: NOT_FOUND,
        422: UNPROCESSABLE,
        503: UNAVAILABLE,
    },
)
def get_transfer(caller: Caller, pool: Pool, transfer_id: TransferId) -> Transfer:
    """Read a transfer from or to an account of the caller."""
    return _present(rules.get_transfer(pool, caller, UUID(transfer_id)))


@health.get(
    "/health",
    operation_id="getHealth",
    summary="Tell whether the service works",
    response_description="The service and its database work.",
    responses={503: UNAVAILABLE},
    openapi_extra={"security": []},
)
def get_health(pool: Pool) -> Health:
    """Ask the database, and answer 503 when it is away."""
    rules.check_health(pool)
    return Health(status="ok")

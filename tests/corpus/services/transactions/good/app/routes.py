"""The HTTP layer: paths, models, status codes and the Location header."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app import openapi
from app.auth import AuthenticatedRoute, bearer_scheme
from app.exceptions import Unavailable, Unprocessable
from app.schemas import (
    MAX_LIMIT,
    MAX_OFFSET,
    Health,
    Transaction,
    TransactionInput,
    TransactionPage,
    TransactionPatch,
)
from app.service import TransactionService

PAGE_PARAMETERS = frozenset({"limit", "offset"})
INTEGER = re.compile(r"0|[1-9][0-9]{0,9}")
UUID_FORM = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}"
    r"-[0-9a-fA-F]{12}"
)


async def transaction_service(request: Request) -> TransactionService:
    """Give the rules for the caller, whom the route class has put there."""
    return TransactionService(
        request.app.state.database, request.state.user_id
    )


async def check_page_query(request: Request) -> None:
    """Refuse query parameters that are unknown, repeated or no integer."""
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in PAGE_PARAMETERS:
            raise Unprocessable
        if name in seen or INTEGER.fullmatch(value) is None:
            raise Unprocessable(name)
        seen.add(name)


async def check_transaction_id(request: Request) -> None:
    """Refuse every form of a UUID but the one of 36 characters."""
    if UUID_FORM.fullmatch(request.path_params["transaction_id"]) is None:
        raise Unprocessable("transaction_id")


Service = Annotated[TransactionService, Depends(transaction_service)]
TransactionId = Annotated[
    UUID, Path(description="The id of the transaction.")
]

transactions_router = APIRouter(
    prefix="/transactions",
    tags=["transactions"],
    route_class=AuthenticatedRoute,
    dependencies=[Depends(bearer_scheme)],
)
health_router = APIRouter(tags=["health"])


@transactions_router.get(
    "",
    operation_id="listTransactions",
    summary="List the caller's transactions",
    response_description="One page of the caller's transactions.",
    responses={**openapi.unauthorized(), **openapi.unprocessable()},
    dependencies=[Depends(check_page_query)],
)
async def list_transactions(
    service: Service,
    limit: Annotated[
        int,
        Query(
            ge=1,
            le=MAX_LIMIT,
            description="The greatest number of items in the page.",
            json_schema_extra={"format": "int32"},
        ),
    ] = 20,
    offset: Annotated[
        int,
        Query(
            ge=0,
            le=MAX_OFFSET,
            description="How many items of the order to pass over.",
            json_schema_extra={"format": "int32"},
        ),
    ] = 0,
) -> TransactionPage:
    """Give one page, ordered by occurred_at, then id, both descending."""
    rows = await service.page(limit, offset)
    return TransactionPage(
        items=[Transaction.model_validate(row) for row in rows],
        limit=limit,
        offset=offset,
    )


@transactions_router.post(
    "",
    operation_id="createTransaction",
    summary="Create a transaction",
    status_code=201,
    responses={
        **openapi.created(),
        **openapi.unauthorized(),
        **openapi.unprocessable(),
    },
)
async def create_transaction(
    service: Service, data: TransactionInput, response: Response
) -> Transaction:
    """Create a transaction that is owned by the caller."""
    row = await service.create(data)
    response.headers["Location"] = f"/transactions/{row.id}"
    return Transaction.model_validate(row)


@transactions_router.get(
    "/{transaction_id}",
    operation_id="getTransaction",
    summary="Read a transaction",
    response_description="The transaction.",
    responses={
        **openapi.unauthorized(),
        **openapi.not_found(),
        **openapi.unprocessable(),
    },
    dependencies=[Depends(check_transaction_id)],
)
async def get_transaction(
    service: Service, transaction_id: TransactionId
) -> Transaction:
    """Give one transaction of the caller."""
    return Transaction.model_validate(await service.get(transaction_id))


@transactions_router.put(
    "/{transaction_id}",
    operation_id="replaceTransaction",
    summary="Replace a transaction",
    response_description="The transaction as it is now.",
    responses={
        **openapi.unauthorized(),
        **openapi.not_found(),
        **openapi.unprocessable(),
    },
    dependencies=[Depends(check_transaction_id)],
)
async def replace_transaction(
    service: Service, transaction_id: TransactionId, data: TransactionInput
) -> Transaction:
    """Replace all that may be set, and renew updated_at."""
    row = await service.replace(transaction_id, data)
    return Transaction.model_validate(row)


@transactions_router.patch(
    "/{transaction_id}",
    operation_id="updateTransaction",
    summary="Change a transaction",
    response_description="The transaction as it is now.",
    responses={
        **openapi.unauthorized(),
        **openapi.not_found(),
        **openapi.unprocessable(),
    },
    dependencies=[Depends(check_transaction_id)],
)
async def update_transaction(
    service: Service, transaction_id: TransactionId, data: TransactionPatch
) -> Transaction:
    """Change only the properties that are sent, and renew updated_at."""
    row = await service.change(transaction_id, data)
    return Transaction.model_validate(row)


@transactions_router.delete(
    "/{transaction_id}",
    operation_id="deleteTransaction",
    summary="Delete a transaction",
    status_code=204,
    response_class=Response,
    response_description="The transaction is deleted.",
    responses={
        **openapi.unauthorized(),
        **openapi.not_found(),
        **openapi.unprocessable(),
    },
    dependencies=[Depends(check_transaction_id)],
)
async def delete_transaction(
    service: Service, transaction_id: TransactionId
) -> Response:
    """Delete one transaction of the caller for good."""
    await service.delete(transaction_id)
    return Response(status_code=204)


@health_router.get(
    "/health",
    operation_id="getHealth",
    summary="Ask whether the service works",
    response_description="The database answers.",
    responses=openapi.unavailable(),
)
async def get_health(request: Request) -> Health:
    """Ask the database and say whether it answers."""
    if not await request.app.state.health.database_answers():
        raise Unavailable
    return Health(status="ok")

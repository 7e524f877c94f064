"""What the routes share: authentication, parameters, declared answers."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Path, Query, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BeforeValidator
from starlette.concurrency import run_in_threadpool

from app.errors import PROBLEM_MEDIA_TYPE
from app.security import Caller, authenticate
from app.values import parse_integer, parse_uuid

bearer = HTTPBearer(
    auto_error=False,
    bearerFormat="JWT",
    scheme_name="bearerAuth",
    description="HS256 token whose sub is the id of a user.",
)


class AuthenticatedRoute(APIRoute):
    """A route that authenticates before the body is looked at."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the authentication before the framework's handler."""
        handle = super().get_route_handler()

        async def authenticate_then_handle(request: Request) -> Response:
            request.state.caller = await run_in_threadpool(
                authenticate, request.headers.get("Authorization")
            )
            return await handle(request)

        return authenticate_then_handle


async def current_caller(
    request: Request,
    _credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
) -> Caller:
    """Give the caller that the route has authenticated."""
    caller: Caller = request.state.caller
    return caller


CurrentCaller = Annotated[Caller, Depends(current_caller)]
IdempotencyKey = Annotated[
    UUID,
    Header(
        alias="Idempotency-Key",
        description=(
            "A UUID chosen by the client for this request and sent again with "
            "each retry of it."
        ),
    ),
    BeforeValidator(parse_uuid),
]
Limit = Annotated[
    int,
    Query(ge=1, le=100, description="The largest number of items in the page."),
    BeforeValidator(parse_integer),
]
Offset = Annotated[
    int,
    Query(ge=0, le=100_000, description="The number of items to skip."),
    BeforeValidator(parse_integer),
]
CustomerId = Annotated[
    UUID, Path(description="The id of the customer."), BeforeValidator(parse_uuid)
]
AccountId = Annotated[
    UUID, Path(description="The id of the account."), BeforeValidator(parse_uuid)
]
PaymentId = Annotated[
    UUID, Path(description="The id of the payment."), BeforeValidator(parse_uuid)
]
PayeeId = Annotated[
    UUID, Path(description="The id of the payee."), BeforeValidator(parse_uuid)
]
StandingOrderId = Annotated[
    UUID,
    Path(description="The id of the standing order."),
    BeforeValidator(parse_uuid),
]
CardId = Annotated[
    UUID, Path(description="The id of the card."), BeforeValidator(parse_uuid)
]
DisputeId = Annotated[
    UUID, Path(description="The id of the dispute."), BeforeValidator(parse_uuid)
]

DESCRIPTIONS = {
    401: "No token, or one that is not accepted.",
    403: "The caller's role does not permit this.",
    404: "It does not exist, or it is somebody else's.",
    409: (
        "The present state forbids it, it exists already, or the key was used for "
        "another request."
    ),
    422: "The input does not have the declared shape.",
    503: "The database is away.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare the refusals of an operation."""
    responses: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        responses[status] = {
            "description": DESCRIPTIONS[status],
            "content": {
                PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
    if 401 in responses:
        responses[401]["headers"] = {
            "WWW-Authenticate": {
                "description": "The scheme to authenticate with.",
                "required": True,
                "schema": {"type": "string", "enum": ["Bearer"]},
            }
        }
    return responses


def created(description: str, *statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare a 201 with a Location, and the refusals of an operation."""
    responses = problems(*statuses)
    responses[201] = {
        "description": description,
        "headers": {
            "Location": {
                "description": "The path of the new resource.",
                "required": True,
                "schema": {
                    "type": "string",
                    "format": "uri-reference",
                    "maxLength": 200,
                },
            }
        },
    }
    return responses

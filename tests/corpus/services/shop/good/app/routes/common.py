"""What the routes share: parameters, authentication and declared refusals."""

import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from pydantic import BeforeValidator

from app.errors import UnauthorizedError
from app.problems import MEDIA_TYPE
from app.schemas import MAX_ID
from app.security import Caller, authenticate, bearer

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,19})")


def _plain_integer(value: object) -> object:
    if isinstance(value, str) and INTEGER.fullmatch(value) is None:
        raise ValueError("Input should be an integer")
    return value


Plain = BeforeValidator(_plain_integer)

CategoryId = Annotated[
    int,
    Path(alias="categoryId", ge=1, le=MAX_ID, description="Id of the category."),
    Plain,
]
ProductId = Annotated[
    int,
    Path(alias="productId", ge=1, le=MAX_ID, description="Id of the product."),
    Plain,
]
OrderId = Annotated[
    int,
    Path(alias="orderId", ge=1, le=MAX_ID, description="Id of the order."),
    Plain,
]
PaymentId = Annotated[
    int,
    Path(alias="paymentId", ge=1, le=MAX_ID, description="Id of the payment."),
    Plain,
]
ReviewId = Annotated[
    int,
    Path(alias="reviewId", ge=1, le=MAX_ID, description="Id of the review."),
    Plain,
]
CouponId = Annotated[
    int,
    Path(alias="couponId", ge=1, le=MAX_ID, description="Id of the coupon."),
    Plain,
]
CategoryFilter = Annotated[
    int | None,
    Query(ge=1, le=MAX_ID, description="Only products of this category."),
    Plain,
]
Limit = Annotated[
    int,
    Query(ge=1, le=100, description="Largest number of items in the page."),
    Plain,
]
Offset = Annotated[
    int,
    Query(ge=0, le=10000, description="Number of items to skip."),
    Plain,
]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]{8,64}$",
        description=(
            "Chosen by the client, new for each new request, "
            "the same when a request is repeated."
        ),
    ),
]


class AuthenticatedRoute(APIRoute):
    """Verifies the token before the body is read."""

    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the authentication in front of the handler."""
        handle = super().get_route_handler()

        async def authenticated(request: Request) -> Response:
            credentials = await bearer(request)
            if credentials is None:
                raise UnauthorizedError("A valid token is required.")
            request.state.caller = await run_in_threadpool(
                authenticate, credentials.credentials
            )
            return await handle(request)

        return authenticated


async def get_caller(request: Request) -> Caller:
    """Hand the authenticated user to the handler."""
    caller: Caller = request.state.caller
    return caller


CurrentCaller = Annotated[Caller, Depends(get_caller)]
BEARER = Depends(bearer)

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "The one error format.",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "maxLength": 200},
        "title": {"type": "string", "maxLength": 200},
        "status": {
            "type": "integer",
            "format": "int32",
            "minimum": 400,
            "maximum": 599,
        },
        "detail": {"type": "string", "maxLength": 500},
        "errors": {
            "type": "array",
            "maxItems": 50,
            "items": {
                "title": "ProblemError",
                "description": "One fault of the input.",
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {"type": "string", "maxLength": 200},
                    "message": {"type": "string", "maxLength": 200},
                },
            },
        },
    },
}

DESCRIPTIONS = {
    401: "There is no valid token, or the credentials are wrong.",
    403: "The caller is not an administrator.",
    404: "There is no such thing, or it belongs to somebody else.",
    409: "The present state or something unique forbids it.",
    422: "A parameter or the body does not satisfy the contract.",
    503: "The database is away.",
}

Responses = dict[int | str, dict[str, Any]]


def refusals(*statuses: int) -> Responses:
    """Declare error responses in the one format."""
    declared: Responses = {}
    for status in statuses:
        declared[status] = {
            "description": DESCRIPTIONS[status],
            "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}},
        }
        if status == 401:
            declared[status]["headers"] = {
                "WWW-Authenticate": {
                    "description": "The scheme to authenticate with, Bearer.",
                    "required": True,
                    "schema": {"type": "string", "maxLength": 100},
                }
            }
    return declared


def created_at_location(*statuses: int) -> Responses:
    """Declare error responses, and the Location of what was created."""
    declared = refusals(*statuses)
    declared[201] = {
        "description": "It was created.",
        "headers": {
            "Location": {
                "description": "Path of the created resource.",
                "required": True,
                "schema": {
                    "type": "string",
                    "format": "uri-reference",
                    "maxLength": 200,
                },
            }
        },
    }
    return declared

"""Parameters and responses that the routes share."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator

from app.auth import SecuredRoute, bearer
from app.errors import PROBLEM_MEDIA_TYPE
from app.schemas import Id

DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")

DESCRIPTIONS = {
    401: "There is no valid token.",
    403: "The caller's role does not allow it.",
    404: "It does not exist, or it belongs to somebody else.",
    409: "A unique value, a reference or a state forbids it.",
    422: "The path, the query or the body breaks the contract.",
    503: "The database does not answer.",
}


def _decimal(value: object) -> object:
    """Read a parameter that is a plain decimal integer."""
    if isinstance(value, str):
        if DECIMAL.fullmatch(value) is None:
            raise ValueError("must be a decimal integer")
        return int(value)
    return value


# Stands after the bounds, so that they belong to the integer itself and are
# part of the served contract.
Decimal = BeforeValidator(_decimal)
DecimalId = Annotated[Id, Decimal]

Limit = Annotated[
    int,
    Query(
        ge=1, le=100, description="The largest number of items on the page."
    ),
    Decimal,
]
Offset = Annotated[
    int,
    Query(
        ge=0,
        le=1000000,
        description="How many items of the order to pass over.",
    ),
    Decimal,
]
PractitionerFilter = Annotated[
    DecimalId | None,
    Query(description="Only those of this practitioner."),
]
ServiceFilter = Annotated[
    DecimalId | None,
    Query(description="Only those of this service."),
]
SlotFilter = Annotated[
    DecimalId | None,
    Query(description="Only those of this slot."),
]
BookingFilter = Annotated[
    DecimalId | None,
    Query(description="Only that of this booking."),
]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare error responses."""
    declared: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        declared[status] = {
            "description": DESCRIPTIONS[status],
            "content": {
                PROBLEM_MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"}
                }
            },
        }
        if status == 401:
            declared[status]["headers"] = {
                "WWW-Authenticate": {
                    "description": "The scheme to use.",
                    "required": True,
                    "schema": {"type": "string", "enum": ["Bearer"]},
                }
            }
    return declared


def created(description: str) -> dict[int | str, dict[str, Any]]:
    """Declare a 201 with its Location."""
    return {
        201: {
            "description": description,
            "headers": {
                "Location": {
                    "description": "The address of the new resource.",
                    "required": True,
                    "schema": {
                        "type": "string",
                        "format": "uri-reference",
                        "maxLength": 200,
                    },
                }
            },
        }
    }


def secured_router(tag: str) -> APIRouter:
    """Make a router whose routes all need a token."""
    return APIRouter(
        tags=[tag],
        route_class=SecuredRoute,
        dependencies=[Depends(bearer)],
        redirect_slashes=False,
    )

"""The one error format, and its declaration in the contract."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from app.errors import FieldFault, InvalidError, ServiceError

PROBLEM_TYPE: Final = "application/problem+json"
MAX_FAULTS: Final = 100

Responses = dict[int | str, dict[str, Any]]

DESCRIPTIONS: Final[dict[int, str]] = {
    401: "There is no valid token.",
    403: "The caller sees the thing but may not do this to it.",
    404: "It does not exist, or not for the caller.",
    409: (
        "The state or a unique value forbids it, or the idempotency key was used "
        "for another request."
    ),
    422: "Path, query, header or body do not follow the contract.",
    503: "The database does not answer.",
}

HTTP_DETAILS: Final[dict[int, str]] = {
    404: "There is nothing at this path.",
    405: "This path does not take this method.",
    422: InvalidError.default_detail,
}


def problem_schema() -> dict[str, Any]:
    """Give the JSON schema of a problem."""
    return {
        "type": "object",
        "title": "Problem",
        "description": "The one error format.",
        "additionalProperties": False,
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
            "detail": {"type": "string", "maxLength": 1000},
            "errors": {
                "type": "array",
                "maxItems": MAX_FAULTS,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["field", "message"],
                    "properties": {
                        "field": {"type": "string", "maxLength": 200},
                        "message": {"type": "string", "maxLength": 300},
                    },
                },
            },
        },
    }


def problems(*statuses: int) -> Responses:
    """Declare the error responses of an operation."""
    declared: Responses = {}
    for status in statuses:
        response: dict[str, Any] = {
            "description": DESCRIPTIONS[status],
            "content": {PROBLEM_TYPE: {"schema": problem_schema()}},
        }
        if status == HTTPStatus.UNAUTHORIZED:
            response["headers"] = {
                "WWW-Authenticate": {
                    "description": "The scheme to use.",
                    "required": True,
                    "schema": {"type": "string", "enum": ["Bearer"]},
                }
            }
        declared[status] = response
    return declared


def created(description: str) -> Responses:
    """Declare the header of a 201."""
    return {
        201: {
            "description": description,
            "headers": {
                "Location": {
                    "description": "Path of the new resource.",
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


def problem_response(
    status: int,
    detail: str | None = None,
    faults: Sequence[FieldFault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build an answer in the error format."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
    }
    if detail:
        content["detail"] = detail[:1000]
    if faults:
        content["errors"] = [
            {"field": fault.field[:200], "message": fault.message[:300]}
            for fault in faults[:MAX_FAULTS]
        ]
    sent = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        sent["WWW-Authenticate"] = "Bearer"
    return JSONResponse(
        content, status_code=status, headers=sent, media_type=PROBLEM_TYPE
    )


def unexpected_response() -> JSONResponse:
    """Build the answer to an unexpected failure; it says nothing of the cause."""
    return problem_response(500, ServiceError.default_detail)


def field_faults(errors: Iterable[Any]) -> list[FieldFault]:
    """Take place and message of each error, and nothing of the input."""
    found: dict[FieldFault, None] = {}
    for error in errors:
        place = [str(part) for part in error["loc"]]
        if error["type"] == "extra_forbidden":
            place = place[:-1]
            message = "Unknown properties are refused."
        else:
            message = str(error["msg"])
        found[FieldFault(".".join(place) or "body", message)] = None
        if len(found) >= MAX_FAULTS:
            break
    return list(found)


def install_handlers(app: FastAPI) -> None:
    """Make every failure answer in the error format."""

    @app.exception_handler(ServiceError)
    async def on_refusal(_request: Request, error: ServiceError) -> JSONResponse:
        return problem_response(error.status, error.detail, error.faults)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(
        _request: Request, error: RequestValidationError
    ) -> JSONResponse:
        return problem_response(
            422, InvalidError.default_detail, field_faults(error.errors())
        )

    @app.exception_handler(StarletteHTTPException)
    async def on_http(_request: Request, error: StarletteHTTPException) -> JSONResponse:
        status = error.status_code
        if status == HTTPStatus.BAD_REQUEST:
            status = 422
        headers = error.headers if status == HTTPStatus.METHOD_NOT_ALLOWED else None
        return problem_response(status, HTTP_DETAILS.get(status), (), headers)

    @app.exception_handler(Exception)
    async def on_failure(_request: Request, _error: Exception) -> JSONResponse:
        return unexpected_response()

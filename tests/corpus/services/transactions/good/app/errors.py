"""The one format of every error: application/problem+json."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from app.exceptions import (
    NotFound,
    Refusal,
    Unauthorized,
    Unavailable,
    Unprocessable,
)

PROBLEM_TYPE = "application/problem+json"
MAX_ERRORS = 20
FIELDS = frozenset(
    {
        "amount_minor",
        "created_at",
        "currency",
        "description",
        "id",
        "kind",
        "limit",
        "occurred_at",
        "offset",
        "transaction_id",
        "updated_at",
    }
)
DETAILS = {
    401: "A valid bearer token is required.",
    404: "There is no such path.",
    405: "The path does not have this method.",
    422: "The request is not valid.",
    500: "The request could not be handled.",
    503: "The database does not answer.",
}
MESSAGES = {
    "extra_forbidden": "The property is not known.",
    "missing": "A value is required.",
}
INVALID = "The value is not valid."


def title_of(status: int) -> str:
    """Give the status in words."""
    if status == 422:
        return "Unprocessable Content"
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def problem(
    status: int,
    *,
    detail: str | None = None,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """Make an error's answer."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
    }
    text = detail or DETAILS.get(status)
    if text is not None:
        body["detail"] = text
    if errors:
        body["errors"] = errors[:MAX_ERRORS]
    return JSONResponse(
        body, status_code=status, media_type=PROBLEM_TYPE, headers=headers
    )


def field_of(location: Iterable[Any]) -> str:
    """Give the contract's name in a location, never the client's text."""
    for part in location:
        if isinstance(part, str) and part in FIELDS:
            return part
    return "body"


def path_has_form(path: str, template: str) -> bool:
    """Say whether a path is one of those that a template stands for."""
    given = path.split("/")
    parts = template.split("/")
    return len(given) == len(parts) and all(
        bool(value) if part.startswith("{") else value == part
        for value, part in zip(given, parts, strict=True)
    )


def allowed_methods(request: Request, error: StarletteHTTPException) -> str:
    """Give every method that the path has.

    The framework names only the methods of the first route of a path, so the
    description is asked first; it has every operation.
    """
    scope = request.scope
    root: str = scope.get("app_root_path", scope.get("root_path", ""))
    path: str = scope["path"].removeprefix(root)
    paths: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    for template, operations in paths.items():
        if path_has_form(path, template):
            return ", ".join(sorted(name.upper() for name in operations))
    return (error.headers or {}).get("Allow", "")


async def handle_refusal(_request: Request, error: Exception) -> JSONResponse:
    """Answer a refusal that the service knows."""
    if isinstance(error, Unauthorized):
        return problem(401, headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, NotFound):
        return problem(404, detail="The transaction was not found.")
    if isinstance(error, Unprocessable):
        errors = []
        if error.field is not None:
            errors = [{"field": error.field, "message": INVALID}]
        return problem(422, errors=errors)
    if isinstance(error, Unavailable):
        return problem(503)
    return problem(500)


async def handle_validation(
    _request: Request, error: Exception
) -> JSONResponse:
    """Answer what the models refuse, without repeating the input."""
    errors: list[dict[str, str]] = []
    if isinstance(error, RequestValidationError):
        for item in error.errors():
            entry = {
                "field": field_of(item["loc"]),
                "message": MESSAGES.get(item["type"], INVALID),
            }
            if entry not in errors:
                errors.append(entry)
    return problem(422, errors=errors)


async def handle_http(request: Request, error: Exception) -> JSONResponse:
    """Answer what the framework refuses."""
    if not isinstance(error, StarletteHTTPException):
        return problem(500)
    status = error.status_code
    if status == 400:
        # The framework's answer to a body that it cannot parse.
        return problem(422, errors=[{"field": "body", "message": INVALID}])
    if status == 405:
        allowed = allowed_methods(request, error)
        return problem(405, headers={"Allow": allowed})
    return problem(status)


async def handle_unexpected(
    _request: Request, _error: Exception
) -> JSONResponse:
    """Answer anything unexpected, without a cause."""
    return problem(500)


def add_error_handlers(app: FastAPI) -> None:
    """Register every handler."""
    app.add_exception_handler(Refusal, handle_refusal)
    app.add_exception_handler(RequestValidationError, handle_validation)
    app.add_exception_handler(StarletteHTTPException, handle_http)
    app.add_exception_handler(Exception, handle_unexpected)

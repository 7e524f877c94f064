"""The one error format, and the handlers that give it."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from app import rules
from app.database import DatabaseUnavailableError
from app.schemas import FieldError, Problem

MEDIA_TYPE = "application/problem+json"
BLANK = "about:blank"
MAX_ERRORS = 50
MAX_MESSAGE = 200

DECLARED_FIELDS = frozenset(
    {
        "source_account_id",
        "destination_account_id",
        "amount",
        "Idempotency-Key",
        "limit",
        "cursor",
        "transfer_id",
    }
)

CONFLICTS: dict[type[rules.RefusedError], tuple[str, str, str]] = {
    rules.KeyReusedError: (
        "urn:problem:idempotency-key-reused",
        "Idempotency key reused",
        "The idempotency key was used for another request.",
    ),
    rules.SourceClosedError: (
        "urn:problem:source-account-closed",
        "Source account closed",
        "The source account is closed.",
    ),
    rules.InsufficientFundsError: (
        "urn:problem:insufficient-funds",
        "Insufficient funds",
        "The source account holds less than the amount.",
    ),
    rules.DestinationCannotReceiveError: (
        "urn:problem:destination-cannot-receive",
        "Destination cannot receive",
        "The destination account cannot receive this transfer.",
    ),
}


class UnauthorizedError(Exception):
    """The token is missing or not acceptable."""


class InvalidRequestError(Exception):
    """The body is not what can be read as a request."""

    def __init__(self, message: str) -> None:
        """Keep the message, which never repeats input."""
        super().__init__(message)
        self.message = message


def problem(
    status: int,
    *,
    kind: str = BLANK,
    title: str | None = None,
    detail: str | None = None,
    errors: list[FieldError] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """Build an error answer."""
    content: dict[str, Any] = {
        "type": kind,
        "title": title or HTTPStatus(status).phrase,
        "status": status,
    }
    if detail is not None:
        content["detail"] = detail
    if errors is not None:
        content["errors"] = errors
    body = Problem(**content).model_dump(mode="json", exclude_unset=True)
    return JSONResponse(
        body, status_code=status, headers=headers, media_type=MEDIA_TYPE
    )


def unexpected() -> JSONResponse:
    """Build the answer to what should never happen."""
    return problem(500, detail="The request could not be carried out.")


def _invalid(errors: list[FieldError]) -> JSONResponse:
    return problem(
        422,
        detail="The request is malformed, or breaks a constraint.",
        errors=errors[:MAX_ERRORS],
    )


def _field(location: object) -> str:
    parts = location if isinstance(location, tuple | list) else ()
    for part in parts[1:]:
        if isinstance(part, str) and part in DECLARED_FIELDS:
            return part
    return "body"


async def on_validation(_request: Request, error: Exception) -> JSONResponse:
    """Answer a request that breaks the contract."""
    raised = error.errors() if isinstance(error, RequestValidationError) else []
    errors = []
    for each in raised[:MAX_ERRORS]:
        # Only loc and msg are read: ctx and input may hold anything.
        message = str(each.get("msg", "is not valid"))[:MAX_MESSAGE]
        errors.append(FieldError(field=_field(each.get("loc")), message=message))
    return _invalid(errors)


async def on_invalid_request(_request: Request, error: Exception) -> JSONResponse:
    """Answer a body that cannot be read."""
    message = "is not valid"
    if isinstance(error, InvalidRequestError):
        message = error.message[:MAX_MESSAGE]
    return _invalid([FieldError(field="body", message=message)])


async def on_unauthorized(_request: Request, _error: Exception) -> JSONResponse:
    """Answer a request without an acceptable token."""
    return problem(
        401,
        detail="A valid bearer token is required.",
        headers={"WWW-Authenticate": "Bearer"},
    )


async def on_refused(_request: Request, error: Exception) -> JSONResponse:
    """Answer what the rules refuse."""
    for refusal, (kind, title, detail) in CONFLICTS.items():
        if isinstance(error, refusal):
            return problem(409, kind=kind, title=title, detail=detail)
    return problem(404, detail="There is no such thing.")


async def on_unavailable(_request: Request, _error: Exception) -> JSONResponse:
    """Answer while the database is away."""
    return problem(503, detail="The database did not answer. Try again.")


async def on_unexpected(_request: Request, _error: Exception) -> JSONResponse:
    """Answer what should never happen, without saying what it was."""
    return unexpected()


def _fits(template: str, path: str) -> bool:
    wanted, given = template.split("/"), path.split("/")
    if len(wanted) != len(given):
        return False
    return all(
        bool(there) if here.startswith("{") else here == there
        for here, there in zip(wanted, given, strict=True)
    )


def _allowed(request: Request) -> str:
    methods: set[str] = set()
    for template, operations in request.app.openapi()["paths"].items():
        if _fits(template, request.scope["path"]):
            methods.update(method.upper() for method in operations)
    return ", ".join(sorted(methods)) or "GET"


async def on_http(request: Request, error: Exception) -> JSONResponse:
    """Answer an unknown path, a wrong method, and the framework's refusals."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return problem(status, headers={"Allow": _allowed(request)})
    if status == HTTPStatus.BAD_REQUEST:
        return _invalid([FieldError(field="body", message="cannot be read")])
    return problem(status)


def register(app: FastAPI) -> None:
    """Give every error of the application the one format."""
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(InvalidRequestError, on_invalid_request)
    app.add_exception_handler(UnauthorizedError, on_unauthorized)
    app.add_exception_handler(rules.RefusedError, on_refused)
    app.add_exception_handler(DatabaseUnavailableError, on_unavailable)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_unexpected)

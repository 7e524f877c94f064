"""Refusals and the one error format."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

MAX_ERRORS = 50
MAX_MESSAGE = 300

# The names that may appear in a location; nothing of the client is echoed.
CONTRACT_NAMES = frozenset(
    {
        "address",
        "amount_cents",
        "capacity",
        "country_code",
        "day_max_cents",
        "fine_id",
        "free_minutes",
        "garage_id",
        "label",
        "limit",
        "method",
        "month",
        "name",
        "notice_number",
        "offset",
        "payment_id",
        "permit_id",
        "plate",
        "rate_cents_per_hour",
        "reason",
        "session_id",
        "tariff_id",
        "vehicle_id",
    }
)

UNEXPECTED = "The service failed unexpectedly."
INVALID = "The request does not satisfy the contract."

HTTP_DETAILS = {
    404: "There is no such path.",
    405: "The path does not allow this method.",
    422: INVALID,
}


class ProblemResponse(JSONResponse):
    """A response in the error format."""

    media_type = "application/problem+json"


class ServiceError(Exception):
    """A request that is refused."""

    status = 500

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the answer will say."""
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.headers = headers


class Unauthorized(ServiceError):
    """The caller is not known."""

    status = 401

    def __init__(self) -> None:
        """Say the same for every reason."""
        super().__init__(
            "The API key is missing, unknown, expired or revoked.",
            headers={"WWW-Authenticate": "ApiKey"},
        )


class InvalidBody(ServiceError):
    """The body does not satisfy the contract."""

    status = 422

    def __init__(self, message: str) -> None:
        """Report the fault at the body."""
        super().__init__(
            INVALID, errors=[{"location": "body", "message": message}]
        )


class NotFound(ServiceError):
    """The thing does not exist for this caller."""

    status = 404

    def __init__(self) -> None:
        """Say the same for absent and for somebody else's."""
        super().__init__(
            "There is no such thing, or it belongs to somebody else."
        )


class Forbidden(ServiceError):
    """The role does not allow this."""

    status = 403

    def __init__(self) -> None:
        """Say what is missing."""
        super().__init__("Only an operator may do this.")


class Conflict(ServiceError):
    """A state or a unique value forbids this."""

    status = 409


class Unavailable(ServiceError):
    """The database does not answer."""

    status = 503

    def __init__(self) -> None:
        """Say what is wrong."""
        super().__init__("The database does not answer.")


def problem(
    status: int,
    detail: str,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """Build an answer in the error format."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        content["errors"] = [dict(item) for item in errors[:MAX_ERRORS]]
    return ProblemResponse(
        content,
        status_code=status,
        headers=dict(headers) if headers else None,
    )


def _location(error: Mapping[str, Any]) -> str:
    parts = tuple(error.get("loc", ()))
    place = parts[0] if parts else "body"
    if place not in ("path", "query", "body"):
        place = "body"
    if error.get("type") == "extra_forbidden" or len(parts) < 2:
        return str(place)
    name = parts[1]
    if isinstance(name, str) and name in CONTRACT_NAMES:
        return f"{place}.{name}"
    return str(place)


async def on_service_error(_request: Request, error: Exception) -> Response:
    """Answer a refusal."""
    if isinstance(error, ServiceError):
        return problem(error.status, error.detail, error.errors, error.headers)
    return problem(500, UNEXPECTED)


async def on_validation_error(_request: Request, error: Exception) -> Response:
    """Answer parameters or a body outside the contract."""
    found: list[dict[str, str]] = []
    if isinstance(error, RequestValidationError):
        found = [
            {
                "location": _location(item),
                "message": str(item.get("msg", "Invalid."))[:MAX_MESSAGE],
            }
            for item in list(error.errors())[:MAX_ERRORS]
        ]
    return problem(422, INVALID, found)


async def on_http_error(_request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses."""
    if not isinstance(error, HTTPException):
        return problem(500, UNEXPECTED)
    status = 422 if error.status_code == 400 else error.status_code
    detail = HTTP_DETAILS.get(status, "The request was refused.")
    return problem(status, detail, headers=error.headers)


async def on_unexpected(_request: Request, _error: Exception) -> Response:
    """Answer a failure that nobody foresaw."""
    return problem(500, UNEXPECTED)

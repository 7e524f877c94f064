"""The one format of errors."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse

PROBLEM_MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 50
MAX_FIELD = 200
MAX_DETAIL = 500

PROBLEM_SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "description": "The one format of errors.",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {
                "type": "string",
                "format": "uri-reference",
                "maxLength": 200,
            },
            "title": {"type": "string", "maxLength": 100},
            "status": {
                "type": "integer",
                "format": "int32",
                "minimum": 400,
                "maximum": 599,
            },
            "detail": {"type": "string", "maxLength": MAX_DETAIL},
            "errors": {
                "type": "array",
                "maxItems": MAX_ERRORS,
                "items": {"$ref": "#/components/schemas/ProblemError"},
            },
        },
    },
    "ProblemError": {
        "type": "object",
        "description": "One thing that is wrong with the input.",
        "required": ["field", "message"],
        "properties": {
            "field": {"type": "string", "maxLength": MAX_FIELD},
            "message": {"type": "string", "maxLength": MAX_FIELD},
        },
    },
}


class ProblemError(Exception):
    """A refusal, as the client is told of it."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: list[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the response will say."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers


class UnauthorizedError(ProblemError):
    """There is no valid token."""

    def __init__(self) -> None:
        """Say nothing of the reason."""
        super().__init__(
            401,
            "A valid bearer token is required.",
            headers={"WWW-Authenticate": "Bearer"},
        )


class ForbiddenError(ProblemError):
    """The caller's role does not allow it."""

    def __init__(self) -> None:
        """Name the role."""
        super().__init__(403, "Only staff may do this.")


class NotFoundError(ProblemError):
    """It does not exist, or it belongs to somebody else."""

    def __init__(self) -> None:
        """Say the same for both."""
        super().__init__(404, "There is no such resource.")


class ConflictError(ProblemError):
    """A unique value, a reference or a state forbids it."""

    def __init__(self, detail: str) -> None:
        """Keep the reason."""
        super().__init__(409, detail)


class InvalidError(ProblemError):
    """The path, the query or the body breaks the contract."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        """Keep pairs of field and message."""
        super().__init__(422, "The request breaks the contract.", errors)


class UnavailableError(ProblemError):
    """The database does not answer."""

    def __init__(self) -> None:
        """Say no more than that."""
        super().__init__(503, "The database does not answer.")


def _clean(text: str, length: int) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")[:length]


def problem_response(
    status: int,
    detail: str,
    errors: list[tuple[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build a response in the error format."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _clean(detail, MAX_DETAIL),
    }
    if errors is not None:
        content["errors"] = [
            {
                "field": _clean(field, MAX_FIELD),
                "message": _clean(message, MAX_FIELD),
            }
            for field, message in errors[:MAX_ERRORS]
        ]
    return JSONResponse(
        content,
        status_code=status,
        headers=dict(headers) if headers else None,
        media_type=PROBLEM_MEDIA_TYPE,
    )

"""The one format of errors, and the exceptions that become it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

PROBLEM_MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 50
MAX_TEXT = 200
BAD_REQUEST = 400
UNPROCESSABLE = 422
UNEXPECTED = 500


class ProblemError(Exception):
    """A refusal with a status of the contract."""

    status = UNEXPECTED

    def __init__(self, detail: str) -> None:
        """Keep the text that the client may read."""
        super().__init__(detail)
        self.detail = detail

    def headers(self) -> dict[str, str] | None:
        """Give the headers that go with the refusal."""
        return None


class UnauthorizedError(ProblemError):
    """No token, or one that is not accepted."""

    status = 401

    def headers(self) -> dict[str, str] | None:
        """Name the scheme to authenticate with."""
        return {"WWW-Authenticate": "Bearer"}


class ForbiddenError(ProblemError):
    """The caller's role does not permit it."""

    status = 403


class NotFoundError(ProblemError):
    """It does not exist, or it is somebody else's."""

    status = 404


class ConflictError(ProblemError):
    """The present state forbids it."""

    status = 409


class UnavailableError(ProblemError):
    """The database is away."""

    status = 503


def clean(text: str) -> str:
    """Make a text that JSON can carry, and cut it."""
    return text.encode("utf-8", "replace").decode("utf-8")[:MAX_TEXT]


def problem_response(
    status: int,
    detail: str | None = None,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Make an answer in the error format."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    if detail is not None:
        content["detail"] = detail
    if errors is not None:
        content["errors"] = errors
    return JSONResponse(
        content,
        status_code=status,
        headers=dict(headers) if headers else None,
        media_type=PROBLEM_MEDIA_TYPE,
    )


def unexpected_response() -> Response:
    """Make the 500, whose text is always the same."""
    return problem_response(UNEXPECTED, "The request could not be processed.")


async def handle_problem(_request: Request, exc: Exception) -> Response:
    """Answer a refusal of the service."""
    if not isinstance(exc, ProblemError):
        return unexpected_response()
    return problem_response(exc.status, exc.detail, headers=exc.headers())


async def handle_http(_request: Request, exc: Exception) -> Response:
    """Answer what the framework refuses: unknown paths, wrong methods."""
    if not isinstance(exc, HTTPException):
        return unexpected_response()
    if exc.status_code == BAD_REQUEST:
        # The framework gives a 400 for a body that cannot be decoded.
        return problem_response(UNPROCESSABLE, "The body could not be read.")
    return problem_response(exc.status_code, headers=exc.headers)


async def handle_validation(_request: Request, exc: Exception) -> Response:
    """Answer input that does not have the declared shape."""
    if not isinstance(exc, RequestValidationError):
        return unexpected_response()
    errors = [
        {
            "location": clean(".".join(str(part) for part in error["loc"])),
            "message": clean(str(error["msg"])),
        }
        for error in list(exc.errors())[:MAX_ERRORS]
    ]
    return problem_response(
        UNPROCESSABLE, "The input does not have the declared shape.", errors
    )


async def handle_unexpected(_request: Request, _exc: Exception) -> Response:
    """Answer everything else."""
    return unexpected_response()


def install_handlers(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(ProblemError, handle_problem)
    app.add_exception_handler(RequestValidationError, handle_validation)
    app.add_exception_handler(HTTPException, handle_http)
    app.add_exception_handler(Exception, handle_unexpected)

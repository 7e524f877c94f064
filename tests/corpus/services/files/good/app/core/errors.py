"""Errors: problem details with a stable code."""

import logging
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

PROBLEM_JSON = "application/problem+json"
logger = logging.getLogger("files")

DEFAULTS = {
    401: ("unauthorized", "Authentication needed"),
    403: ("forbidden", "Forbidden"),
    404: ("not-found", "Not found"),
    405: ("method-not-allowed", "Method not allowed"),
    409: ("conflict", "Conflict"),
    413: ("body-too-large", "Body too large"),
    415: ("unsupported-media-type", "Unsupported media type"),
    422: ("invalid-input", "Invalid input"),
    429: ("too-many-attempts", "Too many attempts"),
    500: ("internal", "Internal error"),
}


class InvalidParam(BaseModel):
    """A value that was refused."""

    name: str = Field(max_length=200)
    reason: str = Field(max_length=300)


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(max_length=100)
    title: str = Field(max_length=100)
    status: int = Field(ge=400, le=599)
    code: str = Field(max_length=50)
    invalidParams: list[InvalidParam] | None = Field(default=None, max_length=20)


class ApiError(Exception):
    """Ends a request with a problem."""

    def __init__(
        self, status: int, code: str | None = None, title: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        self.status = status
        self.code = code or DEFAULTS[status][0]
        self.title = title or DEFAULTS[status][1]
        self.headers = headers
        super().__init__(self.code)


def unauthorized() -> ApiError:
    """No valid access token."""
    return ApiError(401, headers={"WWW-Authenticate": "Bearer"})


def render(error: ApiError, invalid: list[dict[str, str]] | None = None) -> JSONResponse:
    """The response of an error."""
    body: dict[str, Any] = {
        "type": f"urn:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
    }
    if invalid is not None:
        body["invalidParams"] = invalid
    return JSONResponse(body, error.status, headers=error.headers, media_type=PROBLEM_JSON)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What an operation declares."""
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    declared: dict[int | str, dict[str, Any]] = {
        status: {"description": DEFAULTS[status][1], "content": content} for status in statuses
    }
    if 429 in declared:
        seconds = {"type": "integer", "minimum": 1}
        declared[429]["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": seconds}}
    return declared


async def on_api_error(_: Request, error: Exception) -> JSONResponse:
    """Our own errors."""
    assert isinstance(error, ApiError)  # noqa: S101 - the handler is registered for it
    return render(error)


async def on_invalid(_: Request, error: Exception) -> JSONResponse:
    """Input that does not fit; its values are not repeated."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the handler is registered for it
    found = [
        {"name": ".".join(map(str, each["loc"]))[:200], "reason": str(each["msg"])[:300]}
        for each in error.errors()[:20]
    ]
    return render(ApiError(422), found)


async def on_http(_: Request, error: Exception) -> JSONResponse:
    """The framework's errors; a body that it cannot parse (its 400) is invalid input."""
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for it
    status = 422 if error.status_code == 400 else error.status_code
    code, title = DEFAULTS.get(status, ("refused", "Refused"))
    return render(ApiError(status, code, title, dict(error.headers or {})))


async def on_crash(request: Request, error: Exception) -> JSONResponse:
    """Everything else; only its kind is logged, for its text may hold a user's data."""
    state = error.sqlstate if isinstance(error, asyncpg.PostgresError) else "-"
    logger.error("%s crashed: %s %s", request.method, type(error).__name__, state)
    return render(ApiError(500))


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(ApiError, on_api_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_crash)

"""Errors as problem details (RFC 9457)."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException as StarletteHTTPException

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("blog")

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Body too large",
    415: "Unsupported media type",
    422: "Invalid input",
    429: "Too many attempts",
    500: "Internal error",
}


class FieldError(BaseModel):
    """One invalid field."""

    field: str = Field(max_length=200)
    message: str = Field(max_length=300)


class Problem(BaseModel):
    """What went wrong."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(max_length=100)
    title: str = Field(max_length=100)
    status: int = Field(ge=400, le=599)
    detail: str = Field(max_length=300)
    errors: list[FieldError] | None = Field(default=None, max_length=50)


class Refusal(Exception):
    """An error that is told to the client."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def not_found(what: str) -> Refusal:
    """The thing does not exist, or not for this reader."""
    return Refusal(404, f"There is no such {what}.")


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of an operation, for its contract."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found: dict[int | str, dict[str, Any]] = {
        status: {"description": TITLES[status], "content": content} for status in statuses
    }
    if 429 in found:
        wait = {"type": "integer", "minimum": 1}
        found[429]["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": wait}}
    return found


def problem(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """The body of an error."""
    return {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status, "detail": detail, **more}


def respond(status: int, body: dict[str, Any], headers: Any = None) -> JSONResponse:
    """An error response."""
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error as a problem."""

    @app.exception_handler(Refusal)
    async def refused(_: Request, error: Refusal) -> JSONResponse:
        return respond(error.status, problem(error.status, error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        # The input itself is not repeated: it may be a password, or not be text.
        errors = [
            {"field": ".".join(str(part) for part in each["loc"])[:200], "message": str(each["msg"])[:300]}
            for each in error.errors()[:50]
        ]
        return respond(422, problem(422, "Some fields are invalid.", errors=errors))

    @app.exception_handler(StarletteHTTPException)
    async def http_error(_: Request, error: StarletteHTTPException) -> JSONResponse:
        # The framework says 400 for a body that is no text or is nested too deeply: that is invalid input as well.
        status = 422 if error.status_code == 400 else error.status_code
        detail = TITLES.get(status, "The request cannot be answered.")
        return respond(status, problem(status, detail), error.headers)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s failed: %s", request.method, request.scope.get("route"), type(error).__name__)
        return respond(500, problem(500, "Something went wrong on our side."))

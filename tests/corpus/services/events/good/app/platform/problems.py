"""Errors as problem details, one type for each cause."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

MEDIA = "application/problem+json"
log = logging.getLogger("events")


class Violation(BaseModel):
    """A part of the input that was refused."""

    location: str = Field(max_length=200)
    message: str = Field(max_length=300)


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(max_length=120)
    title: str = Field(max_length=200)
    status: int = Field(ge=400, le=599)
    violations: list[Violation] = Field(default=[], max_length=20)


class Failure(Exception):
    """Ends the request with a problem."""

    status = 500
    cause = "internal"

    def __init__(self, title: str, *, cause: str | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(title)
        self.title = title
        self.cause = cause or self.cause
        self.headers = headers


class Unauthenticated(Failure):
    """401."""

    status = 401
    cause = "unauthenticated"

    def __init__(self, title: str = "A valid access token is needed", error: str = "invalid_token") -> None:
        super().__init__(title, headers={"WWW-Authenticate": f'Bearer error="{error}"'})


class Forbidden(Failure):
    """403."""

    status = 403
    cause = "forbidden"


class Missing(Failure):
    """404: it does not exist, or not for this caller."""

    status = 404
    cause = "not-found"


class Conflict(Failure):
    """409: the state does not allow it."""

    status = 409
    cause = "conflict"


class Unprocessable(Failure):
    """422: the input is not valid."""

    status = 422
    cause = "invalid-input"


class TooMany(Failure):
    """429."""

    status = 429
    cause = "too-many-attempts"


def answer(
    status: int, cause: str, title: str, *, headers: Any = None, violations: list[dict[str, str]] | None = None
) -> Response:
    """A problem as a response."""
    body = {"type": f"urn:events:problem:{cause}", "title": title, "status": status, "violations": violations or []}
    return JSONResponse(body, status, headers=headers, media_type=MEDIA)


def raises(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of an operation, for its contract."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found: dict[int | str, dict[str, Any]] = {
        each: {"description": HTTPStatus(each).phrase, "content": content} for each in statuses
    }
    if 429 in found:
        found[429]["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
        }
    return found


def install(app: FastAPI) -> None:
    """Answer every error as a problem."""

    @app.exception_handler(Failure)
    async def failure(_: Request, error: Failure) -> Response:
        return answer(error.status, error.cause, error.title, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        # What was sent is not repeated.
        found = [
            {"location": "/".join(str(part) for part in each["loc"])[:200], "message": str(each["msg"])[:300]}
            for each in error.errors()[:20]
        ]
        return answer(422, "invalid-input", "The input is not valid", violations=found)

    @app.exception_handler(HTTPException)
    async def framework(_: Request, error: HTTPException) -> Response:
        # The framework's 400 is a body that cannot be parsed.
        status = 422 if error.status_code == 400 else error.status_code
        phrase = HTTPStatus(status).phrase
        return answer(status, phrase.lower().replace(" ", "-"), phrase, headers=error.headers)

    @app.exception_handler(Exception)
    async def crash(request: Request, error: Exception) -> Response:
        log.error("%s failed with %s", request.method, type(error).__name__)
        return answer(500, "internal", "Something went wrong")

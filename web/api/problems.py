"""Every error of the API is a problem document (RFC 9457), whatever raised it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException

from assistant.errors import BackwrightError, JournalError, UsageError

LOG = logging.getLogger("backwright.api")

MEDIA_TYPE = "application/problem+json"

LISTED = 20
"""So many wrong fields are told at once."""


class Wrong(BaseModel):
    """One place of a request that is wrong."""

    place: str = Field(
        description="Where: `body`, `query`, `path` or `header`, and the names below it.", max_length=200
    )
    detail: str = Field(description="What is wrong.", max_length=500)


class Problem(BaseModel):
    """An error, as RFC 9457 describes it."""

    type: str = Field(default="about:blank", description="The kind of problem; `about:blank`: the status says it.")
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", ge=400, le=599, examples=[404])
    detail: str | None = Field(default=None, description="What happened.", max_length=1000)
    hint: str | None = Field(default=None, description="How to mend it.", max_length=1000)
    errors: list[Wrong] | None = Field(default=None, description="The places that are wrong.", max_length=LISTED)


class ProblemResponse(JSONResponse):
    """A problem document as an answer."""

    media_type = MEDIA_TYPE


def problem(
    status: int,
    detail: str = "",
    hint: str = "",
    *,
    errors: Sequence[Wrong] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """The answer for an error; empty fields are left out."""
    said = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail[:1000] or None,
        hint=hint[:1000] or None,
        errors=list(errors) or None,
    )
    return ProblemResponse(said.model_dump(exclude_none=True), status, headers=dict(headers or {}))


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of an operation beyond those that every one has, for its `responses`."""
    return {status: {"description": HTTPStatus(status).phrase} for status in statuses}


def add_problems(app: FastAPI) -> None:
    """Let every error become a problem document."""
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(BackwrightError, _ours)


async def _http(request: Request, error: Exception) -> ProblemResponse:
    """What an operation refused, or no operation was found for."""
    error = cast(HTTPException, error)
    said = str(error.detail)
    plain = "" if said == HTTPStatus(error.status_code).phrase else said
    return problem(error.status_code, plain, headers=error.headers)


async def _invalid(request: Request, error: Exception) -> ProblemResponse:
    """A request that is out of its bounds, with its places; what was sent is not said again."""
    found = cast(RequestValidationError, error).errors()
    if any(each["type"] == "json_invalid" for each in found):
        return problem(400, "The body is no JSON.")
    wrong = [
        Wrong(place=".".join(str(part) for part in each["loc"])[:200], detail=str(each["msg"])[:500])
        for each in found[:LISTED]
    ]
    return problem(422, "The request is not as the contract says.", errors=wrong)


async def _ours(request: Request, error: Exception) -> ProblemResponse:
    """An error that the caller can mend, or the history that cannot be reached."""
    error = cast(BackwrightError, error)
    if isinstance(error, UsageError):
        return problem(422, error.message, error.hint)
    LOG.error("%s %s: %s", request.method, request.url.path, error)
    if isinstance(error, JournalError):
        # A database's words may hold names of this machine.
        return problem(503, "The run history cannot be reached now.", headers={"Retry-After": "5"})
    return problem(500)

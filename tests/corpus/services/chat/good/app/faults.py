"""Errors, as problem details (RFC 9457)."""

import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
MAX_FIELDS = 20
UNIQUE = {
    "users.handle": "The handle is taken.",
    "rooms.name": "The name is taken.",
    "webhooks.room_id, webhooks.url": "The room has this webhook.",
}


class FieldFault(BaseModel):
    """What is wrong with a field."""

    field: str = Field(max_length=200, description="The field.")
    problem: str = Field(max_length=200, description="What is wrong with it.")


class Problem(BaseModel):
    """Problem details."""

    title: str = Field(max_length=100, description="The status in words.")
    status: int = Field(ge=400, le=599, json_schema_extra={"format": "int32"}, description="The HTTP status.")
    detail: str = Field(max_length=200, description="What is wrong.")
    fields: list[FieldFault] = Field(max_length=MAX_FIELDS, description="The fields that are wrong.")


class Fault(HTTPException):
    """A refusal; the detail is for the client."""


def gone(what: str) -> Fault:
    """For what is not there, and what the caller may not know of."""
    return Fault(404, f"There is no such {what}.")


def answer(
    status: int, detail: str, headers: dict[str, str] | None = None, fields: list[dict[str, str]] | None = None
) -> JSONResponse:
    """A response in the error format."""
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, "fields": fields or []}
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


WORDS = {
    401: "No valid token, or wrong credentials.",
    403: "The caller's role does not allow it.",
    404: "There is no such thing for the caller.",
    409: "It is there already, or its state forbids it.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    422: "The input does not have the declared form.",
    429: "Too many attempts.",
    503: "The database is busy.",
}


def faults(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors that an operation declares; 503 is among all of them."""
    found: dict[int | str, dict[str, Any]] = {
        status: {
            "description": WORDS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in (*statuses, 503)
    }
    text = {"type": "string", "maxLength": 50}
    if 401 in found:
        found[401]["headers"] = {"WWW-Authenticate": {"description": "The scheme.", "required": True, "schema": text}}
    if 429 in found:
        number = {"type": "integer", "format": "int32", "minimum": 1, "maximum": 3600}
        found[429]["headers"] = {"Retry-After": {"description": "Seconds.", "required": True, "schema": number}}
    return found


def _plain(text: str) -> str:
    return text.encode("ascii", "replace").decode()[:200]


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> JSONResponse:
        # The framework says 400 for a body that it cannot decode.
        status = 422 if error.status_code == 400 else error.status_code
        headers = dict(error.headers or {})
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        detail = str(error.detail) if isinstance(error, Fault) else "The request cannot be served."
        return answer(status, detail, headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        fields = [
            {"field": _plain(".".join(str(part) for part in each["loc"])), "problem": _plain(each["msg"])}
            for each in error.errors()[:MAX_FIELDS]
        ]
        return answer(422, "The input does not have the declared form.", fields=fields)

    @app.exception_handler(IntegrityError)
    async def contradicted(_request: Request, error: IntegrityError) -> JSONResponse:
        columns = re.sub(r"^UNIQUE constraint failed: ", "", str(error.orig))
        if columns in UNIQUE:
            return answer(409, UNIQUE[columns])
        return answer(500, "The request could not be carried out.")

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeoutError)
    async def busy(_request: Request, _error: Exception) -> JSONResponse:
        return answer(503, "The database is busy. Try again.")

    @app.exception_handler(Exception)
    async def unexpected(_request: Request, _error: Exception) -> JSONResponse:
        return answer(500, "The request could not be carried out.")

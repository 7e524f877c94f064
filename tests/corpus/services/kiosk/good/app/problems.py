"""Errors, all of them as problem details (RFC 9457)."""

import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from pymysql.err import IntegrityError, OperationalError
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
MAX_FAULTS = 20

CONFLICTS = {
    "customers_email_key": "Somebody has this address.",
    "customers_balance_range": "The balance would leave its range.",
    "products_sku_key": "A product has this SKU.",
    "products_stock_range": "The stock would leave its range.",
}
NAMED = re.compile(r"(?:for key '(?:\w+\.)?|CONSTRAINT `|constraint ')(\w+)['`]")
"""The constraint in a message of MySQL or MariaDB."""


class Fault(BaseModel):
    """What is wrong with one place of the input."""

    at: str = Field(max_length=200, description="The place, as a dotted path.")
    reason: str = Field(max_length=200, description="What is wrong there.")


class Problem(BaseModel):
    """Problem details."""

    type: str = Field(max_length=100, description="Always about:blank: the status says it all.")
    title: str = Field(max_length=100, description="The status in words.")
    status: int = Field(ge=400, le=599, json_schema_extra={"format": "int32"}, description="The HTTP status.")
    detail: str | None = Field(default=None, max_length=300, description="What is wrong, for people.")
    faults: list[Fault] | None = Field(default=None, max_length=MAX_FAULTS, description="The places that are wrong.")


class ProblemError(Exception):
    """A refusal that the client is told."""

    def __init__(self, status: int, detail: str, *, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.retry_after = status, detail, retry_after


class Busy(Exception):
    """Every connection to the database is taken."""


def missing(what: str) -> ProblemError:
    """A 404, the same for what does not exist and for what is somebody else's."""
    return ProblemError(404, f"There is no such {what}.")


def conflict(detail: str) -> ProblemError:
    """A 409."""
    return ProblemError(409, detail)


def answer(status: int, headers: dict[str, str] | None = None, **members: Any) -> JSONResponse:
    """A response in the error format, without the members that are None."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    given = {name: value for name, value in members.items() if value is not None}
    headers = dict(headers or {})
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse({**body, **given}, status, headers, media_type=MEDIA_TYPE)


DESCRIPTIONS = {
    401: "No credential, or one that is not accepted.",
    403: "Only staff may do this.",
    404: "It does not exist, or it is another customer's.",
    409: "The present state forbids it, or it exists already.",
    413: "The body is larger than 64 KiB.",
    415: "The body has another media type than the operation takes.",
    422: "The input does not have the declared form.",
    429: "Too many attempts for this address; try again later.",
    503: "The database does not answer.",
}


def _header(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "required": True, "schema": schema}


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation that may answer these errors, and the 503 that all may."""
    schema = {"$ref": "#/components/schemas/Problem"}
    found: dict[int | str, dict[str, Any]] = {}
    for status in (*statuses, 503):
        found[status] = {"description": DESCRIPTIONS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        if status == 401:
            text = {"type": "string", "maxLength": 100}
            found[status]["headers"] = {"WWW-Authenticate": _header("How to authenticate.", text)}
        if status == 429:
            seconds = {"type": "integer", "format": "int32", "minimum": 1, "maximum": 3600}
            found[status]["headers"] = {"Retry-After": _header("Seconds to wait.", seconds)}
    return found


def created(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The same for an operation that answers 201 with the place of what it made."""
    place = {"type": "string", "format": "uri-reference", "maxLength": 100}
    made = {"description": "Made.", "headers": {"Location": _header("Where it is.", place)}}
    return {201: made, **declared(*statuses)}


def _printable(text: str) -> str:
    return text.encode("ascii", "replace").decode()[:200]


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(ProblemError)
    def refused(_request: Request, error: ProblemError) -> JSONResponse:
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
        return answer(error.status, headers, detail=error.detail)

    @app.exception_handler(HTTPException)
    def unrouted(_request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 400:
            # The framework's answer to a body that is no text or no form; here that is invalid like any other.
            return answer(422, detail="The body could not be read.")
        return answer(error.status_code, dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [
            {"at": _printable(".".join(str(part) for part in each["loc"])), "reason": _printable(each["msg"])}
            for each in error.errors()[:MAX_FAULTS]
        ]
        return answer(422, detail="The input does not have the declared form.", faults=faults)

    @app.exception_handler(IntegrityError)
    def contradicted(_request: Request, error: IntegrityError) -> JSONResponse:
        named = NAMED.search(str(error.args[-1]))
        detail = CONFLICTS.get(named.group(1)) if named else None
        return answer(409, detail=detail) if detail else answer(500)

    @app.exception_handler(OperationalError)
    @app.exception_handler(Busy)
    def away(_request: Request, _error: Exception) -> JSONResponse:
        return answer(503, detail="The database does not answer. Try again later.")

    @app.exception_handler(Exception)
    def unexpected(_request: Request, _error: Exception) -> JSONResponse:
        return answer(500)

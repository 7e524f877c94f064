"""Errors as problem details (RFC 9457), each with a code that programs can compare."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
MAX_INVALID = 20
TITLES = {
    401: "Who are you?",
    403: "Not allowed",
    404: "Not found",
    405: "Not this method",
    409: "Conflict",
    412: "Changed in the meantime",
    413: "Too large",
    415: "Not JSON",
    422: "Invalid",
    429: "Too many attempts",
    503: "Not available",
}


class Problem(BaseModel):
    """Problem details."""

    type: str = Field(max_length=60, description="The kind of problem, a relative reference.")
    title: str = Field(max_length=60, description="The kind in words.")
    status: int = Field(ge=400, le=599, json_schema_extra={"format": "int32"}, description="The HTTP status.")
    code: str = Field(max_length=40, description="What exactly is wrong, for programs.")
    detail: str = Field(max_length=200, description="What exactly is wrong, for people.")
    invalid: list[str] = Field(
        default_factory=list,
        max_length=MAX_INVALID,
        json_schema_extra={"items": {"type": "string", "maxLength": 300}},
        description="The invalid places of the input.",
    )


class Refusal(Exception):
    """An answer with a status of its own instead of the wanted one."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers


def not_found(what: str) -> Refusal:
    """The same for what is not there and for what is not the caller's."""
    return Refusal(404, "not_found", f"There is no such {what}.")


def problem(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None, invalid: list[str] | None = None
) -> JSONResponse:
    """A response in the error format."""
    body = {
        "type": f"/problems/{status}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
        "invalid": invalid or [],
    }
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of an operation, and the 503 that each may give."""
    found: dict[int | str, dict[str, Any]] = {}
    for status in (*statuses, 503):
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        found[status] = {"description": f"{TITLES[status]}.", "content": content}
    if 401 in found:
        scheme = {"type": "string", "maxLength": 60}
        found[401]["headers"] = {
            "WWW-Authenticate": {"description": "The scheme to use.", "required": True, "schema": scheme}
        }
    if 429 in found:
        seconds = {"type": "integer", "format": "int32", "minimum": 1, "maximum": 3600}
        found[429]["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "required": True, "schema": seconds}
        }
    return found


def success(status: int, description: str, **headers: str) -> dict[int | str, dict[str, Any]]:
    """A success whose answer has headers: name -> what it says."""
    text = {"type": "string", "maxLength": 100}
    named = {
        name.replace("_", "-"): {"description": said, "required": True, "schema": text}
        for name, said in headers.items()
    }
    return {status: {"description": description, "headers": named}}


def _place(error: dict[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg']}".encode("ascii", "replace").decode()[:300]


def install(app: FastAPI) -> None:
    """Answer every exception in the one format."""

    @app.exception_handler(Refusal)
    async def refuse(_request: Request, error: Refusal) -> JSONResponse:
        return problem(error.status, error.code, error.detail, error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        places = [_place(dict(each)) for each in error.errors()[:MAX_INVALID]]
        return problem(422, "invalid", "The input does not have the declared form.", None, places)

    @app.exception_handler(HTTPException)
    async def framework(_request: Request, error: HTTPException) -> JSONResponse:
        # A body that cannot be decoded comes as 400; to a client it is invalid input like any other.
        status = 422 if error.status_code == 400 else error.status_code
        return problem(status, "refused", "The request was refused.", dict(error.headers or {}))

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeoutError)
    async def away(_request: Request, _error: Exception) -> JSONResponse:
        return problem(503, "unavailable", "The database does not answer.")

    @app.exception_handler(Exception)
    async def unexpected(_request: Request, _error: Exception) -> JSONResponse:
        return problem(500, "internal", "The request could not be carried out.")

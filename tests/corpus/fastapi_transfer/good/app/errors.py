"""One format for every error: problem details."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException


class Problem(BaseModel):
    type: str = Field(max_length=200)
    title: str = Field(max_length=200)
    status: int = Field(ge=400, le=599)
    detail: str = Field(default="", max_length=1000)


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem(status: int, title: str, detail: str = "", headers: dict[str, str] | None = None) -> ProblemResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail[:1000]}
    return ProblemResponse(body, status, headers)


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an operation."""
    schema = {"$ref": "#/components/schemas/Problem"}
    found: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        found[status] = {"description": "What is wrong.", "content": {"application/problem+json": {"schema": schema}}}
        if status == 401:
            found[status]["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    return found


def install(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> ProblemResponse:
        # FastAPI answers 400 to a body that is no text at all; here that is invalid like any other.
        status = 422 if error.status_code == 400 else error.status_code
        return problem(status, str(error.detail), headers=dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> ProblemResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return problem(422, "Invalid request", f"{where}: {first['msg']}".encode("ascii", "replace").decode())

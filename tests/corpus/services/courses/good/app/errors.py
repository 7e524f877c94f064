"""The one format of errors, application/problem+json."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.refusals import RefusalError

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 50
MAX_FIELD = 200
MAX_MESSAGE = 300

DETAILS = {
    404: "There is nothing at this path.",
    405: "This method is not for this path.",
    422: "The request does not fit the contract.",
    500: "Something went wrong in the service.",
}


def problem(
    status: int,
    detail: str | None = None,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Make the response of a refusal."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    text = detail or DETAILS.get(status)
    if text:
        content["detail"] = text
    if errors:
        content["errors"] = errors
    return JSONResponse(
        content,
        status_code=status,
        headers=dict(headers) if headers else None,
        media_type=MEDIA_TYPE,
    )


def _clean(text: str, longest: int) -> str:
    """Cut a text, and replace what UTF-8 cannot carry."""
    return text[:longest].encode("utf-8", "replace").decode("utf-8")


async def on_refusal(_: Request, error: Exception) -> Response:
    """Answer a refusal of the rules."""
    if not isinstance(error, RefusalError):
        return problem(500)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return problem(error.status, error.detail, headers=headers)


async def on_invalid(_: Request, error: Exception) -> Response:
    """Answer a request that does not fit; inputs are never repeated."""
    if not isinstance(error, RequestValidationError):
        return problem(422)
    fields = [
        {
            "field": _clean(".".join(str(part) for part in item["loc"]), MAX_FIELD),
            "message": _clean(str(item["msg"]), MAX_MESSAGE),
        }
        for item in list(error.errors())[:MAX_ERRORS]
    ]
    return problem(422, errors=fields)


async def on_unencodable(_: Request, __: Exception) -> Response:
    """Answer text that is no Unicode; only a client can have sent it."""
    return problem(422)


async def on_http(_: Request, error: Exception) -> Response:
    """Answer what the framework refuses; its 400 is a body it cannot parse."""
    if not isinstance(error, HTTPException):
        return problem(500)
    status = 422 if error.status_code == 400 else error.status_code
    return problem(status, headers=error.headers)


async def on_failure(_: Request, __: Exception) -> Response:
    """Answer everything that nobody expected."""
    return problem(500)


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(RefusalError, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(UnicodeEncodeError, on_unencodable)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_failure)

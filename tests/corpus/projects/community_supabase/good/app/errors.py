import logging
from http import HTTPStatus
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

logger = logging.getLogger(__name__)

CONFLICTS = {
    "profiles_username_key": "The username is taken.",
    "spaces_slug_key": "The slug is taken.",
    "space_members_pkey": "You already belong to the space.",
    "invitations_one_pending_per_email": "An invitation for this address is pending.",
    "reports_one_open_per_target": "You have already reported this.",
}


def problem(
    status: int,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors is not None:
        body["errors"] = errors
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


async def on_http_exception(_: Request, exc: HTTPException) -> JSONResponse:
    return problem(exc.status_code, str(exc.detail), headers=dict(exc.headers or {}))


async def on_invalid_request(_: Request, exc: RequestValidationError) -> JSONResponse:
    errors = [
        {"field": ".".join(str(part) for part in error["loc"]), "message": error["msg"]}
        for error in exc.errors()[:100]
    ]
    return problem(422, "The request is not valid.", errors)


async def on_postgres_error(_: Request, exc: asyncpg.PostgresError) -> JSONResponse:
    """Business answers raised in the database carry SQLSTATE PTxyz, where xyz is the HTTP status."""
    state = exc.sqlstate or ""
    if state.startswith("PT") and state[2:].isdigit():
        return problem(int(state[2:]), exc.message)
    if isinstance(exc, asyncpg.InsufficientPrivilegeError):
        return problem(403, "You are not allowed to do this.")
    if isinstance(exc, asyncpg.UniqueViolationError):
        return problem(409, CONFLICTS.get(exc.constraint_name, "It exists already."))
    if isinstance(exc, asyncpg.ForeignKeyViolationError):
        return problem(422, "The request refers to something that does not exist.")
    if isinstance(exc, asyncpg.CheckViolationError):
        return problem(422, "A value is out of bounds.")
    logger.error("database error %s", state, exc_info=exc)
    return problem(500, "Something failed on our side.")


async def on_unexpected(_: Request, exc: Exception) -> JSONResponse:
    logger.error("unhandled error", exc_info=exc)
    return problem(500, "Something failed on our side.")


def install(app: FastAPI) -> None:
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(asyncpg.PostgresError, on_postgres_error)
    app.add_exception_handler(Exception, on_unexpected)

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError, OperationalError
from starlette.exceptions import HTTPException

from app.schemas import Error

logger = logging.getLogger(__name__)


class ApiError(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def not_found(what: str) -> ApiError:
    return ApiError(404, "not_found", f"There is no such {what}.")


def conflict(code: str, message: str) -> ApiError:
    return ApiError(409, code, message)


def answer(
    status: int, code: str, message: str, fields: list[dict[str, str]] | None = None
) -> JSONResponse:
    body = {"error": {"code": code, "message": message, "fields": fields or []}}
    return JSONResponse(body, status)


async def on_api_error(_: Request, exc: ApiError) -> JSONResponse:
    return answer(exc.status, exc.code, exc.message)


async def on_http_exception(_: Request, exc: HTTPException) -> JSONResponse:
    return answer(exc.status_code, "http_error", str(exc.detail))


async def on_invalid_request(_: Request, exc: RequestValidationError) -> JSONResponse:
    fields = [
        {"field": ".".join(str(part) for part in error["loc"]), "message": error["msg"]}
        for error in exc.errors()[:100]
    ]
    return answer(422, "invalid_request", "The request is not valid.", fields)


async def on_integrity_error(_: Request, exc: IntegrityError) -> JSONResponse:
    """What the database refuses although each value alone is fine."""
    reason = str(exc.orig)
    if reason == "assignments overlap":
        return answer(409, "assignments_overlap", "The vehicle or the driver is assigned in that time.")
    if reason == "UNIQUE constraint failed: trips.vehicle_id":
        return answer(409, "vehicle_on_trip", "The vehicle is on another trip.")
    if reason == "UNIQUE constraint failed: trips.driver_id":
        return answer(409, "driver_on_trip", "The driver is on another trip.")
    if reason.startswith("UNIQUE constraint failed: "):
        column = reason.rpartition(".")[2].replace("_", " ")
        return answer(409, "already_exists", f"This {column} exists already.")
    if reason.startswith("FOREIGN KEY"):
        return answer(422, "unknown_reference", "The request refers to something that does not exist.")
    if reason.startswith("CHECK"):
        return answer(422, "out_of_bounds", "A value is out of bounds.")
    return await on_unexpected(_, exc)


async def on_operational_error(_: Request, exc: OperationalError) -> JSONResponse:
    if "database is locked" in str(exc.orig):
        response = answer(503, "busy", "Another change is being written. Try again.")
        response.headers["Retry-After"] = "1"
        return response
    return await on_unexpected(_, exc)


async def on_unexpected(_: Request, exc: Exception) -> JSONResponse:
    logger.error("unhandled error", exc_info=exc)
    return answer(500, "unexpected", "Something failed on our side.")


def install(app: FastAPI) -> None:
    app.add_exception_handler(ApiError, on_api_error)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(IntegrityError, on_integrity_error)
    app.add_exception_handler(OperationalError, on_operational_error)
    app.add_exception_handler(Exception, on_unexpected)


def may_fail(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of an operation, for the contract."""
    texts = {
        401: "No valid API key or session.",
        403: "The role does not allow it.",
        404: "There is no such thing.",
        409: "The present state does not allow it.",
        422: "The request does not fit this contract.",
    }
    declared: dict[int | str, dict[str, Any]] = {
        status: {"model": Error, "description": texts[status]} for status in statuses
    }
    declared["default"] = {"model": Error, "description": "Something failed on our side."}
    return declared

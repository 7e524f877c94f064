"""Every error as application/problem+json."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from app.errors import ShopError
from app.logs import logger

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 50
MAX_TEXT = 200
NAMED_BY_CLIENT = {"extra_forbidden", "invalid_key"}

CONFLICTS = {
    "users_email_lower_key": "The e-mail is taken.",
    "categories_name_key": "The name is taken.",
    "products_sku_key": "The SKU is taken.",
    "products_category_id_fkey": (
        "The category does not exist, or a product refers to it."
    ),
    "products_stock_quantity_range": "The stock does not allow it.",
    "coupons_code_key": "The code is taken.",
    "coupons_redeemed_count_range": "The redemptions do not allow it.",
    "orders_user_id_idempotency_key_key": "The key was used for another request.",
    "orders_user_id_coupon_id_key": "The coupon cannot be used.",
    "payments_order_id_idempotency_key_key": "The key was used for another request.",
    "payments_order_id_open_key": "The order has an open payment.",
    "stock_movements_user_id_idempotency_key_key": (
        "The key was used for another request."
    ),
    "stock_movements_order_id_product_id_kind_key": "The goods were booked already.",
    "reviews_product_id_user_id_key": "The product was reviewed already.",
}


def problem(
    status: int,
    detail: str | None = None,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build a response in the contract's error format."""
    try:
        title = HTTPStatus(status).phrase
    except ValueError:
        title = "Error"
    content: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail is not None:
        content["detail"] = detail
    if errors is not None:
        content["errors"] = errors
    sent = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        sent["WWW-Authenticate"] = "Bearer"
    return JSONResponse(content, status_code=status, headers=sent, media_type=MEDIA_TYPE)


def clean(text: str) -> str:
    """Cut a text and take out what JSON cannot carry."""
    return text.encode("utf-8", "replace").decode("utf-8")[:MAX_TEXT]


def describe_fault(fault: Mapping[str, Any]) -> dict[str, str]:
    """Say where and what, never with names or values that the client chose."""
    place = [str(part) for part in fault["loc"]]
    if fault["type"] in NAMED_BY_CLIENT:
        place = place[:-1]
    return {"field": clean(".".join(place)), "message": clean(str(fault["msg"]))}


async def on_shop_error(_request: Request, error: Exception) -> JSONResponse:
    """Answer a refusal of the business rules."""
    if isinstance(error, ShopError):
        return problem(error.status, error.detail)
    return problem(500)


async def on_invalid_request(_request: Request, error: Exception) -> JSONResponse:
    """Answer input that does not satisfy the contract."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [describe_fault(fault) for fault in faults[:MAX_ERRORS]]
    return problem(422, "The request does not satisfy the contract.", errors)


async def on_http_error(_request: Request, error: Exception) -> JSONResponse:
    """Answer what the framework refuses; an unreadable body (400) is a 422."""
    if not isinstance(error, HTTPException):
        return problem(500)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return problem(422, "The request cannot be read.")
    return problem(error.status_code, headers=error.headers)


async def on_integrity_error(_request: Request, error: Exception) -> JSONResponse:
    """Answer a violated constraint by its name."""
    diagnosis = getattr(getattr(error, "orig", None), "diag", None)
    detail = CONFLICTS.get(getattr(diagnosis, "constraint_name", None) or "")
    if detail is not None:
        return problem(409, detail)
    logger.error("unexpected constraint violation", exc_info=error)
    return problem(500)


async def on_unexpected_error(_request: Request, _error: Exception) -> JSONResponse:
    """Answer everything else without telling anything."""
    return problem(500)


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(ShopError, on_shop_error)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(IntegrityError, on_integrity_error)
    app.add_exception_handler(Exception, on_unexpected_error)

from __future__ import annotations

import json

import pymysql
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from app.repositories.base import DuplicateKey, MissingReference

TITLES = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Payload too large",
    415: "Unsupported media type",
    422: "Unprocessable entity",
    500: "Internal server error",
    503: "Service unavailable",
}

DUPLICATES = {
    "uq_companies_workspace_domain": "Another company already uses this domain.",
    "uq_contacts_workspace_active_email": "Another contact already uses this e-mail address.",
    "uq_products_workspace_code": "Another product already uses this code.",
    "uq_billing_accounts_company_currency": "The company already has a billing account in this currency.",
    "uq_invoices_subscription_period": "This period is already invoiced.",
}

FIELDS_BY_CONSTRAINT = {
    "fk_companies_owner": "owner_user_id",
    "fk_contacts_company": "company_id",
    "fk_contacts_owner": "owner_user_id",
    "fk_deals_company": "company_id",
    "fk_deals_currency": "currency",
    "fk_tasks_company": "company_id",
    "fk_tasks_deal": "deal_id",
    "fk_prices_currency": "currency",
    "fk_billing_accounts_company": "company_id",
    "fk_billing_accounts_currency": "currency",
}


class ApiError(Exception):
    status = 500

    def __init__(self, detail: str, errors: list[dict] | None = None):
        super().__init__(detail)
        self.detail = detail
        self.errors = errors


class BadRequest(ApiError):
    status = 400


class Unauthorized(ApiError):
    status = 401


class Forbidden(ApiError):
    status = 403


class NotFound(ApiError):
    status = 404

    def __init__(self, what: str):
        super().__init__(f"There is no such {what}.")


class Conflict(ApiError):
    status = 409


class UnsupportedMediaType(ApiError):
    status = 415


class Unprocessable(ApiError):
    status = 422

    def __init__(self, errors: list[dict]):
        super().__init__("One or more fields are not valid.", errors)

    @classmethod
    def field(cls, field: str, message: str) -> Unprocessable:
        return cls([{"field": field, "message": message}])


def problem(status: int, detail: str, errors: list[dict] | None = None) -> Response:
    title = TITLES.get(status, "Error")
    body = {
        "type": "/problems/" + title.lower().replace(" ", "-"),
        "title": title,
        "status": status,
        "detail": detail[:1000],
        "instance": request.path[:2000],
        "request_id": g.request_id,
    }
    if errors:
        body["errors"] = [
            {"field": error["field"][:200], "message": error["message"][:300]} for error in errors[:50]
        ]
    response = Response(json.dumps(body), status=status, content_type="application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="crm"'
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response


def register(app: Flask) -> None:
    @app.errorhandler(ApiError)
    def on_api_error(error: ApiError):
        return problem(error.status, error.detail, error.errors)

    @app.errorhandler(DuplicateKey)
    def on_duplicate(error: DuplicateKey):
        return problem(409, DUPLICATES.get(error.key, "A unique value is already taken."))

    @app.errorhandler(MissingReference)
    def on_missing_reference(error: MissingReference):
        field = FIELDS_BY_CONSTRAINT.get(error.constraint)
        if field is None:
            app.logger.error("unexpected foreign key failure: %s", error.constraint)
            return problem(500, "The error was recorded.")
        message = "There is no such record in the workspace."
        return problem(422, "One or more fields are not valid.", [{"field": field, "message": message}])

    @app.errorhandler(pymysql.err.OperationalError)
    def on_operational_error(error):
        app.logger.exception("database error request_id=%s", g.request_id)
        return problem(503, "Try again shortly.")

    @app.errorhandler(HTTPException)
    def on_http_exception(error: HTTPException):
        details = {
            404: "There is no such resource.",
            405: "The resource does not have this method.",
            413: "The body may be 64 KiB at most.",
        }
        response = problem(error.code, details.get(error.code, error.description or "Error."))
        if error.code == 405 and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    @app.errorhandler(Exception)
    def on_unexpected(error: Exception):
        app.logger.exception("unexpected error request_id=%s", g.request_id)
        return problem(500, "The error was recorded.")

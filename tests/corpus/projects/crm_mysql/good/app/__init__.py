from __future__ import annotations

import logging
import uuid
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from flask import Flask, g, request
from flask.json.provider import DefaultJSONProvider

from app import auth, cli, errors
from app.blueprints import register_blueprints
from app.clock import utc_now
from app.config import Settings
from app.contract import Contract
from app.converters import IdConverter
from app.db import UnitOfWork, create_pool

CONTRACT_PATH = Path(__file__).resolve().parent.parent / "openapi.json"
MAX_BODY_BYTES = 64 * 1024


class ApiJSONProvider(DefaultJSONProvider):
    """Times are naive UTC everywhere inside the application."""

    sort_keys = False

    @staticmethod
    def default(value):
        if isinstance(value, datetime):
            return value.isoformat(timespec="milliseconds") + "Z"
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return str(value)
        return DefaultJSONProvider.default(value)


def create_app(settings: Settings | None = None, uow_factory=None, clock=utc_now) -> Flask:
    """uow_factory and clock are given by tests; production uses MySQL and the system clock."""
    settings = settings or Settings.from_environment()
    logging.basicConfig(level=settings.log_level)

    app = Flask(__name__, static_folder=None)
    app.json = ApiJSONProvider(app)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.url_map.strict_slashes = False
    app.url_map.converters["id"] = IdConverter

    if uow_factory is None:
        pool = create_pool(settings)

        def uow_factory():
            return UnitOfWork(pool)

    app.extensions["crm.settings"] = settings
    app.extensions["crm.contract"] = Contract.load(CONTRACT_PATH)
    app.extensions["crm.uow_factory"] = uow_factory
    app.extensions["crm.clock"] = clock

    @app.before_request
    def start_request():
        g.request_id = str(uuid.uuid4())

    app.before_request(auth.authorize_request)

    @app.after_request
    def finish_request(response):
        response.headers["X-Request-Id"] = g.request_id
        response.headers["Cache-Control"] = "no-store"
        app.logger.info(
            "%s %s %s request_id=%s", request.method, request.path, response.status_code, g.request_id
        )
        return response

    errors.register(app)
    register_blueprints(app)
    cli.register(app)
    return app

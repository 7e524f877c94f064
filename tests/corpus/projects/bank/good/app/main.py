"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from app import schemas
from app.config import get_settings
from app.database import get_engine
from app.errors import install_handlers
from app.logs import RequestLogMiddleware, configure_logging
from app.routes import (
    accounts,
    cards,
    customers,
    disputes,
    health,
    payees,
    payments,
    standing_orders,
)


class BankApi(FastAPI):
    """FastAPI, with the error format among the schemas of its contract."""

    def openapi(self) -> dict[str, Any]:
        """Make the contract."""
        contract = super().openapi()
        _, definitions = models_json_schema(
            [(schemas.Problem, "validation")],
            ref_template="#/components/schemas/{model}",
        )
        components = contract.setdefault("components", {})
        components.setdefault("schemas", {}).update(definitions["$defs"])
        return contract


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Read the configuration at the start, close the pool at the end."""
    settings = get_settings()
    configure_logging(settings.log_level)
    # A thread uses one connection at most, so more threads would only wait.
    limiter = current_default_thread_limiter()
    limiter.total_tokens = settings.db_pool_size + settings.db_max_overflow
    engine = get_engine()
    yield
    engine.dispose()


def create_app() -> FastAPI:
    """Put the application together."""
    application = BankApi(
        title="Retail bank",
        version="1.0.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    application.add_middleware(RequestLogMiddleware)
    install_handlers(application)
    for module in (
        health,
        customers,
        accounts,
        payments,
        payees,
        standing_orders,
        cards,
        disputes,
    ):
        application.include_router(module.router)
    return application


app = create_app()

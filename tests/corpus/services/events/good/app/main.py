"""The application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from pydantic import Field
from pydantic.json_schema import models_json_schema
from sqlalchemy import text

from app import accounts, events, orders
from app.platform import problems
from app.platform.database import Db, engine
from app.platform.fields import Output
from app.platform.intake import Intake
from app.platform.settings import settings

router = APIRouter(tags=["health"])


class Health(Output):
    """Whether the service works."""

    status: str = Field(max_length=10)


@router.get("/health", operation_id="getHealth", response_model=Health)
async def health(db: Db) -> Health:
    """Ask the database."""
    await db.execute(text("SELECT 1"))
    return Health(status="ok")


class EventsApi(FastAPI):
    """FastAPI, with the errors' schema in its contract."""

    def openapi(self) -> dict[str, Any]:
        """Make the contract."""
        contract = super().openapi()
        _, made = models_json_schema([(problems.Problem, "validation")], ref_template="#/components/schemas/{model}")
        contract["components"]["schemas"].update(made["$defs"])
        return contract


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Read the settings at the start, close the pool at the end."""
    settings()
    yield
    await engine().dispose()


def create_app() -> FastAPI:
    """Put the application together."""
    logging.basicConfig(level=logging.INFO)
    app = EventsApi(
        title="Events",
        version="1.0.0",
        summary="Events, tickets, orders and check-in.",
        description="Amounts are euro cents.",
        servers=[{"url": "/"}],
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(Intake)
    problems.install(app)
    for part in (router, accounts.router, events.router, orders.router):
        app.include_router(part)
    return app


app = create_app()

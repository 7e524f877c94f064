"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from app import problems
from app.database import pool
from app.routes import access, catalogue, flow
from app.settings import settings
from app.transport import Transport

THREADS = 16


class Depot(FastAPI):
    """FastAPI with the error format among the schemas of its contract."""

    def openapi(self) -> dict[str, Any]:
        """The contract."""
        contract = super().openapi()
        _, found = models_json_schema(
            [(problems.Problem, "serialization")], ref_template="#/components/schemas/{model}"
        )
        contract["components"]["schemas"].update(found["$defs"])
        return contract


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Check the settings, open the pool, and close it at the end."""
    settings()
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    with pool():
        yield


app = Depot(
    title="Depot",
    version="1.0.0",
    description="Stock in warehouses: levels, movements, reservations, and prices of suppliers.",
    servers=[{"url": "/"}],
    openapi_tags=[
        {"name": "service", "description": "The service itself."},
        {"name": "access", "description": "Clients and their tokens."},
        {"name": "catalogue", "description": "Warehouses, suppliers and products."},
        {"name": "stock", "description": "Levels, movements and reservations."},
    ],
    lifespan=lifespan,
    docs_url=None,
    redoc_url=None,
    redirect_slashes=False,
)
app.add_middleware(Transport)
problems.install(app)
for module in (access, catalogue, flow):
    app.include_router(module.router)

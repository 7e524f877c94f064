"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from app import problems
from app.database import POOL_SIZE, pool
from app.routes import access, catalogue, orders
from app.settings import settings
from app.transport import Transport


class Kiosk(FastAPI):
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
    """Check the settings, and close the pool at the end."""
    settings()
    to_thread.current_default_thread_limiter().total_tokens = POOL_SIZE
    yield
    pool().close()


app = Kiosk(
    title="Kiosk",
    version="1.0.0",
    description="Orders of customers against stock and a balance.",
    servers=[{"url": "/"}],
    openapi_tags=[
        {"name": "service", "description": "The service itself."},
        {"name": "access", "description": "Signing in, customers and their balances."},
        {"name": "catalogue", "description": "Products."},
        {"name": "orders", "description": "Orders."},
    ],
    lifespan=lifespan,
    docs_url=None,
    redoc_url=None,
    redirect_slashes=False,
)
app.add_middleware(Transport)
problems.install(app)
for module in (access, catalogue, orders):
    app.include_router(module.router)

"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from app import errors
from app.api import bookings, rooms, users
from app.config import config
from app.db import engine
from app.web import Guard


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Read the configuration first, close the connections last."""
    config()
    yield
    engine().dispose()


class Bookings(FastAPI):
    """FastAPI, with the error format in the contract."""

    def openapi(self) -> dict[str, Any]:
        """The contract."""
        contract = super().openapi()
        _, found = models_json_schema([(errors.Problem, "serialization")], ref_template="#/components/schemas/{model}")
        contract["components"]["schemas"].update(found["$defs"])
        return contract


app = Bookings(
    title="Bookings",
    version="1.0.0",
    description="Rooms that members book with the hours of their credit.",
    servers=[{"url": "/"}],
    openapi_tags=[
        {"name": "service", "description": "The service itself."},
        {"name": "users", "description": "Users, their keys and their credit."},
        {"name": "rooms", "description": "Rooms, and how much they are used."},
        {"name": "bookings", "description": "Bookings, and invitations to them."},
    ],
    lifespan=lifespan,
    docs_url=None,
    redoc_url=None,
    redirect_slashes=False,
)
app.add_middleware(Guard)
errors.install(app)
app.include_router(users.router)
app.include_router(rooms.router)
app.include_router(bookings.router)

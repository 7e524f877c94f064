"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from app import accounts, faults, health, messages, rooms, webhooks
from app.store import engine
from app.transport import Envoy


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Check the key of the signatures, and close the connections at the end."""
    accounts.secret()
    app.state.doorkeeper = accounts.Doorkeeper()
    yield
    await engine().dispose()


class Chat(FastAPI):
    """FastAPI, with the error format in the contract."""

    def openapi(self) -> dict[str, Any]:
        """The contract."""
        contract = super().openapi()
        _, found = models_json_schema([(faults.Problem, "serialization")], ref_template="#/components/schemas/{model}")
        contract["components"]["schemas"].update(found["$defs"])
        return contract


app = Chat(
    title="Chat",
    version="1.0.0",
    description="Rooms in which members talk, react, and tell other services.",
    servers=[{"url": "/"}],
    openapi_tags=[
        {"name": "service", "description": "The service itself."},
        {"name": "accounts", "description": "Accounts and tokens."},
        {"name": "rooms", "description": "Rooms and their members."},
        {"name": "messages", "description": "Messages and reactions."},
        {"name": "webhooks", "description": "Where a room's messages are sent."},
    ],
    lifespan=lifespan,
    docs_url=None,
    redoc_url=None,
    redirect_slashes=False,
)
app.add_middleware(Envoy)
faults.install(app)


for module in (health, accounts, rooms, messages, webhooks):
    app.include_router(module.router)

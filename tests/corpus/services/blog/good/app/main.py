"""The application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from app import account_routes, post_routes
from app.guard import Guard
from app.problems import Problem, install
from app.settings import get_settings


class Blog(FastAPI):
    """FastAPI, with what its contract cannot say by itself."""

    def openapi(self) -> dict[str, Any]:
        """Make the contract: the error's schema, and the CSRF header as what it is, required."""
        if self.openapi_schema:
            return self.openapi_schema
        contract = super().openapi()
        _, made = models_json_schema([(Problem, "validation")], ref_template="#/components/schemas/{model}")
        contract["components"]["schemas"].update(made["$defs"])
        for item in contract["paths"].values():
            for operation in item.values():
                for parameter in operation.get("parameters", []):
                    if parameter["name"] == "x-csrf-token":
                        parameter.update(
                            name="X-CSRF-Token", required=True, schema={"type": "string", "maxLength": 200}
                        )
        return contract


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Read the settings at the start: a missing one is told then, and not at the first request."""
    get_settings()
    yield


def create_app() -> FastAPI:
    """Put the application together."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    application = Blog(
        title="Blog",
        version="1.0.0",
        summary="Posts with drafts, tags, comments and moderation.",
        servers=[{"url": "/"}],
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    application.add_middleware(Guard)
    install(application)
    application.include_router(account_routes.router)
    application.include_router(post_routes.router)
    return application


app = create_app()

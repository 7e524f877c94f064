"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from app.api import admin, auth, files, folders, health, shares
from app.core import errors, storage
from app.core.config import config
from app.core.edge import Edge


class FilesApi(FastAPI):
    """FastAPI, with the errors' schema in its contract."""

    def openapi(self) -> dict[str, Any]:
        """Make the contract."""
        contract = super().openapi()
        _, made = models_json_schema([(errors.Problem, "validation")], ref_template="#/components/schemas/{model}")
        contract["components"]["schemas"].update(made["$defs"])
        return contract


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the pool and the storage; close the pool at the end."""
    storage.prepare()
    async with asyncpg.create_pool(config().database_url, min_size=1, max_size=10, command_timeout=10) as pool:
        app.state.pool = pool
        yield


def create_app() -> FastAPI:
    """Put the application together."""
    app = FilesApi(
        title="Files",
        version="1.0.0",
        summary="Files in folders, with quotas and share links.",
        servers=[{"url": "/"}],
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(Edge)
    errors.install(app)
    for module in (health, auth, folders, files, shares, admin):
        app.include_router(module.router)
    return app


app = create_app()

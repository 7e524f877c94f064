"""The API as an application of its own, mounted by the pages' one at /api/v1."""

from __future__ import annotations

import logging
import pkgutil
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import web.api.routes
from web.api.caller import Gatekeeper
from web.api.document import document
from web.api.problems import add_problems, problem
from web.limits import Rate
from web.site import Site

LOG = logging.getLogger("backwright.api")

RATE = Rate(per_second=10.0, burst=300)
"""Requests of one person."""


def build() -> FastAPI:
    """The operations, without anything to work on."""
    # The document names whole paths, wherever it is mounted.
    app = FastAPI(docs_url=None, redoc_url=None, redirect_slashes=False, root_path_in_servers=False)
    for found in pkgutil.iter_modules(web.api.routes.__path__):
        app.include_router(import_module(f"web.api.routes.{found.name}").router)
    add_problems(app)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def create_api(site: Site, rate: Rate = RATE) -> FastAPI:
    """The API over a site."""
    app = build()
    app.state.site = site
    app.add_middleware(Gatekeeper, accounts=site.accounts, rate=rate)
    app.add_middleware(Unforeseen)
    return app


class Unforeseen:
    """A defect of ours: logged whole, told as a problem document. Inside of nothing, so it sees all."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; answer for what was raised, unless an answer has begun."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            LOG.exception("%s %s", scope["method"], scope["path"])
            await problem(500)(scope, receive, send)

"""The application: pages, static files, errors. Every module of `web.pages` brings its `router`."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from fastapi import Depends, FastAPI, Request, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import web.pages
from assistant.settings import Settings
from web.api.app import create_api
from web.csrf import checked
from web.errors import add_errors
from web.rendering import Pages
from web.security import protect
from web.site import Site

FOR_EVER = "public, max-age=31536000, immutable"
"""Static files are asked for by an address that changes with them."""


class Assets(StaticFiles):
    """The package's static files, kept by browsers."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; cached for ever where it was asked for by its hash."""
        response = await super().get_response(path, scope)
        if response.status_code == 200 and Request(scope).query_params.get("v"):
            response.headers["Cache-Control"] = FOR_EVER
        return response


@contextmanager
def opened(settings: Settings) -> Iterator[Site]:
    """A site over the history that the settings name. Raises JournalError."""
    from assistant.dispatch.queue import Queue
    from web.accounts import Accounts

    with Queue.open(settings) as queue:
        accounts = Accounts.open(settings.journal_url)
        try:
            yield Site(settings, queue, accounts, Pages())
        finally:
            accounts.close()


def create_app(site: Site) -> FastAPI:
    """The web UI over a site."""
    app = FastAPI(title="backwright", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = site
    for found in pkgutil.iter_modules(web.pages.__path__):
        module = import_module(f"web.pages.{found.name}")
        app.include_router(module.router, dependencies=[Depends(checked)])
    app.mount("/api/v1", create_api(site), name="api")
    app.mount("/static", Assets(packages=[("web", "static")]), name="static")
    add_errors(app)
    protect(app)
    return app

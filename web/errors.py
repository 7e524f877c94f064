"""Errors as pages: what is wrong, how to mend it, and nothing of our insides."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import BackwrightError, JournalError, UsageError
from web.site import site_of

LOG = logging.getLogger("backwright.web")

WORDS = {
    400: "That could not be understood.",
    403: "You may not do this.",
    404: "There is nothing here.",
    405: "This page cannot be used in that way.",
    413: "That is too large.",
    429: "Too many requests: wait a little.",
    500: "Something went wrong on our side. It has been logged.",
    503: "The service cannot do this now.",
}


def add_errors(app: FastAPI) -> None:
    """Let every error become a page."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(BackwrightError, _ours)
    app.add_middleware(Unforeseen)


def error_page(request: Request, status: int, message: str = "", hint: str = "") -> Response:
    """The page of an error; htmx gets the part that is shown in place."""
    part = request.headers.get("HX-Request") == "true"
    return site_of(request).pages.page(
        request,
        "parts/error.html" if part else "error.html",
        visitor=None,
        status=status,
        code=status,
        title=HTTPStatus(status).phrase,
        message=message or WORDS.get(status, HTTPStatus(status).phrase),
        hint=hint,
    )


async def _http(request: Request, error: Exception) -> Response:
    """What a page raised, or no route was found for."""
    error = cast(HTTPException, error)
    if error.status_code < 400:
        return Response(status_code=error.status_code, headers=error.headers)
    said = error.detail if error.detail != HTTPStatus(error.status_code).phrase else ""
    response = error_page(request, error.status_code, said)
    response.headers.update(error.headers or {})
    return response


async def _invalid(request: Request, error: Exception) -> Response:
    """A field that is missing or out of its bounds, by name."""
    problems = cast(RequestValidationError, error).errors()[:3]
    said = "; ".join(f"{each['loc'][-1]}: {each['msg']}" for each in problems)
    return error_page(request, 400, said)


async def _ours(request: Request, error: Exception) -> Response:
    """An error that a user can mend, or the history that cannot be reached."""
    error = cast(BackwrightError, error)
    status = 400 if isinstance(error, UsageError) else 503 if isinstance(error, JournalError) else 500
    if status >= 500:
        LOG.error("%s %s: %s", request.method, request.url.path, error)
    # A database's words may hold names of this machine.
    return error_page(request, status, "" if status == 503 else error.message, error.hint if status == 400 else "")


class Unforeseen:
    """A defect of ours: logged whole, told in one line.

    A handler for `Exception` would answer outside of all middleware, without the
    security headers.
    """

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
            await error_page(Request(scope), 500)(scope, receive, send)

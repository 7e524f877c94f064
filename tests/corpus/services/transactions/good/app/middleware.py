"""One log line for each request, and the last stop for unexpected errors."""

import logging
import time
from uuid import uuid4

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import handle_unexpected

KNOWN_METHODS = frozenset(
    {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"}
)

logger = logging.getLogger("app.request")


class RequestLogMiddleware:
    """Logs no body, no header, no query string and no secret."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Pass the request on and log how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        request_id = uuid4().hex
        started = time.perf_counter()
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            # Not raised again: the server would log the exception's text.
            logger.error(
                "unexpected_error",
                extra={
                    "fields": {
                        "request_id": request_id,
                        "error": type(error).__name__,
                    }
                },
            )
            if status == 0:
                response = await handle_unexpected(Request(scope), error)
                await response(scope, receive, watch)
        finally:
            method = scope["method"]
            elapsed = time.perf_counter() - started
            logger.info(
                "request",
                extra={
                    "fields": {
                        "request_id": request_id,
                        "method": (
                            method if method in KNOWN_METHODS else "OTHER"
                        ),
                        "route": getattr(scope.get("route"), "path", None),
                        "status": status,
                        "duration_ms": round(elapsed * 1000, 3),
                    }
                },
            )

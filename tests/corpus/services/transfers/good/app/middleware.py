"""The request id, the log line of a request, and the last resort."""

import logging
import time
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import REQUEST_ID
from app.problems import unexpected

LOG = logging.getLogger("app.requests")


class RequestLog:
    """Logs each request; answers 500 when nothing else has."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 0

        async def observe(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        token = REQUEST_ID.set(str(uuid4()))
        begin = time.perf_counter()
        try:
            await self.app(scope, receive, observe)
        except Exception as error:
            LOG.error("unexpected error", extra={"error": type(error).__name__})
            if status:
                raise
            await unexpected()(scope, receive, observe)
        finally:
            LOG.info(
                "request",
                extra={
                    "method": scope["method"],
                    "route": getattr(scope.get("route"), "path", None),
                    "status": status,
                    "duration_ms": round((time.perf_counter() - begin) * 1000, 1),
                },
            )
            REQUEST_ID.reset(token)

"""Request id, request log, and the last resort for unexpected failures."""

import logging
from time import perf_counter
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import request_id
from app.problems import unexpected_response

logger = logging.getLogger("app.request")


class RequestLogMiddleware:
    """Logs each request by its route template, never by its content."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and log it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status: int | None = None

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        token = request_id.set(uuid4().hex)
        started = perf_counter()
        try:
            await self.app(scope, receive, send_noted)
        except Exception:
            logger.exception("request failed")
            if status is not None:
                raise
            await unexpected_response()(scope, receive, send_noted)
        finally:
            route = scope.get("route")
            logger.info(
                "request",
                extra={
                    "fields": {
                        "method": scope["method"],
                        "route": getattr(route, "path", "unmatched"),
                        "status": status,
                        "duration_ms": round((perf_counter() - started) * 1000, 3),
                    }
                },
            )
            request_id.reset(token)

"""JSON log lines, and the middleware that writes one a request."""

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import problem_response

logger = logging.getLogger("clinic")


class JsonFormatter(logging.Formatter):
    """One JSON object a line; of an exception only its type and place."""

    def format(self, record: logging.LogRecord) -> str:
        """Format one record."""
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields = getattr(record, "fields", None)
        if isinstance(fields, dict):
            line.update(fields)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = [
                f"{frame.filename}:{frame.lineno}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line)


class StdoutHandler(logging.Handler):
    """Writes to whatever standard output is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        sys.stdout.write(self.format(record) + "\n")
        sys.stdout.flush()


def configure_logging() -> None:
    """Make every line JSON and silence the server's own access log."""
    handler = StdoutHandler()
    handler.setFormatter(JsonFormatter())
    for name in ("clinic", "uvicorn"):
        chosen = logging.getLogger(name)
        chosen.handlers = [handler]
        chosen.setLevel(logging.INFO)
        chosen.propagate = False
    access = logging.getLogger("uvicorn.access")
    access.handlers = []
    access.propagate = False


class RequestLog:
    """Gives each request an id, logs it, and answers what nobody caught."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = uuid4().hex
        started = time.perf_counter()
        status: int | None = None

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception:
            logger.exception(
                "request failed", extra={"fields": {"request_id": request_id}}
            )
            if status is not None:
                raise
            response = problem_response(500, "The server failed.")
            await response(scope, receive, watch)
        finally:
            elapsed = (time.perf_counter() - started) * 1000
            logger.info(
                "request",
                extra={
                    "fields": {
                        "request_id": request_id,
                        "method": scope["method"],
                        "route": getattr(scope.get("route"), "path", None),
                        "status": status,
                        "duration_ms": round(elapsed, 1),
                    }
                },
            )

"""JSON lines on standard output, one for each request."""

import json
import logging
import sys
import time
import traceback
import uuid
from datetime import UTC, datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import problem

logger = logging.getLogger("app.requests")


class JsonFormatter(logging.Formatter):
    """A record as one JSON object; of an exception only its type and place."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])
            line["error"] = record.exc_info[0].__name__
            line["frames"] = [f"{item.filename}:{item.lineno}" for item in frames[-20:]]
        return json.dumps(line, default=str)


class StdoutHandler(logging.Handler):
    """Writes to whatever standard output is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        try:
            sys.stdout.write(self.format(record) + "\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            self.handleError(record)


def configure(level: str) -> None:
    """Send all logs to standard output; the access log is replaced by ours."""
    root = logging.getLogger()
    if not any(isinstance(item, StdoutHandler) for item in root.handlers):
        handler = StdoutHandler()
        handler.setFormatter(JsonFormatter())
        root.addHandler(handler)
    logging.getLogger("app").setLevel(level)
    for name in ("uvicorn", "uvicorn.error"):
        server = logging.getLogger(name)
        server.handlers = []
        server.propagate = True
    access = logging.getLogger("uvicorn.access")
    access.handlers = []
    access.propagate = False


class RequestLog:
    """Gives each request an id, logs its end, and answers unexpected errors."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        begun = time.perf_counter()
        status: int | None = None

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception:
            logger.exception("failure", extra={"fields": {"request_id": request_id}})
            if status is not None:
                raise
            await problem(500)(scope, receive, watch)
        finally:
            logger.info(
                "request",
                extra={
                    "fields": {
                        "request_id": request_id,
                        "method": scope["method"],
                        "route": getattr(scope.get("route"), "path", None),
                        "status": status,
                        "duration_ms": round((time.perf_counter() - begun) * 1000, 1),
                    }
                },
            )

"""Logs: one JSON line for each request, without bodies or secrets."""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import UNEXPECTED, problem

logger = logging.getLogger("parking")


class JsonFormatter(logging.Formatter):
    """Write a record as one JSON object; of an exception only its type."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record."""
        moment = datetime.fromtimestamp(record.created, UTC)
        entry: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": record.getMessage(),
        }
        fields = getattr(record, "fields", None)
        if isinstance(fields, dict):
            entry.update(fields)
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__name__
        return json.dumps(entry, default=str)


class StdoutHandler(logging.Handler):
    """Write to whatever standard output is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stdout.write(self.format(record) + "\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            self.handleError(record)


def configure_logging(level: str) -> None:
    """Send every log line through the JSON formatter."""
    root = logging.getLogger()
    if not any(isinstance(item, StdoutHandler) for item in root.handlers):
        handler = StdoutHandler()
        handler.setFormatter(JsonFormatter())
        root.addHandler(handler)
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error"):
        server = logging.getLogger(name)
        server.handlers.clear()
        server.propagate = True
    # The access log would show query strings.
    logging.getLogger("uvicorn.access").disabled = True


class RequestLogMiddleware:
    """Log each request and answer what nobody foresaw."""

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
        started = time.monotonic()
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        failure = None
        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            failure = type(error).__name__
            if status:
                raise
            await problem(500, UNEXPECTED)(scope, receive, watch)
        finally:
            identity = scope.get("state", {}).get("identity")
            fields = {
                "request_id": request_id,
                "method": scope["method"],
                "route": getattr(scope.get("route"), "path", None),
                "status": status,
                "duration_ms": round((time.monotonic() - started) * 1000, 1),
                "user_id": getattr(identity, "user_id", None),
            }
            if failure is not None:
                fields["error"] = failure
            failed = failure is not None or status >= 500
            logger.log(
                logging.ERROR if failed else logging.INFO,
                "request",
                extra={"fields": fields},
            )

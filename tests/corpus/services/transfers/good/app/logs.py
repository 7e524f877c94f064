"""Structured logs: one JSON object a line, without exception texts."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)

EXTRA_FIELDS = ("method", "route", "status", "duration_ms", "error")


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON; of an exception, only its type."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": REQUEST_ID.get(),
        }
        for name in EXTRA_FIELDS:
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, default=str)


def configure_logs() -> None:
    """Send all logs to standard output as JSON lines."""
    root = logging.getLogger()
    known = any(isinstance(each.formatter, JsonFormatter) for each in root.handlers)
    if not known:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(JsonFormatter())
        root.addHandler(handler)
    logging.getLogger("app").setLevel(logging.INFO)

    server = logging.getLogger("uvicorn")
    server.handlers.clear()
    server.propagate = True

    # The server's access log holds query values; ours does not.
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False

"""Structured logs: one JSON object in each line on standard output."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON; of an exception it gives the class only."""

    def format(self, record: logging.LogRecord) -> str:
        payload: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            payload["error"] = record.exc_info[0].__name__
        payload.update(getattr(record, "fields", {}))
        return json.dumps(payload)


class StdoutHandler(logging.Handler):
    """Writes to what standard output is at the time of writing."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stdout.write(self.format(record) + "\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            self.handleError(record)


def configure_logging() -> None:
    """Send the service's and the server's logs through the JSON handler."""
    handler = StdoutHandler()
    handler.setFormatter(JsonFormatter())
    for name in ("app", "asyncio", "sqlalchemy", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
    logging.getLogger("app").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").handlers = []
    # The server's access log shows query strings, so it is off.
    access = logging.getLogger("uvicorn.access")
    access.handlers = []
    access.propagate = False

"""The standing order worker: python -m app.worker."""

import logging
import signal
import time
from datetime import date
from types import FrameType

from sqlalchemy import Engine

from app.config import get_settings
from app.database import build_engine, transaction
from app.logs import configure_logging
from app.rules import today_utc
from app.services import standing_orders

logger = logging.getLogger("bank")
TICK_SECONDS = 0.5


class Stop:
    """Whether the worker was asked to end."""

    def __init__(self) -> None:
        """Start without a request to end."""
        self.requested = False

    def request(self, _signum: int, _frame: FrameType | None) -> None:
        """Take the signal."""
        self.requested = True

    def wait(self, seconds: float) -> None:
        """Sleep, but not past a request to end."""
        until = time.monotonic() + seconds
        while not self.requested and time.monotonic() < until:
            time.sleep(TICK_SECONDS)


def run_one(engine: Engine, today: date) -> bool:
    """Try one due date in its own transaction; tell whether there was one."""
    with transaction(engine) as session:
        return standing_orders.pay_next_due(session, today)


def run(engine: Engine, stop: Stop, interval: float) -> None:
    """Pay what is due, again and again."""
    while not stop.requested:
        try:
            while not stop.requested and run_one(engine, today_utc()):
                logger.info("standing order tried")
        except Exception:
            logger.exception("standing order failed")
        stop.wait(interval)


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    settings = get_settings()
    configure_logging(settings.log_level)
    engine = build_engine(settings, 1, 0)
    stop = Stop()
    signal.signal(signal.SIGTERM, stop.request)
    signal.signal(signal.SIGINT, stop.request)
    try:
        run(engine, stop, settings.worker_interval_seconds)
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()

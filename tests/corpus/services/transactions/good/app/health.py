"""Whether the database answers, said within two seconds."""

import asyncio

from app.database import Database

TIMEOUT_SECONDS = 2.0


class HealthCheck:
    """Asks the database, and does not wait for a question that hangs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tasks: set[asyncio.Task[None]] = set()

    async def database_answers(self) -> bool:
        """Say whether the database answered in time."""
        task = asyncio.create_task(self._database.ping())
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        _, pending = await asyncio.wait({task}, timeout=TIMEOUT_SECONDS)
        if pending:
            task.cancel()
            return False
        return not task.cancelled() and task.exception() is None

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # Marks the exception as seen; the caller has its answer.
            task.exception()

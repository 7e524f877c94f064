"""A service that runs already: its address, and what stands in place of its process and its database.

The gate has no hand on the process, its log and its files. Of the rows it sees
what `--database` shows; it writes to them with `--reset` only.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from evaluators.draft import Elsewhere
from evaluators.service.database import Database, Look
from evaluators.service.oracle import State, Unseen
from evaluators.service.process import Process
from evaluators.service.remote_hearsay import Hearsay

WAITS = 0.5
"""Seconds between two looks whether the port still listens."""
NO_ROWS = "the rows: name the database with --database"
NO_WRITING = "rows that the gate sets: allow it with --reset"


class Unlogged(str):
    """A log that nobody sees: to read its lines raises Unseen."""

    __slots__ = ()

    def split(self, *_: Any) -> list[str]:
        """Raise Unseen."""
        raise Unseen("the service's log")

    def replace(self, *_: Any) -> str:
        """Raise Unseen."""
        raise Unseen("the service's log")


class FarProcess(Process):
    """A process that somebody else started: whether its port listens is all that is known of it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._place = (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        self.judging = False
        self.door = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise Unseen(f"what only the sandbox shows of a process ({name.strip('_')})")

    @property
    def alive(self) -> bool:
        """Whether its port listens."""
        try:
            socket.create_connection(self._place, timeout=5).close()
        except ConnectionRefusedError:
            return False
        except OSError:
            return True
        return True

    @property
    def returncode(self) -> int | None:
        """None: nobody knows."""
        return None

    @property
    def killed(self) -> str | None:
        """How its end was seen."""
        return None if self.alive else "nothing listens at its address any more"

    @property
    def canary(self) -> Any:
        """Raises Unseen: nobody listens beside it."""
        raise Unseen("who came to a listener beside the service")

    async def look(self, seconds: float = 5.0) -> Any:
        """Raises Unseen."""
        raise Unseen("the memory and the time that the service uses")

    def mark(self) -> int:
        """The beginning of no log."""
        return 0

    def log(self, since: int = 0) -> str:
        """No log; a probe that reads its lines raises Unseen."""
        return Unlogged() if self.judging else ""

    async def wait(self, seconds: float | None = None) -> int | None:
        """Until nothing listens there, or `seconds` have passed."""
        loop = asyncio.get_running_loop()
        until = loop.time() + (seconds if seconds is not None else float("inf"))
        while True:
            if not await asyncio.to_thread(lambda: self.alive) or loop.time() >= until:
                return None
            await asyncio.sleep(WAITS)

    async def stop(self, grace: float = 2.0) -> None:
        """Nothing: it is somebody else's."""


class Barred(dict[str, Any]):
    """How to connect, where no probe may. Raises Unseen."""

    def _raise(self, *_: Any) -> Any:
        raise Unseen(NO_WRITING)

    keys = __iter__ = __getitem__ = get = items = _raise


@dataclass(frozen=True)
class Watched(Database):
    """A database that is looked at and never written to; without one, what answers tell of its rows."""

    hearsay: Hearsay | None = None
    behind: Database | None = field(default=None, repr=False)
    """The database itself, where it was named."""

    @property
    def dialect(self) -> str:
        """The database's; `unknown` where there is none."""
        return self.behind.dialect if self.behind is not None else "unknown"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise Unseen(NO_WRITING if self.behind is not None else NO_ROWS)

    async def row_counts(self) -> dict[str, int]:
        """See `Database`."""
        return await self._there().row_counts()

    async def rows(self, table: str, limit: int = 1000) -> list[dict[str, Any]]:
        """See `Database`."""
        return await self._there().rows(table, limit)

    def _there(self) -> Database:
        if self.behind is None:
            raise Unseen(NO_ROWS)
        return self.behind

    async def seal(self) -> None:
        """Nothing: what is there stays."""

    async def reset(self, tables: Collection[str] | None = None) -> None:
        """Nothing: what is there stays."""

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Look]:
        """See `Database`."""
        if self.behind is None:
            yield WatchedLook(None, self.hearsay)
            return
        async with self.behind.looking() as look:
            yield WatchedLook(look, self.hearsay)


@dataclass(frozen=True)
class WatchedLook:
    """Reads rows, or what answers told of them; writes nothing."""

    look: Look | None
    hearsay: Hearsay | None

    async def everything(self, limit: int = 2000) -> dict[str, list[dict[str, Any]]]:
        """See `database.Look`."""
        if self.look is not None:
            return await self.look.everything(limit)
        state: State = self.hearsay.state() if self.hearsay is not None else {}
        return {name: [dict(row) for row in rows] for name, rows in state.items()}

    async def execute(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """Raises Unseen."""
        raise Unseen(NO_WRITING if self.look is not None else NO_ROWS)

    async def reset(self, tables: Collection[str]) -> None:
        """Nothing: what is there stays."""


def watched(behind: Database | None) -> Watched:
    """A database that nobody may write to, or what stands in place of one."""
    barred = cast(dict[str, Any], Barred())
    hearsay = Hearsay() if behind is None else None
    return Watched("", "", (), (), barred, barred, hearsay, behind)


@asynccontextmanager
async def rows_of(at: Elsewhere) -> AsyncIterator[Database]:
    """The rows of a service that runs elsewhere, as far as they may be used. Raises NoDatabase."""
    if not at.database:
        yield watched(None)
        return
    from evaluators.service.remote_database import opened

    async with opened(at) as behind:
        yield behind if at.reset else watched(behind)

"""SQLite files for judged services: the guest writes them, the gate reads copies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluators.service import launch
from evaluators.service.bridge import forward
from evaluators.service.client import ask
from evaluators.service.database import Database, NoDatabase, identifier
from evaluators.service.sandbox import MEBI, Bind, Confined, Limits, python_binds, start

INNER = "/data"
MOST_BYTES = 256 * MEBI

TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%' "
    "ESCAPE '\\' ORDER BY name"
)

SEALED = "/sealed"
PORT = 8000

RESTORER = """
import http.server, json, sqlite3, sys

class Handler(http.server.BaseHTTPRequestHandler):
    holding = []

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        while self.holding:
            self.holding.pop().close()
        try:
            target = sqlite3.connect(sys.argv[2], timeout=5)
            try:
                count = self.done(target, asked)
            finally:
                if target not in self.holding:
                    target.close()
            told = (200, str(count))
        except sqlite3.Error as error:
            told = (409, type(error).__name__)
        self.send_response(told[0])
        self.send_header("Content-Length", str(len(told[1])))
        self.end_headers()
        self.wfile.write(told[1].encode())

    def done(self, target, asked):
        if asked.get("statement"):
            with target:
                return target.execute(asked["statement"], asked["values"]).rowcount
        if "hold" in asked:
            if asked["hold"]:
                target.execute("BEGIN IMMEDIATE")
                self.holding.append(target)
            return 0
        source = sqlite3.connect("file:" + sys.argv[1] + "?immutable=1", uri=True)
        source.backup(target)
        source.close()
        return 0

    def log_message(self, *words):
        pass

http.server.HTTPServer(("127.0.0.1", int(sys.argv[3])), Handler).serve_forever()
"""
"""Writes to the guest's file from inside a sandbox of its own: the guest may have put anything there."""


class Restorer:
    """The program that writes to a guest's file; it starts with the first thing to write."""

    def __init__(self, folder: Path, sealed: Path, binds: tuple[Bind, ...]) -> None:
        self.sealed = sealed
        self._binds = binds
        self._file = f"{INNER}/{folder.name.removeprefix('sqlite-')}.db"
        self._stack = contextlib.AsyncExitStack()
        self._lock = asyncio.Lock()
        self._url = ""

    async def asked(self, **what: Any) -> int:
        """Restore (nothing given), or run a statement with values; the rows it changed. Raises NoDatabase."""
        async with self._lock:
            if not self._url:
                self._url = await self._started()
            for _ in range(200):
                answer = await ask(self._url, "POST", "/", json_body=what, seconds=30)
                if answer.status:
                    break
                await asyncio.sleep(0.02)
        if answer.status != 200:
            raise NoDatabase(f"the SQLite file cannot be written ({answer.body.decode() or 'no answer'})")
        return int(answer.body)

    async def _started(self) -> str:
        python = launch.interpreter()
        confined = Confined(
            (str(python), "-I", "-S", "-c", RESTORER, f"{SEALED}/{self.sealed.name}", self._file, str(PORT)),
            binds=(*python_binds(python), *self._binds, Bind(self.sealed.parent, SEALED)),
            limits=Limits(seconds=3600),
            serves=PORT,
        )
        process = await self._stack.enter_async_context(start(confined))
        return (await self._stack.enter_async_context(forward(process))).base_url

    async def close(self) -> None:
        """End the program."""
        await self._stack.aclose()
        self._url = ""


@dataclass(frozen=True)
class SqliteDatabase(Database):
    """A file in a folder of its own, which the service's sandbox may write to."""

    restorer: Restorer

    @property
    def dialect(self) -> str:
        """`sqlite`."""
        return "sqlite"

    @property
    def path(self) -> Path:
        """The file outside. The guest may have put anything there: read it through `snapshot` only."""
        return Path(self.admin["path"])

    async def row_counts(self) -> dict[str, int]:
        """See `Database`."""
        return await asyncio.to_thread(self._count)

    def _count(self) -> dict[str, int]:
        with self.snapshot() as session:
            tables = session.execute(TABLES).fetchall()
            count = "SELECT count(*) FROM {}"
            return {name: session.execute(count.format(identifier(name))).fetchone()[0] for (name,) in tables}

    async def rows(self, table: str, limit: int = 1000) -> list[dict[str, Any]]:
        """See `Database`."""
        return await asyncio.to_thread(self._rows, table, limit)

    def _rows(self, table: str, limit: int) -> list[dict[str, Any]]:
        with self.snapshot() as session:
            session.row_factory = sqlite3.Row
            found = session.execute(f"SELECT * FROM {identifier(table)} LIMIT ?", (limit,))  # noqa: S608 - quoted
            return [dict(row) for row in found]

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A copy of the file, open. A file that is none, or too large, raises NoDatabase."""
        # A folder of its own for each: two may look at once.
        folder = Path(tempfile.mkdtemp(prefix=self.path.parent.name + ".seen-", dir=self.path.parent.parent))
        for suffix in ("", "-wal"):
            copy(self.path.with_name(self.path.name + suffix), folder / (self.name + suffix))
        session = sqlite3.connect(folder / self.name)
        try:
            session.execute("PRAGMA trusted_schema = off")
            yield session
        except sqlite3.DatabaseError as error:
            raise NoDatabase(f"the service's SQLite file cannot be read ({error.sqlite_errorname})") from error
        finally:
            session.close()
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def sealed(self) -> Path:
        """The gate's own copy of the rows at the last `seal`."""
        return self.restorer.sealed

    async def seal(self) -> None:
        """See `Database`."""
        fresh = self.sealed.with_name("fresh.db")
        fresh.unlink(missing_ok=True)

        def keep() -> None:
            with self.snapshot() as session, contextlib.closing(sqlite3.connect(fresh)) as target:
                session.backup(target)
            fresh.chmod(0o644)
            fresh.replace(self.sealed)

        await asyncio.to_thread(keep)

    @contextlib.asynccontextmanager
    async def looking(self) -> AsyncIterator[Looking]:
        """See `Database`."""
        yield Looking(self)

    async def written(self, statement: str, values: tuple[Any, ...]) -> int:
        """Run one statement on the guest's file, from inside a sandbox; the rows it changed. Raises NoDatabase."""
        return await self.restorer.asked(statement=statement, values=list(values))

    async def hold(self) -> bool:
        """Let others read and nobody write, until `free`; whether it came to that."""
        try:
            await self.restorer.asked(hold=True)
        except NoDatabase:
            return False
        return True

    async def free(self) -> None:
        """Let others write again. Raises NoDatabase."""
        await self.restorer.asked(hold=False)

    async def reset(self, tables: Collection[str] | None = None) -> None:
        """See `Database`; the whole file is set back."""
        await self.restorer.asked()


@dataclass(frozen=True)
class Looking:
    """Reads a copy of the file each time."""

    database: SqliteDatabase

    async def everything(self, limit: int = 2000) -> dict[str, list[dict[str, Any]]]:
        """See `database.Look`."""
        return await asyncio.to_thread(self._everything, limit)

    def _everything(self, limit: int) -> dict[str, list[dict[str, Any]]]:
        with self.database.snapshot() as session:
            session.row_factory = sqlite3.Row
            names = [row["name"] for row in session.execute(TABLES)]
            found = {}
            for name in names:
                rows = session.execute(f"SELECT * FROM {identifier(name)} LIMIT ?", (limit,))  # noqa: S608 - quoted
                found[name] = [{key: _plain(row[key]) for key in row.keys()} for row in rows]  # noqa: SIM118 - no dict
            return found

    async def execute(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """See `database.Look`: in the guest's file, from inside a sandbox."""
        return await self.database.written(statement, values)

    async def reset(self, tables: Collection[str]) -> None:
        """See `database.Look`."""
        await self.database.reset(tables)


class Files:
    """Makes SQLite databases below a folder."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.version = sqlite3.sqlite_version
        self._restorers: list[Restorer] = []

    async def close(self) -> None:
        """End what runs for the databases."""
        for each in self._restorers:
            await each.close()

    async def create(self, name: str, *, template: str | None = None, supabase: bool = False) -> SqliteDatabase:
        """See `database.Server`; `supabase` has no meaning here."""
        folder = self.scratch / f"sqlite-{name}"
        try:
            folder.mkdir(mode=0o755)
        except FileExistsError as error:
            raise NoDatabase(f"the database {name} exists") from error
        path = folder / f"{name}.db"
        if template is not None:
            for suffix in ("", "-wal"):
                old = self.scratch / f"sqlite-{template}" / f"{template}.db{suffix}"
                copy(old, path.with_name(path.name + suffix))
        if os.geteuid() == 0:
            for each in (folder, *folder.iterdir()):
                os.chown(each, launch.UNPRIVILEGED, launch.UNPRIVILEGED)
        sealed = self.scratch / f"sqlite-{name}.sealed"
        sealed.mkdir(mode=0o755)
        place = {"path": path, "sealed": sealed / "sealed.db"}
        bind = Bind(folder, INNER, writable=True)
        restorer = Restorer(folder, sealed / "sealed.db", (bind,))
        self._restorers.append(restorer)
        return SqliteDatabase(name, f"sqlite:///{INNER}/{name}.db", (bind,), (), place, place, restorer)

    async def drop(self, name: str) -> None:
        """See `database.Server`."""
        for folder in (f"sqlite-{name}", f"sqlite-{name}.sealed"):
            shutil.rmtree(self.scratch / folder, ignore_errors=True)


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def copy(source: Path, target: Path) -> None:
    """Copy a guest's file: a regular one, not too large, never through a link. Raises NoDatabase."""
    try:
        fd = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return
    except OSError as error:
        raise NoDatabase("the service's SQLite file is not a file any more") from error
    with os.fdopen(fd, "rb") as opened:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
            raise NoDatabase("the service's SQLite file is no file, or too large")
        target.write_bytes(opened.read(MOST_BYTES))

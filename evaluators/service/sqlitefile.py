"""SQLite files for judged services: the guest writes them, the gate reads copies."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sqlite3
import stat
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluators.service import launch
from evaluators.service.database import Database, NoDatabase
from evaluators.service.sandbox import MEBI, Bind, Confined, Limits, python_binds, run

INNER = "/data"
MOST_BYTES = 256 * MEBI

TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%' "
    "ESCAPE '\\' ORDER BY name"
)

EXECUTE = """
import json, sqlite3, sys
session = sqlite3.connect(sys.argv[1], timeout=5)
with session:
    print(session.execute(sys.argv[2], json.loads(sys.argv[3])).rowcount)
"""

RESTORE = """
import sqlite3, sys
source, target = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2], timeout=5)
source.backup(target)
"""


@dataclass(frozen=True)
class SqliteDatabase(Database):
    """A file in a folder of its own, which the service's sandbox may write to."""

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
            return {name: session.execute(count.format(quoted(name))).fetchone()[0] for (name,) in tables}

    async def rows(self, table: str, limit: int = 1000) -> list[dict[str, Any]]:
        """See `Database`."""
        return await asyncio.to_thread(self._rows, table, limit)

    def _rows(self, table: str, limit: int) -> list[dict[str, Any]]:
        with self.snapshot() as session:
            session.row_factory = sqlite3.Row
            found = session.execute(f"SELECT * FROM {quoted(table)} LIMIT ?", (limit,))  # noqa: S608 - quoted
            return [dict(row) for row in found]

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A copy of the file, open. A file that is none, or too large, raises NoDatabase."""
        folder = self.path.parent.with_name(self.path.parent.name + ".seen")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
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

    async def seal(self) -> None:
        """See `Database`."""
        sealed = self.path.parent.with_name(self.path.parent.name + ".sealed")
        sealed.unlink(missing_ok=True)

        def keep() -> None:
            with self.snapshot() as session, contextlib.closing(sqlite3.connect(sealed)) as target:
                session.backup(target)

        await asyncio.to_thread(keep)

    @contextlib.asynccontextmanager
    async def looking(self) -> AsyncIterator[Looking]:
        """See `Database`."""
        yield Looking(self)

    async def written(self, statement: str, values: tuple[Any, ...]) -> int:
        """Run one statement on the guest's file, from inside a sandbox; the rows it changed. Raises NoDatabase."""
        python = launch.interpreter()
        told = await run(
            Confined(
                (str(python), "-I", "-S", "-c", EXECUTE, f"{INNER}/{self.path.name}", statement, json.dumps(values)),
                binds=(*python_binds(python), *self.binds),
                limits=Limits(seconds=30),
            )
        )
        if told.returncode != 0:
            raise NoDatabase("the SQLite file refused a statement of the gate")
        return int(told.stdout.strip() or 0)

    async def reset(self, tables: Collection[str] | None = None) -> None:
        """See `Database`; the whole file is set back."""
        sealed = self.path.parent.with_name(self.path.parent.name + ".sealed")
        python = launch.interpreter()
        outcome = await run(
            Confined(
                (str(python), "-I", "-S", "-c", RESTORE, "/app/sealed", f"{INNER}/{self.path.name}"),
                binds=(*python_binds(python), *self.binds),
                files={"sealed": sealed.read_bytes()},
                limits=Limits(seconds=30),
            )
        )
        if outcome.returncode != 0:
            raise NoDatabase("the SQLite file could not be set back")


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
                rows = session.execute(f"SELECT * FROM {quoted(name)} LIMIT ?", (limit,))  # noqa: S608 - quoted
                found[name] = [{key: _plain(row[key]) for key in row.keys()} for row in rows]  # noqa: SIM118 - no dict
            return found

    async def execute(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """See `database.Look`: in the guest's file, from inside a sandbox."""
        return await self.database.written(statement, values)


class Files:
    """Makes SQLite databases below a folder."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.version = sqlite3.sqlite_version

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
        place = {"path": path}
        bind = Bind(folder, INNER, writable=True)
        return SqliteDatabase(name, f"sqlite:///{INNER}/{name}.db", (bind,), (), place, place)

    async def drop(self, name: str) -> None:
        """See `database.Server`."""
        shutil.rmtree(self.scratch / f"sqlite-{name}", ignore_errors=True)


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


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

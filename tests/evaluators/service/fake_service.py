"""A small service in this process: a contract, a SQLite file, and a function that answers. No sandbox, so quick."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from evaluators.bench import Bench
from evaluators.contract.document import contract_of
from evaluators.draft import Draft, Subject
from evaluators.service import step
from evaluators.service.client import Answer
from evaluators.service.crew import Crew, crew_of
from evaluators.service.database import NoDatabase

SECRET = "s" * 40


@dataclass
class Call:
    """One request, as a service reads it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""
    body: Any
    db: sqlite3.Connection

    @property
    def symbol(self) -> str:
        """`GET /path`."""
        return f"{self.method} {self.path}"

    def one(self, statement: str, *values: Any) -> Any:
        """The first row, or None."""
        return self.db.execute(statement, values).fetchone()


Told = tuple[int, Any] | tuple[int, Any, list[tuple[str, str]]]


@dataclass
class File:
    """The service's database, as far as the crew uses one."""

    path: Path
    dialect: str = "sqlite"
    resets: int = 0

    @property
    def admin(self) -> dict[str, Any]:
        """Where the file and its copy are."""
        return {"path": self.path, "sealed": self.sealed}

    @property
    def sealed(self) -> Path:
        """The copy."""
        return self.path.parent.with_name(self.path.parent.name + ".sealed")

    def open(self) -> sqlite3.Connection:
        """A connection."""
        made = sqlite3.connect(self.path, isolation_level=None)
        made.row_factory = sqlite3.Row
        return made

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """The tables, to look at."""
        with contextlib.closing(sqlite3.connect(self.path)) as session:
            yield session

    async def seal(self) -> None:
        """Remember the rows."""
        self.sealed.write_bytes(self.path.read_bytes())

    async def reset(self, tables: Any = None) -> None:
        """Back to them."""
        self.resets += 1
        self.path.write_bytes(self.sealed.read_bytes())

    @contextlib.asynccontextmanager
    async def looking(self) -> AsyncIterator[File]:
        """Itself."""
        yield self

    async def everything(self, limit: int = 2000) -> dict[str, list[dict[str, Any]]]:
        """All rows."""
        with contextlib.closing(self.open()) as session:
            names = [name for (name,) in session.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            every = "SELECT * FROM {}"
            return {name: [dict(row) for row in session.execute(every.format(name))] for name in names}

    async def execute(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """One statement of the gate's."""
        with contextlib.closing(self.open()) as session:
            try:
                return session.execute(statement, values).rowcount
            except sqlite3.Error as error:
                raise NoDatabase(str(error)) from error


@dataclass
class Service:
    """What is asked of it, and what it wrote."""

    contract: str
    schema: str
    answer: Callable[[Call], Told]
    options: tuple[tuple[str, str], ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, int]] = field(default_factory=list)
    """(`METHOD /path`, status)."""
    log: str = ""

    def count(self, symbol: str, status: int | None = None) -> int:
        """How often something was asked, or answered so."""
        return sum(each == symbol and status in (None, code) for each, code in self.calls)


def crew(service: Service, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Crew, Any]:
    """The crew that gets into a service, and the fake of a running one, for more."""
    (folder / "db").mkdir()
    file = File(folder / "db" / "app.db")
    with contextlib.closing(file.open()) as session:
        session.executescript(service.schema)
    draft = Draft.of({"openapi.yaml": service.contract, "schema.sql": service.schema, **service.files})
    subject = Subject(draft, dialect="sqlite", options=service.options)

    async def ask(base: str, method: str, target: str, *, headers: Any, body: Any = None, seconds: float = 0) -> Answer:
        parts = urlsplit(target)
        kind = headers.get("Content-Type", "")
        said: Any = dict(parse_qsl((body or b"").decode())) if "urlencoded" in kind else json.loads(body or b"null")
        with contextlib.closing(file.open()) as session:
            call = Call(method, parts.path, dict(parse_qsl(parts.query)), {}, said, session)
            call.headers = {name.lower(): value for name, value in headers.items()}
            status, answered, *more = service.answer(call)
        service.calls.append((call.symbol, status))
        raw = answered.encode() if isinstance(answered, str) else json.dumps(answered).encode()
        return Answer(status, tuple(more[0]) if more else (), raw)

    monkeypatch.setattr(step, "ask", ask)
    running = SimpleNamespace(
        stack="the gate's own", sets_back=True, hearsay=None, turn=0,
        subject=subject, contract=contract_of(subject), secret=SECRET, database=file,
        door=SimpleNamespace(base_url="http://127.0.0.1"), process=SimpleNamespace(mark=lambda: len(service.log)),
        log=lambda since=0: service.log[since:],
    )  # fmt: skip

    async def made() -> Crew:
        async with Bench() as bench:
            found = await crew_of(running, bench)  # type: ignore[arg-type]
            assert await crew_of(running, bench) is found, "made once"  # type: ignore[arg-type]
            return found

    return asyncio.run(made()), running

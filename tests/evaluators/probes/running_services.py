"""Twins started as ordinary programs on this machine's loopback, as somebody else's service would be."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import jwt

from assistant.checking import Asked, case_of
from evaluators.stacks.environment import environment_for
from evaluators.stacks.stack import stack_of

TWINS = Path(__file__).parents[2] / "corpus" / "twins"
SECRET = "a secret of the one who started it, long enough"
OWNED = """
INSERT INTO users (id, name, role) VALUES (1, 'Ann', 'user'), (2, 'Bob', 'user'), (3, 'Cyd', 'admin');
INSERT INTO folders (id, owner_id, name) VALUES (31, 1, 'Letters home'), (32, 2, 'Bills of May');
INSERT INTO pages (id, folder_id, body) VALUES (41, 31, 'A page of Ann'), (42, 32, 'A page of Bob');
INSERT INTO notes (id, owner_id, body) VALUES (51, 1, 'A note of Ann'), (52, 2, 'A note of Bob');
INSERT INTO letters (id, owner_id, folder_id, body) VALUES (61, 1, 31, 'Dear aunt'), (62, 2, 32, 'Dear uncle');
INSERT INTO stamps (id, letter_id, text) VALUES (71, 61, 'First class'), (72, 62, 'Second class');
INSERT INTO invoices (id, user_id, subject) VALUES (81, 1, 'Ink and paper'), (82, 2, 'Some envelopes');
INSERT INTO cards (id, owner_id, label, pin_hash, origin)
    VALUES (91, 1, 'Card of Ann', 'd41d8cd98f00b204', 'post'), (92, 2, 'Card of Bob', '8f00b204e9800998', 'shop');
INSERT INTO articles (id, author_id, title) VALUES (101, 1, 'On letters'), (102, 2, 'On stamps');
INSERT INTO products (id, name, price) VALUES (111, 'Ink', 300), (112, 'Paper', 500);
"""


@dataclass(frozen=True)
class Service:
    """One that runs."""

    url: str
    database: Path
    contract: Path
    folder: Path
    """A folder with a `backwright.toml` that says who asks."""

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row that it has."""
        with closing(sqlite3.connect(self.database)) as db:
            names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: sorted(db.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}  # noqa: S608


@contextmanager
def running(twin: str, scratch: Path, rows: str = OWNED) -> Iterator[Service]:
    """A twin (`authorization/safe`) that runs on a free port; with rows, who asks is stated, else it registers them."""
    source = TWINS / twin
    subject = case_of([source], Asked(root=source)).found.subject
    stack = stack_of(subject)
    assert stack is not None
    python = asyncio.run(environment_for(subject, stack)).python
    database = scratch / "service.db"
    with closing(sqlite3.connect(database)) as db, db:
        db.executescript((source / "schema.sql").read_text() + rows)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shutil.copy(source / "openapi.yaml", scratch / "openapi.yaml")
    named = "".join(_identity(*each) for each in (("a", 1), ("b", 2))) if rows else ""
    (scratch / "backwright.toml").write_text(named)
    process = subprocess.Popen(
        [python, "-m", "uvicorn", "app.main:app", "--port", str(port), "--log-level", "critical"],
        cwd=source,
        env={
            "DATABASE_URL": f"sqlite:///{database}",
            "JWT_SECRET": SECRET,
            "PATH": "/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _listens(port)
        yield Service(f"http://127.0.0.1:{port}", database, scratch / "openapi.yaml", scratch)
    finally:
        process.kill()
        process.wait()


def _identity(name: str, number: int) -> str:
    """A table of `backwright.toml` with a token that the service takes."""
    token = jwt.encode({"sub": str(number), "exp": int(time.time()) + 86_400}, SECRET, algorithm="HS256")
    return f'[probes.identities.{name}]\nheaders = {{ Authorization = "Bearer {token}" }}\n'


def _listens(port: int) -> None:
    """Wait until somebody listens."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the service does not start")

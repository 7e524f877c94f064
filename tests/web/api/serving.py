"""The API as it is served, over a history of its own with three people: `python -m tests.web.api.serving FOLDER`.

Nobody takes runs from the queue here: what is created stays queued, as it does where no
worker runs. What a run has at its end (report, files, events) comes from checks that are
played to their end before the server starts, and their requests to a model are made up.
Rates are out of the way: the gate asks thousands of times a minute, and what they do is
tested by itself.

With `--reset` the gate puts rows of its own into every table that holds few, as its
constraints allow. Columns of the history hold JSON and words of ours, which is said here
by triggers: what the code alone writes, the gate does not make up.

Writes FOLDER/backwright.toml, with a token for each person, and FOLDER/port.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import sys
from contextlib import aclosing, closing
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from assistant.check_session import Check, CheckSession
from assistant.dispatch.queue import Queue
from assistant.model.base import Completion, Usage
from assistant.prompt import Message, Prompt
from assistant.session import Wish
from assistant.settings import Settings, load
from web.accounts import Accounts, Role
from web.api.app import create_api
from web.api.problems import add_problems
from web.limits import Bounds, Rate
from web.rendering import Pages
from web.security import protect
from web.site import Site

PASSWORD = "correct horse battery"
PEOPLE = {"ann": ("a", Role.AUTHOR), "bob": ("b", Role.AUTHOR), "cyd": ("admin", Role.ADMIN)}
"""Name -> the gate's name for the identity, and the role."""

SENTENCE = (
    "Write a FastAPI route to transfer funds between two user accounts. Use Pydantic for validation "
    "and Supabase (PostgreSQL) for storage. Require JWT auth."
)
FILES = {"schema.sql": "CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);\n"}
HELD = 7
"""Of each thing that a person has."""

OURS = {
    "runs": "json_type(NEW.brief) = 'object' AND json_type(NEW.options) = 'object' AND length(NEW.id) = 26",
    "events": "json_type(NEW.data) = 'object'",
    "reports": "json_type(NEW.report) = 'object' AND json_type(NEW.files) = 'object'",
    "calls": "json_type(NEW.messages) = 'array' AND json_type(NEW.usage) = 'object'",
}
"""Table -> what holds for each of its rows."""

UNBOUND = Rate(per_second=1e6, burst=10**6)


def seed(settings: Settings, folder: Path) -> None:
    """People, each with what an account and its runs have."""
    accounts = Accounts.open(settings.journal_url)
    lines = []
    with Queue.open(settings) as queue:
        for name, (identity, role) in PEOPLE.items():
            person = accounts.people.add(name, PASSWORD, role)
            for number in range(HELD):
                _, text = accounts.tokens.make(person, f"{name} {number}", role)
                accounts.sessions.begin(person, "Browser", "127.0.0.1")
                key = f"{name}-{number}"
                accounts.keys.claim(person, key, key)
                _finished(queue, name, number)
            lines.append(f'[probes.identities.{identity}]\nheaders = {{ Authorization = "Bearer {text}" }}\n')
            queue.enqueue(Wish(SENTENCE, settings={"model": "recorded"}), owner=name)
    accounts.close()
    with closing(sqlite3.connect(folder / "history.sqlite")) as session:
        for table, holds in OURS.items():
            refused = f"SELECT RAISE(ABORT, '{table}: not as the history writes it')"
            session.execute(
                f"CREATE TRIGGER {table}_ours BEFORE INSERT ON {table} WHEN ({holds}) IS NOT TRUE BEGIN {refused}; END"
            )
    (folder / "backwright.toml").write_text("\n".join(lines), encoding="utf-8")


def _finished(queue: Queue, owner: str, number: int) -> str:
    """A check that came to its end, with a request and its answer; its id."""
    run = queue.enqueue(Check(FILES, title=f"{number} of {owner}", static=True), owner=owner)
    asyncio.run(_play(queue, run))
    prompt = Prompt((Message("user", "Notes, please."),), "none", "1", "check")
    queue.journal.record_completion(run, 0, prompt, Completion("Here.", "none", "stop", Usage(), 0.1))
    return run


async def _play(queue: Queue, run: str) -> None:
    """Bring a check to its end."""
    session = CheckSession(queue.journal, queue.journal.get(run))
    async with aclosing(session.events()) as events:
        async for _ in events:
            pass


def main(folder: Path) -> None:
    """Seed, then serve on a free port of loopback until stopped."""
    os.environ["BACKWRIGHT_MODEL"] = "recorded"
    settings = load({"journal_url": f"sqlite:///{folder / 'history.sqlite'}"}, user=folder / "none.toml")
    seed(settings, folder)
    accounts = Accounts.open(settings.journal_url)
    with Queue.open(settings) as queue, socket.create_server(("127.0.0.1", 0)) as listening:
        site = Site(settings, queue, accounts, Pages())
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        app.mount("/api/v1", create_api(site, UNBOUND))
        add_problems(app)
        protect(app, Bounds(rate=UNBOUND))
        (folder / "port").write_text(str(listening.getsockname()[1]), encoding="utf-8")
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        uvicorn.Server(config).run([listening])


if __name__ == "__main__":
    main(Path(sys.argv[1]))

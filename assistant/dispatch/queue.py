"""The queue: a run is written into the journal first, then its id goes to DBOS.

with Queue.open(settings) as queue:
    run = queue.enqueue(Wish("Write a ..."), owner="ann")
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import sqlalchemy as sa

from assistant.check_session import Check, queued_check
from assistant.errors import JournalError, UsageError
from assistant.journal import Journal, default_url
from assistant.journal_records import RunRecord
from assistant.lease import is_gone, is_held
from assistant.session import Wish, open_journal, queued
from assistant.settings import Settings

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus

APPLICATION = "backwright"
"""DBOS's name for us."""

VERSION = "1"
"""Pinned: DBOS would hash our code, and entries of another hash would stay for ever. Raised when
what an entry means changes; the reconciler dispatches again what older ones held."""

QUEUE = "runs"
WORKFLOW = "advance"

POLL = 0.2
"""Seconds between two looks of a worker into the queue."""

PATIENCE = 30.0
"""Seconds that a worker of another machine has from taking an entry to holding its run."""

WAITING = frozenset({"ENQUEUED", "DELAYED"})
"""DBOS's states of an entry that nobody has taken."""


class Queue:
    """An open history and the queue beside it. Methods may be called from any thread."""

    def __init__(self, journal: Journal, client: DBOSClient) -> None:
        self.journal = journal
        self._client = client

    @classmethod
    def open(cls, settings: Settings) -> Queue:
        """Open the history that the settings name, and its queue, made where it is missing.

        Raises:
            JournalError: the history or the queue's database cannot be used.
        """
        journal = open_journal(settings)
        try:
            url = queue_url(settings)
            with journal.alone():
                client = _client(url)
            return cls(journal, client)
        except BaseException:
            journal.close()
            raise

    def close(self) -> None:
        """Let go of both."""
        self._client.destroy()
        self.journal.close()

    def __enter__(self) -> Queue:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def enqueue(self, wish: Wish | Check, owner: str = "", id: str = "") -> str:
        """A new run that waits for a worker; its id. With an `id` it is made once, however often it is asked for.

        Raises:
            UsageError: the wish cannot be understood, or files cannot be judged.
            JournalError: the history cannot be written.
        """
        begin = queued_check(wish, self.journal, owner, id) if isinstance(wish, Check) else None
        record = begin or queued(wish, self.journal, owner, id)  # type: ignore[arg-type]
        if not record.state.over:
            self._dispatch(record.id, record.dispatched)
        return record.id

    def resume(self, run: str) -> None:
        """Let a run that was cancelled, or stopped by an error, go on.

        Raises:
            UsageError: there is no such run, it has its verdict, or somebody advances it.
        """
        record = self.journal.get(run)
        if not record.state.over:
            raise UsageError(f"run {record.id} has not stopped ({record.state.value})", "cancel it first")
        if not self.journal.requeue(record.id):
            raise UsageError(f"run {record.id} has its verdict ({record.state.value})", "begin a new one")
        self._dispatch(record.id, self.journal.get(record.id).dispatched)

    def cancel(self, run: str) -> bool:
        """Ask for a run's end. False where it has ended already; UsageError where there is none."""
        return self.journal.ask_cancel(self.journal.get(run).id)

    def reconcile(self) -> list[str]:
        """Dispatch again the runs that nobody advances and nobody will; their ids.

        That are those of dead workers, and those whose process died between the journal
        and the queue. Who asks how often does not matter: two that see the same are one.
        """
        now = time.time()
        left = [record for record in self.journal.unfinished() if not is_held(record, now)]
        entries = self._entries(left)
        again = []
        for record in left:
            entry = entries.get(entry_id(record.id, record.dispatched))
            if entry is not None and _will_be_taken(entry, now):
                continue
            number = record.dispatched
            if entry is not None:
                if not self.journal.dispatch_again(record.id, number):
                    continue
                number += 1
            self._dispatch(record.id, number)
            again.append(record.id)
        return again

    def _entries(self, records: Sequence[RunRecord]) -> dict[str, WorkflowStatus]:
        """DBOS's entries of these runs, the latest of each."""
        ids = [entry_id(record.id, record.dispatched) for record in records]
        if not ids:
            return {}
        found = self._client.list_workflows(workflow_ids=ids, load_input=False, load_output=False)
        return {entry.workflow_id: entry for entry in found}

    def _dispatch(self, run: str, number: int) -> None:
        """Put a run's id into DBOS's queue; where that fails, a later `reconcile` does it."""
        try:
            self._client.enqueue(
                {
                    "queue_name": QUEUE,
                    "workflow_name": WORKFLOW,
                    "workflow_id": entry_id(run, number),
                    "app_version": VERSION,
                    "application_name": APPLICATION,
                },
                run,
            )
        except Exception as error:
            logging.getLogger(__name__).warning("run %s is not in the queue yet: %s", run, type(error).__name__)


def entry_id(run: str, number: int) -> str:
    """The id of a run's n-th entry (from 1): to DBOS, an id that has ended never begins again."""
    return run if number <= 1 else f"{run}-{number}"


def queue_url(settings: Settings) -> str:
    """DBOS's database: beside the history in a file of its own, or in the same PostgreSQL database.

    Raises:
        JournalError: the history is in no place that several processes share.
    """
    url = sa.make_url(settings.journal_url or default_url())
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    file = url.database or ""
    if file in ("", ":memory:") or file.startswith("file:"):
        raise JournalError("a queue needs a history that several processes share", "name a file or a PostgreSQL URL")
    path = Path(file).absolute()
    return f"sqlite:///{path.with_name(path.stem + '-queue.sqlite')}"


def _client(url: str) -> DBOSClient:
    """A client of the queue's database, which is made and brought up to date. Raises JournalError."""
    logging.getLogger("dbos").setLevel(logging.ERROR)
    from dbos import DBOS, DBOSClient

    try:
        DBOS.migrate(url)
        client = DBOSClient(system_database_url=url, application_name=APPLICATION)
        # One run at a time: a worker that wants more is several processes (pool.py).
        client.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=POLL, application_name=APPLICATION)
    except Exception as error:
        said = (str(error) or type(error).__name__).split("\n", 1)[0][:300]
        where = sa.make_url(url).render_as_string(hide_password=True)
        raise JournalError(f"the queue {where}: {said}", "may this user make tables there?") from None
    return client


def _will_be_taken(entry: WorkflowStatus, now: float) -> bool:
    """Whether an entry whose run nobody holds still leads to somebody who will."""
    if entry.status in WAITING:
        return True
    if entry.status != "PENDING" or is_gone(entry.executor_id or ""):
        return False
    return now - (entry.dequeued_at or entry.updated_at or 0) / 1000 < PATIENCE

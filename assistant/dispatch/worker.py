"""A worker: takes runs from the queue, one at a time, and advances each to its end.

Worker(settings).serve()        # until SIGTERM
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import aclosing

from assistant.check_session import CheckSession
from assistant.dispatch.queue import APPLICATION, QUEUE, VERSION, WORKFLOW, Queue, queue_url
from assistant.errors import BackwrightError, HeldElsewhere, JournalError
from assistant.event_keeper import PASSING
from assistant.event_records import Stopped, as_record
from assistant.journal import Journal
from assistant.journal_records import RunState
from assistant.lease import holder_name
from assistant.playing import Play
from assistant.session import again
from assistant.settings import Settings

GRACE = 30.0
"""Seconds that a run may go on after SIGTERM before it is given back to the queue."""

LOOK = 3.0
"""Seconds between two looks for runs that nobody advances."""

DEATHS = 5
"""Processes that may die with a run one after the other, before it has come any further: then it is an error."""

log = logging.getLogger("backwright.worker")


class Worker:
    """One process that advances runs; DBOS allows one in a process."""

    def __init__(self, settings: Settings, *, grace: float = GRACE, said: Callable[[str], None] = log.info) -> None:
        self._settings, self._grace, self._said = settings, grace, said
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._current: _Advance | None = None

    def stop(self) -> None:
        """Take nothing more; the run at work ends, or goes back to the queue after the grace time."""
        self._stopping.set()

    def serve(self, *, signals: bool = True) -> None:
        """Take and advance runs until `stop`, which SIGTERM and SIGINT call. Raises JournalError."""
        from dbos import DBOS

        if signals:
            for each in (signal.SIGTERM, signal.SIGINT):
                signal.signal(each, lambda *_: self.stop())
        with Queue.open(self._settings) as queue:
            DBOS(
                config={
                    "name": APPLICATION,
                    "system_database_url": queue_url(self._settings),
                    "application_version": VERSION,
                    # Unique, so that no start takes for its own what another left.
                    "executor_id": holder_name(),
                    "log_level": "ERROR",
                    "run_migrations": False,
                    "use_listen_notify": False,
                }
            )
            DBOS.workflow(name=WORKFLOW)(lambda run: self._advance(run, queue.journal))
            DBOS.listen_queues([QUEUE])
            DBOS.launch()
            try:
                self._look_after(queue)
            finally:
                self._end(DBOS.destroy)

    def _look_after(self, queue: Queue) -> None:
        """Dispatch again what nobody advances, until it is time to stop."""
        while True:
            try:
                for run in queue.reconcile():
                    self._said(f"run {run} is dispatched again")
            except Exception as error:
                # The database may be away for a while; the next look tries again.
                log.warning("the queue cannot be looked after: %s", str(error).split("\n", 1)[0][:200])
            if self._stopping.wait(LOOK * random.uniform(0.7, 1.3)):  # noqa: S311
                return

    def _end(self, destroy: Callable[..., None]) -> None:
        """Wait for the run at work, and give it back when the grace time is over."""
        late = threading.Timer(self._grace, self._give_back)
        late.daemon = True
        late.start()
        busy = self._current is not None
        destroy(workflow_completion_timeout_sec=int(self._grace) + 15 if busy else 0, destroy_registry=True)
        late.cancel()

    def _give_back(self) -> None:
        """Stop the run at work; it goes back to the queue."""
        with self._lock:
            if self._current is not None:
                self._current.give_back()

    def _advance(self, run: str, journal: Journal) -> str:
        """What an entry of the queue says: advance this run. Never raises; the journal holds how it ended."""
        if self._stopping.is_set():
            return "stopping"
        record = journal.get(run)
        if record.state.over:
            return record.state.value
        self._said(f"run {run} begins" if not record.attempts else f"run {run} goes on")
        with self._lock:
            self._current = _Advance(run, journal)
        try:
            told = self._current.to_its_end()
        finally:
            with self._lock:
                self._current = None
        self._said(f"run {run}: {told}")
        return told


class _Advance:
    """One run at work in this process."""

    def __init__(self, run: str, journal: Journal) -> None:
        self._run, self._journal = run, journal
        self._play: Play | None = None
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._back = False

    def give_back(self) -> None:
        """Cancel the work; the run goes back to the queue. From any thread."""
        self._back = True
        if self._loop is not None and self._task is not None and self._play is not None:
            self._play.given_back = True
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._task.cancel)

    def to_its_end(self) -> str:
        """Play the run; how it ended, in words."""
        try:
            asyncio.run(self._played())
        except HeldElsewhere:
            return "another process advances it"
        except (asyncio.CancelledError, BackwrightError, Exception) as error:
            if self._play is None and not isinstance(error, JournalError):
                self._refuse(error)
        return self._journal.get(self._run).state.value

    async def _played(self) -> None:
        """Open the run and play it."""
        if self._journal.get(self._run).attempts >= DEATHS and deaths(self._journal, self._run) >= DEATHS:
            raise BackwrightError(f"{DEATHS} processes died with this run, one after the other")
        self._play = opened(self._run, self._journal)
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        if self._back:
            self._play.given_back = True
            return
        async with aclosing(self._play.events()) as events:
            async for _ in events:
                pass

    def _refuse(self, error: BaseException) -> None:
        """A run that cannot even be opened ends as an error: nobody else could open it either."""
        said = error.message if isinstance(error, BackwrightError) else type(error).__name__
        told = [as_record(Stopped(RunState.ERROR, said))]
        with contextlib.suppress(JournalError):
            self._journal.tell(self._run, 0, told, state=RunState.ERROR, detail=said)


def deaths(journal: Journal, run: str) -> int:
    """How many processes began to advance the run since it came any further, or was stopped in order."""
    number = 0
    for each in journal.events_after(run, limit=None):
        if each.kind == "advanced":
            number += 1
        elif each.kind not in PASSING | {"asked"} or each.kind == "stopped":
            number = 0
    return number


def opened(run: str, journal: Journal) -> Play:
    """A run of the queue, ready to be played. Raises BackwrightError."""
    record = journal.get(run)
    play = CheckSession(journal, record) if record.kind == "check" else again(run, journal, lambda _: None)
    play.revive = False
    return play


def main() -> None:
    """`python -m assistant.dispatch.worker GRACE`: a worker of a pool, which ends when its standard input closes."""
    from assistant.settings import load

    # Only our own loggers: other packages write whole requests and answers down.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s[%(process)d] %(message)s"))
    ours = logging.getLogger("backwright")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    worker = Worker(load(), grace=float(sys.argv[1]) if len(sys.argv) > 1 else GRACE)

    def watch() -> None:
        sys.stdin.buffer.read()
        worker.stop()

    threading.Thread(target=watch, daemon=True).start()
    try:
        worker.serve()
    except BackwrightError as error:
        log.error("%s", error)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()

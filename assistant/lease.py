"""One process at a time advances a run: a lease in the journal, renewed while it works.

    async with holding(journal, run.id) as hold:
        ...

A process that was killed leaves its lease behind: on the same machine it is taken over
at once, from another one when it has run out. The same watch sees when somebody asks for
the run's end, and stops the work.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from assistant.errors import BackwrightError, HeldElsewhere, JournalError, RunCancelled
from assistant.journal import Journal
from assistant.journal_records import RunRecord

SECONDS = 60.0
"""How long a lease holds without being renewed; it is renewed three times as often."""

TICK = 0.5
"""Seconds between two looks for somebody who asks for the run's end."""


def holder_name() -> str:
    """A name for this process that no other has: machine, process, its start, chance."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}:{uuid.uuid4().hex[:8]}"


class Hold:
    """A run that is held; `why` says what stopped the work, where the watch did."""

    def __init__(self, journal: Journal, run: str, holder: str, seconds: float) -> None:
        self.holder = holder
        self.why: BackwrightError | None = None
        self._journal, self._run, self._seconds = journal, run, seconds
        self._until = time.time() + seconds
        self._over = threading.Event()
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._thread = threading.Thread(target=self._watch, name=f"lease-{run}", daemon=True)

    def begin(self) -> None:
        """Renew and look from now on, in a thread: a long step of the work must not cost the lease."""
        self._thread.start()

    def end(self) -> None:
        """Stop renewing."""
        self._over.set()
        self._thread.join()

    def stop(self, why: BackwrightError) -> None:
        """Cancel the work; from any thread."""
        if self.why is None and self._task is not None:
            self.why = why
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        """Cancel the work, unless it is done by now."""
        if self._task is not None and not self._over.is_set():
            self._task.cancel()

    def _watch(self) -> None:
        """Renew in time and look for an end; a read or write that fails is tried again."""
        tick = min(TICK, self._seconds / 3)
        while not self._over.wait(tick) and self.why is None:
            try:
                if self._until - time.time() < self._seconds * 2 / 3:
                    _claim(self._journal, self._run, self.holder, self._seconds)
                    self._until = time.time() + self._seconds
                if self._journal.cancel_asked(self._run):
                    self.stop(RunCancelled(f"run {self._run} was cancelled", "backwright resume goes on with it"))
            except HeldElsewhere as error:
                self.stop(error)
            except JournalError as error:
                if time.time() > self._until:
                    self.stop(error)


@asynccontextmanager
async def holding(journal: Journal, run: str, *, seconds: float = SECONDS) -> AsyncIterator[Hold]:
    """Hold the run while the block works.

    Raises:
        HeldElsewhere: another process advances the run, or took it over.
        RunCancelled: somebody asked for its end.
    """
    holder = holder_name()
    _claim(journal, run, holder, seconds)
    hold = Hold(journal, run, holder, seconds)
    hold.begin()
    try:
        yield hold
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if hold.why is None or task is None or task.uncancel() > 0:
            raise
        raise hold.why from None
    finally:
        hold.end()
        # The work is done and stored; a lease that cannot be given back runs out by itself.
        with suppress(JournalError):
            journal.release(run, holder)


def is_held(record: RunRecord, now: float) -> bool:
    """Whether a living process holds the run, as far as this machine can tell."""
    return bool(record.holder) and record.held_until >= now and not is_gone(record.holder)


def is_gone(holder: str) -> bool:
    """Whether a holder was a process of this machine that is no more."""
    host, _, rest = holder.partition(":")
    process, _, rest = rest.partition(":")
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    # Another process may have the number by now: a container that starts again gives the same ones.
    started = _started(int(process))
    return ":" in rest and started not in ("", rest.partition(":")[0])


def _claim(journal: Journal, run: str, holder: str, seconds: float) -> None:
    """Take or renew the lease, also from a process of this machine that is gone."""
    now = time.time()
    other = journal.claim(run, holder, now, now + seconds)
    if other and is_gone(other):
        other = journal.claim(run, holder, now, now + seconds, gone=[other])
    if other:
        who = ":".join(other.split(":")[:2])
        raise HeldElsewhere(f"run {run} is being advanced by another process ({who})", "wait for it, or stop it first")


def _started(process: int) -> str:
    """When a process began, in ticks since the machine did; empty where the system does not say, `dead` of a zombie."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "dead" if fields[0] in "ZX" else fields[19]

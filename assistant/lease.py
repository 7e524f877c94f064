"""One process at a time advances a run: a lease in the journal, renewed while it works.

    async with holding(journal, run.id):
        ...

A process that was killed leaves its lease behind: on the same machine it is taken over
at once, from another one when it has run out.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from assistant.errors import JournalError
from assistant.journal import Journal

SECONDS = 60.0
"""How long a lease holds without being renewed; it is renewed three times as often."""


def holder_name() -> str:
    """A name for this process that no other has: machine, process, chance."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@asynccontextmanager
async def holding(journal: Journal, run: str, *, seconds: float = SECONDS) -> AsyncIterator[str]:
    """Hold the run while the block works; yields the holder's name. Raises JournalError: another holds it."""
    holder = holder_name()
    _claim(journal, run, holder, seconds)
    renewing = asyncio.create_task(_renew(journal, run, holder, seconds))
    try:
        yield holder
    finally:
        renewing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await renewing
        # The work is done and stored; a lease that cannot be given back runs out by itself.
        with contextlib.suppress(JournalError):
            journal.release(run, holder)


def _claim(journal: Journal, run: str, holder: str, seconds: float) -> None:
    """Take or renew the lease, also from a process of this machine that is gone."""
    now = time.time()
    other = journal.claim(run, holder, now, now + seconds)
    if other and _is_gone(other):
        other = journal.claim(run, holder, now, now + seconds, gone=[other])
    if other:
        who = ":".join(other.split(":")[:2])
        raise JournalError(f"run {run} is being advanced by another process ({who})", "wait for it, or stop it first")


async def _renew(journal: Journal, run: str, holder: str, seconds: float) -> None:
    """Renew for ever; a write that fails is tried again, the lease is longer than one pause."""
    while True:
        await asyncio.sleep(seconds / 3)
        with contextlib.suppress(JournalError):
            _claim(journal, run, holder, seconds)


def _is_gone(holder: str) -> bool:
    """Whether a holder was a process of this machine that is no more."""
    host, _, rest = holder.partition(":")
    process = rest.partition(":")[0]
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False

"""Several workers, each a process of its own: they use several cores, and never hold up who started them.

with Pool(settings, size=2):
    ...
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from types import TracebackType

from assistant.dispatch.queue import Queue
from assistant.dispatch.worker import GRACE
from assistant.settings import Settings

SHORT = 10.0
"""A worker that lived for fewer seconds is started again later and later."""

LONGEST = 30.0
"""Seconds of the longest wait before a worker is started again."""


class Pool:
    """Worker processes, started again when they die; they end when this process does, however it ends."""

    def __init__(self, settings: Settings, size: int = 1, *, grace: float = GRACE) -> None:
        self._settings, self._size, self._grace = settings, size, grace
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._keep, name=f"worker-{n}", daemon=True) for n in range(size)]
        self._lock = threading.Lock()
        self._alive: set[subprocess.Popen[bytes]] = set()

    def start(self) -> None:
        """Start the workers. Raises JournalError where the history or the queue cannot be used."""
        # Made and brought up to date once, before several do it at the same time.
        Queue.open(self._settings).close()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let the runs at work end, or be given back after the grace time; then the workers are gone."""
        self._stopping.set()
        with self._lock:
            for process in self._alive:
                process.terminate()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def processes(self) -> list[int]:
        """The workers' process numbers now."""
        with self._lock:
            return sorted(process.pid for process in self._alive)

    def __enter__(self) -> Pool:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _keep(self) -> None:
        """Keep one worker alive until it is time to stop."""
        wait = 0.0
        while not self._stopping.wait(wait):
            began = time.monotonic()
            with self._lock:
                if self._stopping.is_set():
                    return
                process = self._spawned()
                self._alive.add(process)
            self._over(process)
            with self._lock:
                self._alive.discard(process)
            wait = 0.0 if time.monotonic() - began > SHORT else min(LONGEST, max(1.0, wait * 2))

    def _over(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for a worker's end; one that does not stop in time is killed, and another takes over its run."""
        while not self._stopping.is_set():
            try:
                process.wait(1.0)
            except subprocess.TimeoutExpired:
                continue
            break
        try:
            process.wait(self._grace + 20 if self._stopping.is_set() else None)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def _spawned(self) -> subprocess.Popen[bytes]:
        """A worker; it stops when its standard input closes, which it does when this process is killed."""
        environment = dict(os.environ)
        if self._settings.journal_url:
            environment["BACKWRIGHT_JOURNAL_URL"] = self._settings.journal_url
        argv = [sys.executable, "-m", "assistant.dispatch.worker", f"{self._grace:g}"]
        return subprocess.Popen(argv, stdin=subprocess.PIPE, env=environment)

"""Who belongs to the guest, what they use, and how to end them all.

Runs inside, in the guest's process 1, beside `inside.py`: standard library only.
In process namespaces of its own everything but process 1 is the guest. Without
them it is whatever descends from the watcher, which adopts orphans for that.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time

PR_SET_CHILD_SUBREAPER = 36
CLOCK_OF_PROCESS = 2
"""CPUCLOCK_SCHED: with a process's number it names that process's CPU clock, as clock_getcpuclockid(3) does."""


class Tree:
    """The guest's processes. `alone`: process 1 of a process namespace that nobody else is in."""

    def __init__(self, alone: bool) -> None:
        self.alone = alone
        if not alone and ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
            raise OSError("orphans of the guest cannot be adopted")

    def pids(self) -> list[int]:
        """The numbers of all processes of the guest."""
        me = os.getpid()
        found = [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != me]  # noqa: PTH208
        return found if self.alone else descendants(me, found)

    def kill(self) -> None:
        """Kill them all; who forks faster than it is found out is stopped first."""
        if self.alone:
            with contextlib.suppress(OSError):
                os.kill(-1, signal.SIGKILL)
            return
        for send in (signal.SIGSTOP, signal.SIGKILL):
            for pid in self.pids():
                with contextlib.suppress(OSError):
                    os.kill(pid, send)

    def weigh(self) -> tuple[int, int]:
        """Bytes of memory and page tables, and number of threads."""
        memory = threads = 0
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/status", "rb") as status:  # noqa: PTH123
                    lines = status.read().split(b"\n")
            except OSError:
                continue
            for line in lines:
                if line.startswith((b"RssAnon:", b"RssShmem:", b"VmPTE:")):
                    memory += int(line.split()[1]) * 1024
                elif line.startswith(b"Threads:"):
                    threads += int(line.split()[1])
        return memory, threads

    def spent(self) -> float:
        """CPU seconds of all that live, with those of their children that they have waited for."""
        ticks, seconds = os.sysconf("SC_CLK_TCK"), 0.0
        for pid in self.pids():
            try:
                # The process's own clock has nanoseconds, its children's sums only ticks.
                waited = sum(map(int, fields(pid)[13:15])) / ticks
                seconds += time.clock_gettime(~pid << 3 | CLOCK_OF_PROCESS) + waited
            except OSError:
                continue
        return seconds


def fields(pid: int) -> list[bytes]:
    """What /proc/PID/stat says after the name, the state first. Raises OSError."""
    with open(f"/proc/{pid}/stat", "rb") as stat:  # noqa: PTH123
        return stat.read().rpartition(b")")[2].split()


def descendants(of: int, among: list[int]) -> list[int]:
    """Those of `among` that descend from `of`."""
    children: dict[int, list[int]] = {}
    for pid in among:
        with contextlib.suppress(OSError):
            children.setdefault(int(fields(pid)[1]), []).append(pid)
    found: list[int] = []
    waiting = [of]
    while waiting:
        mine = children.pop(waiting.pop(), [])
        found += mine
        waiting += mine
    return found

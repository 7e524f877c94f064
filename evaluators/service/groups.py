"""Control groups (version 2) around a sandbox, where this user may make some: the kernel's own bound on the whole tree.

They are a second wall: process 1 sums and kills in any case (`tree.py`, `buffers.py`),
but looks twenty times a second only, and a group counts what nobody can sum. A
group needs a parent that we may write to and that hands `memory` and `pids` on: so
it is under systemd in a user's own slice, and in a container that was given its groups.

Source: https://docs.kernel.org/admin-guide/cgroup-v2.html
"""

from __future__ import annotations

import contextlib
import functools
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

from evaluators.service.confined import MEBI, Limits

OWN = 128 * MEBI
"""Bytes for process 1, bubblewrap, and what a group counts beyond memory: pages of files."""
OWN_PROCESSES = 4
NEEDED = {"memory", "pids"}
ENTER = 'echo $$ > "$0" && exec "$@"'
"""Enters a group and becomes the program: no process stays between, so the end of the gate still ends it."""


class NoGroups(Exception):
    """No group can be made here; one line says why."""


@dataclass(frozen=True)
class Group:
    """A group of one sandbox's own."""

    place: Path

    def entering(self, argv: list[str]) -> list[str]:
        """The command line that runs `argv` in the group."""
        return ["/bin/sh", "-c", ENTER, str(self.place / "cgroup.procs"), *argv]

    def overflowed(self) -> bool:
        """Whether the kernel has ended something in it for lack of memory."""
        with contextlib.suppress(OSError, ValueError):
            for line in (self.place / "memory.events").read_text().splitlines():
                name, _, number = line.partition(" ")
                if name == "oom_kill":
                    return int(number) > 0
        return False

    def close(self) -> None:
        """Kill what is left in it, and take it away."""
        with contextlib.suppress(OSError):
            (self.place / "cgroup.kill").write_text("1")
        with contextlib.suppress(OSError):
            self.place.rmdir()


def group(limits: Limits) -> Group | None:
    """A new group with these bounds, or None where there can be none."""
    try:
        return made(_parent(), limits)
    except (NoGroups, OSError):
        return None


def lacking() -> str | None:
    """None where groups work, else one line that says why not."""
    try:
        _parent()
    except NoGroups as error:
        return str(error)
    return None


def made(parent: Path, limits: Limits) -> Group:
    """A group below `parent`. Raises OSError."""
    place = parent / f"backwright-{secrets.token_hex(8)}"
    place.mkdir()
    group = Group(place)
    # A group counts the files of a tmpfs as memory: /app, /tmp and a quarter for /dev/shm.
    memory = limits.memory + 2 * limits.disk + limits.disk // 4 + OWN
    bounds = {
        "memory.max": memory,
        "memory.swap.max": 0,
        "memory.oom.group": 1,
        "pids.max": limits.processes + OWN_PROCESSES,
    }
    try:
        for name, bound in bounds.items():
            # Not every kernel accounts for swap.
            with contextlib.suppress(*([FileNotFoundError] if name == "memory.swap.max" else [])):
                (place / name).write_text(str(bound))
    except OSError:
        group.close()
        raise
    return group


@functools.cache
def _parent() -> Path:
    """The group below which others can be made: tried by making one and entering it. Raises NoGroups."""
    found = candidates(Path("/proc/self/cgroup").read_text(), Path("/proc/self/mountinfo").read_text())
    why = "no control groups of version 2 are mounted"
    for parent in found:
        try:
            handed = set((parent / "cgroup.subtree_control").read_text().split())
        except OSError as error:
            why = f"{parent}: {error.strerror}"
            continue
        if not handed >= NEEDED:
            why = f"{parent} does not hand on {' and '.join(sorted(NEEDED - handed))}"
            continue
        try:
            group = made(parent, Limits())
        except OSError as error:
            why = f"no group can be made in {parent}: {error.strerror}"
            continue
        try:
            entered = subprocess.run(group.entering(["/bin/true"]), capture_output=True, check=False)
        finally:
            group.close()
        if entered.returncode == 0:
            return parent
        why = f"a group in {parent} cannot be entered"
    raise NoGroups(why)


def candidates(groups: str, mounts: str) -> list[Path]:
    """Where a group might be made: beside our own, then in it. `groups`, `mounts`: /proc/self/cgroup and mountinfo."""
    own = next((line[3:] for line in groups.splitlines() if line.startswith("0::")), None)
    if own is None:
        return []
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        if after.startswith("cgroup2 "):
            root, place = before.split(" ")[3:5]
            inner = own.removeprefix(root if root != "/" else "").strip("/")
            here = Path(place, inner)
            return [here.parent, here] if inner else [here]
    return []

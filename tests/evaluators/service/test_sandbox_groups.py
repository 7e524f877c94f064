"""Control groups: found where they may be used, by files that stand for the kernel's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sandbox_guests import SMALL, guest

from evaluators.service import groups
from evaluators.service.confined import MEBI
from evaluators.service.sandbox import run, start

MOUNTS = """\
24 1 8:1 / / rw - ext4 /dev/a rw
30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw
"""


def test_a_group_is_looked_for_beside_our_own() -> None:
    own = "1:memory:/x\n0::/user.slice/app.slice/term.scope\n"
    app = Path("/sys/fs/cgroup/user.slice/app.slice")
    assert groups.candidates(own, MOUNTS) == [app, app / "term.scope"]
    assert groups.candidates("0::/\n", MOUNTS) == [Path("/sys/fs/cgroup")]
    inside = MOUNTS.replace("0:26 / /sys", "0:26 /docker/1 /sys")
    assert groups.candidates("0::/docker/1/sub\n", inside) == [Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/sub")]
    assert groups.candidates("4:memory:/\n", MOUNTS) == groups.candidates("0::/\n", "") == []


def test_a_group_has_every_bound(tmp_path: Path) -> None:
    made = groups.made(tmp_path, SMALL)
    found = {each.name: each.read_text() for each in made.place.iterdir()}
    disk = 2 * SMALL.disk + SMALL.disk // 4
    assert found == {
        "memory.max": str(SMALL.memory + disk + 128 * MEBI),
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "pids.max": "36",
    }
    assert not made.overflowed()
    (made.place / "memory.events").write_text("low 0\noom_kill 2\n")
    assert made.overflowed()
    made.close()
    assert (made.place / "cgroup.kill").read_text() == "1"


def test_a_sandbox_enters_its_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "_parent", lambda: tmp_path)
    outcome = asyncio.run(run(guest("print('in')")))
    assert (outcome.stdout, outcome.killed) == ("in\n", None)
    (place,) = tmp_path.iterdir()
    assert (place / "cgroup.procs").read_text().strip().isdigit()
    assert (place / "cgroup.kill").read_text() == "1"


def test_what_the_kernel_ends_for_lack_of_memory_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "_parent", lambda: tmp_path)

    def overflow() -> None:
        (place,) = tmp_path.iterdir()
        (place / "memory.events").write_text("oom_kill 1\n")

    async def scene() -> str | None:
        async with start(guest("import time; time.sleep(60)")) as process:
            await asyncio.to_thread(overflow)
            process.kill()
            await process.wait()
            return process.killed

    assert asyncio.run(scene()) == "memory"


def test_where_no_group_can_be_made_one_line_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups._parent.cache_clear()
    (tmp_path / "cgroup.subtree_control").write_text("cpu memory\n")
    monkeypatch.setattr(groups, "candidates", lambda *_: [tmp_path])
    assert groups.lacking() == f"{tmp_path} does not hand on pids"
    assert groups.group(SMALL) is None
    monkeypatch.setattr(groups, "candidates", lambda *_: [])
    assert groups.lacking() == "no control groups of version 2 are mounted"
    (tmp_path / "cgroup.subtree_control").write_text("cpu memory pids\n")
    monkeypatch.setattr(groups, "candidates", lambda *_: [tmp_path])
    assert groups.lacking() is None
    groups._parent.cache_clear()

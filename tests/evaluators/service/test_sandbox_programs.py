"""Every hostile program gets out where nothing holds it, and is held in the sandbox: by root, and by anybody else.

Not among them, since getting out could not be shown without harm, or not on every
kernel: setting the machine's clock, loading a module or another kernel, rebooting,
swapping, writing to a disk's device, lowering `oom_score_adj` (needs a capability
that root in a container lacks), pushing characters into a terminal (off by default
since Linux 6.2). The filter refuses all of those that are system calls
(`test_sandbox_hostile.py`), and none counts here.
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sandbox_guests import REPOSITORY, put_on
from sandbox_world import PROGRAMS

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="system calls have other numbers here")

ROOT = os.geteuid() == 0
WORLD = Path(__file__).with_name("sandbox_world.py")

APART = ("unshare", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--mount-proc", "--kill-child")
"""Root's throw-away world."""

BOUND = ("bwrap", "--dev-bind", "/", "/", "--proc", "/proc", "--unshare-pid", "--unshare-net", "--unshare-ipc")
"""Anybody else's: everything bound, nothing taken away."""

WORLDS = [("open", ROOT), ("confined", False), *([("confined", True)] if ROOT else [])]


def begun(how: str, root: bool) -> subprocess.Popen[str]:
    """A world in which every program runs, `open` or `confined`, made by `root` or by an ordinary user."""
    command = [sys.executable, str(WORLD), secrets.token_hex(16), how]
    if root:
        command = [*APART, *command]
    else:
        command = [*BOUND, "--unshare-uts", "--die-with-parent", *command]
        command = put_on(command) if ROOT else command
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY, env=environment
    )


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of every program in every world: run once, whatever number of workers the tests have."""
    several = "PYTEST_XDIST_WORKER" in os.environ
    folder = tmp_path_factory.getbasetemp().parent if several else tmp_path_factory.getbasetemp()
    kept = folder / "worlds.json"
    with (folder / "worlds.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            children = {f"{how} {root}": begun(how, root) for how, root in WORLDS}
            found = {}
            for name, child in children.items():
                told, error = child.communicate(timeout=400)
                assert child.returncode == 0, error[-2000:]
                found[name] = json.loads(told)
            kept.write_text(json.dumps(found))
        result: dict[str, Any] = json.loads(kept.read_text())
    return result


def test_there_are_enough_that_get_out() -> None:
    shown = [name for name, program in PROGRAMS.items() if ROOT or not program.root]
    assert len(shown) >= 40


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_gets_out_where_nothing_holds_it(name: str, seen: dict[str, Any]) -> None:
    if PROGRAMS[name].root and not ROOT:
        pytest.skip("only root gets out with nothing around it: shown where root runs the tests")
    found = seen[f"open {ROOT}"][name]
    assert found["out"], found


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("who", ["root", "user"] if ROOT else ["user"])
def test_the_sandbox_holds_it(name: str, who: str, seen: dict[str, Any]) -> None:
    found = seen[f"confined {who == 'root'}"][name]
    assert found["told"], found
    assert not found["out"], found

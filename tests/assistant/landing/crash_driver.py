"""Kills a landing at each of its system calls, starts again, and looks. Run as a program.

    crash_driver.py FOLDER ACTION     ACTION: apply, undo, evidence or twice

A fork for each call: it kills itself with SIGKILL right before the call, or in
the middle of a write. The parent then recovers and compares. Prints one JSON line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import landing_support

from assistant.landing.apply import apply, recover, write_evidence
from assistant.landing.plan import plan, with_evidence
from assistant.landing.undo import undo
from evaluators.draft import Draft

CALLS = ("open", "write", "mkdir", "rename", "link", "unlink", "rmdir", "fsync", "fchmod")
FIRST = {"a.py": "1\n", "keep/b.py": "1\n", "c.py": "1\n"}
SECOND = {"a.py": "2\n", "keep/b.py": "2\n", "c.py": "1\n", "new/deep/d.py": "2\n"}


# Killing a process loses nothing that was written; without waiting for the disk the test takes seconds.
os.fsync = lambda fd: None


def look(project: Path) -> dict[str, str]:
    """The project, with every landing's id the same."""
    return {name: re.sub(r'"id": "\w+"', '"id": "*"', text) for name, text in landing_support.look(project).items()}


def land(project: Path, files: dict[str, str], run: str) -> None:
    """Plan and apply, with evidence."""
    apply(with_evidence(plan(Draft.of(files), project, run=run), run, {"run": run}), project)


def second(project: Path) -> None:
    """What `apply` kills."""
    land(project, SECOND, "run2")


def evidence(project: Path) -> None:
    """What `evidence` kills."""
    write_evidence(project, "run1", {"run": "again"})


def killed(act: Callable[[Path], Any], project: Path, at: int) -> bool:
    """Do `act` in a fork that kills itself before its call number `at`; whether it came to that."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return True
        if os.WEXITSTATUS(status):
            raise SystemExit(f"the child failed at call {at}")
        return False
    count = 0

    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def calling(*given: Any, **more: Any) -> Any:
            nonlocal count
            count += 1
            if count > at:
                if name == "write":
                    real(given[0], bytes(given[1])[: len(given[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **more)

        return calling

    for name in CALLS:
        setattr(os, name, wrapped(name, getattr(os, name)))
    code = 1
    try:
        act(project)
        code = 0
    finally:
        os._exit(code)


def copied(template: Path, folder: Path) -> Path:
    """A fresh copy of the template."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder, symlinks=True)
    return folder


def check(project: Path, before: dict[str, str], after: dict[str, str], tally: dict[str, int]) -> None:
    """After recovery: the old project or the new one, and nothing to recover any more."""
    now = look(project)
    if now == before:
        tally["before"] += 1
    elif now == after:
        tally["after"] += 1
    else:
        raise SystemExit(f"half landed: {now}")
    if recover(project) != ():
        raise SystemExit("recovered twice")
    if (tally["before"] + tally["after"]) % 6:
        return
    # Now and then: the project is fit for work, what did not land lands now.
    land(project, {**SECOND, "a.py": "3\n"}, "run3")
    undo(project)
    if look(project) != now:
        raise SystemExit("undo after recovery")


def main(folder: Path, action: str) -> dict[str, int]:
    """Every call of one action; how often each state was found."""
    template = folder / "template"
    template.mkdir()
    (template / "mine.txt").write_text("mine\n")
    land(template, FIRST, "run1")
    if action == "undo":
        second(template)
    act: Callable[[Path], Any] = {"apply": second, "undo": undo, "evidence": evidence, "twice": second}[action]
    before = look(template)
    act(copied(template, folder / "whole"))
    after = look(folder / "whole")
    tally = {"before": 0, "after": 0, "calls": 0}
    project = folder / "project"
    while killed(act, copied(template, project), tally["calls"]):
        if action != "twice":
            recover(project)
            check(project, before, after, tally)
        elif tally["calls"] % 11 == 0:
            half = copied(project, folder / "half")
            again = 0
            while killed(recover, copied(half, project), again):
                recover(project)
                check(project, before, after, tally)
                again += 4
        tally["calls"] += 1
    return tally


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))

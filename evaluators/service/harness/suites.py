"""Guest program: run pytest over one or more folders, each in a fork, and tell what happened.

argv: a JSON list of {"name", "folder", "stop": bool, "seconds": float, "tests": [paths]}.
stdout: one JSON line for each: {"name", "code", "timed_out", "passed", "skipped",
"collected", "failures": [{"id", "phase", "frames": [[path, line]], "text"}]}.

The forks share what is imported before: a suite costs a tenth of a cold start.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
sys.dont_write_bytecode = True


def warm() -> None:
    """Import what nearly every suite imports, so that forks need not."""
    for name in ("pytest", "fastapi", "fastapi.testclient", "jwt", "sqlalchemy", "psycopg"):
        try:
            __import__(name)
        except Exception:
            sys.modules.pop(name, None)


class Listener:
    """Notes what pytest reports."""

    def __init__(self, folder: str) -> None:
        self.folder = str(Path(folder).resolve()) + "/"
        self.told: dict[str, Any] = {"passed": 0, "skipped": [], "collected": 0, "failures": []}

    def pytest_collection_finish(self, session: Any) -> None:
        self.told["collected"] = len(session.items)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.fail(report, "collect")

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.fail(report, report.when)
        elif report.when == "call" and report.passed:
            self.told["passed"] += 1
        elif report.skipped:
            self.told["skipped"].append(report.nodeid)

    def fail(self, report: Any, phase: str) -> None:
        frames = []
        for entry in getattr(getattr(report.longrepr, "reprtraceback", None), "reprentries", None) or []:
            where = getattr(entry, "reprfileloc", None)
            if where is not None:
                path = str((Path(self.folder) / where.path).resolve())
                if path.startswith(self.folder):
                    frames.append([path[len(self.folder) :], where.lineno])
        if not frames:
            for path, line in re.findall(r"^(\S+?\.py):(\d+): in ", str(report.longreprtext), re.MULTILINE):
                frames.append([path, int(line)])
        text = "\n".join(line[1:].strip() for line in str(report.longreprtext).splitlines() if line.startswith("E"))
        self.told["failures"].append(
            {
                "id": report.nodeid,
                "phase": phase,
                "frames": frames,
                "text": (text or str(report.longreprtext))[:6000],
            }
        )


def suite(job: dict[str, Any], write: int) -> None:
    """Run one suite in this process and write what was seen."""
    import pytest

    os.chdir(job["folder"])
    here = Path.cwd()
    sys.path[0:0] = [str(here), *([str(here / "src")] if (here / "src").is_dir() else [])]
    listener = Listener(str(here))
    arguments = ["-vv", "--tb=short", "--color=no", "-p", "no:cacheprovider", "-o", "addopts=", "--rootdir", str(here)]
    arguments += [*(["-x"] if job["stop"] else []), *job["tests"]]
    code = pytest.main(arguments, plugins=[listener])
    os.write(write, json.dumps({**listener.told, "code": int(code)}).encode() + b"\n")
    os._exit(0)


def watch(job: dict[str, Any]) -> dict[str, Any]:
    """Fork for one suite and wait for it, at most its seconds."""
    fd, path = tempfile.mkstemp()
    child = os.fork()
    if not child:
        os.setsid()
        try:
            suite(job, fd)
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
        os._exit(70)
    deadline = time.monotonic() + job["seconds"]
    status: int | None = None
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.01)
    else:
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        status = None
    text = Path(path).read_text()
    os.close(fd)
    Path(path).unlink()
    told = json.loads(text) if text else {"passed": 0, "skipped": [], "collected": 0, "failures": [], "code": -1}
    return {**told, "name": job["name"], "timed_out": status is None}


warm()
for job in json.loads(sys.argv[1]):
    out.write(json.dumps(watch(job)) + "\n")
    out.flush()

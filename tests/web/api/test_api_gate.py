"""Our own gate judges our own API: the running one, with its database, as `check --url` does for anybody's.

What serves it, and what it holds, is in serving.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from web.api.document import FILE

ROOT = Path(__file__).parents[3]
BACKWRIGHT = Path(sys.executable).with_name("backwright")
STARTS_WITHIN = 180.0
"""Seconds; most of it goes into what the history holds."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Path]:
    """A folder with the configuration for the gate, the contract, and the port of the server."""
    log = (tmp_path / "log").open("wb")
    command = [sys.executable, "-m", "tests.web.api.serving", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        until = time.monotonic() + STARTS_WITHIN
        while not (tmp_path / "port").exists() or not (tmp_path / "port").read_text(encoding="utf-8"):
            assert process.poll() is None and time.monotonic() < until, (tmp_path / "log").read_text(encoding="utf-8")
            time.sleep(0.1)
        (tmp_path / "openapi.json").write_bytes(FILE.read_bytes())
        yield tmp_path
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def judged(folder: Path) -> dict[str, Any]:
    """The gate's report on the served API."""
    port = (folder / "port").read_text(encoding="utf-8")
    command = [str(BACKWRIGHT), "check", "--url", f"http://127.0.0.1:{port}", "--contract", "openapi.json"]
    command += ["--database", f"sqlite:///{folder / 'history.sqlite'}", "--reset", "--format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.stdout, done.stderr
    return dict(json.loads(done.stdout))


def test_the_gate_finds_nothing_in_the_running_api(served: Path) -> None:
    report = judged(served)
    assert report["findings"] == []
    stages = {each["name"]: each for each in report["stages"]}
    assert stages["contract"]["state"] == stages["boot"]["state"] == "passed"
    # Log, memory and outgoing calls of a process that the gate did not start are never seen.
    assert stages["probes"]["reason"] == "no-sandbox", stages["probes"]
    # A slow machine may end it before its last example; what it says is no finding either.
    assert stages["fuzz"]["state"] == "passed" or stages["fuzz"]["reason"] == "time-bound", stages["fuzz"]
    refused = [each["what"] for each in report["not_checked"] if "beyond its refusals" in each["what"]]
    assert len(refused) <= 1, "at most a tenth of the operations is not reached"
    log = (served / "log").read_text(encoding="utf-8")
    assert "Traceback" not in log, log

"""`backwright doctor`: what it says is what was tried."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.app import build
from assistant.errors import UsageError
from evaluators.service import launch, offers
from evaluators.service.sandbox import tried

RUNNER = CliRunner()


def test_every_mechanism_is_tried_and_holds() -> None:
    found = {each.name: each for each in offers.mechanisms()}
    needed = [each for each in found.values() if each.needed]
    assert [each for each in needed if each.state is not offers.State.OK] == []
    assert {"sandbox", "network", "files", "system calls", "user", "memory of the tree", "bridge"} <= set(found)
    user = launch.UNPRIVILEGED if os.geteuid() == 0 else os.geteuid()
    assert found["user"].detail == f"it is user {user} outside, not root"
    assert {"control groups", "core dumps", "podman", "docker"} <= {
        each.name for each in found.values() if not each.needed
    }


def test_it_is_told_as_json() -> None:
    done = RUNNER.invoke(build(), ["doctor", "--format", "json"])
    told = json.loads(done.stdout)
    assert set(told) == {"ok", "checks", "settings"}
    assert set(told["checks"][0]) == {"part", "name", "state", "detail", "needed", "unverified"}
    lacks = [row for row in told["checks"] if row["needed"] and row["state"] == "lacks"]
    assert (done.exit_code, told["ok"]) == ((3, False) if lacks else (0, True))
    assert {row["state"] for row in told["checks"]} <= {"ok", "lacks", "untried"}
    assert {each["name"] for each in told["settings"]} >= {"endpoint", "model", "key"}


def test_without_bubblewrap_it_says_what_is_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "bubblewrap", lambda: None)
    tried.cache_clear()
    done = RUNNER.invoke(build(), ["doctor"])
    tried.cache_clear()
    assert done.exit_code == 3
    assert "lacks    sandbox              bubblewrap is not installed" in done.output
    assert "unverified without it: code (its import run), tables, boot, fuzz" in done.output
    assert "nested namespaces" not in done.output, "nothing is said of what could not be tried"


def test_an_engine_that_answers_is_not_called_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = tmp_path / "podman"
    engine.write_text("#!/bin/sh\nexit 0\n")
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (podman,) = [each for each in offers.mechanisms() if each.name == "podman"]
    assert podman.state is offers.State.UNTRIED and "no sandbox was tried in it" in podman.detail


def test_an_unknown_backend_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKWRIGHT_ISOLATION", "jail")
    done = RUNNER.invoke(build(), ["doctor"])
    assert done.exit_code == 3
    assert "BACKWRIGHT_ISOLATION=jail: it is one of bubblewrap, podman, docker" in done.output


def test_an_unknown_format_is_refused() -> None:
    assert isinstance(RUNNER.invoke(build(), ["doctor", "--format", "xml"]).exception, UsageError)


def test_a_server_that_only_some_services_need_is_told_and_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from evaluators.service import mariadb

    monkeypatch.setattr(mariadb, "binaries", lambda: None)
    told = json.loads(RUNNER.invoke(build(), ["doctor", "--format", "json"]).stdout)
    row = next(each for each in told["checks"] if each["name"] == "mariadb")
    assert (row["state"], row["needed"]) == ("lacks", False)
    assert row["detail"] == "only for MySQL and MariaDB: apt-get install mariadb-server"

"""A world for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dispatch_world import World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world on SQLite."""
    monkeypatch.chdir(tmp_path)
    made = World(tmp_path, f"sqlite:///{tmp_path / 'history.sqlite'}")
    yield made
    made.close()

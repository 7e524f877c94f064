"""Projects to land into."""

from __future__ import annotations

from pathlib import Path

import pytest
from landing_support import Land

from assistant.landing.apply import Landing, apply
from assistant.landing.plan import plan, with_evidence
from evaluators.draft import Draft


@pytest.fixture
def land(project: Path) -> Land:
    """Plan and apply files."""

    def landed(files: dict[str, str], run: str = "run1", evidence: dict[str, object] | None = None) -> Landing:
        change = plan(Draft.of(files), project, run=run)
        return apply(with_evidence(change, run, evidence) if evidence is not None else change, project)

    return landed


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder

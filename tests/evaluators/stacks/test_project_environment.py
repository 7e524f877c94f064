"""`backwright env build PATH`: a project's own environment, from what it lists and from nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from evaluators.draft import Draft, Subject
from evaluators.stacks.environment import BuildFailed, build_project, environment_for
from evaluators.stacks.stack import find


def test_an_empty_list_makes_an_environment_that_the_project_then_gets(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("")
    built = asyncio.run(build_project(tmp_path))
    assert built.folder == tmp_path / ".venv" and built.python.exists()
    subject = Subject(Draft(), stack="fastapi", hostile=False, root=tmp_path)
    assert asyncio.run(environment_for(subject, find("fastapi"))).folder == tmp_path / ".venv"


def test_a_hostile_draft_never_gets_the_projects_environment(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("")
    asyncio.run(build_project(tmp_path))
    subject = Subject(Draft(), stack="fastapi", hostile=True, root=tmp_path)
    assert asyncio.run(environment_for(subject, find("fastapi"))).folder != tmp_path / ".venv"


def test_a_folder_that_lists_nothing_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"neither requirements\.txt nor pyproject\.toml"):
        asyncio.run(build_project(tmp_path))

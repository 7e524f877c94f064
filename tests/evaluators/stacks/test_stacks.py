"""Stacks are folders of data that agree with themselves."""

from __future__ import annotations

import json
import re
import shutil
from importlib import resources
from pathlib import Path

import pytest

from evaluators import stacks
from evaluators.draft import Draft, Subject
from evaluators.stacks.drivers import driven, nowhere
from evaluators.stacks.stack import StackError, normal, read, stack_of

FOLDER = resources.files("evaluators.stacks")


@pytest.mark.parametrize("name", stacks.names())
def test_every_folder_is_a_whole_stack(name: str) -> None:
    stack = stacks.find(name)
    assert stack.name == name
    assert stack.marks and set(stack.packages) <= set(stack.locked)
    assert set(stack.modules.values()) <= set(stack.locked)
    assert stack.command("py", "a:b", 80)[0] == "py"
    assert "80" in stack.command("py", "a:b", 80)


@pytest.mark.parametrize("name", stacks.names())
def test_locks_hold_hashes_and_no_host(name: str) -> None:
    lock = stacks.find(name).lock
    pinned = re.findall(r"(?m)^\S+==.*\n(?: .*\n)*", lock)
    assert pinned and all("--hash=sha256:" in each for each in pinned)
    assert "://" not in lock and "index" not in lock


def test_an_unknown_stack_names_the_known_ones() -> None:
    with pytest.raises(StackError, match="fastapi"):
        stacks.find("ruby-on-rails")


def test_a_broken_folder_says_which_file(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(str(FOLDER / "fastapi"), folder)
    (folder / "stack.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(StackError, match="stack broken"):
        read(folder)
    shutil.copy(str(FOLDER / "fastapi" / "stack.toml"), folder)
    (folder / "requirements.in").write_text("left-pad\n", encoding="utf-8")
    with pytest.raises(StackError, match="left-pad"):
        read(folder)
    (folder / "requirements.in").write_text("fastapi\n", encoding="utf-8")
    (folder / "modules.json").write_text(json.dumps({"x": 1}), encoding="utf-8")
    with pytest.raises(StackError, match=r"stack\.toml"):
        read(folder)


def test_a_dialects_drivers_are_offered_to_its_drafts_alone() -> None:
    stack = stacks.find("fastapi")
    drivers = {"aiomysql", "asyncmy", "pymysql"}
    assert not drivers & set(stack.packages) and stack.offered("postgres") == stack.packages
    assert set(stack.offered("mysql")) - set(stack.packages) == drivers <= set(stack.locked)


@pytest.mark.parametrize(
    ("files", "scheme"),
    [
        ({"requirements.txt": "fastapi\nPyMySQL==1.2.4\n"}, "mysql+pymysql"),
        ({"requirements.txt": "fastapi\naiomysql\npymysql\n"}, "mysql+aiomysql"),
        ({"requirements.txt": "fastapi\n", "app/main.py": "import asyncmy\n"}, "mysql+asyncmy"),
        ({"requirements.txt": "fastapi\n"}, "mysql"),
    ],
)
def test_a_service_is_told_its_database_with_the_driver_that_it_asks_for(files: dict[str, str], scheme: str) -> None:
    stack, subject = stacks.find("fastapi"), Subject(Draft.of(files), dialect="mysql")
    assert driven("mysql://app:app@127.0.0.1:3306/x", subject, stack) == f"{scheme}://app:app@127.0.0.1:3306/x"
    assert driven("postgresql://app:app@127.0.0.1:5432/x", subject, stack).startswith("postgresql://")
    assert nowhere(subject, stack) == f"{scheme}://app:app@127.0.0.1:3306/app"


@pytest.mark.parametrize(
    ("dialect", "url"),
    [("sqlite", "sqlite:////"), ("postgres", "postgresql://"), ("", "postgresql://"), ("mysql", "mysql://")],
)
def test_a_service_that_is_only_imported_is_told_a_database_of_its_dialect(dialect: str, url: str) -> None:
    """One that refuses another's URL when it is imported is right."""
    assert nowhere(Subject(Draft.of({}), dialect=dialect), stacks.find("fastapi")).startswith(url)


def test_a_stack_is_known_by_its_marks() -> None:
    def named(files: dict[str, str], stack: str | None = None) -> str | None:
        found = stack_of(Subject(Draft.of(files), stack=stack))
        return found and found.name

    assert named({"requirements.txt": "fastapi==1\n"}) == "fastapi"
    assert named({"pyproject.toml": '[project]\ndependencies = [\n  "fastapi>=1",\n]\n'}) == "fastapi"
    assert named({"app/x.py": "from fastapi.routing import APIRouter\n"}) == "fastapi"
    assert named({"app/x.py": "import fastapi as f\n"}) == "fastapi"
    assert named({"app/x.py": "import fastapi_utils\nfrom .fastapi import x\n"}) is None
    assert named({"app/x.py": "def (:\n"}) is None
    assert named({}, "fastapi") == "fastapi"
    assert named({"app/x.py": "import fastapi\n"}, "rails") is None


def test_names_are_normalized() -> None:
    assert normal("Typing_Extensions") == "typing-extensions"
    assert normal("zope.interface") == "zope-interface"

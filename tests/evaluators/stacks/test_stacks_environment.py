"""Environments are whole or not there, and hold what the lock says."""

from __future__ import annotations

import asyncio
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from evaluators import stacks
from evaluators.draft import Draft, Subject
from evaluators.stacks.environment import BuildFailed, NoEnvironment, build, environment, environment_for, place

FASTAPI = stacks.find("fastapi")
LISTED = """
import importlib.metadata as m, json, re
def normal(name): return re.sub(r"[-_.]+", "-", name).lower()
modules = {module: sorted(map(normal, names))[0] for module, names in m.packages_distributions().items()}
print(json.dumps({"modules": modules, "versions": {normal(d.name): d.version for d in m.distributions()}}))
"""


def test_the_environment_holds_what_the_lock_and_the_modules_say() -> None:
    built = asyncio.run(build(FASTAPI))
    said = subprocess.run([built.python, "-I", "-c", LISTED], capture_output=True, text=True, check=True).stdout
    found = json.loads(said)
    assert {name: FASTAPI.locked[name] for name in found["versions"]} == found["versions"]
    assert {name: found["modules"].get(name) for name in FASTAPI.modules} == FASTAPI.modules
    assert set(FASTAPI.packages) - {"tzdata", "greenlet"} <= set(found["versions"])
    assert asyncio.run(build(FASTAPI)) == built, "a second build is the first"


def test_what_is_not_built_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BACKWRIGHT_CACHE", str(tmp_path))
    with pytest.raises(NoEnvironment) as caught:
        asyncio.run(environment(FASTAPI))
    assert caught.value.command == "backwright env build fastapi"


def test_a_build_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BACKWRIGHT_CACHE", str(tmp_path))
    broken = replace(FASTAPI, lock="fastapi @ file:///nowhere.whl\n")
    with pytest.raises(BuildFailed):
        asyncio.run(build(broken))
    assert list((tmp_path / "environments").iterdir()) == []


def test_the_place_follows_the_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BACKWRIGHT_CACHE", str(tmp_path))
    assert place(FASTAPI) != place(replace(FASTAPI, lock=FASTAPI.lock + "#"))


def test_a_project_brings_its_own_environment(tmp_path: Path) -> None:
    asyncio.run(build(FASTAPI))
    own = Subject(Draft.of({"requirements.txt": "left-pad==1\n"}), hostile=False, root=tmp_path)
    with pytest.raises(NoEnvironment, match="left-pad"):
        asyncio.run(environment_for(own, FASTAPI))
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert asyncio.run(environment_for(own, FASTAPI)).python == python
    named = replace(own, options=(("service.environment", "other"),))
    with pytest.raises(NoEnvironment, match="other"):
        asyncio.run(environment_for(named, FASTAPI))
    plain = replace(
        own, draft=Draft.of({"requirements.txt": "FastAPI[all]>=0.1\n-r x.txt\n# c\n"}), root=tmp_path / "x"
    )
    assert asyncio.run(environment_for(plain, FASTAPI)).python == place(FASTAPI) / "bin" / "python"
    drafted = Subject(Draft.of({"requirements.txt": "left-pad==1\n"}))
    assert asyncio.run(environment_for(drafted, FASTAPI)).python == place(FASTAPI) / "bin" / "python"

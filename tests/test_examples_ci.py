"""The workflow in examples/ci: its own commands are run as they are written, in a project with recipes of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from assistant.experiment.results import Results
from tests.assistant.experiment import small_library

WORKFLOW = Path(__file__).parents[1] / "examples" / "ci" / "github-actions.yml"

RUNNER = {"actions/checkout@v5", "actions/setup-python@v6", "actions/upload-artifact@v4"}
"""Steps that only a runner has."""

INSTALL = "python -m pip install --quiet backwright"
"""The step that is not run: the package is installed here already."""

GOOD = "CREATE TABLE cars (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);"
BAD = "CREATE TABLE cars (name text NOT NULL, price real NOT NULL);"
CASES = {f"case-{number:02}": f"lists {number} cars" for number in range(12)}


def steps() -> list[dict[str, Any]]:
    loaded = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return list(loaded["jobs"]["eval"]["steps"])


def step(name: str) -> str:
    return str(next(each for each in steps() if each.get("name") == name)["run"])


CHECK, COMPARE = "Every recording answers what is asked now", "Better or worse"


class Project:
    """A repository with a recipe, its recordings and its committed results; and what a runner gives."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.cache = cache
        self.folder = folder / "project"
        self.runner = folder / "runner"
        self.summary = self.runner / "summary.md"
        self.prompts = self.folder / ".backwright" / "prompts"
        self.home = folder / "home"
        for place in (self.folder, self.runner, self.home):
            place.mkdir()
        small_library.make(self.prompts, {"list": CASES})

    def records(self, good: int) -> None:
        """Record every case; so many answers pass the SQL linter."""
        for number, case in enumerate(CASES):
            text = GOOD if number < good else BAD
            small_library.held(self.prompts, "list", case, answers=(f"```sql schema.sql\n{text}\n```\n",))

    def commit(self) -> str:
        """Commit all; the revision."""
        name = ["-c", "user.name=tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false"]
        for arguments in (["init", "-q"], ["add", "-A"], [*name, "commit", "-q", "-m", "prompts"]):
            subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True)
        told = subprocess.run(["git", "rev-parse", "HEAD"], cwd=self.folder, check=True, capture_output=True, text=True)
        return told.stdout.strip()

    def ran(self, script: str, base: str = "") -> subprocess.CompletedProcess[str]:
        """A script in bash, as a runner does it: stop at the first failure."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "BACKWRIGHT_"))}
        environment = {
            **kept,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home),
            "BACKWRIGHT_CACHE": str(self.cache),
            "RUNNER_TEMP": str(self.runner),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "PROMPTS": ".backwright/prompts",
            "BASE": base,
        }
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one test proved, the next need not: the recordings are the same."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def project(tmp_path: Path, cache: Path) -> Project:
    """Ten of twelve answers are good, and the results say so."""
    made = Project(tmp_path, cache)
    made.records(10)
    done = made.ran("backwright eval --static --recipe list --arm recipe --out .backwright/prompts/results.json")
    assert done.returncode == 0, done.stderr
    return made


def test_each_step_is_the_runners_or_is_run_here() -> None:
    assert {each["uses"] for each in steps() if "uses" in each} == RUNNER
    assert [each["name"] for each in steps() if "run" in each] == ["Install", CHECK, COMPARE]
    assert step("Install") == INSTALL
    # A text pasted into a script would be a script.
    assert not any("${{" in each.get("run", "") for each in steps())


def test_it_needs_no_secret_and_may_only_read() -> None:
    loaded = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert loaded["permissions"] == {"contents": "read"}
    assert "secrets." not in WORKFLOW.read_text(encoding="utf-8")
    job = loaded["jobs"]["eval"]
    assert set(job["env"]) == {"PROMPTS", "BASE"}


def test_the_command_of_its_head_writes_the_baseline(project: Project) -> None:
    head = re.search(r"^#   (backwright eval .*)$", WORKFLOW.read_text(encoding="utf-8"), re.MULTILINE)
    assert head is not None
    (project.prompts / "results.json").unlink()
    # Of the recipe alone: those that ship are evaluated in their own tests.
    done = project.ran(f"{head[1]} --recipe list")
    assert done.returncode == 0, done.stderr
    assert len([t for t in Results.read(project.prompts / "results.json").trials if t.status == "scored"]) == 12


def test_an_unchanged_prompt_passes_with_a_summary_and_a_file(project: Project) -> None:
    base = project.commit()
    assert project.ran(step(CHECK), base).returncode == 0
    done = project.ran(step(COMPARE), base)
    assert done.returncode == 0, done.stderr
    assert "::notice title=what is shown::Nothing is shown to be better or worse." in done.stdout
    assert "::error" not in done.stdout
    assert "SQL lints (first answer)" in project.summary.read_text(encoding="utf-8")
    top = ET.parse(project.runner / "backwright-eval.xml").getroot()  # noqa: S314  our own text
    assert {suite.get("name") for suite in top} >= {"list (recipe)", "comparison"}
    assert len(Results.read(project.runner / "results.json").trials) >= 12


def test_a_regression_fails_and_says_where(project: Project) -> None:
    base = project.commit()
    project.records(0)
    assert project.ran(step(CHECK), base).returncode == 0
    done = project.ran(step(COMPARE), base)
    assert done.returncode == 1, done.stderr
    assert "::error title=worse%3A SQL lints (first answer)::83 %25 to 0 %25" in done.stdout
    assert "Shown to be worse: SQL lints" in project.summary.read_text(encoding="utf-8")
    top = ET.parse(project.runner / "backwright-eval.xml").getroot()  # noqa: S314  our own text
    assert top.find("./testsuite[@name='comparison']/testcase/failure") is not None


def test_a_changed_prompt_without_new_recordings_fails_the_check(project: Project) -> None:
    base = project.commit()
    (project.prompts / "parts" / "house.md.j2").write_text("Be brief and right.", encoding="utf-8")
    done = project.ran(step(CHECK), base)
    assert done.returncode == 1
    assert "backwright eval --record --recipe list" in done.stdout


def test_a_first_pull_request_has_nothing_to_compare_with(project: Project) -> None:
    (project.prompts / "results.json").unlink()
    done = project.ran(step(COMPARE), project.commit())
    assert done.returncode == 0, done.stderr
    assert "what is shown" not in done.stdout
    assert "12 cases" in done.stdout

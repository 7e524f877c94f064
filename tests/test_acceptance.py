"""The eight acceptance requests, replayed: real answers, live proofs, and the README's table says what happens.

`python tests/test_acceptance.py` prints the table anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.journal import Journal
from assistant.library import Library

ROOT = Path(__file__).resolve().parents[1]
BACKWRIGHT = str(Path(sys.executable).with_name("backwright"))


def cases() -> dict[int, tuple[str, str]]:
    """Number of the acceptance request -> recipe and sentence."""
    found = {}
    for recipe in Library.load([ROOT / "prompts"]).recipes.values():
        for name, case in recipe.cases.items():
            if name.startswith("acceptance-"):
                found[int(name.removeprefix("acceptance-"))] = (recipe.id, case.sentence)
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Row:
    """One request's way: what the first answers were worth, how often it was mended, how it ended."""

    number: int
    recipe: str
    first: str
    repairs: int
    final: str

    def __str__(self) -> str:
        return f"| {self.number} | {self.recipe} | {self.first} | {self.repairs} | {self.final} |"


def replay(number: int, home: Path) -> tuple[Row, subprocess.CompletedProcess[str]]:
    """Play a request's recording through the command line and prove it live."""
    recipe, sentence = cases()[number]
    journal = f"sqlite:///{home / 'history.sqlite'}"
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "BACKWRIGHT_JOURNAL_URL": journal,
    }
    done = subprocess.run(
        [BACKWRIGHT, "write", sentence, "--model", "recorded"],
        capture_output=True, text=True, cwd=home, env=environment, timeout=600,
    )  # fmt: skip
    with Journal.open(journal) as history:
        run = history.runs()[0]
        calls, reports = history.completions(run.id), history.reports(run.id)
    firsts = [
        f"{call.turn} {report.report.verdict.value}"
        + (f" ({len(report.report.errors)})" if report.report.errors else "")
        for call, report in zip(calls, reports, strict=False)
        if call.round == 0
    ]
    repairs = sum(call.round > 0 for call in calls)
    last = reports[-1].report if reports else None
    unproved = [stage.name for stage in last.stages if stage.reason] if last and run.state.value == "unverified" else []
    final = run.state.value + (f" ({', '.join(unproved)})" if unproved else "")
    return Row(number, recipe, ", ".join(firsts), repairs, final), done


def test_all_eight_requests_have_a_recipe_a_case_and_a_recording() -> None:
    assert list(cases()) == [1, 2, 3, 4, 5, 6, 7, 8]
    library = Library.load([ROOT / "prompts"])
    for number, (recipe, _) in cases().items():
        assert any(each.case == f"acceptance-{number}" for each in library.get(recipe).cassettes), number


@pytest.mark.parametrize("number", range(1, 9))
def test_the_readme_tells_how_the_request_went(number: int, tmp_path: Path) -> None:
    row, done = replay(number, tmp_path)
    assert "Traceback" not in done.stderr, done.stderr
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = next((line for line in readme.splitlines() if re.match(rf"\| {number} \|", line)), "no row")
    assert told == str(row), done.stdout[-3000:] + done.stderr


if __name__ == "__main__":
    for each in cases():
        with tempfile.TemporaryDirectory() as folder:
            print(replay(each, Path(folder))[0], flush=True)

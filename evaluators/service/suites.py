"""pytest inside the sandbox: one or many folders in one guest, told back as values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluators.service import harness, sandbox
from evaluators.service.sandbox import Confined, Outcome

SPARE_SECONDS = 30.0
"""What a guest gets beyond its suites' own bounds, to start and to import."""


@dataclass(frozen=True)
class Suite:
    """Tests to run in the folder of the same name."""

    name: str
    tests: tuple[str, ...]
    """Paths in that folder."""
    seconds: float
    stop: bool = False
    """End at the first failure."""


@dataclass(frozen=True)
class Failure:
    """One failing test."""

    id: str
    """pytest's id (`tests/test_a.py::test_b[c]`)."""
    phase: str
    """`collect`, `setup`, `call` or `teardown`."""
    frames: tuple[tuple[str, int], ...]
    """Path and line in the folder's own files, outermost first."""
    text: str
    """pytest's lines marked E; not canonical."""


@dataclass(frozen=True)
class Ran:
    """What one suite did."""

    name: str
    passed: int = 0
    collected: int = 0
    skipped: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    timed_out: bool = False
    broken: str = ""
    """Why nothing is known of it; empty where something is."""
    told: bool = True
    """False where the guest ended before it told of this suite."""


async def run(
    confined: Callable[[Sequence[str], Mapping[str, str], float], Confined],
    folders: Mapping[str, Mapping[str, str]],
    suites: Sequence[Suite],
) -> list[Ran]:
    """Run suites one after the other, each in its folder, in one guest.

    Args:
        confined: makes the guest of arguments (after the interpreter), files and seconds.
        folders: name -> path -> text.

    Raises:
        SandboxError: the sandbox does not start.
    """
    files = {f"{name}/{path}": text for name, inside in folders.items() for path, text in inside.items()}
    jobs = [
        {"name": each.name, "folder": each.name, "tests": each.tests, "seconds": each.seconds, "stop": each.stop}
        for each in suites
    ]
    bound = sum(each.seconds for each in suites) + SPARE_SECONDS
    outcome = await sandbox.run(confined(("-c", harness.source("suites"), json.dumps(jobs)), files, bound))
    told = {each.name: each for each in map(_ran, _lines(outcome.stdout)) if each is not None}
    return [
        told.get(each.name) or Ran(each.name, timed_out=outcome.timed_out, broken=_why(outcome), told=False)
        for each in suites
    ]


def _why(outcome: Outcome) -> str:
    """Why a guest told nothing of a suite."""
    if outcome.timed_out:
        return ""
    if outcome.killed:
        return f"the sandbox ended the tests: {outcome.killed}"
    last = outcome.stderr.strip().splitlines()[-1:] or [f"exit code {outcome.returncode}"]
    return f"the tests could not be run: {last[0][:200]}"


def _lines(stdout: str) -> list[dict[str, Any]]:
    """The JSON objects of the output, line by line."""
    found = []
    for line in stdout.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found


def _ran(told: dict[str, Any]) -> Ran | None:
    """One suite's line as a value; None for a line that is not as the guest program writes it."""
    try:
        failures = tuple(
            Failure(
                str(each["id"]),
                str(each["phase"]),
                tuple((str(path), int(line)) for path, line in each["frames"]),
                str(each["text"]),
            )
            for each in told["failures"]
        )
        skipped = tuple(str(each) for each in told["skipped"])
        ended = told["code"] == -1 and not told["timed_out"]
        broken = "a test ends the process" if ended else ""
        return Ran(
            str(told["name"]),
            int(told["passed"]),
            int(told["collected"]),
            skipped,
            failures,
            bool(told["timed_out"]),
            broken,
        )
    except (KeyError, TypeError, ValueError):
        return None

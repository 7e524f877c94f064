"""A delivered test suite against a reference service, and against copies with one defect each.

Rules: `reference-refused` (a test fails on the service as it is), `mutants-survive`
(a planted defect that no test notices).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from evaluators.draft import Draft, Role
from evaluators.finding import Finding, Location, Severity
from evaluators.service.suites import Ran, Suite

REFERENCE = "reference"
"""The name of the folder that holds the service as it is."""

SECONDS = 30.0
"""Bound of the suite on the reference; a mutant gets the same."""


class MutantError(Exception):
    """A stack's mutants do not fit its reference service; one line says why."""


@dataclass(frozen=True)
class Mutant:
    """One defect: `old` stands exactly once in `path` and becomes `new`."""

    name: str
    what: str
    path: str
    old: str
    new: str
    core: bool = False
    """Asked for at every level."""

    def applied(self, files: Mapping[str, str]) -> dict[str, str]:
        """The service's files with the defect. Raises MutantError."""
        text = files.get(self.path, "")
        if text.count(self.old) != 1:
            raise MutantError(f"{self.name}: its text stands {text.count(self.old)} times in {self.path}")
        return {**files, self.path: text.replace(self.old, self.new)}


def mutants(stack: str, name: str) -> tuple[Mutant, ...]:
    """The defects that are planted into a reference service. Raises MutantError."""
    place = resources.files("evaluators.stacks") / stack / "mutants" / f"{name}.toml"
    try:
        entries = tomllib.loads(place.read_text(encoding="utf-8"))["mutants"]
        return tuple(Mutant(**entry) for entry in entries)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise MutantError(f"mutants of {name}: {error}") from error


def delivered(draft: Draft) -> dict[str, str]:
    """The tests' files of a draft: what may stand beside the reference service."""
    return {artifact.path: artifact.text for artifact in draft.having(Role.TEST) if artifact.path.endswith(".py")}


def plan(
    draft: Draft, files: Mapping[str, str], planted: tuple[Mutant, ...]
) -> tuple[dict[str, dict[str, str]], list[Suite]]:
    """The folders (the reference and each mutant, with the draft's tests) and the suites to run in them.

    The service's own files win: tests cannot replace what they test.
    """
    given = delivered(draft)
    tests = tuple(path for path in given if path.rpartition("/")[2] not in ("conftest.py", "__init__.py"))
    folders = {REFERENCE: {**given, **files}}
    folders.update({mutant.name: {**given, **mutant.applied(files)} for mutant in planted})
    suites = [Suite(name, tests, SECONDS, stop=name != REFERENCE) for name in folders]
    return folders, suites


def survivors(ran: list[Ran], planted: tuple[Mutant, ...]) -> list[Mutant]:
    """The mutants on which every test passed. A suite that ends the process on one has noticed it."""
    quiet = {each.name for each in ran if not each.failures and not each.timed_out and not each.broken}
    return [mutant for mutant in planted if mutant.name in quiet]


def findings(draft: Draft, alive: list[Mutant]) -> list[Finding]:
    """One finding for each defect that no test noticed."""
    path = next(iter(delivered(draft)), "")
    return [
        Finding(
            "mutants-survive",
            Severity.ERROR,
            Location(path),
            mutant.name,
            f"No test notices when {mutant.what}.",
            f"{mutant.path}:\n{_changed(mutant)}",
            hint="Add a test that fails on this defect and passes on the service as it is.",
        )
        for mutant in alive
    ]


def _changed(mutant: Mutant) -> str:
    """The defect as a small diff."""
    removed = [f"-{line}" for line in mutant.old.rstrip("\n").split("\n")]
    added = [f"+{line}" for line in mutant.new.rstrip("\n").split("\n")] if mutant.new else []
    return "\n".join([*removed, *added])

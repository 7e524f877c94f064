"""Stage `tests`: the draft's own tests, run with pytest inside the sandbox on a fresh database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluators.bench import Bench
from evaluators.code.canonical import canonical
from evaluators.draft import Artifact, Draft, Role, Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.service import suites
from evaluators.service.database import Database, NoDatabase
from evaluators.service.sandbox import Confined, Limits, SandboxError, available, python_binds
from evaluators.service.suites import Failure, Ran, Suite
from evaluators.stacks.drivers import driven, nowhere
from evaluators.stacks.environment import Environment, NoEnvironment, environment_for
from evaluators.stacks.stack import stack_of

NAME = "tests"

SECONDS = 120.0
"""Wall time of all tests of a draft."""

MOST = 20
"""Failing tests that become findings of their own; the rest is one finding that counts them."""

SECRET = "the-gate-signs-with-this-and-nobody-else-does"  # noqa: S105  (opens nothing)
"""JWT_SECRET of test runs and of mounted parts."""


@dataclass(frozen=True)
class Room:
    """Where a draft's programs run: what the sandbox binds, relays and says."""

    environment: Environment
    database: Database | None
    env: Mapping[str, str]

    def confined(self, argv: Sequence[str], files: Mapping[str, str], seconds: float) -> Confined:
        """A program in this room."""
        return Confined(
            argv=(str(self.environment.python), *argv),
            env=self.env,
            binds=(*python_binds(self.environment.python), *(self.database.binds if self.database else ())),
            files=files,
            limits=Limits(seconds=seconds),
            reaches=self.database.reaches if self.database else (),
        )


class NoRoom(Exception):
    """A draft's programs cannot be run; `reason` and one line say why."""

    def __init__(self, reason: Reason, why: str) -> None:
        super().__init__(why)
        self.reason = reason


def applies(subject: Subject) -> bool:
    """Whether there are tests in Python."""
    return bool(_suites(subject.draft))


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Each failing test is one finding."""
    try:
        room = await open_room(subject, bench, with_database=asks_for_database(subject.draft))
        suite = Suite("draft", suites_of(subject.draft), SECONDS)
        (ran,) = await suites.run(room.confined, {"draft": files_of(subject.draft)}, [suite])
    except NoRoom as error:
        return judged(NAME, [], unverified=error.reason, detail=str(error))
    except SandboxError as error:
        return judged(NAME, [], unverified=Reason.NO_SANDBOX, detail=str(error))
    return verdict(NAME, subject.draft, ran)


def verdict(name: str, draft: Draft, ran: Ran) -> StageResult:
    """The stage's result from what the run saw."""
    if ran.timed_out:
        detail = f"the tests took longer than {SECONDS:.0f} seconds"
        return judged(name, failures(draft, ran), unverified=Reason.TIME_BOUND, detail=detail)
    if ran.broken:
        return judged(name, [], unverified=Reason.TOOL_FAILED, detail=ran.broken)
    skipped = [NotChecked(test, "the test skips itself") for test in ran.skipped[:MOST]]
    detail = f"{ran.passed} passed, {len(ran.failures)} failed, {len(ran.skipped)} skipped"
    return judged(name, [*failures(draft, ran), *_nothing(draft, ran)], detail=detail, not_checked=skipped)


def failures(draft: Draft, ran: Ran) -> list[Finding]:
    """One finding for each failing test, in the order of their ids; a long list ends in a count."""
    told = sorted(ran.failures, key=lambda failure: (failure.id, failure.phase))
    found = [_finding(draft, failure) for failure in told[:MOST]]
    if len(told) > MOST:
        first = told[MOST]
        found.append(
            Finding(
                "test-fails",
                Severity.ERROR,
                Location(first.id.partition("::")[0]),
                "further tests",
                f"{len(told) - MOST} further tests fail.",
            )
        )
    return found


def _finding(draft: Draft, failure: Failure) -> Finding:
    """One failing test: where in the draft's files, and what was seen."""
    path = failure.id.partition("::")[0]
    frames = [(file, line) for file, line in failure.frames if draft.get(file)]
    in_test = next((Location(file, line) for file, line in frames if file == path), None)
    at = in_test or (Location(*frames[-1]) if frames else Location(path))
    shown = [f"{file}:{line}: {_line(draft, file, line)}" for file, line in dict.fromkeys(frames[:1] + frames[-2:])]
    what = {"collect": "cannot be collected", "setup": "fails in its set-up", "teardown": "fails in its tear-down"}
    return Finding(
        "test-fails",
        Severity.ERROR,
        at,
        failure.id,
        f"`{failure.id}` {what.get(failure.phase, 'fails')}.",
        "\n".join([*shown, canonical(failure.text, 900)]),
        reproduce=f"pytest '{failure.id}'",
    )


def _line(draft: Draft, path: str, number: int) -> str:
    """One line of the draft, stripped."""
    artifact = draft.get(path)
    lines = artifact.lines if artifact else []
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _nothing(draft: Draft, ran: Ran) -> list[Finding]:
    """The finding that no test ran although tests were delivered."""
    if ran.failures or ran.passed:
        return []
    why = "every test is skipped" if ran.skipped else "pytest finds no test in them"
    path = next((artifact.path for artifact in _suites(draft)), "")
    return [
        Finding(
            "no-test-runs",
            Severity.ERROR,
            Location(path),
            "tests",
            f"Tests were delivered and none runs: {why}.",
            hint="Name files test_*.py and functions test_*, and let them run.",
        )
    ]


def _suites(draft: Draft) -> list[Artifact]:
    """The files that hold tests."""
    found = [artifact for artifact in draft.having(Role.TEST) if artifact.path.endswith(".py")]
    named = [each for each in found if re.search(r"(^|/)(test_[^/]*|[^/]*_test)\.py$", each.path)]
    helpers = ("conftest.py", "__init__.py")
    return named or [each for each in found if each.path.rpartition("/")[2] not in helpers]


def suites_of(draft: Draft) -> tuple[str, ...]:
    """The paths of the files that hold tests."""
    return tuple(artifact.path for artifact in _suites(draft))


def asks_for_database(draft: Draft) -> bool:
    """Whether the draft has SQL, or names DATABASE_URL in its code."""
    if any(artifact.path.endswith(".sql") for artifact in draft.having(Role.SCHEMA, Role.MIGRATION)):
        return True
    return any("DATABASE_URL" in artifact.text for artifact in draft.having(Role.CODE, Role.TEST))


def files_of(draft: Draft) -> dict[str, str]:
    """The draft's files: path -> text."""
    return {artifact.path: artifact.text for artifact in draft}


async def open_room(subject: Subject, bench: Bench, *, with_database: bool, empty: bool = False) -> Room:
    """A room for the subject's programs; its database is fresh, with the schema loaded unless `empty`.

    Raises:
        NoRoom: no sandbox, no stack, no environment or no database.
    """
    broken = available()
    if broken is not None:
        raise NoRoom(Reason.NO_SANDBOX, broken)
    stack = stack_of(subject)
    if stack is None or stack.language != "python":
        raise NoRoom(Reason.NO_STACK, "the stack is not known, or is not Python")
    try:
        environment = await environment_for(subject, stack)
        database = await _database(subject, bench, empty) if with_database else None
    except NoEnvironment as error:
        raise NoRoom(Reason.NO_ENVIRONMENT, str(error)) from error
    except NoDatabase as error:
        raise NoRoom(Reason.NO_DATABASE, str(error)) from error
    except SandboxError as error:
        raise NoRoom(Reason.NO_SANDBOX, str(error)) from error
    url = driven(database.service_url, subject, stack) if database else nowhere(subject, stack)
    return Room(environment, database, variables(subject, url))


def variables(subject: Subject, url: str) -> dict[str, str]:
    """The environment of a program: the service's contract with the gate, and what a project adds to it."""
    known = {"DATABASE_URL": url, "JWT_SECRET": SECRET, "PORT": "8000"}
    prefix, found = "service.env.", dict(known)
    for name, value in subject.options:
        if name.startswith(prefix):
            for each, text in known.items():
                value = value.replace("{" + each + "}", text)
            found[name.removeprefix(prefix)] = value
    return {**found, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "HOME": "/tmp"}  # noqa: S108  (inside)


async def _database(subject: Subject, bench: Bench, empty: bool) -> Database:
    """A database that no other stage has touched. Raises NoDatabase and SandboxError."""
    from evaluators.sql import migrations
    from evaluators.sql.live import fresh_database
    from evaluators.sql.loading import load

    database = await fresh_database(subject, bench)
    schemas = [each for each in subject.draft.having(Role.SCHEMA) if each.path.endswith(".sql")]
    schemas.sort(key=lambda each: (each.path.rpartition("/")[2] != "schema.sql", each.path))
    if not empty:
        await load(database, [(each.path, each.text) for each in schemas or migrations.upward(subject)])
    return database

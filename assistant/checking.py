"""What `check` judges and on which terms: paths, options, the project's configuration, the user's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import BackwrightError, UsageError

if TYPE_CHECKING:
    from evaluators.configuration import Configuration
    from evaluators.folder import Found
    from evaluators.report import StageResult
    from evaluators.terms import Terms


@dataclass(frozen=True)
class Asked:
    """What the options say; empty where nothing was said."""

    preset: str = ""
    fail_on: str = ""
    baseline: Path | None = None
    write_baseline: Path | None = None
    rules: tuple[Path, ...] = ()
    dialect: str | None = None
    stack: str | None = None
    depth: str = "fast"
    root: Path | None = None
    """The project's folder, where files are named; by default the working folder."""


@dataclass(frozen=True)
class Running:
    """A service that runs already, as the options name it; empty where nothing was said."""

    url: str = ""
    contract: Path | None = None
    database: str = field(default="", repr=False)
    reset: bool = False
    allowed_by: str = ""


@dataclass(frozen=True)
class Case:
    """What the gate gets."""

    found: Found
    terms: Terms
    before: tuple[StageResult, ...]
    write_known: Path | None = None


def case_of(
    paths: Sequence[Path], asked: Asked, required: frozenset[str] = frozenset(), user: Path | None = None
) -> Case:
    """The case that paths and options make; `user` is the user's file, by default the real one.

    Options win over the project's configuration, and that over the user's.

    Raises:
        UsageError: a path, an option or a file is wrong.
    """
    from evaluators.folder import find_all

    def found() -> Found:
        return find_all(paths or [Path()], dialect=asked.dialect, stack=asked.stack, depth=asked.depth, root=asked.root)

    return _case(found, asked, required, user)


def case_at(running: Running, asked: Asked, required: frozenset[str] = frozenset(), user: Path | None = None) -> Case:
    """The case of a service that runs already. `required` and `user` are as for `case_of`.

    Raises:
        UsageError: an address is wrong or on another machine, an option or a file is wrong.
        BackwrightError: nothing answers there.
    """
    import asyncio

    from evaluators.draft import Elsewhere
    from evaluators.folder import find_all
    from evaluators.service.remote_address import RemoteError, address
    from evaluators.service.remote_database import refuse_address

    if running.reset and not running.database:
        raise UsageError(
            "--reset: there is no --database whose rows could be set back", "name it, or leave --reset out"
        )
    try:
        url = address(running.url, running.allowed_by)
        if running.database:
            refuse_address(running.database, running.allowed_by)
    except RemoteError as error:
        raise UsageError(str(error), error.hint) from error
    text = asyncio.run(_reached(url, served=running.contract is None))
    at = Elsewhere(url, running.database, running.reset, running.allowed_by.strip())

    def found() -> Found:
        if running.contract is None:
            held = _served(text, asked)
        else:
            held = find_all([running.contract], dialect=asked.dialect, depth=asked.depth, root=asked.root)
            held = _configured_here(held, asked)
        return replace(held, subject=replace(held.subject, at=at))

    return _case(found, asked, required, user)


async def _reached(url: str, *, served: bool) -> str:
    """The contract that the service serves, where it is asked for. Raises BackwrightError and UsageError."""
    from evaluators.service.client import ask
    from evaluators.service.remote_address import CONTRACT, served_contract

    if not (await ask(url, "GET", "/", seconds=20)).status:
        raise BackwrightError(f"{url} does not answer", "start the service, then check it")
    text = await served_contract(url) if served else ""
    if text is None:
        raise UsageError(f"{url}{CONTRACT} holds no contract", "name the OpenAPI document with --contract FILE")
    return text


def _configured_here(held: Found, asked: Asked) -> Found:
    """A contract with the configuration of the working folder, wherever its file lies. Raises ConfigurationError."""
    from evaluators.configuration import NAME, read

    root = (asked.root or Path()).resolve()
    if held.subject.root == root:
        return held
    configuration = read(root / NAME)
    dialect = held.subject.dialect or configuration.dialect
    subject = replace(held.subject, root=root, options=configuration.options, dialect=dialect)
    return replace(held, subject=subject, configuration=configuration)


def _served(text: str, asked: Asked) -> Found:
    """The contract that a service serves, with the configuration of the working folder. Raises ConfigurationError."""
    from evaluators.configuration import NAME, read
    from evaluators.draft import Artifact, Draft, Role, Subject
    from evaluators.folder import Found

    root = (asked.root or Path()).resolve()
    configuration = read(root / NAME)
    artifact = Artifact("openapi.json", text, Role.CONTRACT)
    subject = Subject(Draft((artifact,)), depth=asked.depth, hostile=False, root=root, options=configuration.options)
    return Found(subject, configuration=configuration)


def _case(find: Callable[[], Found], asked: Asked, required: frozenset[str], user: Path | None) -> Case:
    """The case of what is found. Raises UsageError."""
    from assistant.settings import refuse_unknown, user_file
    from evaluators.configuration import ConfigurationError, read
    from evaluators.folder import FolderError
    from evaluators.terms import terms_of

    _refuse_words(asked)
    user = user or user_file()
    try:
        # First, so that a project's file may name a custom rule.
        mine = read(user, of_user=True)
        before, digest = _custom((*(_beside(user, name) for name in mine.rules), *asked.rules))
        found = find()
        if found.subject.root is not None:
            refuse_unknown(found.subject.root)
        configuration = _merged(found.configuration, mine)
        known_in = None if asked.write_baseline else asked.baseline or _baseline(found, configuration)
        terms = terms_of(found.subject, configuration, preset=asked.preset, fail_on=asked.fail_on, known_in=known_in)
    except (ConfigurationError, FolderError) as error:
        raise UsageError(str(error), error.hint) from error
    options = (*found.subject.options, *([("rules.custom", digest)] if digest else []))
    subject = replace(found.subject, required=required, options=options)
    return Case(replace(found, subject=subject), terms, (*found.before, *before), asked.write_baseline)


def _refuse_words(asked: Asked) -> None:
    """Raise UsageError for a preset or a severity that does not exist."""
    from evaluators.finding import Severity
    from evaluators.rule import PRESETS

    if asked.preset and asked.preset not in PRESETS:
        raise UsageError(f"--preset {asked.preset}: no such preset", f"one of {', '.join(PRESETS)}")
    if asked.fail_on and asked.fail_on not in tuple(Severity):
        raise UsageError(f"--fail-on {asked.fail_on}: no such severity", f"one of {', '.join(Severity)}")


def _merged(project: Configuration, user: Configuration) -> Configuration:
    """The project's word before the user's."""
    said = {level.rule for level in project.levels}
    return replace(
        project,
        preset=project.preset or user.preset,
        fail_on=project.fail_on or user.fail_on,
        levels=(*project.levels, *(level for level in user.levels if level.rule not in said)),
    )


def _baseline(found: Found, configuration: Configuration) -> Path | None:
    """The baseline that the project's file names, from its folder."""
    if not configuration.baseline or found.subject.root is None:
        return None
    path = (found.subject.root / configuration.baseline).resolve()
    if not path.is_relative_to(found.subject.root.resolve()) or not path.is_file():
        raise UsageError(
            f"backwright.toml: [check] baseline names {configuration.baseline}, which is no file of the project",
            "make it with --write-baseline, or take the line out",
        )
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _beside(file: Path, name: str) -> Path:
    """A path that a file names, from the file's folder; `~` is the user's home."""
    return file.parent / Path(name).expanduser()


def _custom(paths: tuple[Path, ...]) -> tuple[tuple[StageResult, ...], str]:
    """The stage that tells of custom rules, and a hash of them; nothing where there are none."""
    if not paths:
        return (), ""
    from evaluators.custom import CustomRulesError, load

    try:
        loaded = load(paths)
    except (CustomRulesError, OSError) as error:
        raise UsageError(f"--rules: {error}", "name a Python file or a folder of some") from error
    return (loaded.result,), loaded.digest

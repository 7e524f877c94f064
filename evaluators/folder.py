"""A folder, or a single file, as a Subject: where `check` looks and what it takes for what.

Roles follow the documented globs (`evaluators.draft.role_of`); a project's
`backwright.toml` overrides them (`evaluators.configuration`). Several paths are
one subject, so that a file of a pre-commit hook is judged beside the others.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from evaluators.breaking.revision import RevisionError, revision
from evaluators.configuration import NAME, Configuration, ConfigurationError
from evaluators.configuration import read as configured
from evaluators.contract.document import candidates
from evaluators.contract.neighbours import referenced
from evaluators.contract.source import MAX_CHARACTERS
from evaluators.draft import (
    MAX_ARTIFACT_BYTES,
    MAX_ARTIFACTS,
    Artifact,
    Draft,
    Role,
    Subject,
    UnsafePath,
    role_of,
    safe_path,
)
from evaluators.policy import matches
from evaluators.report import NotChecked, StageResult

PASSED_OVER = frozenset(
    {"__pycache__", "node_modules", "venv", "env", "dist", "build", "site-packages", "vendor", "target"}
)
"""Folders that hold nothing of the project's own; hidden folders are passed over too."""

DIALECTS = ("postgres", "sqlite", "mysql", "tsql")

_DRIVERS = {
    "psycopg": "postgres",
    "asyncpg": "postgres",
    "pg8000": "postgres",
    "supabase": "postgres",
    "pymysql": "mysql",
    "mysqlclient": "mysql",
    "aiomysql": "mysql",
    "asyncmy": "mysql",
    "aiosqlite": "sqlite",
    "pyodbc": "tsql",
    "pymssql": "tsql",
}

_SUPABASE = re.compile(
    r"\bauth\s*\.\s*(uid|jwt|role|users)\b|\bto\s+(anon|authenticated|service_role)\b", re.IGNORECASE
)


class FolderError(Exception):
    """The path cannot be judged; `hint` says how to mend it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Found:
    """What a path holds: the subject, what its answer file did not say well, and what was left out."""

    subject: Subject
    before: tuple[StageResult, ...] = ()
    left_out: tuple[NotChecked, ...] = ()
    configuration: Configuration = field(default_factory=Configuration)


def find(path: Path, *, dialect: str | None = None, stack: str | None = None, depth: str = "fast") -> Found:
    """What `path` (a folder, an answer file in Markdown, or one artifact) holds. Raises FolderError."""
    return find_all([path], dialect=dialect, stack=stack, depth=depth)


def find_all(
    paths: Iterable[Path],
    *,
    dialect: str | None = None,
    stack: str | None = None,
    depth: str = "fast",
    root: Path | None = None,
) -> Found:
    """What several paths hold together, as one subject. An answer file is judged alone only.

    Raises FolderError where a path does not exist, all hold nothing, or the configuration is wrong.
    `root` is the project's folder where files are named; by default the working folder, where they are below it.
    """
    named = list(paths)
    for path in named:
        if not _exists(path):
            raise FolderError(f"{str(path)[:200]} does not exist", "name a folder or a file")
    found = _one(named[0], root) if len(named) == 1 else _together(named, root)
    subject = found.subject
    if not len(subject.draft) and not found.before:
        shown = ", ".join(str(path) for path in named[:3])
        raise FolderError(f"{shown} holds no file that the gate can read", "name the folder of a backend")
    subject = replace(subject, depth=depth)
    if dialect or not subject.dialect:
        subject = replace(subject, dialect=_dialect(dialect) if dialect else guess_dialect(subject.draft))
    stack = stack or subject.stack
    if stack is not None:
        _refuse_stack(stack)
    subject = replace(subject, stack=stack or guess_stack(subject.draft))
    if on_supabase(subject.draft) and not subject.option("supabase"):
        subject = replace(subject, options=(*subject.options, ("supabase", "yes")))
    return replace(found, subject=subject)


def against(found: Found, paths: Sequence[Path], earlier: str) -> Found:
    """`found` beside an earlier state of it: a folder or a file, else a git revision of the project's repository.

    Raises:
        FolderError: there is no such folder, file or revision.
    """
    subject = found.subject
    if _exists(Path(earlier)):
        draft = find(Path(earlier), dialect=subject.dialect).subject.draft
    else:
        roles = {artifact.path: artifact.role for artifact in subject.draft}
        try:
            draft = revision(subject.root or Path(), earlier, roles)
        except RevisionError as error:
            raise FolderError(str(error), error.hint) from error
        if any(not path.is_dir() for path in paths):
            # Only what was named is compared, with what it refers to.
            draft = Draft(tuple(a for a in draft if a.path in roles or a.role is Role.CONFIGURATION))
    if not len(draft):
        raise FolderError(f"--against {earlier} holds no contract and no schema", "name another folder or revision")
    text = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    for artifact in draft:
        text.update(repr((artifact.path, artifact.role.value, artifact.text)).encode("utf-8", "surrogatepass"))
    # The digest tells results apart that are kept; a sunset passes with the day.
    options = (*subject.options, ("against", text.hexdigest()))
    return replace(found, subject=replace(subject, before=draft, options=options, _memo={}))


def _one(path: Path, root: Path | None = None) -> Found:
    """What one path holds."""
    return _folder(path) if path.is_dir() else _file(path, root)


def _refuse_stack(name: str) -> None:
    """Raise FolderError for a stack that does not exist."""
    from evaluators.stacks.stack import names

    if name not in names():
        raise FolderError(f"there is no stack {name!r}", f"one of {', '.join(names())}")


def on_supabase(draft: Draft) -> bool:
    """Whether the SQL speaks of what Supabase provides: `auth.uid()`, `auth.users`, its roles."""
    texts = (artifact.text for artifact in draft.having(Role.SCHEMA, Role.MIGRATION))
    return any(_SUPABASE.search(text) for text in texts)


def _dialect(name: str) -> str:
    """`name` if it is a dialect that the gate knows."""
    folded = {"postgresql": "postgres", "mariadb": "mysql", "sqlserver": "tsql"}.get(name.lower(), name.lower())
    if folded not in DIALECTS:
        raise FolderError(f"{name!r} is no dialect", f"one of {', '.join(DIALECTS)}")
    return folded


def _file(path: Path, root: Path | None = None) -> Found:
    """One artifact, or an answer whose files are judged."""
    if path.suffix.lower() in (".md", ".markdown", ".txt"):
        from evaluators.answer import read
        from evaluators.delivery import judge_delivery

        answer = read(_text(path))
        return Found(
            Subject(answer.draft, dialect="", hostile=True),
            before=(judge_delivery(answer.draft, answer.malformed, ()),),
        )
    try:
        safe_path(path.name)
    except UnsafePath as error:
        raise FolderError(str(error), "rename the file") from error
    found = _together([path], root)
    if not len(found.subject.draft):
        _text(path)
    return found


def _text(path: Path) -> str:
    """A file's text. Raises FolderError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FolderError(f"{path} cannot be read as text", type(error).__name__) from error


def _by_content(artifact: Artifact) -> Artifact:
    """A file that was named by itself: a YAML or JSON with `openapi` is a contract."""
    if artifact.role is Role.CONFIGURATION and artifact.path.lower().endswith((".yaml", ".yml", ".json")):
        head = artifact.text[:2000]
        if "openapi" in head or "swagger" in head:
            return replace(artifact, role=Role.CONTRACT)
    return artifact


def _folder(root: Path) -> Found:
    """Every text file of a project, with its configuration."""
    configuration = _configuration(root)
    files = ((file, file.relative_to(root).as_posix()) for file in _walk(root))
    found = _project(root, files, configuration, whole=True)
    return replace(found, left_out=(*found.left_out, *_links(root, root)))


def _exists(path: Path) -> bool:
    """Whether a path is there; one that is too long for the system is not."""
    try:
        return path.exists()
    except OSError:
        return False


def _together(named: list[Path], root: Path | None = None) -> Found:
    """Files and folders as one subject, by their paths from `root`, the working folder, or their common one."""
    given = [Path(os.path.abspath(path)) for path in named]  # noqa: PTH100  a link keeps its own name
    root = root or Path.cwd()
    if not all(path.is_relative_to(root) for path in given):
        root = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in given]))
    held = {file: None for path in given for file in (_walk(path) if path.is_dir() else [path])}
    files = ((file, file.relative_to(root).as_posix()) for file in sorted(held))
    found = _project(root, files, _configuration(root), whole=False)
    links = [link for path in given if path.is_dir() for link in _links(root, path)]
    return replace(found, left_out=(*found.left_out, *links))


def _project(root: Path, files: Iterable[tuple[Path, str]], configuration: Configuration, *, whole: bool) -> Found:
    """One's own project, of these files; `whole`: they are all that it has."""
    artifacts: list[Artifact] = []
    left_out: list[NotChecked] = []
    excluded: dict[str, int] = {}
    for file, name in files:
        if glob := next((glob for glob in configuration.exclude if matches(name, glob)), ""):
            excluded[glob] = excluded.get(glob, 0) + 1
            continue
        if len(artifacts) >= MAX_ARTIFACTS:
            left_out.append(NotChecked("further files", f"more than {MAX_ARTIFACTS} files"))
            break
        made = _artifact(file, name)
        if isinstance(made, Artifact):
            artifacts.append(made if whole else _by_content(made))
        elif made.why:
            left_out.append(made)
    for glob, count in excluded.items():
        left_out.append(NotChecked(f"{glob} ({count} file{'s' if count > 1 else ''})", f"excluded by {NAME}"))
    before = {artifact.path: artifact.role for artifact in artifacts}
    artifacts = _as_configured(artifacts, configuration.paths, whole)
    passed_over = [
        NotChecked(artifact.path, f"not among [paths] {before[artifact.path].value} of {NAME}")
        for artifact in artifacts
        if artifact.role is Role.OTHER and before[artifact.path] is not Role.OTHER
    ]
    artifacts += referenced(root, artifacts)
    held = {artifact.path for artifact in artifacts}
    subject = Subject(
        Draft(tuple(artifacts)),
        dialect=_dialect(configuration.dialect) if configuration.dialect else "",
        stack=configuration.stack or None,
        hostile=False,
        root=root.resolve(),
        options=configuration.options,
    )
    missing = tuple(each for each in left_out if each.what not in held)
    return Found(subject, left_out=(*missing, *passed_over), configuration=configuration)


def _configuration(root: Path) -> Configuration:
    """The configuration of a project's folder. Raises FolderError."""
    try:
        return configured(root / NAME)
    except ConfigurationError as error:
        raise FolderError(str(error), error.hint) from error


def _walk(root: Path) -> Iterator[Path]:
    """The files below `root` in path order; no symlinks, no hidden or foreign folders."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in PASSED_OVER and not f.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _artifact(file: Path, name: str) -> Artifact | NotChecked:
    """A file as an artifact; what cannot be one says why (an empty reason: it is no text)."""
    try:
        size, role = file.stat().st_size, role_of(safe_path(name))
        large = size > MAX_ARTIFACT_BYTES and role is not Role.CONTRACT
        # A contract may be called anything; what it is shows only inside.
        unnamed = role is Role.CONFIGURATION and size <= MAX_CHARACTERS
        refused = NotChecked(name, f"larger than {MAX_ARTIFACT_BYTES} bytes")
        if large and not unnamed:
            return refused
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        if "\0" not in text:
            made = Artifact.of(name, text)
            return refused if large and not candidates(Draft((made,))) else made
    except UnicodeDecodeError:
        pass
    except (OSError, UnsafePath) as error:
        shown = name.encode("utf-8", "backslashreplace").decode()
        return NotChecked(shown, f"{type(error).__name__}: cannot be read")
    # A picture is nothing to judge; SQL in another encoding is.
    return NotChecked(name, "" if role_of(name) in (Role.OTHER, Role.DOCUMENT) else "no UTF-8 text")


def _links(root: Path, inside: Path) -> Iterator[NotChecked]:
    """The symbolic links below `inside` that would be judged if they were files, by their paths from `root`."""
    for folder, folders, files in os.walk(inside):
        folders[:] = sorted(f for f in folders if f not in PASSED_OVER and not f.startswith("."))
        for name in sorted(name for name in files if Path(folder, name).is_symlink()):
            path = Path(folder, name).relative_to(root).as_posix()
            try:
                judged = role_of(path) not in (Role.OTHER, Role.DOCUMENT)
            except UnsafePath:
                continue
            if judged:
                yield NotChecked(path, "a symbolic link, not followed")


def _as_configured(
    artifacts: list[Artifact], paths: Iterable[tuple[str, tuple[str, ...]]], whole: bool
) -> list[Artifact]:
    """The artifacts with the roles that `[paths]` gives them; of some files only, not all need be there."""
    known = {artifact.path for artifact in artifacts}
    roles = {role.value: role for role in Role}
    for key, named in paths:
        missing = [path for path in named if path not in known]
        if missing and whole:
            raise FolderError(f"{NAME}: [paths] {key} names {missing[0]}, which is not there", "mend the path")
        artifacts = [
            replace(a, role=roles[key])
            if a.path in named
            else replace(a, role=Role.OTHER)
            if a.role is roles[key]
            else a
            for a in artifacts
        ]
    return artifacts


def _requirements(draft: Draft) -> str:
    """All that the draft's dependency lists say, in lower case."""
    return "\n".join(artifact.text for artifact in draft.having(Role.DEPENDENCIES)).lower()


_SPOKEN = {
    "sqlite": r"^\s*PRAGMA\s+\w+|\bAUTOINCREMENT\b|\)\s*(?:STRICT|WITHOUT\s+ROWID)\s*[,;]",
    "mysql": r"\bENGINE\s*=\s*\w+|\bAUTO_INCREMENT\b|\bUNSIGNED\b|\bCHARSET\s*=|^\s*DELIMITER\s",
    "tsql": r"^\s*GO\s*$|\bNVARCHAR\b|\bDATETIMEOFFSET\b|\bIDENTITY\s*\(\s*\d+\s*,|\bCREATE\s+TABLE\s+\[?dbo\]?\.",
    "postgres": r"\bTIMESTAMPTZ\b|\bJSONB\b|\bBIGSERIAL\b|\bGENERATED\s+\w+(\s+DEFAULT)?\s+AS\s+IDENTITY\b|\$\$"
    r"|\bLANGUAGE\s+plpgsql\b|\bCREATE\s+EXTENSION\b|\bENABLE\s+ROW\s+LEVEL\b|\bOWNER\s+TO\b",
}
"""Dialect -> what only it says."""


def guess_dialect(draft: Draft) -> str:
    """The dialect by what the SQL says, else by the drivers in the dependency lists; else PostgreSQL."""
    texts = [artifact.text for artifact in draft.having(Role.SCHEMA, Role.MIGRATION)]
    spoken = {
        dialect: sum(len(re.findall(pattern, text, re.IGNORECASE | re.MULTILINE)) for text in texts)
        for dialect, pattern in _SPOKEN.items()
    }
    most = max(spoken, key=lambda dialect: spoken[dialect])
    if spoken[most] > sum(count for dialect, count in spoken.items() if dialect != most):
        return most
    listed = _requirements(draft)
    return next((dialect for driver, dialect in _DRIVERS.items() if driver in listed), "postgres")


def guess_stack(draft: Draft) -> str | None:
    """The stack by its marks in dependency lists, else in imports; None where nothing fits."""
    from evaluators.stacks.marks import marks

    listed = _requirements(draft)
    sources = [artifact.text for artifact in draft.having(Role.CODE)]
    for name, held in marks().items():
        if any(mark in listed for mark in held):
            return name
        if any(f"import {mark}" in text or f"from {mark}" in text for mark in held for text in sources):
            return name
    return None

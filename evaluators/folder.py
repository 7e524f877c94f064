"""A folder, or a single file, as a Subject: where `check` looks and what it takes for what.

Roles follow the documented globs (`evaluators.draft.role_of`); `backwright.toml`
overrides them for one's own project:

    [paths]
    schema = ["db/schema.sql"]       # these and no other files are the schema
    contract = "docs/openapi.yaml"

    [check]
    dialect = "postgres"             # postgres, sqlite, mysql, tsql
    stack = "fastapi"

    [service]
    app = "shop.main:app"

    [service.env]
    DB_URL = "$DATABASE_URL"
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evaluators.answer import read
from evaluators.contract.neighbours import referenced
from evaluators.draft import MAX_ARTIFACT_BYTES, MAX_ARTIFACTS, Artifact, Draft, Role, Subject, UnsafePath
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


def find(path: Path, *, dialect: str | None = None, stack: str | None = None, depth: str = "fast") -> Found:
    """What `path` (a folder, an answer file in Markdown, or one artifact) holds.

    Raises:
        FolderError: the path does not exist, holds nothing, or its configuration is wrong.
    """
    if not path.exists():
        raise FolderError(f"{path} does not exist", "name a folder or a file")
    found = _folder(path) if path.is_dir() else _file(path)
    subject = found.subject
    if not len(subject.draft) and not found.before:
        raise FolderError(f"{path} holds no file that the gate can read", "name the folder of a backend")
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


def _file(path: Path) -> Found:
    """One artifact, or an answer whose files are judged."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FolderError(f"{path} cannot be read as text", type(error).__name__) from error
    if path.suffix.lower() in (".md", ".markdown", ".txt"):
        from evaluators.delivery import judge_delivery

        answer = read(text)
        return Found(
            Subject(answer.draft, dialect="", hostile=True),
            before=(judge_delivery(answer.draft, answer.malformed, ()),),
        )
    try:
        draft = Draft((replace(Artifact.of(path.name, text), role=_lone_role(path, text)),))
    except UnsafePath as error:
        raise FolderError(str(error), "rename the file") from error
    draft = Draft((*draft, *referenced(path.parent, draft)))
    return Found(Subject(draft, dialect="", hostile=False))


def _lone_role(path: Path, text: str) -> Role:
    """The role of a file that was named by itself: a YAML or JSON with `openapi` is a contract."""
    role = Artifact.of(path.name, text).role
    if role is Role.CONFIGURATION and path.suffix in (".yaml", ".yml", ".json"):
        head = text[:2000]
        if "openapi" in head or "swagger" in head:
            return Role.CONTRACT
    return role


def _folder(root: Path) -> Found:
    """Every text file of a project, with its configuration."""
    configuration = _configuration(root / "backwright.toml")
    artifacts: list[Artifact] = []
    left_out: list[NotChecked] = []
    for file in _walk(root):
        name = file.relative_to(root).as_posix()
        if len(artifacts) >= MAX_ARTIFACTS:
            left_out.append(NotChecked("further files", f"more than {MAX_ARTIFACTS} files"))
            break
        made = _artifact(file, name)
        if isinstance(made, Artifact):
            artifacts.append(made)
        elif made.why:
            left_out.append(made)
    artifacts = _as_configured(artifacts, configuration.get("paths", {}))
    artifacts += referenced(root, artifacts)
    held = {artifact.path for artifact in artifacts}
    left_out = [each for each in left_out if each.what not in held]
    check, service = configuration.get("check", {}), configuration.get("service", {})
    options = {f"service.{key}": str(value) for key, value in service.items() if not isinstance(value, dict)}
    options |= {f"service.env.{key}": str(value) for key, value in service.get("env", {}).items()}
    named = check.get("dialect")
    subject = Subject(
        Draft(tuple(artifacts)),
        dialect=_dialect(named) if named else "",
        stack=check.get("stack"),
        hostile=False,
        root=root.resolve(),
        options=tuple(sorted(options.items())),
    )
    return Found(subject, left_out=tuple(left_out))


def _configuration(path: Path) -> dict[str, Any]:
    """A project's `backwright.toml`, or nothing."""
    try:
        return _shaped(path.name, tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FolderError(f"{path.name}: {error}", "mend the file or move it away") from error


def _shaped(name: str, read: dict[str, Any]) -> dict[str, Any]:
    """The tables that `check` reads, in the shape that it takes them for."""
    for table in ("paths", "check", "service"):
        content = read.get(table, {})
        if not isinstance(content, dict):
            raise FolderError(f"{name}: {table} must be a table", f"write [{table}]")
        for key, value in content.items():
            listed = table == "paths" and isinstance(value, list) and all(isinstance(each, str) for each in value)
            variables = (table, key) == ("service", "env")
            if variables and not (isinstance(value, dict) and all(isinstance(each, str) for each in value.values())):
                raise FolderError(f"{name}: [service.env] must hold texts", 'write NAME = "value"')
            if not variables and not listed and not (isinstance(value, str) or table == "service"):
                raise FolderError(f"{name}: [{table}] {key} must be a text", "put it in quotes")
    return read


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
        if file.stat().st_size > MAX_ARTIFACT_BYTES and Artifact.of(name, "").role is not Role.CONTRACT:
            return NotChecked(name, f"larger than {MAX_ARTIFACT_BYTES} bytes")
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return NotChecked(name, "") if "\0" in text else Artifact.of(name, text)
    except UnicodeDecodeError:
        return NotChecked(name, "")
    except (OSError, UnsafePath) as error:
        return NotChecked(name, f"{type(error).__name__}: cannot be read")


def _as_configured(artifacts: list[Artifact], paths: dict[str, Any]) -> list[Artifact]:
    """The artifacts with the roles that `[paths]` gives them."""
    known = {artifact.path for artifact in artifacts}
    roles = {role.value: role for role in Role}
    for key, value in paths.items():
        if key not in roles:
            raise FolderError(f"backwright.toml: [paths] {key} is no role", f"one of {', '.join(roles)}")
        named = [value] if isinstance(value, str) else list(value)
        missing = [path for path in named if path not in known]
        if missing:
            raise FolderError(f"backwright.toml: [paths] {key} names {missing[0]}, which is not there", "mend the path")
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


def guess_dialect(draft: Draft) -> str:
    """The dialect by the database drivers in the dependency lists; PostgreSQL where nothing says."""
    listed = _requirements(draft)
    return next((dialect for driver, dialect in _DRIVERS.items() if driver in listed), "postgres")


def guess_stack(draft: Draft) -> str | None:
    """The stack by its marks in dependency lists, else in imports; None where nothing fits."""
    from evaluators.stacks.stack import find as stack_of
    from evaluators.stacks.stack import names

    listed = _requirements(draft)
    sources = [artifact.text for artifact in draft.having(Role.CODE)]
    for name in names():
        marks = stack_of(name).marks
        if any(mark in listed for mark in marks):
            return name
        if any(f"import {mark}" in text or f"from {mark}" in text for mark in marks for text in sources):
            return name
    return None

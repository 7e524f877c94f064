"""A Draft: the artifacts that an answer (or a folder) contains.

Ground module: imports nothing of ours.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeVar, cast

MAX_ARTIFACT_BYTES = 1_000_000
"""Largest text of one artifact, in bytes of UTF-8."""

MAX_DRAFT_BYTES = 8_000_000
"""Largest sum of all artifacts of one draft, in bytes of UTF-8."""

MAX_ARTIFACTS = 2_000
"""Most artifacts in one draft."""

T = TypeVar("T")

_DEVICE = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$)(\..*)?$", re.IGNORECASE)
_FORBIDDEN_PARTS = {".git", ".hg", ".svn", ".backwright"}


class UnsafePath(ValueError):
    """A path that no draft may name; the message says why."""


class Role(enum.StrEnum):
    """What an artifact is for; the gate picks its checks by role."""

    ARCHITECTURE = "architecture"
    SCHEMA = "schema"
    MIGRATION = "migration"
    CONTRACT = "contract"
    CODE = "code"
    TEST = "test"
    DEPENDENCIES = "dependencies"
    CONFIGURATION = "configuration"
    DOCUMENT = "document"
    OTHER = "other"


def safe_path(raw: str) -> str:
    """Return `raw` as a normal relative POSIX path, or refuse it.

    Raises:
        UnsafePath: the path is empty, absolute, has `..`, a drive, a control
            character, a device name, a version control folder, or is too long.
    """
    text = unicodedata.normalize("NFC", raw.strip()).replace("\\", "/")
    if not text or text.endswith("/"):
        raise UnsafePath(f"{raw!r} names no file")
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise UnsafePath(f"{raw!r} has a control character")
    if text.startswith(("/", "~")) or re.match(r"^[A-Za-z]:", text):
        raise UnsafePath(f"{raw!r} is not relative to the project")
    if any(0xD800 <= ord(character) < 0xE000 for character in text):
        raise UnsafePath(f"the path is no UTF-8 text: {text[:60]!r}")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if not parts:
        raise UnsafePath(f"{raw!r} names no file")
    for part in parts:
        _refuse_part(raw, part)
    path = "/".join(parts)
    if len(path.encode()) > 512:
        raise UnsafePath(f"the path is longer than 512 bytes: {path[:60]!r}...")
    return path


def _refuse_part(raw: str, part: str) -> None:
    """Raise UnsafePath when one component of a path is not allowed."""
    if part == "..":
        raise UnsafePath(f"{raw!r} leaves the project")
    if part.lower() in _FORBIDDEN_PARTS:
        raise UnsafePath(f"{raw!r} reaches into {part}, which is not the draft's to write")
    if _DEVICE.match(part):
        raise UnsafePath(f"{raw!r} uses {part!r}, a device name on some systems")
    if part.endswith((" ", ".")) or any(character in part for character in '<>:"|?*'):
        raise UnsafePath(f"{raw!r} has a name that some file systems cannot hold: {part!r}")
    if len(part.encode()) > 255:
        raise UnsafePath(f"{raw!r} has a name longer than 255 bytes")


def role_of(path: str) -> Role:
    """Guess an artifact's role from its path, by the documented globs."""
    pure = PurePosixPath(path.lower())
    name, parts, suffix = pure.name, pure.parts, pure.suffix
    if name in ("architecture.md", "design.md"):
        return Role.ARCHITECTURE
    if suffix == ".sql":
        moving = any(part in ("migrations", "versions", "alembic") for part in parts[:-1])
        return Role.MIGRATION if moving else Role.SCHEMA
    if re.match(r"^(.*[-_.])?(openapi|swagger)\.(ya?ml|json)$", name):
        return Role.CONTRACT
    if re.match(r"^requirements.*\.(txt|in)$", name) or name in ("pyproject.toml", "setup.cfg", "setup.py", "pipfile"):
        return Role.DEPENDENCIES
    if suffix in (".py", ".pyi"):
        testing = name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"
        if testing or "tests" in parts[:-1] or "test" in parts[:-1]:
            return Role.TEST
        return Role.MIGRATION if {"alembic", "migrations"} & set(parts[:-1]) else Role.CODE
    if suffix in (".md", ".rst", ".txt"):
        return Role.DOCUMENT
    if suffix in (".toml", ".ini", ".cfg", ".yaml", ".yml", ".json", ".env") or name.startswith(".env"):
        return Role.CONFIGURATION
    return Role.OTHER


@dataclass(frozen=True)
class Artifact:
    """One file of a draft: `path` is safe and relative, `text` ends lines with LF."""

    path: str
    text: str
    role: Role

    @classmethod
    def of(cls, path: str, text: str) -> Artifact:
        """Make an artifact; raises UnsafePath."""
        safe = safe_path(path)
        return cls(safe, text, role_of(safe))

    @property
    def lines(self) -> list[str]:
        """The text's lines without their ends; line 1 is index 0."""
        return self.text.split("\n")


@dataclass(frozen=True)
class Draft:
    """Artifacts in the order in which they were given, one a path."""

    artifacts: tuple[Artifact, ...] = ()

    @classmethod
    def of(cls, files: dict[str, str]) -> Draft:
        """Make a draft of path -> text; raises UnsafePath."""
        return cls(tuple(Artifact.of(path, text) for path, text in files.items()))

    def __iter__(self) -> Iterator[Artifact]:
        return iter(self.artifacts)

    def __len__(self) -> int:
        return len(self.artifacts)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every artifact's path, in order."""
        return tuple(artifact.path for artifact in self.artifacts)

    def get(self, path: str) -> Artifact | None:
        """The artifact at `path`, or None."""
        return next((artifact for artifact in self.artifacts if artifact.path == path), None)

    def having(self, *roles: Role) -> tuple[Artifact, ...]:
        """The artifacts of any of the roles, in order."""
        return tuple(artifact for artifact in self.artifacts if artifact.role in roles)

    def updated(self, later: Draft) -> Draft:
        """This draft with `later`'s artifacts replacing or following ours."""
        merged = {artifact.path: artifact for artifact in self.artifacts}
        merged.update({artifact.path: artifact for artifact in later.artifacts})
        return Draft(tuple(merged.values()))


@dataclass(frozen=True)
class Elsewhere:
    """A service that runs already, and what of it the gate may use."""

    url: str
    """`http://127.0.0.1:8000`, without a path."""
    database: str = field(default="", repr=False)
    """Its database, which may hold a password."""
    reset: bool = False
    """Whether the gate may write to the rows and set them back."""
    allowed_by: str = ""
    """Who allowed it, where it is on another machine."""


@dataclass(frozen=True)
class Subject:
    """What the gate judges: a draft and what is known about it from outside it.

    Stages share parsed facts through `fact`, so each artifact is parsed once.
    """

    draft: Draft
    dialect: str = "postgres"
    """The brief's SQL dialect, in sqlglot's names: postgres, sqlite, mysql, tsql."""
    stack: str | None = None
    """The stack's name (`fastapi`), or None where nobody said."""
    depth: str = "fast"
    """`fast` in the loop, `deep` for the final verdict."""
    required: frozenset[str] = frozenset()
    """Names of the stages without which there is no `passed`; empty: whatever applies."""
    hostile: bool = True
    """True for a model's draft (it cannot configure its judge), False for one's own project."""
    root: Path | None = None
    """The project's folder when one is checked in place, else None."""
    options: tuple[tuple[str, str], ...] = ()
    """What a recipe or a project's configuration adds: `part.module`, `service.env.NAME`, ..."""
    at: Elsewhere | None = None
    """Where the service runs already; None: the gate starts it."""
    before: Draft | None = None
    """An earlier state of the same project, to tell what a change breaks; its digest is among the options."""
    _memo: dict[object, object] = field(default_factory=dict, compare=False, repr=False)

    def fact(self, build: Callable[[Subject], T]) -> T:
        """`build(self)`, worked out once; a stage asks `subject.fact(schema_of)`."""
        if build not in self._memo:
            self._memo[build] = build(self)
        return cast(T, self._memo[build])

    def option(self, name: str, default: str = "") -> str:
        """The value of the option `name`."""
        return dict(self.options).get(name, default)

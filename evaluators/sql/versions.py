"""How the usual tools name a migration's file: its version, its way, its tool, and the order of all."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from evaluators.draft import Artifact, Role

FLYWAY = re.compile(r"^(?P<way>[VUR])(?P<version>\d[\d._]*?)?__.*\.sql$")
_NUMBERED = re.compile(r"^(?P<version>\d+)(?=[._-])")
_GOOSE = re.compile(r"^--\s*\+(?:goose|migrate)\b", re.IGNORECASE | re.MULTILINE)
_DBMATE = re.compile(r"^--\s*migrate:(?:up|down)\b", re.IGNORECASE | re.MULTILINE)


def version_of(path: str) -> str:
    """The version that a file's name states, without leading zeros; empty where it states none."""
    pure = PurePosixPath(path)
    name = pure.parent.name + "_" if pure.name == "migration.sql" else pure.name
    flyway = FLYWAY.match(name)
    if flyway:
        parts = re.split(r"[._]", flyway["version"] or "")
        return ".".join(part.lstrip("0") or "0" for part in parts) if flyway["version"] else ""
    numbered = _NUMBERED.match(name)
    return (numbered["version"].lstrip("0") or "0") if numbered else ""


def order(path: str) -> tuple[str, int, tuple[int, ...], str]:
    """A key that sorts migrations as their tools run them: by folder, then version as a number, then name.

    Flyway's repeatable ones (R__) come last.
    """
    version = version_of(path)
    numbers = tuple(int(part) for part in version.split(".")) if version else ()
    name = PurePosixPath(path).name
    repeatable = FLYWAY.match(name) is not None and name.startswith("R")
    return folder_of(path), int(repeatable), numbers, path


def folder_of(path: str) -> str:
    """The folder whose files are one history; Prisma keeps each migration in a folder of its own."""
    pure = PurePosixPath(path)
    home = pure.parent.parent if pure.name == "migration.sql" else pure.parent
    if home.name in ("up", "down"):
        home = home.parent
    return home.as_posix()


def tool_of(artifact: Artifact) -> str:
    """The tool that runs the file, by its name, its marks and its folder; `plain` where nothing tells."""
    pure = PurePosixPath(artifact.path)
    if pure.suffix == ".py":
        return "alembic"
    if FLYWAY.match(pure.name):
        return "flyway"
    if pure.name == "migration.sql":
        return "prisma"
    if _GOOSE.search(artifact.text):
        return "goose"
    if _DBMATE.search(artifact.text):
        return "dbmate"
    if "supabase" in pure.parts[:-1]:
        return "supabase"
    if re.search(r"\.(?:up|down)\.sql$", pure.name, re.IGNORECASE):
        digits = _NUMBERED.match(pure.name)
        return "sqlx" if digits and len(digits["version"]) == 14 else "golang-migrate"
    return "plain"


def is_flyway(artifact: Artifact) -> bool:
    """Whether a file is a migration by its name alone, wherever it lies."""
    return (
        artifact.role in (Role.SCHEMA, Role.MIGRATION) and FLYWAY.match(PurePosixPath(artifact.path).name) is not None
    )

"""SQL migrations: which files go up, which go down, and in what order they are tried."""

from __future__ import annotations

import re
from dataclasses import replace

from evaluators.draft import Artifact, Role, Subject
from evaluators.finding import Finding
from evaluators.sql.versions import is_flyway, order

DOWN = re.compile(
    r"(?:^|[./_-])(down|rollback|undo)\.sql$|(?:^|/)U\d[\d._]*__[^/]*\.sql$|/down/[^/]+\.sql$", re.IGNORECASE
)
UP = re.compile(r"(?:^|[./_-])up\.sql$", re.IGNORECASE)
MARK = re.compile(r"^--\s*(?:\+(?:goose|migrate)\s+(up|down)|migrate:(up|down))\b.*$", re.IGNORECASE | re.MULTILINE)

RULE = "migration-does-not-run"


def scripts(subject: Subject) -> list[Artifact]:
    """The draft's migrations in SQL, in the order in which their tools run them."""
    found = (
        each
        for each in subject.draft.having(Role.MIGRATION, Role.SCHEMA)
        if each.path.endswith(".sql") and (each.role is Role.MIGRATION or is_flyway(each))
    )
    return sorted(found, key=lambda each: order(each.path))


def upward(subject: Subject) -> list[Artifact]:
    """What brings an empty database up, in order."""
    found = (part(each, "up") for each in scripts(subject) if not DOWN.search(each.path))
    return [each for each in found if each is not None]


def downward(subject: Subject) -> list[Artifact]:
    """What takes it down again, last first. Empty unless every step up has its step down."""
    found: list[Artifact] = []
    for each in scripts(subject):
        if DOWN.search(each.path):
            found.append(each)
        elif not UP.search(each.path):
            marked = part(each, "down")
            if marked is not None:
                found.append(marked)
    return found[::-1] if len(found) == len(upward(subject)) else []


def runs(subject: Subject) -> list[tuple[str, list[tuple[str, str]]]]:
    """(phase, scripts) to run one after the other in one database; empty without migrations."""
    up = [(each.path, each.text) for each in upward(subject)]
    down = [(each.path, each.text) for each in downward(subject)]
    if not up:
        return []
    return [("up", up), ("down", down), ("up again", up)] if down else [("up", up)]


def told(phase: str, finding: Finding) -> Finding:
    """A finding of a schema as one of a migration's phase."""
    return replace(
        finding,
        rule=RULE,
        symbol=f"{finding.symbol} ({phase})",
        message=f"Going {phase}: {finding.message}",
    )


def part(artifact: Artifact, way: str) -> Artifact | None:
    """The lines of a file that marks its ways up and down, the others blanked so that lines keep their numbers."""
    marks = list(MARK.finditer(artifact.text))
    if not marks:
        return artifact if way == "up" else None
    kept: list[str] = []
    active = False
    any_active = False
    for line in artifact.text.split("\n"):
        found = MARK.match(line)
        if found:
            active = (found.group(1) or found.group(2)).lower() == way
            any_active = any_active or active
        kept.append(line if active else "")
    return replace(artifact, text="\n".join(kept)) if any_active else None

"""Alembic revisions, read by `ast` and put into SQL whose lines are the revision's own. Nothing is imported or run.

What is static (`op.create_table`, `op.add_column`, `op.execute` of a literal, ...)
becomes a statement at the line and column where the revision says it, so that
every place that is found in the SQL is one in the Python. What is dynamic is
listed.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field

from evaluators.draft import Artifact, Role, Subject
from evaluators.sql.operations import Dynamic, statements_of

MAX_REVISIONS = 2_000

_MARKS = re.compile(r"^(?:down_revision|revision)\b", re.MULTILINE)
_DJANGO = re.compile(r"^class Migration\(\s*(?:migrations\.)?Migration\s*\)", re.MULTILINE)


@dataclass(frozen=True)
class Revision:
    """One revision file. `up` and `down` are SQL with the file's own lines; `parents` name other revisions."""

    path: str
    id: str
    line: int = 0
    """Where `revision = ...` stands."""
    parents: tuple[str, ...] = ()
    up: Artifact | None = None
    down: Artifact | None = None
    has_down: bool = False
    """Whether `downgrade` does anything."""
    unchecked: tuple[tuple[int, str], ...] = ()
    """(line, why) of what is dynamic."""


@dataclass(frozen=True)
class Revisions:
    """Alembic's revisions in the order in which they run, and the files that were not read."""

    all: tuple[Revision, ...] = ()
    unread: tuple[tuple[str, str], ...] = field(default=())
    """(path, why)."""

    @property
    def upward(self) -> tuple[Artifact, ...]:
        """The ways up as SQL, in order."""
        return tuple(each.up for each in self.all if each.up is not None)


def revisions_of(subject: Subject) -> Revisions:
    """The subject's Alembic revisions; asked for by `subject.fact(revisions_of)`. Never raises."""
    found: list[Revision] = []
    unread: list[tuple[str, str]] = []
    for artifact in subject.draft.having(Role.MIGRATION, Role.CODE):
        if not artifact.path.endswith(".py"):
            continue
        if artifact.role is Role.MIGRATION and _DJANGO.search(artifact.text):
            unread.append((artifact.path, "Django's migrations are not read"))
        elif _MARKS.search(artifact.text) and "op" in artifact.text and len(found) < MAX_REVISIONS:
            made = _read(artifact, subject.dialect)
            if isinstance(made, str):
                unread.append((artifact.path, made))
            elif made is not None:
                found.append(made)
    return Revisions(_ordered(found), tuple(unread))


def _read(artifact: Artifact, dialect: str) -> Revision | str | None:
    """A file as a revision; why it cannot be read; None where it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(artifact.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "it is no Python that can be read"
    assigned = {name: (value, line) for name, value, line in _assignments(tree)}
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    if "revision" not in assigned or "upgrade" not in functions:
        return None
    unchecked: list[tuple[int, str]] = []
    ways: dict[str, Artifact] = {}
    for name in ("upgrade", "downgrade"):
        if name in functions:
            try:
                text, dynamic = statements_of(functions[name], dialect)
            except RecursionError:
                return "it is nested too deeply to be read"
            ways[name] = Artifact(artifact.path, text, Role.MIGRATION)
            unchecked.extend((each.line, each.why) for each in dynamic)
    value, line = assigned["revision"]
    return Revision(
        artifact.path,
        _text(value),
        line,
        _parents(assigned.get("down_revision", (None, 0))[0]),
        ways.get("upgrade"),
        ways.get("downgrade"),
        "downgrade" in functions and _does(functions["downgrade"]),
        tuple(unchecked),
    )


def _assignments(tree: ast.Module) -> list[tuple[str, ast.expr, int]]:
    """The module's assignments of one name: (name, value, line)."""
    found: list[tuple[str, ast.expr, int]] = []
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            found.append((node.targets[0].id, node.value, node.lineno))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            found.append((node.target.id, node.value, node.lineno))
    return found


def _text(node: ast.expr | None) -> str:
    """A text literal, or nothing."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _parents(node: ast.expr | None) -> tuple[str, ...]:
    """The revisions that down_revision names."""
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]
    return tuple(text for text in map(_text, parts) if text)


def _does(function: ast.FunctionDef) -> bool:
    """Whether a function has a statement beside its docstring and `pass`."""
    return any(
        not isinstance(each, ast.Pass) and not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        for each in function.body
    )


def _ordered(found: list[Revision]) -> tuple[Revision, ...]:
    """Parents before children, else by path; revisions in a ring come last."""
    waiting = sorted(found, key=lambda each: each.path)
    known = {each.id for each in waiting}
    done: dict[str, Revision] = {}
    moved = True
    while waiting and moved:
        ready = [each for each in waiting if all(parent in done or parent not in known for parent in each.parents)]
        moved = bool(ready)
        done.update({each.id or each.path: each for each in ready})
        taken = {id(each) for each in ready}
        waiting = [each for each in waiting if id(each) not in taken]
    kept = {id(each) for each in done.values()}
    doubled = [each for each in found if id(each) not in kept and each not in waiting]
    return (*done.values(), *doubled, *waiting)


__all__ = ["Dynamic", "Revision", "Revisions", "revisions_of"]
